//! Totals, added up exactly while the rows go by.
//!
//! They are stored in the totals row beside Excel's own formula, listed on "About", and kept with the
//! run as its control totals.

mod flat;

use report::Total;
use rows::time_text::{self, Detail};
use rows::{Exact, calendar};

use super::cell::Cell;
use super::excel_time;
use super::format::CellFormat;
use super::value::Value;

/// A sum that stays exact as long as its parts are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sum {
    exact: Exact,
    float: f64,
    /// What the float lost so far (Neumaier).
    lost: f64,
    has_float: bool,
    /// Whether lengths of time were added, in microseconds.
    is_duration: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            exact: Exact::new(0, 0),
            float: 0.0,
            lost: 0.0,
            has_float: false,
            is_duration: false,
        }
    }
}

impl Sum {
    /// Adds a number; other values are no part of a sum.
    pub(crate) fn add(&mut self, value: &Value<'_>) {
        match value {
            Value::Number(number) => match self.exact.checked_add(*number) {
                Some(sum) => self.exact = sum,
                // Beyond 38 digits nothing is exact any more; a float is the honest rest.
                None => self.add_float(number.to_f64()),
            },
            Value::Float(number) if number.is_finite() => self.add_float(*number),
            Value::Duration(micros) => {
                self.is_duration = true;
                self.add(&Value::Number(Exact::new(*micros, 0)));
            }
            _ => {}
        }
    }

    fn add_float(&mut self, number: f64) {
        self.has_float = true;
        let sum = self.float + number;
        self.lost += if self.float.abs() >= number.abs() {
            (self.float - sum) + number
        } else {
            (number - sum) + self.float
        };
        self.float = sum;
    }

    /// Adds what another sum holds.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.is_duration |= other.is_duration;
        self.add(&Value::Number(other.exact));
        if other.has_float {
            self.add_float(other.float + other.lost);
        }
    }

    pub(crate) fn value(&self) -> Value<'static> {
        if self.is_duration {
            Value::Duration(self.exact.mantissa)
        } else if self.has_float {
            Value::Float(self.float + self.lost + self.exact.to_f64())
        } else {
            Value::Number(self.exact)
        }
    }
}

/// The total of one column, over a part of a sheet or all of it.
#[derive(Clone, Debug)]
pub(crate) struct Totaller {
    pub(crate) kind: Total,
    sum: Sum,
    numbers: u64,
    filled: u64,
    least: Option<Value<'static>>,
    greatest: Option<Value<'static>>,
}

impl Totaller {
    pub(crate) fn new(kind: Total) -> Self {
        Self {
            kind,
            sum: Sum::default(),
            numbers: 0,
            filled: 0,
            least: None,
            greatest: None,
        }
    }

    /// Takes a value and the cell it became.
    pub(crate) fn add(&mut self, value: &Value<'_>, cell: &Cell<'_>) {
        if !matches!(cell, Cell::Empty) {
            self.filled += 1;
        }
        let Some(value) = comparable(value) else {
            return;
        };
        self.numbers += 1;
        self.sum.add(&value);
        self.stretch(value);
    }

    /// Takes what another total of the same kind has seen.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.numbers += other.numbers;
        self.filled += other.filled;
        for value in [other.least, other.greatest].into_iter().flatten() {
            self.stretch(value);
        }
    }

    /// Moves the least and the greatest value apart.
    fn stretch(&mut self, value: Value<'static>) {
        if self.least.is_none_or(|least| is_less(&value, &least)) {
            self.least = Some(value);
        }
        if self
            .greatest
            .is_none_or(|greatest| is_less(&greatest, &value))
        {
            self.greatest = Some(value);
        }
    }

    /// The total; [`Value::Null`] for the average, least or greatest of nothing.
    pub(crate) fn value(&self) -> Value<'static> {
        match self.kind {
            Total::Sum => self.sum.value(),
            Total::Count => Value::Number(Exact::new(i128::from(self.filled), 0)),
            Total::Min => self.least.unwrap_or(Value::Null),
            Total::Max => self.greatest.unwrap_or(Value::Null),
            Total::Average if self.numbers == 0 => Value::Null,
            Total::Average => match self.sum.value() {
                Value::Number(sum) => Value::Number(sum.divide(self.numbers)),
                Value::Float(sum) => Value::Float(sum / self.numbers as f64),
                Value::Duration(sum) => {
                    let mean = Exact::new(sum, 0).divide(self.numbers).round(0);
                    Value::Duration(mean.mantissa)
                }
                other => other,
            },
        }
    }

    /// The total in plain digits, as an ISO date, or as hours, minutes and seconds; empty when there is none.
    pub(crate) fn plain(&self) -> String {
        match self.value() {
            Value::Number(number) => number.plain(),
            Value::Float(number) => number.to_string(),
            Value::Date(days) => time_text::show_date(i64::from(days)),
            Value::Datetime(micros) => time_text::show_datetime(micros, Detail::Seconds),
            Value::Duration(micros) => time_text::show_time(micros, Detail::All),
            _ => String::new(),
        }
    }

    /// The total as the number Excel stores; 0 for nothing, as SUBTOTAL has it.
    pub(crate) fn stored(&self) -> String {
        match self.value() {
            Value::Number(number) => number.plain(),
            Value::Float(number) => number.to_string(),
            Value::Date(days) => serial(excel_time::day_serial(i64::from(days))),
            Value::Datetime(micros) => serial(excel_time::datetime_serial(micros)),
            Value::Duration(micros) => excel_time::duration_serial(micros).to_string(),
            _ if self.kind == Total::Average => "#DIV/0!".to_owned(),
            _ => "0".to_owned(),
        }
    }

    /// How the total looks: as its column, except that a count is a count.
    pub(crate) fn format(&self, column: &CellFormat) -> CellFormat {
        match (self.kind, column) {
            (Total::Count, _) | (_, CellFormat::Plain | CellFormat::Text | CellFormat::General) => {
                CellFormat::Int
            }
            // The mean of counts is rarely a whole number.
            (Total::Average, CellFormat::Int) => CellFormat::Decimal(2),
            (_, format) => format.clone(),
        }
    }
}

