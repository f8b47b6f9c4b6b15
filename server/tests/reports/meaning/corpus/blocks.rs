//! Statements of the corpus as aggregations of a report whose extractions read its tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{EngineError, FailedCheck, Job, Outcome, RunInfo};
use jiff::Timestamp;
use lang::Lang;
use report::Report;
use rows::ColumnInfo;
use source::{Source, SourceConfig};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::held::Database;
use super::statements::{self, Statement};
use super::{difference, staged};

/// Rows of an answer that are told.
const TOLD: usize = 20;

/// Runs and checks reports over one database.
pub struct Blocks<'a> {
    pub source: Arc<dyn Source>,
    runtime: &'a Runtime,
    database: &'a Database<'a>,
    known: BTreeMap<String, Vec<ColumnInfo>>,
    folder: TempDir,
}

/// What an aggregation answered: how many rows, and the first of them.
pub struct Ours {
    is_ordered: bool,
    rows: usize,
    first: Vec<Vec<Option<String>>>,
}

/// A name or a statement with names that blocks can have.
pub fn written(text: &str) -> String {
    text.replace("\"Mixed Case\"", "mixed_case")
}

/// Statements the planner takes and a report does not, and why.
pub const OF_NO_REPORT: &[(&str, &str)] = &[(
    "SELECT ID, Region FROM ORDERS ORDER BY Id",
    "blocks are called in lower case",
)];

/// Why a statement cannot stand in a report.
pub fn refused_by_reports(statement: &Statement) -> Option<&'static str> {
    let listed = OF_NO_REPORT
        .iter()
        .find(|(text, _)| *text == statement.text);
    listed.map(|(_, why)| *why)
}

/// The statements of the corpus as they can stand in a block: one that begins with SELECT or WITH.
pub fn statements() -> impl Iterator<Item = Statement> {
    statements::statements().map(|statement| {
        let text = written(&statement.text);
        let is_bare = text.starts_with("VALUES") || text.starts_with('(');
        Statement {
            text: if is_bare {
                format!("SELECT * FROM ({text}) AS one")
            } else {
                text
            },
            twin: statement.twin.as_deref().map(written),
            ..statement
        }
    })
}

