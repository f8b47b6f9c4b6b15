//! `digger check --online`: every statement is prepared at its source, never run.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Columns;
use indexmap::IndexMap;
use jiff::{Timestamp, ToSpan};
use report::{
    Bind, Block, Bounds, Dialect, KeyRange, Options, Param, ParamKind, PartitionBounds, Problem,
    Report, Severity, Value, Values,
};
use rows::ColumnInfo;
use source::{Source, SourceConfig, SourceError};

/// Problems that only the source can tell: statements it does not accept, and sheets that format
/// columns it does not return.
///
/// Beside them stand the columns of every extraction that was accepted.
pub(super) async fn check(report: &Report, configs: &[SourceConfig]) -> (Vec<Problem>, Columns) {
    let mut problems = Vec::new();
    let mut known = Columns::new();
    let mut sources: BTreeMap<&str, Arc<dyn Source>> = BTreeMap::new();
    for config in configs {
        if let Ok(source) = source::open(config) {
            sources.insert(&config.name, source);
        }
    }
    for block in &report.blocks {
        let Some(source) = block.source().and_then(|name| sources.get(name)) else {
            continue;
        };
        // Conditions make two statements of one; both have to be accepted.
        for values in [example_values(report, true), example_values(report, false)] {
            match describe(report, block, source.as_ref(), &values).await {
                Ok(columns) => {
                    let names: Vec<String> =
                        columns.iter().map(|column| column.name.clone()).collect();
                    problems.extend(report.check_columns(&block.name, &names));
                    known.entry(block.name.clone()).or_insert(columns);
                }
                Err(refused) => problems.push(refused.problem(report, block)),
            }
        }
    }
    problems.dedup();
    (problems, known)
}

async fn describe(
    report: &Report,
    block: &Block,
    source: &dyn Source,
    values: &Values,
) -> Result<Vec<ColumnInfo>, Refused> {
    let now = Timestamp::now();
    let bounds = PartitionBounds {
        from: now - 24.hours(),
        until: now,
    };
    let bounds = Bounds {
        partition: Some(&bounds),
        since: Some(&Bind::Null),
        range: Some(KeyRange { from: 0, until: 1 }),
    };
    let dialect = match source.dialect() {
        source::Dialect::Sqlite => Dialect::Sqlite,
        source::Dialect::Postgres => Dialect::Postgres,
        source::Dialect::Mysql => Dialect::Mysql,
    };
    let statement = block
        .bind(report, dialect, values, bounds)
        .map_err(|error| Refused {
            message: error.to_string(),
            at: None,
        })?;
    source
        .describe(&statement.sql)
        .await
        .map_err(|error| Refused {
            at: match &error {
                SourceError::Sql {
                    offset: Some(offset),
                    ..
                } => statement.written_at(*offset),
                _ => None,
            },
            message: error.to_string(),
        })
}

/// A value of the right type for every parameter, or only for those that need one.
fn example_values(report: &Report, with_optional: bool) -> Values {
    let values = report
        .params
        .values()
        .filter(|param| with_optional || param.required || param.viewer.is_some());
    Values(
        values
            .map(|param| (param.name.clone(), example(param)))
            .collect::<IndexMap<_, _>>(),
    )
}

fn example(param: &Param) -> Value {
    let choice = || match &param.options {
        Some(Options::List(choices)) => choices
            .first()
            .map_or_else(|| "x".to_owned(), |choice| choice.value.clone()),
        _ => "x".to_owned(),
    };
    let today = jiff::Zoned::now().date();
    match param.kind {
        ParamKind::Text => Value::Text("x".to_owned()),
        ParamKind::Integer => Value::Integer(1),
        ParamKind::Decimal => Value::Decimal(1.into()),
        ParamKind::Boolean => Value::Boolean(true),
        ParamKind::Date => Value::Date(today),
        ParamKind::Datetime => Value::Datetime(Timestamp::now()),
        ParamKind::Period => Value::Period {
            from: today.first_of_month(),
            until: today.last_of_month().saturating_add(1.day()),
        },
        ParamKind::Choice => Value::Choice(choice()),
        ParamKind::Choices => Value::Choices(vec![choice()]),
    }
}

/// A statement its source does not accept.
struct Refused {
    message: String,
    /// The byte of the report's text the source complains about.
    at: Option<usize>,
}

impl Refused {
    fn problem(self, report: &Report, block: &Block) -> Problem {
        let place = report.place(self.at.unwrap_or(block.span.start));
        Problem {
            code: "report::refused_by_source".into(),
            severity: Severity::Error,
            message: format!("query `{}`: {}", block.name, self.message),
            help: None,
            label: None,
            span: Some(self.at.map_or(block.span.clone(), |at| at..at)),
            line: place.line,
            column: place.column,
        }
    }
}
