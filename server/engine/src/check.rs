//! What is wrong with the aggregations of a report, and what its columns hold.
//!
//! Every form of every aggregation is planned, as it is before it runs. Types of extractions are those
//! the source told or those of the last run; where neither is known, columns may be anything.

use std::collections::BTreeMap;

use aggregate::{Plan, Refused, SqlType, Table};
use report::{Block, ColumnKind, Problem, Report};
use rows::ColumnInfo;

use crate::aggregate::sql_type;

/// The columns of blocks, by block.
pub type Columns = BTreeMap<String, Vec<ColumnInfo>>;

/// Plans every aggregation of a report and compares its workbook with what the columns hold.
///
/// `known` are the columns of extractions, as far as they are known.
pub fn check(report: &Report, known: &Columns) -> Vec<Problem> {
    let mut checker = Checker {
        report,
        tables: BTreeMap::new(),
        problems: Vec::new(),
    };
    for block in &report.blocks {
        if block.is_polars() {
            checker.aggregation(block);
        } else {
            checker.extraction(block, known.get(&block.name));
        }
    }
    let mut problems = checker.problems;
    problems.dedup();
    problems
}

struct Checker<'r> {
    report: &'r Report,
    /// What is known of each block so far.
    tables: BTreeMap<String, Table>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn extraction(&mut self, block: &Block, columns: Option<&Vec<ColumnInfo>>) {
        let columns = columns.map(|columns| {
            columns
                .iter()
                .map(|column| aggregate::Column {
                    name: column.name.clone(),
                    kind: if column.is_guess {
                        SqlType::Any
                    } else {
                        sql_type(column, false)
                    },
                })
                .collect::<Vec<_>>()
        });
        if let Some(columns) = &columns {
            self.workbook(block, columns);
        }
        self.know(block, columns);
    }

    fn aggregation(&mut self, block: &Block) {
        let tables: Vec<Table> = block
            .reads
            .iter()
            .filter_map(|name| self.tables.get(name).cloned())
            .collect();
        let mut columns = None;
        for form in block.polars_forms(self.report) {
            match aggregate::plan(&form.query, &tables) {
                Ok(plan) => {
                    columns.get_or_insert_with(|| self.planned(block, &plan));
                }
                Err(refusal) => {
                    let problem = self.refused(block, &refusal, &form.words);
                    let is_new = self
                        .problems
                        .iter()
                        .all(|other| other.span != problem.span || other.code != problem.code);
                    if is_new {
                        self.problems.push(problem);
                    }
                }
            }
        }
        self.know(block, columns.flatten());
    }

    /// The columns of a plan, when all are known.
    fn planned(&mut self, block: &Block, plan: &Plan) -> Option<Vec<aggregate::Column>> {
        if !plan.is_complete() {
            return None;
        }
        let columns = plan.columns().to_vec();
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        if block.columns.is_none() {
            self.problems
                .extend(self.report.check_columns(&block.name, &names));
        }
        self.workbook(block, &columns);
        Some(columns)
    }

    fn workbook(&mut self, block: &Block, columns: &[aggregate::Column]) {
        let kinds: Vec<(String, ColumnKind)> = columns
            .iter()
            .filter_map(|column| Some((column.name.clone(), kind(column.kind)?)))
            .collect();
        self.problems
            .extend(self.report.check_kinds(&block.name, &kinds));
    }

    fn know(&mut self, block: &Block, columns: Option<Vec<aggregate::Column>>) {
        let table = Table {
            name: block.name.clone(),
            columns,
        };
        self.tables.insert(block.name.clone(), table);
    }

    fn refused(&self, block: &Block, refusal: &aggregate::Refusal, form: &str) -> Problem {
        let code = match refusal.kind {
            Refused::Table => "report::unknown_table",
            Refused::Column => "report::unknown_column",
            Refused::Function => "report::unknown_function",
            Refused::Type => "report::sql_type",
            Refused::Unsupported => "report::sql_unsupported",
            Refused::Rule => "report::bad_sql",
        };
        let range = refusal.place.map(|place| {
            let start = block.byte_at(place.line, place.column);
            let end = block.byte_at(place.end_line, place.end_column);
            start..end.max(start)
        });
        block.problem(
            self.report,
            code,
            format!("query `{}`: {}{form}", block.name, refusal.what),
            refusal.help.clone(),
            range,
        )
    }
}

/// What sheets care about in a type; `None` where it is not known.
fn kind(kind: SqlType) -> Option<ColumnKind> {
    Some(match kind {
        SqlType::Integer | SqlType::BigInt | SqlType::Numeric(_) | SqlType::Double => {
            ColumnKind::Number
        }
        SqlType::Text | SqlType::Unknown => ColumnKind::Text,
        SqlType::Date | SqlType::Timestamp => ColumnKind::Moment,
        SqlType::Time => ColumnKind::Time,
        SqlType::Interval => ColumnKind::Duration,
        SqlType::Boolean => ColumnKind::Boolean,
        SqlType::Bytea => ColumnKind::Bytes,
        SqlType::Any => return None,
    })
}
