//! What is added up of one column, by group.

mod answers;

use std::ops::Range;

use polars::prelude::*;
use polars_arrow::array::PrimitiveArray;

use super::states::{States, joined, split};
use super::texts::Texts;
use crate::expression::Id;
use crate::run::distinct::{Numbered, Table, Values, each};

/// A range of values, and the group of each.
type Of<'a, T> = (&'a PrimitiveArray<T>, Range<usize>, &'a [u32]);

/// What is asked of a column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub(super) sum: bool,
    pub(super) least: bool,
    pub(super) greatest: bool,
    pub(super) truths: bool,
}

impl Asked {
    /// Asks for what the other asks, too.
    pub(super) fn merge(&mut self, other: Self) {
        self.sum |= other.sum;
        self.least |= other.least;
        self.greatest |= other.greatest;
        self.truths |= other.truths;
    }
}

/// What was added up of one column.
pub(super) struct Added {
    pub(super) id: Id,
    pub(super) is_distinct: bool,
    pub(super) asked: Asked,
    dtype: DataType,
    kind: Kind,
    /// Where its words stand in the states: the sum, the least value, the greatest, those that are asked.
    place: usize,
    /// Rows without a value by group, as soon as there are some; of distinct values those with one.
    counted: Vec<i64>,
    /// The upper 128 bits of sums, as soon as one needs them: sums of 128-bit numbers wrap.
    upper: Vec<i64>,
    /// Which sums of doubles had an infinite value.
    infinite: Vec<bool>,
    texts: Texts,
    distinct: Option<(Numbered, Table<u64>, u32)>,
}

/// How the values of a column are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Sums have 128 bits, which no number of rows overflows.
    Whole,
    Wide,
    Double,
    Text,
    Truth,
}

impl Kind {
    fn of(dtype: &DataType) -> Option<Self> {
        Some(match dtype {
            DataType::Int64 | DataType::Date | DataType::Datetime(_, None) | DataType::Time => {
                Self::Whole
            }
            DataType::Int128 | DataType::Decimal(_, _) => Self::Wide,
            DataType::Float64 => Self::Double,
            DataType::String => Self::Text,
            DataType::Boolean => Self::Truth,
            _ => return None,
        })
    }

    /// The words of nothing: sum, least, greatest.
    fn fresh(self) -> [Vec<u64>; 3] {
        match self {
            Self::Whole => [
                vec![0, 0],
                vec![i64::MAX.cast_unsigned()],
                vec![i64::MIN.cast_unsigned()],
            ],
            Self::Wide => [
                vec![0, 0],
                split(i128::MAX).to_vec(),
                split(i128::MIN).to_vec(),
            ],
            // NaN is the greatest.
            Self::Double => [
                vec![0.0_f64.to_bits()],
                vec![f64::NAN.to_bits()],
                vec![f64::NEG_INFINITY.to_bits()],
            ],
            // Sums of truths count those that are true.
            Self::Text | Self::Truth => [vec![0], Vec::new(), Vec::new()],
        }
    }
}

/// Places of words among those of a group.
struct Places {
    sum: usize,
    least: usize,
    greatest: usize,
}

impl Added {
    /// `None` for what is not added up here.
    pub(super) fn of(
        id: Id,
        dtype: &DataType,
        is_distinct: bool,
        asked: Asked,
        states: &mut States,
    ) -> Option<Self> {
        let kind = Kind::of(dtype)?;
        let has_sum = matches!(
            dtype,
            DataType::Int64 | DataType::Decimal(_, _) | DataType::Float64
        );
        if asked.sum && !has_sum
            || asked.truths && kind != Kind::Truth
            || (asked.least || asked.greatest) && kind == Kind::Truth
        {
            return None;
        }
        let distinct = if is_distinct {
            Some((Numbered::of(dtype)?, Table::new(), 0))
        } else {
            None
        };
        let [sum, least, greatest] = kind.fresh();
        let mut words = Vec::new();
        if asked.sum || asked.truths {
            words.extend(sum);
        }
        if asked.least {
            words.extend(least);
        }
        if asked.greatest {
            words.extend(greatest);
        }
        Some(Self {
            id,
            is_distinct,
            asked,
            dtype: dtype.clone(),
            kind,
            place: states.reserve(&words),
            counted: Vec::new(),
            upper: Vec::new(),
            infinite: Vec::new(),
            texts: Texts::default(),
            distinct,
        })
    }

