//! Days and moments for tests.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{DAY, FIRST_DAY, HOUR, LAST_DAY, first_of, first_of_year};

/// Days of the whole calendar, many of them at the turns of years and months.
pub(crate) fn some_days(seed: u64) -> Vec<i64> {
    let mut random = StdRng::seed_from_u64(seed);
    let edges = [FIRST_DAY, FIRST_DAY + 1, -1, 0, 1, LAST_DAY - 1, LAST_DAY];
    (0..1_200)
        .map(|place| match place % 3 {
            0 => random.random_range(FIRST_DAY..=LAST_DAY),
            // Around the turns of years and ends of February.
            1 => first_of_year(random.random_range(1..=9_999)) + random.random_range(0..10),
            _ => first_of(random.random_range(1..=9_999), 3) - random.random_range(0..4),
        })
        .chain(edges)
        .collect()
}

/// Moments of such days.
pub(crate) fn some_moments(seed: u64) -> Vec<i64> {
    let mut random = StdRng::seed_from_u64(seed);
    some_days(seed)
        .into_iter()
        .map(|day| {
            let time = match random.random_range(0..3) {
                0 => random.random_range(0..24) * HOUR,
                _ => random.random_range(0..DAY),
            };
            day * DAY + time
        })
        .collect()
}
