//! The whole matrix of casts: every type to every type, on values that are hard to cast.
//!
//! Which pairs are casts is asked of the planner: a pair that becomes one is compared with PostgreSQL from
//! then on, and one that ceases to be one must be listed with its reason. A type without values does not compile.

mod ours;
mod types;
mod values;

use crate::compare::{Outcome, judge};
use crate::ours::{Ours, Prepared};
use crate::postgres::Server;
use types::Values;

/// What a cast may name.
const TARGETS: &[&str] = &[
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "numeric(12,2)",
    "numeric(3,1)",
    "numeric(38,0)",
    "numeric(38,20)",
    "double precision",
    "text",
    "varchar(3)",
    "date",
    "timestamp",
    "time",
    "interval",
    "bytea",
];

/// One cell of the matrix.
struct Pair<'a> {
    from: &'a Values,
    to: &'static str,
}

#[test]
fn every_cast_gives_what_postgresql_gives_or_is_none_in_both() {
    let sources = types::sources();
    let tables: Vec<_> = sources.iter().map(Values::table).collect();
    let mut server = Server::start();
    server.load(&tables).unwrap();
    let prepared = Prepared::new(&tables);
    let mut wrong = Vec::new();
    let mut used = Vec::new();
    let (mut casts, mut compared) = (0, 0);
    for from in &sources {
        for to in TARGETS {
            let pair = Pair { from, to };
            if let Some(said) = pair.refusal(&prepared) {
                wrong.extend(pair.is_none_in_both(&mut server, &said, &mut used));
                continue;
            }
            casts += 1;
            for id in 0..=from.values.len() {
                compared += 1;
                wrong.extend(pair.differs(&mut server, &prepared, id, &mut used));
            }
            wrong.extend(pair.column_differs(&mut server, &prepared));
        }
    }
    for to in TARGETS {
        wrong.extend(cast_of_bytes(&mut server, to, &mut used));
    }
    println!("{casts} pairs are casts; {compared} values were cast");
    let unused = ours::unused(&used);
    assert!(
        wrong.is_empty() && unused.is_empty(),
        "{} casts end otherwise:\n{}\nno longer so: {unused:?}",
        wrong.len(),
        wrong.join("\n"),
    );
    // Whoever breaks the planner's look at pairs would compare nothing.
    assert!(casts * 3 >= sources.len() * TARGETS.len(), "{casts} casts");
}

/// Bytes are cast to nothing here. No table of the proof has any: planning needs their type alone.
fn cast_of_bytes(server: &mut Server, to: &str, used: &mut Vec<usize>) -> Option<String> {
    let tables = [aggregate::Table {
        name: "of_bytes".to_owned(),
        columns: Some(vec![aggregate::Column {
            name: "v".to_owned(),
            kind: aggregate::SqlType::Bytea,
        }]),
    }];
    let text = format!("SELECT CAST(v AS {to}) AS a FROM of_bytes");
    let query = report::parse_query(&text).unwrap();
    if aggregate::plan(&query, &tables).is_ok() {
        return Some(format!(
            "bytes to {to} are a cast, and no value was compared"
        ));
    }
    let theirs = server.ask(&format!("SELECT CAST(CAST(NULL AS bytea) AS {to}) AS a"));
    match ours::pair("bytes", to) {
        _ if theirs.is_err() => None,
        Some(place) => {
            used.push(place);
            None
        }
        None => Some(format!("bytes to {to}: PostgreSQL casts")),
    }
}

impl Pair<'_> {
    fn statement(&self, id: usize) -> String {
        let (from, to) = (self.from, self.to);
        format!(
            "SELECT CAST({} AS {to}) AS a FROM {} WHERE id = {id}",
            from.expression,
            from.name()
        )
    }

    /// What is said where the pair is no cast here: then not even NULL can be cast.
    fn refusal(&self, prepared: &Prepared) -> Option<String> {
        match prepared.run(&self.statement(0)) {
            Ours::Refused(said) => Some(said),
            _ => None,
        }
    }

    /// PostgreSQL must refuse the pair, too, but for those that are listed.
    fn is_none_in_both(
        &self,
        server: &mut Server,
        said: &str,
        used: &mut Vec<usize>,
    ) -> Option<String> {
        if server.ask(&self.statement(0)).is_err() {
            return None;
        }
        match ours::pair(self.from.word, self.to) {
            Some(place) => {
                used.push(place);
                None
            }
            None => Some(format!("{self}: PostgreSQL casts, and here: {said}")),
        }
    }

    /// In which way one value is cast otherwise: as a constant, where it can be written out, and in a column
    /// where PostgreSQL or ours has no answer. Those that have one are compared together.
    fn differs(
        &self,
        server: &mut Server,
        prepared: &Prepared,
        id: usize,
        used: &mut Vec<usize>,
    ) -> Vec<String> {
        let mut texts: Vec<String> = self
            .from
            .constant(id)
            .map(|value| format!("SELECT CAST({value} AS {}) AS a", self.to))
            .into_iter()
            .collect();
        let column = self.statement(id);
        if self.is_alone(id) || server.ask(&column).is_err() {
            texts.push(column);
        }
        let mut wrong = Vec::new();
        for text in texts {
            let theirs = server.ask(&text);
            let ours = prepared.run(&text);
            let stops = matches!(ours, Ours::Refused(_) | Ours::Failed(_));
            if theirs.is_err() && stops {
                continue;
            }
            let outcome = judge(&theirs, &ours, &text, true);
            if matches!(outcome, Outcome::Equal) {
                continue;
            }
            let value = self.from.shown(id);
            match ours::value(self.from.word, self.to, value) {
                Some(place) if stops => used.push(place),
                _ => wrong.push(format!("{self} of {value:?}: {outcome:?}\n  {text}")),
            }
        }
        wrong
    }

    /// Whether a value is listed, so that it would stop those beside it.
    fn is_alone(&self, id: usize) -> bool {
        ours::value(self.from.word, self.to, self.from.shown(id)).is_some()
    }

    /// The values PostgreSQL casts, all at once.
    fn column_differs(&self, server: &mut Server, prepared: &Prepared) -> Option<String> {
        let ids: Vec<String> = (0..=self.from.values.len())
            .filter(|id| !self.is_alone(*id) && server.ask(&self.statement(*id)).is_ok())
            .map(|id| id.to_string())
            .collect();
        let text = format!(
            "SELECT id, CAST({} AS {}) AS a FROM {} WHERE id IN ({}) ORDER BY id",
            self.from.expression,
            self.to,
            self.from.name(),
            ids.join(", ")
        );
        let theirs = server.ask(&text);
        match judge(&theirs, &prepared.run(&text), &text, true) {
            Outcome::Equal => None,
            other => Some(format!("{self} of a column: {other:?}\n  {text}")),
        }
    }
}

impl std::fmt::Display for Pair<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.from.word, self.to)
    }
}