    /// Looks at the values of rows whose groups are known, before [`Added::add`] adds them: which are
    /// there, and of distinct ones which are new. Answers the values that are added, and their groups where
    /// those are others than the rows'.
    pub(super) fn see(
        &mut self,
        column: &Series,
        rows: &[u32],
        groups: usize,
    ) -> PolarsResult<(Values, Option<Vec<u32>>)> {
        let values = Values::of(column)?;
        let Some((numbered, pairs, known)) = &mut self.distinct else {
            self.miss(column, rows, groups);
            return Ok((values, None));
        };
        self.counted.resize(groups, 0);
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
            return Ok((values, Some(Vec::new())));
        }
        let fresh: BooleanChunked = fresh.into_iter().map(Some).collect();
        Ok((Values::of(&column.filter(&fresh)?)?, Some(kept)))
    }

    /// Adds a range of values, one for each of these groups.
    pub(super) fn add(
        &mut self,
        values: &Values,
        range: Range<usize>,
        groups: &[u32],
        states: &mut States,
    ) {
        let Asked {
            sum,
            least,
            greatest,
            ..
        } = self.asked;
        match values {
            Values::Whole(values) => {
                let of = (values, range, groups);
                let at = (self.place, states);
                match (sum, least, greatest) {
                    (false, false, false) => {}
                    (true, false, false) => add_whole::<2, true, false, false>(of, at),
                    (false, true, false) => add_whole::<1, false, true, false>(of, at),
                    (false, false, true) => add_whole::<1, false, false, true>(of, at),
                    (true, true, false) => add_whole::<3, true, true, false>(of, at),
                    (true, false, true) => add_whole::<3, true, false, true>(of, at),
                    (false, true, true) => add_whole::<2, false, true, true>(of, at),
                    (true, true, true) => add_whole::<4, true, true, true>(of, at),
                }
            }
            Values::Wide(values) => self.add_wide((values, range, groups), states),
            Values::Double(values) => {
                self.add_doubles((values, range, groups), states);
            }
            Values::Text(values) => self.texts.add(values, range, groups, least, greatest),
            Values::Truth(truths) => {
                if self.asked.truths {
                    for (row, group) in range.zip(groups) {
                        let is_true = truths.get(row) == Some(true);
                        states.at::<1>(*group, self.place)[0] += u64::from(is_true);
                    }
                }
            }
        }
    }

    fn add_wide(&mut self, (values, range, groups): Of<'_, i128>, states: &mut States) {
        let Asked {
            sum,
            least,
            greatest,
            ..
        } = self.asked;
        let places = self.places();
        // One after the other: a loop that only adds is twice as fast.
        if sum {
            let upper = &mut self.upper;
            each(values, range.clone(), groups, |group, value| {
                let words = states.at::<2>(group, places.sum);
                let (total, upper_by) = wrapping_sum(joined(*words), value);
                *words = split(total);
                if upper_by != 0 {
                    raise(upper, group, upper_by);
                }
            });
        }
        if least {
            each(values, range.clone(), groups, |group, value| {
                let words = states.at::<2>(group, places.least);
                *words = split(joined(*words).min(value));
            });
        }
        if greatest {
            each(values, range, groups, |group, value| {
                let words = states.at::<2>(group, places.greatest);
                *words = split(joined(*words).max(value));
            });
        }
    }

    fn add_doubles(&mut self, (values, range, groups): Of<'_, f64>, states: &mut States) {
        let Asked {
            sum,
            least,
            greatest,
            ..
        } = self.asked;
        let places = self.places();
        each(values, range, groups, |group, value| {
            if sum {
                let [word] = states.at(group, places.sum);
                *word = (f64::from_bits(*word) + value).to_bits();
                if value.is_infinite() {
                    if self.infinite.len() <= group as usize {
                        self.infinite.resize(group as usize + 1, false);
                    }
                    self.infinite[group as usize] = true;
                }
            }
            if least {
                let [word] = states.at(group, places.least);
                *word = best_double(f64::from_bits(*word), value, true).to_bits();
            }
            if greatest {
                let [word] = states.at(group, places.greatest);
                *word = best_double(f64::from_bits(*word), value, false).to_bits();
            }
        });
    }

    /// Adds what was added up of other rows; `groups` says which groups those are here.
    pub(super) fn merge(
        &mut self,
        other: &Self,
        groups: &[u32],
        states: &mut States,
        others: &States,
    ) {
        for (counted, group) in other.counted.iter().zip(groups) {
            raise(&mut self.counted, *group, *counted);
        }
        for (upper, group) in other.upper.iter().zip(groups) {
            raise(&mut self.upper, *group, *upper);
        }
        self.texts.merge(&other.texts, groups);
        let places = self.places();
        let asked = self.asked;
        if asked.truths {
            states.combine(
                others,
                groups,
                places.sum,
                |_, [own], [other]| [own + other],
            );
        }
        if asked.sum {
            match self.kind {
                Kind::Wide => {
                    let upper = &mut self.upper;
                    states.combine(others, groups, places.sum, |group, own, other| {
                        let (sum, upper_by) = wrapping_sum(joined(own), joined(other));
                        if upper_by != 0 {
                            raise(upper, group, upper_by);
                        }
                        split(sum)
                    });
                }
                _ => states.combine(others, groups, places.sum, |_, own, other| {
                    split(joined(own) + joined(other))
                }),
            }
        }
        for (is_asked, place, is_least) in [
            (asked.least, places.least, true),
            (asked.greatest, places.greatest, false),
        ] {
            match self.kind {
                _ if !is_asked => {}
                Kind::Whole => states.combine(others, groups, place, |_, [own], [other]| {
                    let (own, other) = (own.cast_signed(), other.cast_signed());
                    let best = if is_least {
                        own.min(other)
                    } else {
                        own.max(other)
                    };
                    [best.cast_unsigned()]
                }),
                Kind::Wide => states.combine(others, groups, place, |_, own, other| {
                    let (own, other) = (joined(own), joined(other));
                    split(if is_least {
                        own.min(other)
                    } else {
                        own.max(other)
                    })
                }),
                Kind::Double => states.combine(others, groups, place, |_, [own], [other]| {
                    let (own, other) = (f64::from_bits(own), f64::from_bits(other));
                    [best_double(own, other, is_least).to_bits()]
                }),
                Kind::Text | Kind::Truth => {}
            }
        }
    }

    /// Where its words stand.
    fn places(&self) -> Places {
        let [sum, least, _] = self.kind.fresh().map(|words| words.len());
        let after_sum = self.place
            + if self.asked.sum || self.asked.truths {
                sum
            } else {
                0
            };
        Places {
            sum: self.place,
            least: after_sum,
            greatest: after_sum + if self.asked.least { least } else { 0 },
        }
    }

    /// Counts the rows without a value; `groups` is how many groups there are.
    fn miss(&mut self, column: &Series, rows: &[u32], groups: usize) {
        if column.null_count() == 0 {
            return;
        }
        self.counted.resize(groups, 0);
        for (is_absent, group) in column.is_null().iter().zip(rows) {
            self.counted[*group as usize] += i64::from(is_absent == Some(true));
        }
    }
}

