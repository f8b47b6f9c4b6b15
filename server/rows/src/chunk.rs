//! The one batch type that feeds the stage, Polars and the sheet.
//!
//! Columns are decoded once, by type, and stay exact: integers as `i64`, decimals as an integer
//! mantissa with a scale, texts as one byte buffer with offsets. No cell objects.

use std::ops::Range;

/// What a column holds. Decided before the first chunk; it only ever becomes wider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// True or false.
    Boolean,
    /// Signed 64-bit integer.
    Integer,
    /// IEEE double.
    Float,
    /// Exact decimal: mantissa × 10^-scale. Scale is 0 to 38.
    Decimal {
        /// Digits behind the decimal point.
        scale: u8,
    },
    /// UTF-8 text.
    Text,
    /// Days since 1970-01-01.
    Date,
    /// Microseconds since 1970-01-01T00:00:00 as wall time of the report's zone.
    Datetime,
    /// Microseconds since midnight.
    Time,
    /// A length of time in microseconds, of any number of hours; it may be negative.
    Duration,
    /// Raw bytes.
    Binary,
}

impl ColumnType {
    /// Whether values of the type are numbers; lengths of time are not.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Decimal { .. })
    }
}

/// A column of a result: its name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// The name the statement gives it; unique within a result.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it is a whole number of at most 32 bits at its source, such as PostgreSQL's `integer`:
    /// sums and quotients of those are others than of `bigint`. Values are 64 bits all the same.
    pub is_narrow: bool,
    /// Whether it is a decimal whose values have different numbers of digits behind the point, such as
    /// PostgreSQL's plain `numeric`: as a text each would show its own.
    pub is_mixed: bool,
    /// Whether the type is a guess, because neither a declaration nor a value told it.
    pub is_guess: bool,
}

impl ColumnInfo {
    /// A column that is no whole number of 32 bits.
    pub fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        Self {
            name: name.into(),
            kind,
            is_narrow: false,
            is_mixed: false,
            is_guess: false,
        }
    }
}

/// Flat values with their presence. Absent values hold `T::default()` in `data`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values<T> {
    /// One value per row.
    pub data: Vec<T>,
    /// `None` when every value is present, else one flag per row.
    pub valid: Option<Vec<bool>>,
}

impl<T: Copy + Default> Values<T> {
    /// Adds one value, or an absent one.
    pub fn push(&mut self, value: Option<T>) {
        match (value, &mut self.valid) {
            (Some(value), None) => self.data.push(value),
            (Some(value), Some(valid)) => {
                self.data.push(value);
                valid.push(true);
            }
            (None, Some(valid)) => {
                self.data.push(T::default());
                valid.push(false);
            }
            (None, valid @ None) => {
                let mut flags = vec![true; self.data.len()];
                flags.push(false);
                *valid = Some(flags);
                self.data.push(T::default());
            }
        }
    }

    /// The value of a row, `None` when absent.
    ///
    /// # Panics
    /// When `row` is not below the number of rows.
    pub fn at(&self, row: usize) -> Option<T> {
        match &self.valid {
            Some(valid) if !valid[row] => None,
            _ => Some(self.data[row]),
        }
    }
}

/// Texts or byte strings in one buffer.
#[derive(Clone, Debug, PartialEq)]
pub struct Bytes {
    /// All values, one after the other.
    pub bytes: Vec<u8>,
    /// `rows + 1` positions in `bytes`; value `i` is `bytes[offsets[i]..offsets[i + 1]]`.
    pub offsets: Vec<usize>,
    /// `None` when every value is present, else one flag per row.
    pub valid: Option<Vec<bool>>,
}

impl Default for Bytes {
    fn default() -> Self {
        Self {
            bytes: Vec::new(),
            offsets: vec![0],
            valid: None,
        }
    }
}

impl Bytes {
    /// Adds one value, or an absent one.
    pub fn push(&mut self, value: Option<&[u8]>) {
        let rows = self.rows();
        if let Some(valid) = &mut self.valid {
            valid.push(value.is_some());
        } else if value.is_none() {
            let mut flags = vec![true; rows];
            flags.push(false);
            self.valid = Some(flags);
        }
        self.bytes.extend_from_slice(value.unwrap_or_default());
        self.offsets.push(self.bytes.len());
    }

    /// How many values there are, absent ones counted.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Where the value of a row stands in `bytes`, `None` when absent.
    ///
    /// # Panics
    /// When `row` is not below the number of rows.
    pub fn range(&self, row: usize) -> Option<Range<usize>> {
        match &self.valid {
            Some(valid) if !valid[row] => None,
            _ => Some(self.offsets[row]..self.offsets[row + 1]),
        }
    }

