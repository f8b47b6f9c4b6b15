//! What people quote and the log holds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A short name of one line of the log: twelve hexadecimal digits, which people can read out on the telephone. Default:
/// none, which is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// Made of chance; its lower 48 bits count.
    pub fn of(chance: u64) -> Self {
        Self(format!("{:012x}", chance & 0xffff_ffff_ffff))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_twelve_digits_whatever_the_chance() {
        assert_eq!(Reference::of(7).as_str(), "000000000007");
        assert_eq!(Reference::of(u64::MAX).as_str(), "ffffffffffff");
    }
}