/// A sum that wraps at 128 bits, and what that adds to the bits above.
#[inline]
fn wrapping_sum(one: i128, other: i128) -> (i128, i64) {
    let (sum, has_wrapped) = one.overflowing_add(other);
    let upper = match has_wrapped {
        false => 0,
        true if other < 0 => -1,
        true => 1,
    };
    (sum, upper)
}

/// The better one of the value so far and another; NaN is the greatest, and stands for no least one yet.
#[inline]
fn best_double(before: f64, value: f64, is_least: bool) -> f64 {
    let is_better = if is_least {
        value < before || before.is_nan()
    } else {
        value > before || value.is_nan()
    };
    if is_better { value } else { before }
}

/// Adds to what is kept of a group, as far as groups were seen.
#[cold]
fn raise(all: &mut Vec<i64>, group: u32, by: i64) {
    let group = group as usize;
    if all.len() <= group {
        all.resize(group + 1, 0);
    }
    all[group] += by;
}

/// Adds 64-bit numbers to `N` words: the sum, the least and the greatest, those that are asked.
fn add_whole<const N: usize, const SUM: bool, const LEAST: bool, const GREATEST: bool>(
    (values, range, groups): Of<'_, i64>,
    (place, states): (usize, &mut States),
) {
    let of_least = if SUM { 2 } else { 0 };
    let of_greatest = of_least + usize::from(LEAST);
    each(values, range, groups, |group, value| {
        let words = states.at::<N>(group, place);
        if SUM {
            let sum = joined([words[0], words[1]]) + i128::from(value);
            [words[0], words[1]] = split(sum);
        }
        if LEAST {
            let least = &mut words[of_least];
            *least = least.cast_signed().min(value).cast_unsigned();
        }
        if GREATEST {
            let greatest = &mut words[of_greatest];
            *greatest = greatest.cast_signed().max(value).cast_unsigned();
        }
    });
}
