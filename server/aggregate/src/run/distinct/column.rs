//! The values of a key, numbered.

use polars::prelude::*;
use polars_arrow::array::PrimitiveArray;
use polars_arrow::bitmap::Bitmap;
use polars_arrow::types::NativeType;

use super::NOWHERE;
use super::table::{Table, Texts};
use super::values::{self, Values};
use super::wholes::Wholes;

/// Distinct values of one column, NULL among them, numbered as they come.
pub(in crate::run) struct Numbered {
    seen: Seen,
    absent: Option<u32>,
    dtype: DataType,
}

enum Seen {
    Whole(Wholes),
    Wide(Table<i128>, Vec<i128>),
    Text(Texts),
    /// Numbers of `false` and `true`.
    Truth([Option<u32>; 2], Vec<bool>),
}

impl Numbered {
    /// `None` for types whose values are not equal when their bits are.
    pub(in crate::run) fn of(dtype: &DataType) -> Option<Self> {
        let seen = match dtype {
            DataType::Int64 | DataType::Date | DataType::Datetime(_, None) | DataType::Time => {
                Seen::Whole(Wholes::new())
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
    pub(in crate::run) fn number(
        &mut self,
        column: &Values,
        into: &mut Vec<u32>,
    ) -> PolarsResult<()> {
        let absent = &mut self.absent;
        match (&mut self.seen, column) {
            (Seen::Whole(wholes), Values::Whole(column)) => {
                number_wholes(wholes, column, absent, into);
            }
            (Seen::Wide(table, all), Values::Wide(column)) => {
                number_wide((table, all), column, absent, into);
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

    /// Adds the number of every row's value, [`NOWHERE`] for those that were never seen.
    pub(in crate::run) fn find(&self, column: &Values, into: &mut Vec<u32>) -> PolarsResult<()> {
        let absent = self.absent.unwrap_or(NOWHERE);
        match (&self.seen, column) {
            (Seen::Whole(wholes), Values::Whole(column)) => {
                find(column, absent, into, |value| wholes.find(value));
            }
            (Seen::Wide(table, _), Values::Wide(column)) => {
                find(column, absent, into, |value| {
                    table.find(value).unwrap_or(NOWHERE)
                });
            }
            (Seen::Text(texts), Values::Text(column)) => {
                into.extend(column.iter().map(|text| match text {
                    Some(text) => texts.find(text).unwrap_or(NOWHERE),
                    None => absent,
                }));
            }
            (Seen::Truth(known, _), Values::Truth(column)) => {
                into.extend(column.iter().map(|truth| match truth {
                    Some(truth) => known[usize::from(truth)].unwrap_or(NOWHERE),
                    None => absent,
                }));
            }
            _ => polars_bail!(ComputeError: "a key changed its type"),
        }
        Ok(())
    }

    pub(in crate::run) fn len(&self) -> usize {
        match &self.seen {
            Seen::Whole(wholes) => wholes.len(),
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
    pub(in crate::run) fn column(self, numbers: Option<&[u32]>) -> PolarsResult<Series> {
        fn picked<T: Copy>(all: Vec<T>, numbers: Option<&[u32]>) -> Vec<T> {
            match numbers {
                None => all,
                Some(numbers) => numbers.iter().map(|number| all[*number as usize]).collect(),
            }
        }
        let valid = self.valid(numbers);
        Ok(match self.seen {
            Seen::Whole(wholes) => {
                values::whole(picked(wholes.into_values(), numbers), valid, &self.dtype)?
            }
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

fn number_wholes(
    wholes: &mut Wholes,
    column: &PrimitiveArray<i64>,
    absent: &mut Option<u32>,
    into: &mut Vec<u32>,
) {
    let all = column.values().as_slice();
    match column.validity().filter(|valid| valid.unset_bits() > 0) {
        None => {
            if let (Some(least), Some(greatest)) = (all.iter().min(), all.iter().max()) {
                wholes.expect(*least, *greatest, *absent);
            }
            into.extend(all.iter().map(|value| wholes.number(*value)));
        }
        Some(valid) => {
            let there = all.iter().zip(valid.iter()).filter(|(_, there)| *there);
            let range = there.fold(None, |range, (value, _)| {
                let (least, greatest) = range.unwrap_or((*value, *value));
                Some((least.min(*value), greatest.max(*value)))
            });
            if let Some((least, greatest)) = range {
                wholes.expect(least, greatest, *absent);
            }
            for (value, is_there) in all.iter().zip(valid.iter()) {
                into.push(if is_there {
                    wholes.number(*value)
                } else {
                    *absent.get_or_insert_with(|| wholes.push(0))
                });
            }
        }
    }
}

fn number_wide(
    (table, all): (&mut Table<i128>, &mut Vec<i128>),
    column: &PrimitiveArray<i128>,
    absent: &mut Option<u32>,
    into: &mut Vec<u32>,
) {
    let next = |all: &Vec<i128>| u32::try_from(all.len()).unwrap_or(NOWHERE);
    let valid = column.validity().filter(|valid| valid.unset_bits() > 0);
    for (row, value) in column.values().iter().enumerate() {
        if valid.is_none_or(|valid| valid.get_bit(row)) {
            let fresh = next(all);
            let number = table.number(*value, fresh);
            if number == fresh {
                all.push(*value);
            }
            into.push(number);
        } else {
            into.push(*absent.get_or_insert_with(|| {
                all.push(0);
                next(all) - 1
            }));
        }
    }
}

fn find<T: NativeType>(
    column: &PrimitiveArray<T>,
    absent: u32,
    into: &mut Vec<u32>,
    number: impl Fn(T) -> u32,
) {
    match column.validity().filter(|valid| valid.unset_bits() > 0) {
        None => into.extend(column.values().iter().map(|value| number(*value))),
        Some(valid) => {
            let values = column.values().iter().zip(valid.iter());
            into.extend(values.map(
                |(value, is_there)| {
                    if is_there { number(*value) } else { absent }
                },
            ));
        }
    }
}