impl<'a> Blocks<'a> {
    pub fn new(runtime: &'a Runtime, database: &'a Database<'a>) -> Self {
        let config = SourceConfig::new("shop", &database.url);
        let source = source::open(&config).unwrap();
        let known = database.tables.iter().map(|table| {
            let statement = staged::statement(source.dialect(), table);
            let columns = runtime.block_on(source.describe(&statement)).unwrap();
            (table.name(), columns)
        });
        let known = known.collect();
        Self {
            source,
            runtime,
            database,
            known,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The answers of statements, in their order.
    ///
    /// # Errors
    /// What is said when the report is wrong or one of them stops.
    pub fn answers(&self, statements: &[Statement]) -> Result<Vec<Ours>, String> {
        let report = self.report(statements)?;
        let problems = engine::check(&report, &self.known);
        if !problems.is_empty() {
            return Err(format!("the check says {problems:?}"));
        }
        let orders: Vec<bool> = (0..statements.len())
            .map(|place| is_ordered(&report, &name(place)))
            .collect();
        let outcome = self.run(report).map_err(|error| said(&error))?;
        let mut told: BTreeMap<String, FailedCheck> = outcome
            .warnings
            .into_iter()
            .filter_map(|warning| warning.rows)
            .map(|check| (check.block.clone(), check))
            .collect();
        Ok(orders
            .into_iter()
            .enumerate()
            .map(|(place, is_ordered)| {
                // A check that has no rows says nothing.
                let check = told.remove(&name(place));
                Ours {
                    is_ordered,
                    rows: check
                        .as_ref()
                        .map_or(0, |check| usize::try_from(check.rows).unwrap()),
                    first: check.map_or_else(Vec::new, |check| check.first),
                }
            })
            .collect())
    }

    /// Whether a statement is refused or stops at a value, when it is checked or when it runs.
    pub fn is_stopped(&self, statement: &Statement) -> bool {
        let Ok(report) = self.report(std::slice::from_ref(statement)) else {
            return false;
        };
        matches!(
            self.run(report),
            Err(EngineError::Refused { .. } | EngineError::Aggregate { .. })
        )
    }

    /// What the check says against a statement; `None` when it says nothing.
    pub fn problems(&self, statement: &Statement) -> Option<String> {
        let problems = match self.report(std::slice::from_ref(statement)) {
            Err(said) => return Some(said),
            Ok(report) => engine::check(&report, &self.known),
        };
        let said: Vec<String> = problems
            .into_iter()
            .map(|problem| format!("{} {}", problem.message, problem.help.unwrap_or_default()))
            .collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// A report with a block for each statement. Checks tell their first rows with every digit.
    fn report(&self, statements: &[Statement]) -> Result<Arc<Report>, String> {
        let mut text = format!(
            "/*--- report\ntitle = \"Corpus\"\ntimezone = \"{}\"\n---*/\n",
            staged::ZONE
        );
        for table in &self.database.tables {
            let (name, statement) = (
                table.name(),
                staged::statement(self.source.dialect(), table),
            );
            text += &format!("-- name: {name}\n-- source: shop\n-- cache: 1 hour\n{statement};\n");
        }
        for (
            place,
            Statement {
                text: statement, ..
            },
        ) in statements.iter().enumerate()
        {
            let name = name(place);
            text += &format!("-- name: {name}\n-- engine: polars\n-- check: warn\n{statement};\n");
        }
        text += "/*--- workbook\n[[sheet]]\nname = \"Orders\"\nquery = \"orders\"\n---*/\n";
        let (report, problems) = report::parse("test/corpus".parse().unwrap(), &text);
        match report {
            Some(report) if problems.is_empty() => Ok(Arc::new(report)),
            _ => Err(problems
                .iter()
                .map(|problem| problem.render("corpus.sql", &text))
                .collect()),
        }
    }

    fn run(&self, report: Arc<Report>) -> Result<Outcome, EngineError> {
        let now = Timestamp::now();
        let input = report.default_input();
        let job = Job {
            values: report.resolve(&input, &BTreeMap::new(), now).unwrap(),
            report,
            input,
            lang: Lang::En,
            labels: BTreeMap::new(),
            run: RunInfo {
                id: "run1".to_owned(),
                person: "Kim".to_owned(),
                queued: now,
                started: now,
                link: None,
            },
            sources: BTreeMap::from([("shop".to_owned(), Arc::clone(&self.source))]),
            stage_dir: self.folder.path().join("stage"),
            stage_bytes: u64::MAX,
            at_once: BTreeMap::from([("shop".to_owned(), 2)]),
            shows_endpoints: true,
            output_dir: self.folder.path().join("results"),
        };
        let work = engine::execute(job, &|_| (), CancellationToken::new());
        self.runtime.block_on(work)
    }
}

fn name(place: usize) -> String {
    format!("statement_{}", place + 1)
}

/// An error with what caused it.
fn said(error: &EngineError) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        said += &format!(": {error}");
        cause = error.source();
    }
    said
}

/// Whether the statement of a block says in which order its rows come.
fn is_ordered(report: &Report, block: &str) -> bool {
    let values = report.resolve(&report.default_input(), &BTreeMap::new(), Timestamp::now());
    let block = report.block(block).unwrap();
    let query = block.polars_query(report, &values.unwrap()).unwrap();
    query.order_by.is_some()
}

impl Ours {
    /// How it differs from what PostgreSQL answered, in words.
    pub fn difference(self, theirs: &Answer, text: &str) -> Option<String> {
        if self.rows != theirs.rows.len() {
            let (ours, theirs) = (self.rows, theirs.rows.len());
            return Some(format!("{ours} rows, and {theirs} in PostgreSQL"));
        }
        assert!(self.rows <= TOLD || self.is_ordered, "{text}");
        let mut theirs = theirs.clone();
        theirs.rows.truncate(TOLD);
        let mut ours = Answer {
            names: theirs.names.clone(),
            types: theirs.types.clone(),
            is_quotient: vec![false; theirs.types.len()],
            rows: self.first,
        };
        for (place, kind) in ours.types.iter_mut().enumerate() {
            match *kind {
                "BOOL" => ours.rows.iter_mut().for_each(|row| {
                    let cell = row[place].as_mut();
                    cell.into_iter().for_each(|text| text.truncate(1));
                }),
                // Dates have no zone here.
                "TIMESTAMPTZ" => *kind = "DATE",
                // What rows of a check tell has no types: those are compared where the planner is proven.
                "NUMERIC" if difference::has_doubles(text) => *kind = "FLOAT8",
                _ => {}
            }
        }
        difference::difference(&theirs, &ours, text, self.is_ordered)
    }
}

/// The same rows in an order of all their columns, where there are more than are told.
pub fn told_in_order(text: &str, theirs: &Answer) -> Option<String> {
    let places: Vec<String> = (1..=theirs.types.len())
        .map(|place| place.to_string())
        .collect();
    (theirs.rows.len() > TOLD).then(|| {
        format!(
            "SELECT * FROM ({text}) AS one ORDER BY {}",
            places.join(", ")
        )
    })
}
