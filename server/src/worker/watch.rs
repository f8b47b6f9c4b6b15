//! Counters that others count up, watched on our own clock: what stands still long enough is dead.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// Counters by what they belong to, and since when each stands still.
#[derive(Debug)]
pub(super) struct Watch<K>(HashMap<K, (i64, Instant)>);

impl<K> Default for Watch<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Watch<K> {
    /// Notes every counter as it is at `now`. What is not among them is forgotten.
    pub(super) fn look(&mut self, counters: impl IntoIterator<Item = (K, i64)>, now: Instant) {
        let seen = std::mem::take(&mut self.0);
        self.0 = counters
            .into_iter()
            .map(|(key, counter)| {
                let since = match seen.get(&key) {
                    Some((known, since)) if *known == counter => *since,
                    _ => now,
                };
                (key, (counter, since))
            })
            .collect();
    }

    /// What has stood still for `lease` at `now`, with its counter.
    pub(super) fn standing(
        &self,
        lease: Duration,
        now: Instant,
    ) -> impl Iterator<Item = (&K, i64)> {
        self.0
            .iter()
            .filter(move |(_, (_, since))| now.duration_since(*since) >= lease)
            .map(|(key, (counter, _))| (key, *counter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    #[test]
    fn only_a_counter_that_stood_still_for_the_whole_lease_is_dead() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut watch = Watch::default();
        watch.look([("still", 7), ("beating", 1)], at(0));
        watch.look([("still", 7), ("beating", 2)], at(30));
        assert_eq!(watch.standing(LEASE, at(59)).count(), 0);
        let dead: Vec<_> = watch.standing(LEASE, at(60)).collect();
        assert_eq!(dead, [(&"still", 7)]);
    }

    #[test]
    fn what_was_away_begins_anew() {
        let start = Instant::now();
        let mut watch = Watch::default();
        watch.look([("run", 7)], start);
        watch.look([], start + LEASE / 2);
        watch.look([("run", 7)], start + LEASE);
        assert_eq!(watch.standing(LEASE, start + LEASE).count(), 0);
    }
}
