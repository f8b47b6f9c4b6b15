//! One value of a result, between the chunk it came in and the cell it becomes.

use std::cmp::Ordering;

use rows::{ColumnData, Exact};

use super::excel_time;

/// A value with its meaning. Numbers are exact until a cell needs a float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    Float(f64),
    /// Integers are decimals of scale 0.
    Number(Exact),
    Text(&'a str),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00 as wall time.
    Datetime(i64),
    /// Microseconds since midnight.
    Time(i64),
    /// A length of time in microseconds. Sums of a column of them need more than 64 bits.
    Duration(i128),
    Binary(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The value of a row.
    pub(crate) fn at(column: &'a ColumnData, row: usize) -> Self {
        match column {
            ColumnData::Boolean(values) => values.at(row).map(Self::Boolean),
            ColumnData::Integer(values) => values
                .at(row)
                .map(|integer| Self::Number(Exact::new(i128::from(integer), 0))),
            ColumnData::Float(values) => values.at(row).map(Self::Float),
            ColumnData::Decimal { mantissa, scale } => mantissa
                .at(row)
                .map(|mantissa| Self::Number(Exact::new(mantissa, *scale))),
            ColumnData::Text(bytes) => bytes.text(row).map(Self::Text),
            ColumnData::Date(values) => values.at(row).map(Self::Date),
            ColumnData::Datetime(values) => values.at(row).map(Self::Datetime),
            ColumnData::Time(values) => values.at(row).map(Self::Time),
            ColumnData::Duration(values) => values
                .at(row)
                .map(|micros| Self::Duration(i128::from(micros))),
            ColumnData::Binary(bytes) => bytes.at(row).map(Self::Binary),
        }
        .unwrap_or(Self::Null)
    }

    /// The number charts draw; `None` for texts and absent values.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Float(number) => number.is_finite().then_some(*number),
            Self::Number(exact) => Some(exact.to_f64()),
            Self::Duration(micros) => Some(excel_time::duration_serial(*micros)),
            _ => None,
        }
    }
}

/// A value that outlives its chunk and tells groups apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Null,
    Boolean(bool),
    /// Bits of the float, with −0 written as 0.
    Float(u64),
    Number(Exact),
    Text(String),
    Date(i32),
    Datetime(i64),
    Time(i64),
    Duration(i128),
    Binary(Vec<u8>),
}

impl Key {
    pub(crate) fn of(value: &Value<'_>) -> Self {
        match *value {
            Value::Null => Self::Null,
            Value::Boolean(value) => Self::Boolean(value),
            Value::Float(value) => Self::Float(if value == 0.0 { 0 } else { value.to_bits() }),
            Value::Number(value) => Self::Number(value.normal()),
            Value::Text(value) => Self::Text(value.to_owned()),
            Value::Date(value) => Self::Date(value),
            Value::Datetime(value) => Self::Datetime(value),
            Value::Time(value) => Self::Time(value),
            Value::Duration(value) => Self::Duration(value),
            Value::Binary(value) => Self::Binary(value.to_vec()),
        }
    }

    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Float(bits) => Value::Float(f64::from_bits(*bits)),
            Self::Number(value) => Value::Number(*value),
            Self::Text(value) => Value::Text(value),
            Self::Date(value) => Value::Date(*value),
            Self::Datetime(value) => Value::Datetime(*value),
            Self::Time(value) => Value::Time(*value),
            Self::Duration(value) => Value::Duration(*value),
            Self::Binary(value) => Value::Binary(value),
        }
    }

    /// Whether an axis of such values has an order of its own.
    pub(crate) fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::Float(_)
                | Self::Date(_)
                | Self::Datetime(_)
                | Self::Time(_)
                | Self::Duration(_)
        )
    }

    /// Puts the value at the end of a column of the type; an absent value when it does not fit.
    pub(crate) fn push_to(&self, column: &mut ColumnData) {
        match (self, column) {
            (Self::Boolean(value), ColumnData::Boolean(values)) => values.push(Some(*value)),
            (Self::Float(bits), ColumnData::Float(values)) => {
                values.push(Some(f64::from_bits(*bits)))
            }
            (Self::Number(value), ColumnData::Float(values)) => values.push(Some(value.to_f64())),
            (Self::Number(value), ColumnData::Integer(values)) => {
                values.push(i64::try_from(value.round(0).mantissa).ok());
            }
            (Self::Number(value), ColumnData::Decimal { mantissa, scale }) => {
                mantissa.push(Some(value.round((*scale).into()).mantissa));
            }
            (Self::Text(value), ColumnData::Text(values)) => values.push(Some(value.as_bytes())),
            (Self::Date(value), ColumnData::Date(values)) => values.push(Some(*value)),
            (Self::Datetime(value), ColumnData::Datetime(values)) => values.push(Some(*value)),
            (Self::Time(value), ColumnData::Time(values)) => values.push(Some(*value)),
            (Self::Duration(value), ColumnData::Duration(values)) => {
                values.push(i64::try_from(*value).ok());
            }
            (Self::Duration(value), ColumnData::Float(values)) => {
                values.push(Some(excel_time::duration_serial(*value)));
            }
            (Self::Binary(value), ColumnData::Binary(values)) => values.push(Some(value)),
            (_, column) => column.push_null(),
        }
    }
}

