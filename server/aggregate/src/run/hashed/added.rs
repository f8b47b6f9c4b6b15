//! What is added up of one column, by group.

use polars::prelude::*;
use polars_arrow::bitmap::Bitmap;

use super::keys::Numbered;
use super::table::Table;
use super::values::{self, Values, each};
use crate::expression::Id;

/// What is asked of a column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub(super) sum: bool,
    pub(super) least: bool,
    pub(super) greatest: bool,
    pub(super) truths: bool,
}

/// What was added up of one column.
pub(super) struct Added {
    pub(super) id: Id,
    pub(super) is_distinct: bool,
    pub(super) asked: Asked,
    dtype: DataType,
    /// Rows without a value by group, as soon as there are some; of distinct values those with one.
    counted: Vec<i64>,
    sums: Sums,
    least: Extremes,
    greatest: Extremes,
    /// Values that are true.
    trues: Vec<i64>,
    distinct: Option<(Numbered, Table<u64>, u32)>,
}

enum Sums {
    None,
    /// 64-bit numbers in 128 bits, which no number of rows overflows.
    Whole(Vec<i128>),
    /// The lower 128 bits of each sum, and the upper ones as soon as one needs them.
    Wide(Vec<i128>, Vec<i64>),
    /// Sums, and which had an infinite value.
    Double(Vec<f64>, Vec<bool>),
}

enum Extremes {
    None,
    Whole(Vec<i64>),
    Wide(Vec<i128>),
    Double(Vec<f64>),
    Text(Vec<Option<Box<str>>>),
}

impl Extremes {
    fn of(dtype: &DataType) -> Option<Self> {
        Some(match dtype {
            DataType::Int64 | DataType::Date | DataType::Datetime(_, None) | DataType::Time => {
                Self::Whole(Vec::new())
            }
            DataType::Int128 | DataType::Decimal(_, _) => Self::Wide(Vec::new()),
            DataType::Float64 => Self::Double(Vec::new()),
            DataType::String => Self::Text(Vec::new()),
            _ => return None,
        })
    }

    fn grow(&mut self, groups: usize, is_least: bool) {
        match self {
            Self::None => {}
            Self::Whole(all) => all.resize(groups, if is_least { i64::MAX } else { i64::MIN }),
            Self::Wide(all) => all.resize(groups, if is_least { i128::MAX } else { i128::MIN }),
            // NaN is the greatest.
            Self::Double(all) => {
                all.resize(
                    groups,
                    if is_least {
                        f64::NAN
                    } else {
                        f64::NEG_INFINITY
                    },
                );
            }
            Self::Text(all) => all.resize(groups, None),
        }
    }

    fn add(&mut self, column: &Values, groups: &[u32], is_least: bool) {
        match (self, column) {
            (Self::Whole(all), Values::Whole(values)) if is_least => {
                each(values, groups, |group, value| {
                    all[group] = all[group].min(value)
                });
            }
            (Self::Whole(all), Values::Whole(values)) => {
                each(values, groups, |group, value| {
                    all[group] = all[group].max(value)
                });
            }
            (Self::Wide(all), Values::Wide(values)) if is_least => {
                each(values, groups, |group, value| {
                    all[group] = all[group].min(value)
                });
            }
            (Self::Wide(all), Values::Wide(values)) => {
                each(values, groups, |group, value| {
                    all[group] = all[group].max(value)
                });
            }
            (Self::Double(all), Values::Double(values)) => each(values, groups, |group, value| {
                let before = all[group];
                let is_better = if is_least {
                    value < before || before.is_nan()
                } else {
                    value > before || value.is_nan()
                };
                if is_better {
                    all[group] = value;
                }
            }),
            (Self::Text(all), Values::Text(values)) => {
                for (text, group) in values.iter().zip(groups) {
                    let before = &mut all[*group as usize];
                    if let Some(text) = text
                        && before.as_ref().is_none_or(|before| {
                            if is_least {
                                text < &**before
                            } else {
                                text > &**before
                            }
                        })
                    {
                        *before = Some(text.into());
                    }
                }
            }
            _ => {}
        }
    }

