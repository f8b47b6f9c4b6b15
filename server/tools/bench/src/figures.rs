//! Times as the benchmarks tell them.

use std::time::Duration;

use serde_json::{Value, json};

/// Times of one kind, summed up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// How many there were.
    pub(crate) count: usize,
    /// Half of them took at most this, milliseconds.
    pub(crate) p50: f64,
    /// 19 of 20 took at most this, milliseconds.
    pub(crate) p95: f64,
    /// The longest, milliseconds.
    pub(crate) most: f64,
}

impl Figures {
    /// Sums up; `None` without any times.
    pub(crate) fn of(times: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut sorted: Vec<Duration> = times.into_iter().collect();
        sorted.sort_unstable();
        let longest = sorted.last()?;
        Some(Self {
            count: sorted.len(),
            p50: millis(rank(&sorted, 50)),
            p95: millis(rank(&sorted, 95)),
            most: millis(*longest),
        })
    }

    /// For the script that writes the tables.
    pub(crate) fn to_json(self) -> Value {
        json!({ "count": self.count, "p50_ms": self.p50, "p95_ms": self.p95, "most_ms": self.most })
    }
}

/// [`Figures::of`] as JSON; `null` without any times.
pub(crate) fn summary(times: impl IntoIterator<Item = Duration>) -> Value {
    Figures::of(times).map_or(Value::Null, Figures::to_json)
}

/// The smallest time that so many per cent of all do not exceed: the nearest rank, never a value
/// nobody measured.
fn rank(sorted: &[Duration], per_cent: usize) -> Duration {
    let place = (sorted.len() * per_cent).div_ceil(100).max(1);
    sorted[place - 1]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(millis: &[u64]) -> Figures {
        Figures::of(millis.iter().map(|ms| Duration::from_millis(*ms))).unwrap()
    }

    /// The example of <https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method>, by which
    /// the 50th of five values is the third and of ten the fifth.
    #[test]
    fn percentiles_are_nearest_ranks() {
        assert_eq!(figures(&[35, 20, 15, 50, 40]).p50, 35.0);
        let ten = figures(&[3, 6, 7, 8, 8, 10, 13, 15, 16, 20]);
        assert_eq!((ten.p50, ten.p95, ten.most), (8.0, 20.0, 20.0));
    }

    #[test]
    fn one_in_twenty_is_beyond_the_95th() {
        let hundred: Vec<u64> = (1..=100).rev().collect();
        let figures = figures(&hundred);
        assert_eq!((figures.count, figures.p50), (100, 50.0));
        assert_eq!((figures.p95, figures.most), (95.0, 100.0));
    }

    #[test]
    fn few_times_are_not_made_more() {
        let one = figures(&[7]);
        assert_eq!((one.count, one.p50, one.p95, one.most), (1, 7.0, 7.0, 7.0));
        assert_eq!(Figures::of([]), None);
        assert_eq!(summary([]), Value::Null);
    }
}
