//! Columns in a wider type.
//!
//! A column that no database declares has the type its first rows ask for. A later row may need more:
//! the first value after rows without any, a fraction among whole numbers, more digits behind the
//! point. From that row on its chunks have the wider type, and whoever kept the earlier ones turns
//! them into it with [`widened`]. No value changes on the way.

use crate::{ColumnData, ColumnType, Exact, Values};

/// A column of so many rows in a wider type, value for value the same; `None` when that type does not
/// hold them all.
///
/// Wider are decimals of another scale, decimals and doubles for whole numbers, lengths of time for times
/// of day, and any type for a column without a single value.
pub fn widened(data: ColumnData, kind: ColumnType, rows: usize) -> Option<ColumnData> {
    Some(match (data, kind) {
        (
            ColumnData::Decimal {
                mut mantissa,
                scale: before,
            },
            ColumnType::Decimal { scale },
        ) => {
            for value in &mut mantissa.data {
                *value = rescaled(*value, before, scale)?;
            }
            ColumnData::Decimal { mantissa, scale }
        }
        (ColumnData::Integer(values), ColumnType::Decimal { scale }) => ColumnData::Decimal {
            mantissa: each(values, |value| rescaled(i128::from(value), 0, scale))?,
            scale,
        },
        (ColumnData::Integer(values), ColumnType::Float) => {
            ColumnData::Float(each(values, |value| {
                let double = value as f64;
                (double as i128 == i128::from(value)).then_some(double)
            })?)
        }
        (ColumnData::Time(values), ColumnType::Duration) => ColumnData::Duration(values),
        (data, kind) => {
            let mut column = ColumnData::new(kind);
            if std::mem::discriminant(&column) == std::mem::discriminant(&data) {
                return Some(data);
            }
            if has_values(&data, rows) {
                return None;
            }
            (0..rows).for_each(|_| column.push_null());
            column
        }
    })
}

/// Whether any of the rows holds a value.
pub fn has_values(data: &ColumnData, rows: usize) -> bool {
    let valid = match data {
        ColumnData::Boolean(values) => &values.valid,
        ColumnData::Integer(values)
        | ColumnData::Datetime(values)
        | ColumnData::Time(values)
        | ColumnData::Duration(values) => &values.valid,
        ColumnData::Float(values) => &values.valid,
        ColumnData::Decimal { mantissa, .. } => &mantissa.valid,
        ColumnData::Text(values) | ColumnData::Binary(values) => &values.valid,
        ColumnData::Date(values) => &values.valid,
    };
    match valid {
        None => rows > 0,
        Some(valid) => valid.contains(&true),
    }
}

/// A mantissa at another scale, of at most 38 digits; `None` when digits would be lost.
fn rescaled(mantissa: i128, before: u8, scale: u8) -> Option<i128> {
    Exact::new(mantissa, before).at_scale(scale)
}

fn each<A, B>(values: Values<A>, change: impl Fn(A) -> Option<B>) -> Option<Values<B>> {
    Some(Values {
        data: values.data.into_iter().map(change).collect::<Option<_>>()?,
        valid: values.valid,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[Option<i64>]) -> ColumnData {
        let mut column = Values::default();
        values.iter().for_each(|value| column.push(*value));
        ColumnData::Integer(column)
    }

    fn decimals(values: &[Option<i128>], scale: u8) -> ColumnData {
        let mut mantissa = Values::default();
        values.iter().for_each(|value| mantissa.push(*value));
        ColumnData::Decimal { mantissa, scale }
    }

    #[test]
    fn every_value_stays_what_it_is() {
        let scale = |scale| ColumnType::Decimal { scale };
        assert_eq!(
            widened(decimals(&[Some(125), None], 2), scale(4), 2),
            Some(decimals(&[Some(12_500), None], 4))
        );
        assert_eq!(
            widened(decimals(&[Some(12_500), None], 4), scale(2), 2),
            Some(decimals(&[Some(125), None], 2))
        );
        assert_eq!(widened(decimals(&[Some(125)], 2), scale(1), 1), None);
        assert_eq!(
            widened(decimals(&[Some(10_i128.pow(37))], 0), scale(1), 1),
            None
        );
        assert_eq!(
            widened(numbers(&[Some(7), None]), scale(2), 2),
            Some(decimals(&[Some(700), None], 2))
        );
        let doubles = widened(numbers(&[Some(7), None]), ColumnType::Float, 2).unwrap();
        let ColumnData::Float(doubles) = doubles else {
            panic!("not floats")
        };
        assert_eq!((doubles.at(0), doubles.at(1)), (Some(7.0), None));
        let long = numbers(&[Some((1 << 53) + 1)]);
        assert_eq!(widened(long, ColumnType::Float, 1), None);
    }

    #[test]
    fn times_of_day_become_lengths_and_lengths_no_times_of_day() {
        let mut noon = Values::default();
        [Some(43_200_000_000), None]
            .into_iter()
            .for_each(|value| noon.push(value));
        let lengths = ColumnData::Duration(noon.clone());
        assert_eq!(
            widened(ColumnData::Time(noon), ColumnType::Duration, 2),
            Some(lengths.clone())
        );
        assert_eq!(widened(lengths, ColumnType::Time, 2), None);
    }

    #[test]
    fn only_a_column_without_values_becomes_anything() {
        let absent = widened(numbers(&[None, None]), ColumnType::Date, 2).unwrap();
        assert!(!has_values(&absent, 2));
        assert!(matches!(absent, ColumnData::Date(_)));
        assert_eq!(
            widened(numbers(&[None, Some(1)]), ColumnType::Date, 2),
            None
        );
    }
}
