//! Totals over flat columns: the same numbers as value by value, without making values.

use std::ops::Range;

use rows::{Bytes, ColumnData, Exact, Values};

use super::{Totaller, comparable};
use crate::value::Value;

impl Totaller {
    /// Takes rows of a column whose cells hold what its type says, or the same as text.
    ///
    /// As [`Totaller::add`] for every value: sums stay exact, floats are added in their order.
    pub(crate) fn add_column(&mut self, column: &ColumnData, rows: Range<usize>) {
        match column {
            ColumnData::Integer(values) => self.add_exact(column, values, rows, 0, i128::from),
            ColumnData::Decimal { mantissa, scale } => {
                self.add_exact(column, mantissa, rows, *scale, |mantissa| mantissa);
            }
            ColumnData::Float(values) => {
                for number in present(values, rows).filter(|number| number.is_finite()) {
                    self.filled += 1;
                    self.add_number(Value::Float(number));
                }
            }
            ColumnData::Date(values) => self.add_moments(values, rows, Value::Date),
            ColumnData::Datetime(values) => self.add_moments(values, rows, Value::Datetime),
            ColumnData::Boolean(values) => self.filled += present(values, rows).count() as u64,
            ColumnData::Time(values) => self.filled += present(values, rows).count() as u64,
            ColumnData::Duration(values) => {
                for micros in present(values, rows) {
                    self.filled += 1;
                    self.add_number(Value::Duration(i128::from(micros)));
                }
            }
            ColumnData::Text(values) | ColumnData::Binary(values) => {
                self.filled += filled(values, rows);
            }
        }
    }

    fn add_exact<T: Copy + Ord>(
        &mut self,
        column: &ColumnData,
        values: &Values<T>,
        rows: Range<usize>,
        scale: u8,
        wide: impl Fn(T) -> i128,
    ) {
        let mut sum = Some(0i128);
        let mut count = 0u64;
        let mut ends: Option<(T, T)> = None;
        for number in present(values, rows.clone()) {
            sum = sum.and_then(|sum| sum.checked_add(wide(number)));
            count += 1;
            ends = Some(ends.map_or((number, number), |(least, greatest)| {
                (least.min(number), greatest.max(number))
            }));
        }
        let Some((least, greatest)) = ends else {
            return;
        };
        let whole = sum.and_then(|sum| self.sum.exact.checked_add(Exact::new(sum, scale)));
        let Some(whole) = whole else {
            // Beyond 38 digits it matters which values fit and which become floats.
            for row in rows {
                let value = Value::at(column, row);
                self.filled += u64::from(value != Value::Null);
                if let Some(value) = comparable(&value) {
                    self.add_number(value);
                }
            }
            return;
        };
        self.sum.exact = whole;
        self.filled += count;
        self.numbers += count;
        self.stretch(Value::Number(Exact::new(wide(least), scale)));
        self.stretch(Value::Number(Exact::new(wide(greatest), scale)));
    }

    fn add_moments<T: Copy + Ord>(
        &mut self,
        values: &Values<T>,
        rows: Range<usize>,
        value: impl Fn(T) -> Value<'static>,
    ) {
        let mut count = 0u64;
        let mut ends: Option<(T, T)> = None;
        for moment in present(values, rows) {
            count += 1;
            ends = Some(ends.map_or((moment, moment), |(least, greatest)| {
                (least.min(moment), greatest.max(moment))
            }));
        }
        self.filled += count;
        self.numbers += count;
        if let Some((least, greatest)) = ends {
            self.stretch(value(least));
            self.stretch(value(greatest));
        }
    }

    fn add_number(&mut self, value: Value<'static>) {
        self.numbers += 1;
        self.sum.add(&value);
        self.stretch(value);
    }
}

fn present<T: Copy>(values: &Values<T>, rows: Range<usize>) -> impl Iterator<Item = T> {
    let flags = values.valid.as_ref().map(|valid| &valid[rows.clone()]);
    let data = values.data[rows].iter().copied().enumerate();
    data.filter_map(move |(row, value)| flags.is_none_or(|flags| flags[row]).then_some(value))
}

/// How many texts are not empty, which is how many cells they become.
fn filled(values: &Bytes, rows: Range<usize>) -> u64 {
    rows.filter(|row| values.at(*row).is_some_and(|bytes| !bytes.is_empty()))
        .count() as u64
}

#[cfg(test)]
mod tests {
    use report::Total;

    use super::*;
    use crate::cell::Cell;

    const KINDS: [Total; 5] = [
        Total::Sum,
        Total::Average,
        Total::Count,
        Total::Min,
        Total::Max,
    ];

    fn by_value(kind: Total, column: &ColumnData, rows: Range<usize>) -> Totaller {
        let mut total = Totaller::new(kind);
        for row in rows {
            let value = Value::at(column, row);
            let is_empty = match value {
                Value::Null | Value::Text("") => true,
                Value::Float(number) => !number.is_finite(),
                _ => false,
            };
            let cell = if is_empty {
                Cell::Empty
            } else {
                Cell::Number(0.0)
            };
            total.add(&value, &cell);
        }
        total
    }

    #[test]
    fn columns_add_up_to_the_same_as_their_values() {
        let flags = Some(vec![true, true, false, true, true, true]);
        let mut texts = Bytes::default();
        for text in [Some("a"), None, Some(""), Some("b"), None, Some("c")] {
            texts.push(text.map(str::as_bytes));
        }
        let columns = [
            ColumnData::Integer(Values {
                data: vec![5, -7, i64::MAX, i64::MIN, i64::MIN, 9],
                valid: flags.clone(),
            }),
            ColumnData::Decimal {
                mantissa: Values {
                    data: vec![5, -7, 1, i128::MAX, i128::MAX - 3, i128::MIN],
                    valid: flags.clone(),
                },
                scale: 2,
            },
            ColumnData::Float(Values {
                data: vec![1e16, 1.0, 3.0, -1e16, f64::NAN, 0.1],
                valid: flags.clone(),
            }),
            ColumnData::Date(Values {
                data: vec![3, 2, 1, 4, 5, 4],
                valid: flags.clone(),
            }),
            ColumnData::Datetime(Values {
                data: vec![3, 2, 1, 4, 5, 4],
                valid: None,
            }),
            ColumnData::Duration(Values {
                data: vec![5, -7, 1, i64::MAX, i64::MAX, 9],
                valid: flags.clone(),
            }),
            ColumnData::Boolean(Values {
                data: vec![true; 6],
                valid: flags,
            }),
            ColumnData::Text(texts),
        ];
        for column in &columns {
            for kind in KINDS {
                let mut total = Totaller::new(kind);
                total.add_column(column, 0..2);
                total.add_column(column, 2..6);
                let expected = by_value(kind, column, 0..6);
                assert_eq!(total.plain(), expected.plain(), "{kind:?} of {column:?}");
                assert_eq!(total.stored(), expected.stored(), "{kind:?} of {column:?}");
            }
        }
    }
}
