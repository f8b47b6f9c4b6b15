//! How many statements ended how.

use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub equal: usize,
    pub refused: usize,
    pub both_failed: usize,
    /// Ours stopped where PostgreSQL has more digits or years.
    pub overflowed: usize,
    /// Different for a reason that is written down.
    pub documented: usize,
    pub different: usize,
    /// PostgreSQL did not end in time, and ours was not asked.
    pub too_long: usize,
}

impl Tally {
    pub fn all(&self) -> usize {
        self.equal
            + self.refused
            + self.both_failed
            + self.overflowed
            + self.documented
            + self.different
            + self.too_long
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:>6} equal {:>5} refused {:>5} failed in both {:>4} overflowed {:>4} documented {:>4} different {:>2} too long",
            self.equal,
            self.refused,
            self.both_failed,
            self.overflowed,
            self.documented,
            self.different,
            self.too_long,
        )
    }
}

/// One line per topic of the corpus.
pub fn print_topics(topics: &BTreeMap<&str, Tally>) {
    for (topic, tally) in topics {
        println!("{topic:<15} {tally}");
    }
}
