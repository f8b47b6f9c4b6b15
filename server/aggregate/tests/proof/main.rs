//! The proof: a statement that is accepted gives the rows PostgreSQL gives.
//!
//! A corpus by topic says of every statement how it ends; a generator makes tables and statements by seed
//! and shrinks what differs. Each statement runs in a private PostgreSQL and in ours over the same rows.

mod answer;
mod casts;
mod compare;
mod corpus;
mod decimal;
mod difference;
mod frames;
mod ours;
mod postgres;
mod random;
mod report;
mod shrink;
mod tables;

use std::collections::BTreeMap;

use answer::Answer;
use compare::{Outcome, judge};
use corpus::{Statement, Verdict};
use ours::{Ours, Prepared};
use postgres::Server;
use report::Tally;

#[test]
fn every_statement_of_the_corpus_ends_as_it_says() {
    let tables = tables::fixed();
    let mut server = Server::start();
    server.load(&tables).unwrap();
    let prepared = Prepared::new(&tables);
    let mut wrong = Vec::new();
    let mut topics: BTreeMap<&str, Tally> = BTreeMap::new();
    for statement in corpus::statements() {
        let ours = prepared.run(&statement.text);
        let tally = topics.entry(statement.topic).or_default();
        match trouble(&mut server, &statement, &ours) {
            None => match statement.verdict {
                Verdict::Equal => tally.equal += 1,
                Verdict::Refused { .. } => tally.refused += 1,
                Verdict::Fails => tally.both_failed += 1,
            },
            Some(trouble) => {
                tally.different += 1;
                wrong.push(format!(
                    "-- {}: {}\n{};\n  {trouble}",
                    statement.topic, statement.about, statement.text
                ));
            }
        }
    }
    report::print_topics(&topics);
    assert!(
        wrong.is_empty(),
        "{} statements of the corpus end otherwise:\n\n{}",
        wrong.len(),
        wrong.join("\n\n"),
    );
}

/// In which way a statement ends otherwise than it says.
fn trouble(server: &mut Server, statement: &Statement, ours: &Ours) -> Option<String> {
    let text = &statement.text;
    match (&statement.verdict, ours) {
        (Verdict::Refused { word }, Ours::Refused(said)) => {
            let is_named = said.to_lowercase().contains(word);
            (!is_named).then(|| format!("refused without “{word}”: {said}"))
        }
        (Verdict::Refused { .. }, other) => Some(format!("to be refused, but: {other}")),
        (Verdict::Fails, ours) => match (server.ask(text), ours) {
            (Ok(_), _) => Some("PostgreSQL does not fail here".to_owned()),
            (Err(_), Ours::Refused(_) | Ours::Failed(_)) => None,
            (Err(said), other) => Some(format!("PostgreSQL: {said}\n  ours: {other}")),
        },
        (Verdict::Equal, ours) => {
            let theirs = server.ask(statement.twin.as_ref().unwrap_or(text));
            match judge(&theirs, ours, text, ours::is_ordered(text)) {
                Outcome::Equal => names(&theirs, ours, statement),
                Outcome::Documented => None,
                Outcome::Refused(said) => Some(format!("refused: {said}")),
                Outcome::Overflowed(said) => Some(format!("failed: {said}")),
                Outcome::BothFailed => Some("failed in both".to_owned()),
                Outcome::Different(what) => Some(what),
            }
        }
    }
}

/// Columns that are called otherwise than in PostgreSQL.
fn names(theirs: &Result<Answer, String>, ours: &Ours, statement: &Statement) -> Option<String> {
    let (Ok(theirs), Ours::Rows(ours), None) = (theirs, ours, &statement.twin) else {
        return None;
    };
    let names = compare::differing_names(theirs, ours);
    (!names.is_empty()).then(|| names.join(", "))
}

#[test]
fn the_corpus_is_large_and_mostly_equal() {
    let all: Vec<Statement> = corpus::statements().collect();
    let equal = all
        .iter()
        .filter(|one| one.verdict == Verdict::Equal)
        .count();
    assert!(all.len() >= 650, "{}", all.len());
    assert!(equal * 4 >= all.len() * 3, "{equal} of {}", all.len());
}

#[test]
fn random_statements_give_the_rows_of_postgres() {
    // Deeply nested statements need more than the 2 MiB a test's thread has in a debug build.
    let deep = std::thread::Builder::new().stack_size(32 << 20);
    deep.spawn(prove).unwrap().join().unwrap();
}

fn prove() {
    let plan = random::Course::from_env();
    println!(
        "PROOF_SEED={} PROOF_STATEMENTS={}",
        plan.seed, plan.statements
    );
    let mut server = Server::start();
    let result = random::run(&mut server, &plan);
    result.print();
    assert!(
        result.differences.is_empty(),
        "{} kinds of differences; repeat with PROOF_SEED={}",
        result.differences.len(),
        plan.seed,
    );
    assert!(
        result.tally.equal * 2 >= result.tally.all(),
        "fewer than half of the random statements were equal, so they prove too little",
    );
}