    /// The value of a row, `None` when absent.
    ///
    /// # Panics
    /// When `row` is not below the number of rows.
    pub fn at(&self, row: usize) -> Option<&[u8]> {
        self.range(row).map(|range| &self.bytes[range])
    }

    /// The first row whose value is not UTF-8, from 0. Many texts at once are checked several times as fast
    /// as one by one.
    pub fn not_utf8(&self) -> Option<usize> {
        match simdutf8::basic::from_utf8(&self.bytes) {
            Ok(all) if self.offsets.iter().all(|at| all.is_char_boundary(*at)) => None,
            _ => {
                let rows = self.offsets.windows(2);
                rows.map(|range| std::str::from_utf8(&self.bytes[range[0]..range[1]]))
                    .position(|text| text.is_err())
            }
        }
    }

    /// The value of a row as text, `None` when absent. Text columns hold valid UTF-8.
    ///
    /// # Panics
    /// When `row` is not below the number of rows, or the bytes are not UTF-8.
    pub fn text(&self, row: usize) -> Option<&str> {
        self.at(row)
            .map(|bytes| std::str::from_utf8(bytes).expect("text columns hold UTF-8"))
    }
}

/// The values of one column in a chunk.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    /// See [`ColumnType::Boolean`].
    Boolean(Values<bool>),
    /// See [`ColumnType::Integer`].
    Integer(Values<i64>),
    /// See [`ColumnType::Float`].
    Float(Values<f64>),
    /// Mantissas; see [`ColumnType::Decimal`].
    Decimal {
        /// Mantissas.
        mantissa: Values<i128>,
        /// Digits behind the decimal point.
        scale: u8,
    },
    /// See [`ColumnType::Text`].
    Text(Bytes),
    /// See [`ColumnType::Date`].
    Date(Values<i32>),
    /// See [`ColumnType::Datetime`].
    Datetime(Values<i64>),
    /// See [`ColumnType::Time`].
    Time(Values<i64>),
    /// See [`ColumnType::Duration`].
    Duration(Values<i64>),
    /// See [`ColumnType::Binary`].
    Binary(Bytes),
}

impl ColumnData {
    /// An empty column of the type.
    pub fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Boolean => Self::Boolean(Values::default()),
            ColumnType::Integer => Self::Integer(Values::default()),
            ColumnType::Float => Self::Float(Values::default()),
            ColumnType::Decimal { scale } => Self::Decimal {
                mantissa: Values::default(),
                scale,
            },
            ColumnType::Text => Self::Text(Bytes::default()),
            ColumnType::Date => Self::Date(Values::default()),
            ColumnType::Datetime => Self::Datetime(Values::default()),
            ColumnType::Time => Self::Time(Values::default()),
            ColumnType::Duration => Self::Duration(Values::default()),
            ColumnType::Binary => Self::Binary(Bytes::default()),
        }
    }

    /// Adds an absent value.
    pub fn push_null(&mut self) {
        match self {
            Self::Boolean(values) => values.push(None),
            Self::Integer(values)
            | Self::Datetime(values)
            | Self::Time(values)
            | Self::Duration(values) => values.push(None),
            Self::Float(values) => values.push(None),
            Self::Decimal { mantissa, .. } => mantissa.push(None),
            Self::Text(values) | Self::Binary(values) => values.push(None),
            Self::Date(values) => values.push(None),
        }
    }
}

/// Consecutive rows of a result, column by column. At most [`CHUNK_ROWS`] rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// How many rows every column holds.
    pub rows: usize,
    /// The columns in the order of the result.
    pub columns: Vec<ColumnData>,
}

impl Chunk {
    /// The place of the first text column with a text that is not UTF-8, and the row of that text, both from 0.
    pub fn not_utf8(&self) -> Option<(usize, usize)> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter_map(|(place, data)| match data {
                ColumnData::Text(texts) => Some((place, texts.not_utf8()?)),
                _ => None,
            })
            .next()
    }
}

/// Rows in a full chunk: large enough to amortise per-chunk work, small enough for the cache.
pub const CHUNK_ROWS: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_utf8_is_found_in_its_row() {
        let not_utf8 = |rows: &[&[u8]]| {
            let mut texts = Bytes::default();
            rows.iter().for_each(|row| texts.push(Some(row)));
            texts.not_utf8()
        };
        assert_eq!(not_utf8(&["가나".as_bytes(), b"", "😀".as_bytes()]), None);
        assert_eq!(not_utf8(&[b"a", b"\xff", b"\xff"]), Some(1));
        // Two halves of one character are UTF-8 only together.
        assert_eq!(not_utf8(&[b"a", b"b\xea\xb0", b"\x80"]), Some(1));
    }
}