/// Numbers by size, dates by time, texts as people sort them, empty values last.
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(left), Self::Boolean(right)) => left.cmp(right),
            (Self::Float(left), Self::Float(right)) => {
                f64::from_bits(*left).total_cmp(&f64::from_bits(*right))
            }
            (Self::Number(left), Self::Number(right)) => left.compare(*right),
            (Self::Text(left), Self::Text(right)) => compare_naturally(left, right),
            (Self::Date(left), Self::Date(right)) => left.cmp(right),
            (Self::Datetime(left), Self::Datetime(right))
            | (Self::Time(left), Self::Time(right)) => left.cmp(right),
            (Self::Duration(left), Self::Duration(right)) => left.cmp(right),
            (Self::Binary(left), Self::Binary(right)) => left.cmp(right),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Key {
    fn rank(&self) -> u8 {
        match self {
            Self::Boolean(_) => 0,
            Self::Number(_) => 1,
            Self::Float(_) => 2,
            Self::Date(_) => 3,
            Self::Datetime(_) => 4,
            Self::Time(_) => 5,
            Self::Duration(_) => 6,
            Self::Text(_) => 7,
            Self::Binary(_) => 8,
            Self::Null => 9,
        }
    }
}

/// Runs of digits compare as numbers, so that `2월` stands before `10월`.
fn compare_naturally(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left, right);
    while let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) {
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (m, n) = (digits(a), digits(b));
            let (p, q) = (m.trim_start_matches('0'), n.trim_start_matches('0'));
            match p.len().cmp(&q.len()).then_with(|| p.cmp(q)) {
                Ordering::Equal => (a, b) = (&a[m.len()..], &b[n.len()..]),
                different => return different,
            }
        } else if x == y {
            (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]);
        } else {
            return x.cmp(&y);
        }
    }
    a.len().cmp(&b.len()).then_with(|| left.cmp(right))
}

fn digits(text: &str) -> &str {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_sort_as_people_count() {
        let mut months = ["10월", "2월", "1월", "가", "02월"].map(|text| Key::Text(text.into()));
        months.sort();
        let texts: Vec<_> = months
            .iter()
            .map(|key| format!("{:?}", key.value()))
            .collect();
        assert_eq!(
            texts,
            [
                "Text(\"1월\")",
                "Text(\"02월\")",
                "Text(\"2월\")",
                "Text(\"10월\")",
                "Text(\"가\")"
            ]
        );
    }

    #[test]
    fn equal_numbers_are_one_group() {
        assert_eq!(
            Key::of(&Value::Number(Exact::new(1250, 2))),
            Key::of(&Value::Number(Exact::new(125, 1)))
        );
        assert_eq!(Key::of(&Value::Float(0.0)), Key::of(&Value::Float(-0.0)));
    }
}
