//! Rows as columns of Polars, and columns as text the way PostgreSQL writes it.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, date, time};
use polars::prelude::*;

use crate::tables::{Kind, Table};

/// A table's rows.
pub fn frame(table: &Table) -> DataFrame {
    let columns = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let cells = || table.rows.iter().map(|row| row[place].as_deref());
            series(&column.name(), column.kind, cells()).into_column()
        })
        .collect();
    DataFrame::new(table.rows.len(), columns).unwrap()
}

fn series<'a>(name: &str, kind: Kind, cells: impl Iterator<Item = Option<&'a str>>) -> Series {
    let name = PlSmallStr::from_str(name);
    let whole = |cells: &mut dyn Iterator<Item = Option<&'a str>>, read: fn(&str) -> i64| {
        Int64Chunked::from_iter_options(name.clone(), cells.map(|cell| cell.map(read)))
    };
    let mut cells = cells;
    match kind {
        Kind::Boolean => {
            BooleanChunked::from_iter_options(name, cells.map(|cell| cell.map(|text| text == "t")))
                .into_series()
        }
        Kind::Integer | Kind::BigInt => {
            whole(&mut cells, |text| text.parse().unwrap()).into_series()
        }
        Kind::Numeric(_, scale) => Int128Chunked::from_iter_options(
            name,
            cells.map(|cell| cell.map(|text| mantissa(text, usize::from(scale)))),
        )
        .into_decimal_unchecked(38, usize::from(scale))
        .into_series(),
        Kind::Double => Float64Chunked::from_iter_options(
            name,
            cells.map(|cell| cell.map(|text| text.parse().unwrap())),
        )
        .into_series(),
        Kind::Text => StringChunked::from_iter_options(name, cells).into_series(),
        Kind::Date => Int32Chunked::from_iter_options(name, cells.map(|cell| cell.map(days)))
            .into_date()
            .into_series(),
        Kind::Timestamp => whole(&mut cells, micros)
            .into_datetime(TimeUnit::Microseconds, None)
            .into_series(),
        Kind::Time => whole(&mut cells, |text| {
            let clock: Time = text.parse().unwrap();
            (clock - time(0, 0, 0, 0))
                .total(jiff::Unit::Nanosecond)
                .unwrap() as i64
        })
        .into_time()
        .into_series(),
    }
}

fn mantissa(text: &str, scale: usize) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<scale$}").parse().unwrap()
}

const EPOCH: Date = date(1970, 1, 1);

fn days(text: &str) -> i32 {
    let day: Date = text.parse().unwrap();
    day.since((jiff::Unit::Day, EPOCH)).unwrap().get_days()
}

fn micros(text: &str) -> i64 {
    let moment: DateTime = text.parse().unwrap();
    moment.duration_since(EPOCH.at(0, 0, 0, 0)).as_micros() as i64
}

/// The values of a column as PostgreSQL writes them.
pub fn written(series: &Series) -> Vec<Option<String>> {
    fn each<T>(
        values: impl Iterator<Item = Option<T>>,
        write: impl Fn(T) -> String,
    ) -> Vec<Option<String>> {
        values.map(|value| value.map(&write)).collect()
    }
    match series.dtype() {
        DataType::Boolean => each(series.bool().unwrap().iter(), |value| {
            if value { "t" } else { "f" }.to_owned()
        }),
        DataType::Int64 => each(series.i64().unwrap().iter(), |value| value.to_string()),
        DataType::Decimal(_, scale) => {
            let scale = *scale;
            each(
                series.decimal().unwrap().physical().iter(),
                |value: i128| {
                    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
                    let (whole, fraction) = digits.split_at(digits.len() - scale);
                    let sign = if value < 0 { "-" } else { "" };
                    let point = if scale > 0 { "." } else { "" };
                    format!("{sign}{whole}{point}{fraction}")
                },
            )
        }
        DataType::Float64 => each(series.f64().unwrap().iter(), |value| format!("{value:e}")),
        DataType::String => each(series.str().unwrap().iter(), str::to_owned),
        DataType::Date => each(series.date().unwrap().physical().iter(), |value| {
            EPOCH
                .checked_add(i64::from(value).days())
                .map_or_else(|error| error.to_string(), |day| day.to_string())
        }),
        DataType::Datetime(TimeUnit::Microseconds, None) => {
            each(series.datetime().unwrap().physical().iter(), |value| {
                EPOCH
                    .at(0, 0, 0, 0)
                    .checked_add(jiff::SignedDuration::from_micros(value))
                    .map_or_else(
                        |error| error.to_string(),
                        |moment| moment.to_string().replace('T', " "),
                    )
            })
        }
        DataType::Time => each(series.time().unwrap().physical().iter(), |value| {
            time(0, 0, 0, 0)
                .wrapping_add(jiff::SignedDuration::from_nanos(value))
                .to_string()
        }),
        DataType::Null => vec![None; series.len()],
        other => vec![Some(format!("a column of {other}")); series.len()],
    }
}
