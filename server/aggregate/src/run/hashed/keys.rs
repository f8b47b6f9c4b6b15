//! The values of a key, numbered.

use polars::prelude::*;
use polars_arrow::bitmap::Bitmap;

use super::table::{Table, Texts};
use super::values::{self, Values};

/// Distinct values of one column, NULL among them, numbered as they come.
pub(super) struct Numbered {
    seen: Seen,
    absent: Option<u32>,
    dtype: DataType,
}

enum Seen {
    Whole(Table<i64>, Vec<i64>),
    Wide(Table<i128>, Vec<i128>),
    Text(Texts),
    /// Numbers of `false` and `true`.
    Truth([Option<u32>; 2], Vec<bool>),
}

impl Numbered {
    /// `None` for types whose values are not equal when their bits are.
    pub(super) fn of(dtype: &DataType) -> Option<Self> {
        let seen = match dtype {
            DataType::Int64 | DataType::Date | DataType::Datetime(_, None) | DataType::Time => {
                Seen::Whole(Table::new(), Vec::new())
            }
            DataType::Decimal(_, _) | DataType::Int128 => Seen::Wide(Table::new(), Vec::new()),
            DataType::String => Seen::Text(Texts::new()),
            DataType::Boolean => Seen::Truth([None; 2], Vec::new()),
            _ => return None,
        };
        Some(Self {
            seen,
            absent: None,
            dtype: dtype.clone(),
        })
    }

    /// Adds the number of every row's value.
    pub(super) fn number(&mut self, column: &Values, into: &mut Vec<u32>) -> PolarsResult<()> {
        let absent = &mut self.absent;
        match (&mut self.seen, column) {
            (Seen::Whole(table, all), Values::Whole(column)) => {
                numbers(table, all, column, absent, into);
            }
            (Seen::Wide(table, all), Values::Wide(column)) => {
                numbers(table, all, column, absent, into);
            }
            (Seen::Text(texts), Values::Text(column)) => {
                into.extend(column.iter().map(|text| match text {
                    Some(text) => texts.number(text),
                    None => *absent.get_or_insert_with(|| texts.push("")),
                }));
            }
            (Seen::Truth(known, all), Values::Truth(column)) => {
                into.extend(column.iter().map(|truth| {
                    let place = match truth {
                        Some(truth) => &mut known[usize::from(truth)],
                        None => &mut *absent,
                    };
                    *place.get_or_insert_with(|| {
                        all.push(truth == Some(true));
                        u32::try_from(all.len() - 1).unwrap_or(u32::MAX)
                    })
                }));
            }
            _ => polars_bail!(ComputeError: "a key changed its type"),
        }
        // Groups are numbered in 32 bits.
        polars_ensure!(self.len() < u32::MAX as usize, ComputeError: "there are more than 4 billion groups");
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        match &self.seen {
            Seen::Whole(_, all) => all.len(),
            Seen::Wide(_, all) => all.len(),
            Seen::Text(texts) => texts.len(),
            Seen::Truth(_, all) => all.len(),
        }
    }

    fn valid(&self, numbers: Option<&[u32]>) -> Option<Bitmap> {
        let absent = self.absent?;
        Some(match numbers {
            None => (0..self.len())
                .map(|number| number != absent as usize)
                .collect(),
            Some(numbers) => numbers.iter().map(|number| *number != absent).collect(),
        })
    }

    /// The values with these numbers; all in their order without them.
    pub(super) fn column(self, numbers: Option<&[u32]>) -> PolarsResult<Series> {
        fn picked<T: Copy>(all: Vec<T>, numbers: Option<&[u32]>) -> Vec<T> {
            match numbers {
                None => all,
                Some(numbers) => numbers.iter().map(|number| all[*number as usize]).collect(),
            }
        }
        let valid = self.valid(numbers);
        Ok(match self.seen {
            Seen::Whole(_, all) => values::whole(picked(all, numbers), valid, &self.dtype)?,
            Seen::Wide(_, all) => values::wide(picked(all, numbers), valid, &self.dtype),
            Seen::Truth(_, all) => BooleanChunked::from_iter_options(
                PlSmallStr::EMPTY,
                picked(all, numbers)
                    .into_iter()
                    .enumerate()
                    .map(|(row, truth)| {
                        valid
                            .as_ref()
                            .is_none_or(|valid| valid.get_bit(row))
                            .then_some(truth)
                    }),
            )
            .into_series(),
            Seen::Text(texts) => {
                let count = numbers.map_or(texts.len(), <[u32]>::len);
                let mut column = StringChunkedBuilder::new(PlSmallStr::EMPTY, count);
                for row in 0..count {
                    let number = numbers.map_or(row, |numbers| numbers[row] as usize);
                    let is_there = self.absent.is_none_or(|absent| absent as usize != number);
                    column.append_option(is_there.then(|| texts.at(number)));
                }
                column.finish().into_series()
            }
        })
    }
}

fn numbers<T: super::table::Key + polars_arrow::types::NativeType>(
    table: &mut Table<T>,
    all: &mut Vec<T>,
    column: &polars_arrow::array::PrimitiveArray<T>,
    absent: &mut Option<u32>,
    into: &mut Vec<u32>,
) {
    let fresh = |all: &Vec<T>| u32::try_from(all.len()).unwrap_or(u32::MAX);
    let mut number = |value: T, all: &mut Vec<T>| {
        let next = fresh(all);
        let number = table.number(value, next);
        if number == next {
            all.push(value);
        }
        number
    };
    let valid = column.validity().filter(|valid| valid.unset_bits() > 0);
    match valid {
        None => into.extend(column.values().iter().map(|value| number(*value, all))),
        Some(valid) => {
            for (value, is_there) in column.values().iter().zip(valid.iter()) {
                into.push(if is_there {
                    number(*value, all)
                } else {
                    *absent.get_or_insert_with(|| {
                        all.push(T::NOTHING);
                        fresh(all) - 1
                    })
                });
            }
        }
    }
}
