//! SQL functions authors expect and Polars lacks.
//!
//! `DATE_TRUNC(unit, value)`, `LAST_DAY(value)`, `DAYS_BETWEEN(from, until)`, and `YEAR`, `QUARTER`,
//! `MONTH`, `DAY` of a date or timestamp.

use std::collections::BTreeMap;

use polars::lazy::dsl::{BaseColumnUdf, UserDefinedFunction};
use polars::prelude::*;
use polars::sql::{FunctionOptions, FunctionRegistry};

use super::dates::{self, Cut};

/// The functions by lower-case name.
pub(super) struct Functions(BTreeMap<&'static str, UserDefinedFunction>);

type Apply = fn(&[Column]) -> PolarsResult<Column>;

impl Functions {
    /// All of them.
    pub(super) fn new() -> Self {
        let all: [(&'static str, usize, Option<DataType>, Apply); 7] = [
            ("date_trunc", 2, None, date_trunc),
            ("last_day", 1, Some(DataType::Date), |arguments| {
                dates::last_day(&arguments[0])
            }),
            ("days_between", 2, Some(DataType::Int64), |arguments| {
                dates::days_between(&arguments[0], &arguments[1])
            }),
            ("year", 1, Some(DataType::Int64), |arguments| {
                part(&arguments[0], Part::Year)
            }),
            ("quarter", 1, Some(DataType::Int64), |arguments| {
                part(&arguments[0], Part::Quarter)
            }),
            ("month", 1, Some(DataType::Int64), |arguments| {
                part(&arguments[0], Part::Month)
            }),
            ("day", 1, Some(DataType::Int64), |arguments| {
                part(&arguments[0], Part::Day)
            }),
        ];
        Self(
            all.into_iter()
                .map(|(name, count, dtype, apply)| (name, define(name, count, dtype, apply)))
                .collect(),
        )
    }
}

impl FunctionRegistry for Functions {
    fn register(&mut self, name: &str, _: UserDefinedFunction) -> PolarsResult<()> {
        polars_bail!(ComputeError: "no function can be added; `{name}` was tried")
    }

    fn get_udf(&self, name: &str) -> PolarsResult<Option<UserDefinedFunction>> {
        Ok(self.0.get(name).cloned())
    }

    fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// A function of columns of equal length. Its answer is named after its last argument and, without
/// a type of its own, has that argument's type.
fn define(
    name: &'static str,
    count: usize,
    dtype: Option<DataType>,
    apply: Apply,
) -> UserDefinedFunction {
    let field = move |_: &Schema, fields: &[Field]| {
        let [.., last] = fields else {
            polars_bail!(SQLInterface: "{name} needs {count} arguments");
        };
        polars_ensure!(fields.len() == count, SQLInterface: "{name} takes {count} arguments, not {}", fields.len());
        let dtype = match (&dtype, last.dtype()) {
            (Some(dtype), _) => dtype.clone(),
            (None, DataType::Datetime(..)) => DataType::Datetime(TimeUnit::Microseconds, None),
            (None, other) => other.clone(),
        };
        Ok(Field::new(last.name().clone(), dtype))
    };
    let call = move |columns: &mut [Column]| apply(columns);
    let mut function = UserDefinedFunction::new(name.into(), BaseColumnUdf::new(call, field));
    // Row by row, so that it may stand in GROUP BY and beside aggregates.
    function.options = FunctionOptions::elementwise();
    function
}

fn date_trunc(arguments: &[Column]) -> PolarsResult<Column> {
    let unit = arguments[0].as_materialized_series();
    let unit = unit
        .str()
        .ok()
        .and_then(|unit| unit.get(0))
        .unwrap_or_default();
    let cut = Cut::named(unit).ok_or_else(|| {
        polars_err!(SQLInterface: "DATE_TRUNC does not know `{unit}`; write 'year', 'quarter', 'month', 'week', 'day', 'hour', 'minute' or 'second'")
    })?;
    dates::truncate(&arguments[1], cut)
}

#[derive(Clone, Copy)]
enum Part {
    Year,
    Quarter,
    Month,
    Day,
}

fn part(column: &Column, part: Part) -> PolarsResult<Column> {
    let series = column.as_materialized_series();
    let numbers = match part {
        Part::Year => series.year()?.into_series(),
        Part::Quarter => series.quarter()?.into_series(),
        Part::Month => series.month()?.into_series(),
        Part::Day => series.day()?.into_series(),
    };
    Ok(numbers.cast(&DataType::Int64)?.into_column())
}
