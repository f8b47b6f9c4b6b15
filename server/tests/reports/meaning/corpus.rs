//! The corpus of the planner through every kind of source.
//!
//! SQLite, PostgreSQL and MariaDB each hold the tables of the corpus. Extractions read them as those of reports
//! do, so that what a source tells of types is what is planned with; each statement is an aggregation over
//! what was staged, and gives what PostgreSQL gives for its text over the same rows.

mod blocks;
mod held;
mod staged;

// The corpus, its tables and how answers are compared stand where the planner is proven.
#[path = "../../../aggregate/tests/proof/answer.rs"]
mod answer;
#[path = "../../../aggregate/tests/proof/decimal.rs"]
mod decimal;
#[path = "../../../aggregate/tests/proof/difference.rs"]
mod difference;
#[path = "../../../aggregate/tests/proof/postgres.rs"]
mod postgres;
#[path = "../../../aggregate/tests/proof/corpus.rs"]
mod statements;
#[path = "../../../aggregate/tests/proof/tables.rs"]
mod tables;

use std::collections::BTreeMap;

use self::answer::Answer;
use self::blocks::Blocks;
use self::held::Held;
use self::postgres::Server;
use self::statements::{Statement, Verdict};

#[test]
fn every_statement_of_the_corpus_ends_the_same_from_every_database() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let held = runtime.block_on(Held::new());
    let mut theirs = Server::start();
    let mut wrong = Vec::new();
    for database in held.databases() {
        let mut compared = Compared::new(&runtime, &database, &mut theirs);
        wrong.extend(compared.rows());
        wrong.extend(compared.equal());
        wrong.extend(compared.failing());
        wrong.extend(compared.refused());
        println!("{:<10} {:?}", database.name, compared.counts);
        assert!(compared.counts["equal"] >= 800, "{:?}", compared.counts);
        assert_eq!(
            compared.counts["refused by reports"],
            blocks::OF_NO_REPORT.len()
        );
    }
    assert!(
        wrong.is_empty(),
        "{} end otherwise:\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn one_cell_that_differs_is_seen() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let held = runtime.block_on(Held::new());
    let mut theirs = Server::start();
    let [mut database, ..] = held.databases();
    let orders = &mut database.tables[0];
    assert_eq!(orders.name(), "orders");
    orders.rows[0][4] = Some("10.02".to_owned());
    let mut compared = Compared::new(&runtime, &database, &mut theirs);
    let wrong = compared.rows();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].contains("rows of orders"), "{wrong:?}");
    let sum = Statement {
        topic: "aggregates",
        about: "a sum".to_owned(),
        verdict: Verdict::Equal,
        text: "SELECT SUM(amount) AS a FROM orders".to_owned(),
        twin: None,
    };
    let (sum, theirs) = compared.asked(sum).unwrap();
    let ours = compared.blocks.answers(std::slice::from_ref(&sum)).unwrap();
    let difference = ours
        .into_iter()
        .next()
        .unwrap()
        .difference(&theirs, &sum.text);
    assert!(difference.unwrap().starts_with("rows differ"));
}

/// One database beside PostgreSQL, which holds the rows the database can hold.
struct Compared<'a> {
    database: &'a held::Database<'a>,
    blocks: Blocks<'a>,
    theirs: &'a mut Server,
    read: Vec<tables::Table>,
    counts: BTreeMap<&'static str, usize>,
}

impl<'a> Compared<'a> {
    fn new(
        runtime: &'a tokio::runtime::Runtime,
        database: &'a held::Database<'a>,
        theirs: &'a mut Server,
    ) -> Self {
        let blocks = Blocks::new(runtime, database);
        let read = runtime.block_on(staged::read(&blocks.source, &database.tables));
        let beside: Vec<_> = database.tables.iter().chain(&read).cloned().collect();
        theirs.load(&beside).unwrap();
        Self {
            database,
            blocks,
            theirs,
            read,
            counts: BTreeMap::new(),
        }
    }