fn serial(serial: Option<f64>) -> String {
    serial.map_or_else(|| "0".to_owned(), |serial| serial.to_string())
}

/// Values SUBTOTAL counts as numbers.
fn comparable(value: &Value<'_>) -> Option<Value<'static>> {
    match *value {
        Value::Number(number) => Some(Value::Number(number)),
        Value::Float(number) if number.is_finite() => Some(Value::Float(number)),
        Value::Date(days) => Some(Value::Date(days)),
        Value::Datetime(micros) => Some(Value::Datetime(micros)),
        Value::Duration(micros) => Some(Value::Duration(micros)),
        _ => None,
    }
}

fn is_less(left: &Value<'_>, right: &Value<'_>) -> bool {
    // Days can be further away than 64 bits of microseconds reach.
    let moment = |value: &Value<'_>| match value {
        Value::Date(days) => Some((i64::from(*days), 0)),
        Value::Datetime(micros) => Some((
            micros.div_euclid(calendar::DAY),
            micros.rem_euclid(calendar::DAY),
        )),
        _ => None,
    };
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.compare(*right).is_lt(),
        (Value::Duration(left), Value::Duration(right)) => left < right,
        _ => match (moment(left), moment(right)) {
            (Some(left), Some(right)) => left < right,
            _ => left.number() < right.number(),
        },
    }
}

/// The number of Excel's SUBTOTAL that leaves out rows a filter hides.
pub(crate) fn subtotal(kind: Total) -> u8 {
    match kind {
        Total::Average => 101,
        Total::Count => 103,
        Total::Max => 104,
        Total::Min => 105,
        Total::Sum => 109,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(kind: Total, values: &[Value<'_>]) -> Totaller {
        let mut totaller = Totaller::new(kind);
        for value in values {
            let cell = if *value == Value::Null {
                Cell::Empty
            } else {
                Cell::Number(0.0)
            };
            totaller.add(value, &cell);
        }
        totaller
    }

    fn cents(mantissa: i128) -> Value<'static> {
        Value::Number(Exact::new(mantissa, 2))
    }

    #[test]
    fn sums_are_exact_to_the_cent() {
        let values = vec![cents(10); 1_000_003];
        assert_eq!(total(Total::Sum, &values).plain(), "100000.30");
        assert_eq!(
            total(Total::Average, &[cents(1), cents(2), Value::Null]).plain(),
            "0.015"
        );
        assert_eq!(total(Total::Count, &[cents(1), Value::Null]).plain(), "1");
        assert_eq!(total(Total::Min, &[cents(5), cents(-7)]).plain(), "-0.07");
        assert_eq!(total(Total::Max, &[cents(5), cents(-7)]).plain(), "0.05");
    }

    #[test]
    fn lengths_of_time_add_up_beyond_64_bits() {
        let most = 838 * 3_600_000_000 + 3_599_000_000;
        let values = vec![Value::Duration(most); 4_000_000];
        let shown = total(Total::Sum, &values).plain();
        assert_eq!(shown, format!("{}:53:20", 838_i64 * 4_000_000 + 3_998_888));
        let two = [Value::Duration(-1_500_000), Value::Duration(1)];
        assert_eq!(total(Total::Sum, &two).plain(), "-00:00:01.499999");
        assert_eq!(total(Total::Average, &two).plain(), "-00:00:00.75");
        assert_eq!(total(Total::Min, &two).plain(), "-00:00:01.5");
        assert_eq!(total(Total::Max, &two).plain(), "00:00:00.000001");
        let day = [Value::Duration(i128::from(calendar::DAY))];
        assert_eq!(total(Total::Sum, &day).stored(), "1");
    }

    #[test]
    fn floats_keep_what_a_plain_sum_loses() {
        let values = [1e16, 1.0, -1e16].map(Value::Float);
        assert_eq!(total(Total::Sum, &values).plain(), "1");
    }

    #[test]
    fn totals_of_nothing_are_what_excel_shows() {
        assert_eq!(total(Total::Sum, &[]).stored(), "0");
        assert_eq!(total(Total::Average, &[]).stored(), "#DIV/0!");
        assert_eq!(total(Total::Min, &[]).plain(), "");
    }

    #[test]
    fn the_first_and_last_day_are_dates() {
        let days = [Value::Date(20_699), Value::Date(20_000), Value::Null];
        assert_eq!(total(Total::Max, &days).plain(), "2026-09-03");
        assert_eq!(total(Total::Max, &days).stored(), "46268");
    }
}
