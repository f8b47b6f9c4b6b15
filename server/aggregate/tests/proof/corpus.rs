//! The statements of the corpus, by topic, with how each of them ends.
//!
//! A statement ends with `;` at the end of a line. The comment lines before it say what it is about; marks
//! among them are `-- refused` with a word the refusal must contain, `-- fails` for an error in both, and
//! `-- postgres:` with the statement to compare with where PostgreSQL writes it differently.

/// How a statement ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// With PostgreSQL's rows.
    Equal,
    /// Refused when it is planned; the word stands in the refusal, in lower case.
    Refused { word: String },
    /// With an error in both, at the latest while it runs.
    Fails,
}

#[derive(Debug)]
pub struct Statement {
    pub topic: &'static str,
    pub about: String,
    pub verdict: Verdict,
    pub text: String,
    /// What PostgreSQL is asked instead.
    pub twin: Option<String>,
}

const TOPICS: &[(&str, &str)] = &[
    ("aggregates", include_str!("../corpus/aggregates.sql")),
    ("arithmetic", include_str!("../corpus/arithmetic.sql")),
    ("casts", include_str!("../corpus/casts.sql")),
    ("comparison", include_str!("../corpus/comparison.sql")),
    ("conditional", include_str!("../corpus/conditional.sql")),
    ("dates", include_str!("../corpus/dates.sql")),
    ("distinct", include_str!("../corpus/distinct.sql")),
    ("grouping sets", include_str!("../corpus/grouping_sets.sql")),
    ("groups", include_str!("../corpus/groups.sql")),
    ("joins", include_str!("../corpus/joins.sql")),
    ("like", include_str!("../corpus/like.sql")),
    ("names", include_str!("../corpus/names.sql")),
    ("ordering", include_str!("../corpus/ordering.sql")),
    (
        "set operations",
        include_str!("../corpus/set_operations.sql"),
    ),
    ("subqueries", include_str!("../corpus/subqueries.sql")),
    ("text", include_str!("../corpus/text.sql")),
    ("windows", include_str!("../corpus/windows.sql")),
];

/// All statements.
pub fn statements() -> impl Iterator<Item = Statement> {
    TOPICS.iter().flat_map(|(topic, text)| {
        let (_, body) = text.split_once("\n\n").unwrap();
        body.split_inclusive(";\n")
            .map(|text| statement(topic, text.trim()))
    })
}

fn statement(topic: &'static str, mut text: &str) -> Statement {
    let (mut verdict, mut twin, mut about) = (Verdict::Equal, None, String::new());
    while let Some(rest) = text.strip_prefix("-- ") {
        let (comment, following) = rest.split_once('\n').unwrap();
        text = following;
        let (mark, said) = comment.split_once(": ").unwrap_or((comment, ""));
        match mark {
            "refused" => {
                verdict = Verdict::Refused {
                    word: said.to_owned(),
                }
            }
            "fails" => {
                verdict = Verdict::Fails;
                about = said.to_owned();
            }
            "postgres" => twin = Some(said.to_owned()),
            _ => about = comment.to_owned(),
        }
    }
    Statement {
        topic,
        about,
        verdict,
        text: text.strip_suffix(';').unwrap().to_owned(),
        twin,
    }
}