    /// What the source tells of types and rows that are not those of the corpus.
    fn rows(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (table, read) in self.database.tables.iter().zip(&self.read) {
            let (name, copy) = (table.name(), read.name());
            for (column, found) in table.columns.iter().zip(&read.columns) {
                if !staged::is_same(column.kind, found.kind) {
                    wrong.push(self.said(&format!(
                        "{name}.{} is {:?} and is read as {:?}",
                        column.written, column.kind, found.kind
                    )));
                }
            }
            let differing = self.theirs.ask(&format!(
                "(SELECT 'lost', * FROM \"{name}\" EXCEPT ALL SELECT 'lost', * FROM \"{copy}\") \
                 UNION ALL (SELECT 'made up', * FROM \"{copy}\" EXCEPT ALL SELECT 'made up', * FROM \"{name}\")"
            ));
            match differing {
                Ok(rows) if rows.rows.is_empty() => {}
                other => wrong.push(self.said(&format!("rows of {name}: {other:?}"))),
            }
        }
        wrong
    }

    /// Statements that have an answer, all of a topic in one report.
    fn equal(&mut self) -> Vec<String> {
        let mut topics: BTreeMap<&str, Vec<(Statement, Answer)>> = BTreeMap::new();
        let mut wrong = Vec::new();
        for statement in blocks::statements().filter(|one| one.verdict == Verdict::Equal) {
            if let Some(why) = blocks::refused_by_reports(&statement) {
                *self.counts.entry("refused by reports").or_default() += 1;
                let is_refused = self.blocks.problems(&statement).is_some();
                let text = &statement.text;
                wrong
                    .extend((!is_refused).then(|| self.said(&format!("{text}\nno longer: {why}"))));
                continue;
            }
            match self.asked(statement) {
                Ok(both) => topics.entry(both.0.topic).or_default().push(both),
                Err(said) => wrong.push(self.said(&said)),
            }
        }
        for (topic, both) in topics {
            let (statements, theirs): (Vec<_>, Vec<_>) = both.into_iter().unzip();
            let answers = match self.blocks.answers(&statements) {
                Ok(answers) => answers,
                Err(said) => {
                    wrong.push(self.said(&format!("{topic}: {said}")));
                    continue;
                }
            };
            *self.counts.entry("equal").or_default() += statements.len();
            for ((statement, theirs), ours) in statements.iter().zip(theirs).zip(answers) {
                let difference = ours.difference(&theirs, &statement.text);
                wrong.extend(difference.map(|what| {
                    self.said(&format!("{}: {};\n{what}", statement.about, statement.text))
                }));
            }
        }
        wrong
    }

    /// A statement with PostgreSQL's answer, in an order when its rows are many.
    fn asked(&mut self, statement: Statement) -> Result<(Statement, Answer), String> {
        let twin = statement.twin.clone().unwrap_or(statement.text.clone());
        let theirs = self.theirs.ask(&twin)?;
        let Some(text) = blocks::told_in_order(&statement.text, &theirs) else {
            return Ok((statement, theirs));
        };
        let twin = blocks::told_in_order(&twin, &theirs).unwrap_or(twin);
        let theirs = self.theirs.ask(&twin)?;
        Ok((Statement { text, ..statement }, theirs))
    }

    /// Statements that stop because of a value, each in a report of its own.
    fn failing(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for statement in blocks::statements().filter(|one| one.verdict == Verdict::Fails) {
            *self.counts.entry("failing").or_default() += 1;
            if self.theirs.ask(&statement.text).is_ok() {
                wrong.push(self.said(&format!("{}\nPostgreSQL does not fail", statement.text)));
            }
            if !self.blocks.is_stopped(&statement) {
                wrong.push(self.said(&format!("{}\ndoes not fail", statement.text)));
            }
        }
        wrong
    }

    /// Statements that are refused when their report is checked with the source's types.
    fn refused(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for statement in blocks::statements() {
            let Verdict::Refused { word } = &statement.verdict else {
                continue;
            };
            *self.counts.entry("refused").or_default() += 1;
            match self.blocks.problems(&statement) {
                Some(said) if said.to_lowercase().contains(word) => {}
                other => wrong.push(self.said(&format!(
                    "{}\nto be refused with “{word}”, but: {other:?}",
                    statement.text
                ))),
            }
        }
        wrong
    }

    fn said(&self, what: &str) -> String {
        format!("{}: {what}", self.database.name)
    }
}
