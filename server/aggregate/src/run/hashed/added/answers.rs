//! What was added up, as columns of one value for each group.

use polars::prelude::*;
use polars_arrow::bitmap::Bitmap;

use super::super::states::{States, joined};
use super::{Added, Kind};
use crate::run::distinct;

impl Added {
    /// How many values each group has.
    pub(in crate::run) fn counts(&self, states: &States) -> Vec<i64> {
        let counted = |group: usize| self.counted.get(group).copied().unwrap_or(0);
        if self.is_distinct {
            return (0..states.groups()).map(counted).collect();
        }
        let rows = states.rows().into_iter().enumerate();
        rows.map(|(group, rows)| rows - counted(group)).collect()
    }

    /// The sums as [`crate::run::groups`] finishes them: exact, and nearly where 128 bits may not do.
    pub(in crate::run) fn sums(&self, states: &States) -> (Series, Option<Series>) {
        let name = PlSmallStr::EMPTY;
        if self.kind == Kind::Double {
            let sums = states.each(self.place, |[word]| f64::from_bits(*word));
            let mut infinite = self.infinite.clone();
            infinite.resize(states.groups(), false);
            return (
                Float64Chunked::from_vec(name.clone(), sums).into_series(),
                Some(Series::new(name, infinite.as_slice())),
            );
        }
        let sums = states.each(self.place, |words: &[u64; 2]| joined(*words));
        #[expect(clippy::cast_precision_loss, reason = "only how large it is matters")]
        let nearly = (self.kind == Kind::Wide).then(|| {
            let nearly = sums.iter().enumerate().map(|(group, sum)| {
                let upper = self.upper.get(group).copied().unwrap_or(0);
                upper as f64 * 2_f64.powi(128) + *sum as f64
            });
            Float64Chunked::from_vec(name.clone(), nearly.collect()).into_series()
        });
        (Int128Chunked::from_vec(name, sums).into_series(), nearly)
    }

    /// The least or the greatest values.
    pub(in crate::run) fn extremes(&self, states: &States, is_least: bool) -> PolarsResult<Series> {
        let counts = self.counts(states);
        let valid: Option<Bitmap> = counts
            .contains(&0)
            .then(|| counts.iter().map(|count| *count > 0).collect());
        let places = self.places();
        let place = if is_least {
            places.least
        } else {
            places.greatest
        };
        Ok(match self.kind {
            Kind::Whole => {
                let all = states.each(place, |[word]| word.cast_signed());
                distinct::whole(all, valid, &self.dtype)?
            }
            Kind::Wide => {
                let all = states.each(place, |words: &[u64; 2]| joined(*words));
                distinct::wide(all, valid, &self.dtype)
            }
            Kind::Double => {
                let all = states.each(place, |[word]| f64::from_bits(*word));
                Float64Chunked::from_vec_validity(PlSmallStr::EMPTY, all, valid).into_series()
            }
            Kind::Text => self.texts.column(states.groups(), is_least),
            Kind::Truth => polars_bail!(ComputeError: "no least or greatest value was kept"),
        })
    }

    /// Whether every value, or any, is true.
    pub(in crate::run) fn truths(&self, states: &States, is_every: bool) -> Series {
        let trues = states.each(self.place, |[word]| word.cast_signed());
        let counts = self.counts(states);
        let truths = trues.iter().zip(&counts).map(|(trues, count)| {
            (*count > 0).then_some(if is_every { trues == count } else { *trues > 0 })
        });
        BooleanChunked::from_iter_options(PlSmallStr::EMPTY, truths).into_series()
    }
}