    fn column(&self, valid: Option<Bitmap>, dtype: &DataType) -> PolarsResult<Series> {
        Ok(match self {
            Self::None => polars_bail!(ComputeError: "no least or greatest value was kept"),
            Self::Whole(all) => values::whole(all.clone(), valid, dtype)?,
            Self::Wide(all) => values::wide(all.clone(), valid, dtype),
            Self::Double(all) => {
                Float64Chunked::from_vec_validity(PlSmallStr::EMPTY, all.clone(), valid)
                    .into_series()
            }
            Self::Text(all) => StringChunked::from_iter_options(
                PlSmallStr::EMPTY,
                all.iter().map(Option::as_deref),
            )
            .into_series(),
        })
    }
}

impl Added {
    /// `None` for what is not added up here.
    pub(super) fn of(id: Id, dtype: &DataType, is_distinct: bool, asked: Asked) -> Option<Self> {
        if !Values::hold(dtype) {
            return None;
        }
        let sums = match dtype {
            _ if !asked.sum => Sums::None,
            DataType::Int64 => Sums::Whole(Vec::new()),
            DataType::Decimal(_, _) => Sums::Wide(Vec::new(), Vec::new()),
            DataType::Float64 => Sums::Double(Vec::new(), Vec::new()),
            _ => return None,
        };
        let extremes = |is_asked| {
            if is_asked {
                Extremes::of(dtype)
            } else {
                Some(Extremes::None)
            }
        };
        if asked.truths && *dtype != DataType::Boolean {
            return None;
        }
        let distinct = if is_distinct {
            Some((Numbered::of(dtype)?, Table::new(), 0))
        } else {
            None
        };
        Some(Self {
            id,
            is_distinct,
            asked,
            dtype: dtype.clone(),
            counted: Vec::new(),
            sums,
            least: extremes(asked.least)?,
            greatest: extremes(asked.greatest)?,
            trues: Vec::new(),
            distinct,
        })
    }

    /// Adds the values of rows whose groups are known.
    pub(super) fn add(&mut self, column: &Series, rows: &[u32], groups: usize) -> PolarsResult<()> {
        let values = Values::of(column)?;
        self.grow(groups);
        self.miss(column, rows, groups);
        let Some((numbered, pairs, known)) = &mut self.distinct else {
            return self.add_values(&values, rows);
        };
        let mut numbers = Vec::with_capacity(rows.len());
        numbered.number(&values, &mut numbers)?;
        let valid = values.valid();
        let mut fresh = Vec::with_capacity(rows.len());
        let mut kept = Vec::new();
        for (row, (group, number)) in rows.iter().zip(&numbers).enumerate() {
            let is_there = valid.is_none_or(|valid| valid.get_bit(row));
            let is_new = is_there && {
                let pair = u64::from(*group) << 32 | u64::from(*number);
                let is_new = pairs.number(pair, *known) == *known;
                // Only whether a pair is new matters, so their numbers may begin again.
                if is_new {
                    *known = (*known + 1) % (u32::MAX - 1);
                }
                is_new
            };
            if is_new {
                kept.push(*group);
                self.counted[*group as usize] += 1;
            }
            fresh.push(is_new);
        }
        if !self.asked.sum {
            return Ok(());
        }
        let fresh: BooleanChunked = fresh.into_iter().map(Some).collect();
        let values = Values::of(&column.filter(&fresh)?)?;
        self.add_values(&values, &kept)
    }

    fn grow(&mut self, groups: usize) {
        if self.is_distinct || !self.counted.is_empty() {
            self.counted.resize(groups, 0);
        }
        match &mut self.sums {
            Sums::None => {}
            Sums::Whole(all) => all.resize(groups, 0),
            Sums::Wide(all, upper) => {
                all.resize(groups, 0);
                if !upper.is_empty() {
                    upper.resize(groups, 0);
                }
            }
            Sums::Double(all, infinite) => {
                all.resize(groups, 0.0);
                infinite.resize(groups, false);
            }
        }
        self.least.grow(groups, true);
        self.greatest.grow(groups, false);
        if self.asked.truths {
            self.trues.resize(groups, 0);
        }
    }

