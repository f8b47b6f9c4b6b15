//! `digger check --online`: every statement is prepared at its source, never run.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::{Timestamp, ToSpan};
use report::{
    Bind, Block, Dialect, Options, Param, ParamKind, Problem, Report, Severity, Slice, Value,
    Values,
};
use source::{Source, SourceConfig};

/// Problems that only the source can tell: statements it does not accept, and sheets that format
/// columns it does not return.
pub(super) async fn check(report: &Report, configs: &[SourceConfig]) -> Vec<Problem> {
    let mut problems = Vec::new();
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
                Ok(columns) => problems.extend(report.check_columns(&block.name, &columns)),
                Err(message) => problems.push(at_block(report, block, message)),
            }
        }
    }
    problems.dedup();
    problems
}

async fn describe(
    report: &Report,
    block: &Block,
    source: &dyn Source,
    values: &Values,
) -> Result<Vec<String>, String> {
    let now = Timestamp::now();
    let slice = Slice {
        from: now - 24.hours(),
        until: now,
    };
    let dialect = match source.dialect() {
        source::Dialect::Sqlite => Dialect::Sqlite,
        source::Dialect::Postgres => Dialect::Postgres,
        source::Dialect::Mysql => Dialect::Mysql,
    };
    let statement = block
        .bind(report, dialect, values, Some(&slice), Some(&Bind::Null))
        .map_err(|error| error.to_string())?;
    let columns = source
        .describe(&statement.sql)
        .await
        .map_err(|error| error.to_string())?;
    Ok(columns.into_iter().map(|column| column.name).collect())
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

fn at_block(report: &Report, block: &Block, message: String) -> Problem {
    let before = &report.text[..block.span.start.min(report.text.len())];
    Problem {
        code: "report::refused_by_source",
        severity: Severity::Error,
        message: format!("query `{}`: {message}", block.name),
        help: None,
        label: None,
        span: Some(block.span.clone()),
        line: before.matches('\n').count() + 1,
        column: 1,
    }
}
