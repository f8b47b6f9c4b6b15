//! Random statements over random tables, by seed.
//!
//! `PROOF_SEED` repeats a course, which is printed, `PROOF_STATEMENTS` says how long it is, and `PROOF_MINUTES` goes on with
//! further seeds for that long, from any seed. `PROOF_TRACE` prints every statement before it runs, for what ends the process.

mod aggregates;
mod expressions;
mod merged;
mod rows;
mod selects;
mod sources;
mod subqueries;
pub mod syntax;
mod templates;
mod windows;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::compare::{Outcome, judge};
use crate::ours::Prepared;
use crate::postgres::Server;
use crate::report::Tally;
use crate::shrink;
use selects::Generator;

/// Statements over one set of tables.
const PER_TABLES: usize = 50;
/// Different differences that are shrunk and shown; further ones are only counted.
const SHOWN: usize = 25;

/// What PostgreSQL says to joins of joins whose rows nobody would wait for.
const TOO_LONG: &str = "due to statement timeout";
/// Statements after which a long course says how far it is.
const PER_REPORT: usize = 5_000;

/// How long a course is, and where it begins.
pub struct Course {
    pub seed: u64,
    pub statements: usize,
    /// Goes on with other seeds until then.
    until: Option<Instant>,
}

/// What a course found.
pub struct Found {
    pub tally: Tally,
    /// Shrunk, by kind.
    pub differences: Vec<String>,
    /// What was refused although PostgreSQL has rows, how often.
    refusals: BTreeMap<String, (usize, String)>,
}

impl Course {
    pub fn from_env() -> Self {
        let number = |name: &str| -> Option<u64> {
            let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
            Some(
                text.parse()
                    .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
            )
        };
        let minutes = number("PROOF_MINUTES");
        // A long course is to see what the short one does not.
        let first = if minutes.is_some() {
            rand::random::<u32>().into()
        } else {
            20_260_101
        };
        Self {
            seed: number("PROOF_SEED").unwrap_or(first),
            statements: number("PROOF_STATEMENTS").map_or(2_000, |count| count as usize),
            until: minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes)),
        }
    }

    fn is_over(&self, done: usize) -> bool {
        match self.until {
            Some(end) => Instant::now() >= end,
            None => done >= self.statements,
        }
    }
}

/// Runs a course; every difference is shrunk once per kind.
pub fn run(server: &mut Server, course: &Course) -> Found {
    let mut found = Found {
        tally: Tally::default(),
        differences: Vec::new(),
        refusals: BTreeMap::new(),
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut done = 0;
    let mut seed = course.seed;
    let is_traced = std::env::var_os("PROOF_TRACE").is_some();
    while !course.is_over(done) {
        let tables = rows::tables(&mut StdRng::seed_from_u64(seed));
        server.load(&tables).unwrap();
        let prepared = Prepared::new(&tables);
        let mut generator = Generator::new(seed.rotate_left(32), &tables);
        for _ in 0..PER_TABLES {
            let select = generator.statement();
            let text = select.to_string();
            if is_traced {
                println!("{text}");
            }
            let theirs = server.ask(&text);
            done += 1;
            if theirs.as_ref().is_err_and(|said| said.contains(TOO_LONG)) {
                found.tally.too_long += 1;
                continue;
            }
            let ours = prepared.run(&text);
            match judge(&theirs, &ours, &text, select.is_ordered) {
                Outcome::Equal => found.tally.equal += 1,
                Outcome::Refused(said) => {
                    found.tally.refused += 1;
                    if theirs.is_ok() {
                        let entry = found.refusals.entry(kind(&said)).or_insert((0, text));
                        entry.0 += 1;
                    }
                }
                Outcome::BothFailed => found.tally.both_failed += 1,
                Outcome::Overflowed(_) => found.tally.overflowed += 1,
                Outcome::Documented => found.tally.documented += 1,
                Outcome::Different(said) => {
                    found.tally.different += 1;
                    let times = seen.entry(kind(&said)).or_default();
                    *times += 1;
                    if *times <= 3 && found.differences.len() < SHOWN {
                        let small = shrink::shrink(server, &tables, select, &said);
                        // A long course may never come to its end.
                        println!("\nseed {seed}, {small}");
                        found.differences.push(format!("seed {seed}, {small}"));
                        server.load(&tables).unwrap();
                    }
                }
            }
        }
        seed = seed.wrapping_add(1);
        if done % PER_REPORT == 0 {
            println!("{done:>6} statements: {}", found.tally);
        }
    }
    found
}

/// The first line of what was said, without what is quoted and counted in it.
pub fn kind(said: &str) -> String {
    let line = said.lines().next().unwrap_or_default();
    let mut kind = String::new();
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '“' | '”' | '`' => is_quoted = !is_quoted,
            letter if is_quoted || letter.is_ascii_digit() => {}
            letter => kind.push(letter),
        }
    }
    kind
}

impl Found {
    pub fn print(&self) {
        println!("{:>6} statements: {}", self.tally.all(), self.tally);
        let mut refusals: Vec<_> = self.refusals.iter().collect();
        refusals.sort_by_key(|(_, (times, _))| std::cmp::Reverse(*times));
        for (said, (times, text)) in refusals.into_iter().take(25) {
            println!("refused {times} times: {said}\n    such as {text}");
        }
    }
}