    fn add_values(&mut self, values: &Values, rows: &[u32]) -> PolarsResult<()> {
        match (&mut self.sums, values) {
            (Sums::Whole(all), Values::Whole(values)) => {
                each(values, rows, |group, value| all[group] += i128::from(value));
            }
            (Sums::Wide(all, upper), Values::Wide(values)) => each(values, rows, |group, value| {
                let (sum, has_wrapped) = all[group].overflowing_add(value);
                all[group] = sum;
                if has_wrapped {
                    if upper.is_empty() {
                        upper.resize(all.len(), 0);
                    }
                    upper[group] += if value < 0 { -1 } else { 1 };
                }
            }),
            (Sums::Double(all, infinite), Values::Double(values)) => {
                each(values, rows, |group, value| {
                    all[group] += value;
                    if value.is_infinite() {
                        infinite[group] = true;
                    }
                });
            }
            (Sums::None, _) => {}
            _ => polars_bail!(ComputeError: "a column changed its type"),
        }
        self.least.add(values, rows, true);
        self.greatest.add(values, rows, false);
        if self.asked.truths
            && let Values::Truth(truths) = values
        {
            for (truth, group) in truths.iter().zip(rows) {
                self.trues[*group as usize] += i64::from(truth == Some(true));
            }
        }
        Ok(())
    }

    /// Counts the rows without a value; `groups` is how many groups there are.
    fn miss(&mut self, column: &Series, rows: &[u32], groups: usize) {
        if self.is_distinct || column.null_count() == 0 {
            return;
        }
        self.counted.resize(groups, 0);
        for (is_absent, group) in column.is_null().iter().zip(rows) {
            self.counted[*group as usize] += i64::from(is_absent == Some(true));
        }
    }

    /// How many values each group has.
    pub(super) fn counts(&self, rows: &[i64]) -> Vec<i64> {
        if self.is_distinct {
            let mut counts = self.counted.clone();
            counts.resize(rows.len(), 0);
            return counts;
        }
        rows.iter()
            .enumerate()
            .map(|(group, rows)| rows - self.counted.get(group).copied().unwrap_or(0))
            .collect()
    }

    /// The sums as [`crate::run::groups`] finishes them: exact, and nearly where 128 bits may not do.
    pub(super) fn sums(&mut self, groups: usize) -> (Series, Option<Series>) {
        self.grow(groups);
        let name = PlSmallStr::EMPTY;
        match &self.sums {
            Sums::Whole(all) => (
                Int128Chunked::from_vec(name, all.clone()).into_series(),
                None,
            ),
            Sums::Wide(all, upper) => {
                #[expect(clippy::cast_precision_loss, reason = "only how large it is matters")]
                let nearly: Vec<f64> = all
                    .iter()
                    .enumerate()
                    .map(|(group, sum)| {
                        let upper = upper.get(group).copied().unwrap_or(0);
                        upper as f64 * 2_f64.powi(128) + *sum as f64
                    })
                    .collect();
                (
                    Int128Chunked::from_vec(name.clone(), all.clone()).into_series(),
                    Some(Float64Chunked::from_vec(name, nearly).into_series()),
                )
            }
            Sums::Double(all, infinite) => (
                Float64Chunked::from_vec(name.clone(), all.clone()).into_series(),
                Some(Series::new(name, infinite.as_slice())),
            ),
            Sums::None => (Int128Chunked::full(name, 0, groups).into_series(), None),
        }
    }

    /// The least or the greatest values.
    pub(super) fn extremes(&mut self, rows: &[i64], is_least: bool) -> PolarsResult<Series> {
        self.grow(rows.len());
        let counts = self.counts(rows);
        let valid = counts
            .contains(&0)
            .then(|| counts.iter().map(|count| *count > 0).collect());
        if is_least {
            self.least.column(valid, &self.dtype)
        } else {
            self.greatest.column(valid, &self.dtype)
        }
    }

    /// Whether every value, or any, is true.
    pub(super) fn truths(&mut self, rows: &[i64], is_every: bool) -> Series {
        self.grow(rows.len());
        let counts = self.counts(rows);
        let truths = self.trues.iter().zip(&counts).map(|(trues, count)| {
            (*count > 0).then_some(if is_every { trues == count } else { *trues > 0 })
        });
        BooleanChunked::from_iter_options(PlSmallStr::EMPTY, truths).into_series()
    }
}
