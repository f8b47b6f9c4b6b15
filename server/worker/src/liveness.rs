//! Counters that others count up, watched on our own clock: what stands still long enough is dead.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// Counters by what they belong to, and since when each stands still.
#[derive(Debug)]
pub(super) struct Liveness<K> {
    lease: Duration,
    counters: HashMap<K, (i64, Instant)>,
    looked: Option<Instant>,
}

impl<K: Eq + Hash> Liveness<K> {
    /// Counters that are dead when they have stood still for `lease`.
    pub(super) fn new(lease: Duration) -> Self {
        Self {
            lease,
            counters: HashMap::new(),
            looked: None,
        }
    }

    /// Notes every counter as it is at `now`. What is not among them is forgotten.
    ///
    /// Whoever has not looked for half a lease was frozen, or could not reach the counters: nobody
    /// else may have reached them either, so everything begins anew.
    pub(super) fn look(&mut self, counters: impl IntoIterator<Item = (K, i64)>, now: Instant) {
        let was_away = self
            .looked
            .replace(now)
            .is_some_and(|looked| now.duration_since(looked) > self.lease / 2);
        let seen = match was_away {
            true => HashMap::new(),
            false => std::mem::take(&mut self.counters),
        };
        self.counters = counters
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

    /// What had stood still for the whole lease at the last look, with its counter.
    pub(super) fn standing(&self) -> impl Iterator<Item = (&K, i64)> {
        let looked = self.looked;
        self.counters
            .iter()
            .filter(move |(_, (_, since))| {
                looked.is_some_and(|looked| looked.duration_since(*since) >= self.lease)
            })
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
        let mut liveness = Liveness::new(LEASE);
        liveness.look([("still", 7), ("beating", 1)], at(0));
        liveness.look([("still", 7), ("beating", 2)], at(30));
        liveness.look([("still", 7), ("beating", 2)], at(59));
        assert_eq!(liveness.standing().count(), 0);
        liveness.look([("still", 7), ("beating", 2)], at(60));
        let dead: Vec<_> = liveness.standing().collect();
        assert_eq!(dead, [(&"still", 7)]);
    }

    #[test]
    fn what_was_away_begins_anew() {
        let start = Instant::now();
        let mut liveness = Liveness::new(LEASE);
        liveness.look([("run", 7)], start);
        liveness.look([], start + LEASE / 2);
        liveness.look([("run", 7)], start + LEASE);
        assert_eq!(liveness.standing().count(), 0);
    }

    #[test]
    fn whoever_was_away_has_seen_nothing() {
        let start = Instant::now();
        let mut liveness = Liveness::new(LEASE);
        liveness.look([("run", 7)], start);
        liveness.look([("run", 7)], start + LEASE * 5);
        assert_eq!(liveness.standing().count(), 0);
        liveness.look([("run", 7)], start + LEASE * 5 + LEASE / 2);
        liveness.look([("run", 7)], start + LEASE * 6);
        assert_eq!(liveness.standing().count(), 1);
    }
}
