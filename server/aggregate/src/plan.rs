//! From the text of a block and the types of the columns it reads to a plan.
//!
//! | module | holds |
//! | --- | --- |
//! | `query` | WITH, set operations, ORDER BY, LIMIT |
//! | `select`, `state` | one SELECT, and what its clauses ask for |
//! | `from`, `scope` | tables, joins, and which names mean which columns |
//! | `expression`, `condition`, `special` | expressions by what they are |
//! | `literal`, `interval`, `conversion` | constants, intervals, and types brought together |
//! | `call`, `aggregates`, `windows` | functions of the three kinds |
//! | `subquery` | subqueries as joins |

mod aggregates;
mod call;
mod condition;
mod conversion;
mod expression;
mod fold;
mod from;
mod interval;
mod literal;
mod planner;
mod query;
mod scope;
mod select;
mod special;
mod state;
mod subquery;
mod windows;

use sqlparser::ast::Query;

pub(crate) use planner::Planner;

use crate::expression::Id;
use crate::refusal::Refusal;
use crate::relation::Rel;
use crate::types::SqlType;

/// Names that mean something and are no functions of the table.
#[cfg(test)]
pub(crate) fn own_names() -> impl Iterator<Item = &'static str> {
    aggregates::NAMES
        .into_iter()
        .chain(windows::NAMES)
        .chain(call::OWN)
}

/// A column of a table or of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: SqlType,
}

/// A block that may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The name of the block.
    pub name: String,
    /// Its columns in order; `None` when they are not known before the report runs.
    pub columns: Option<Vec<Column>>,
}

/// A statement whose every name and type is known.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) rel: Rel,
    pub(crate) ids: Vec<Id>,
    pub(crate) tables: Vec<String>,
    /// The type of each column by its id.
    pub(crate) kinds: Vec<SqlType>,
    pub(crate) columns: Vec<Column>,
    pub(crate) is_complete: bool,
}

impl Plan {
    /// The columns of the answer, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Whether all columns are known: `SELECT *` from a table whose columns are not known hides some.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// Plans a statement over tables.
///
/// # Errors
/// The first thing in it that would not give exactly what PostgreSQL gives.
pub fn plan(query: &Query, tables: &[Table]) -> Result<Plan, Refusal> {
    crate::deep::deep(|| planned(query, tables))
}

fn planned(query: &Query, tables: &[Table]) -> Result<Plan, Refusal> {
    let mut planner = Planner::new(tables);
    let planned = planner.top(query)?;
    let mut columns: Vec<Column> = Vec::with_capacity(planned.columns.len());
    for column in &planned.columns {
        let mut name = column.name.clone();
        // Excel and the next block need names that differ.
        let mut number = 2;
        while columns.iter().any(|one| one.name == name) {
            name = match &column.relation {
                Some(relation) if number == 2 => format!("{}:{relation}", column.name),
                _ => format!("{}:{number}", column.name),
            };
            number += 1;
        }
        columns.push(Column {
            name,
            kind: column.kind,
        });
    }
    Ok(Plan {
        rel: planned.rel,
        ids: planned.columns.iter().map(|column| column.id).collect(),
        tables: tables.iter().map(|table| table.name.clone()).collect(),
        kinds: planner.kinds,
        columns,
        is_complete: planned.is_complete,
    })
}
