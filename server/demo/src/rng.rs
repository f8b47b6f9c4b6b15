//! Random numbers that are the same on every machine.
//!
//! Splitmix64 and integer arithmetic only: no floating-point functions whose last digit depends on
//! the platform, and no dependency whose next version could throw other numbers.

/// A stream of numbers that depends on nothing but its seed.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A stream of its own for every `name`, so that more orders do not change the customers.
    pub(crate) fn new(name: &str) -> Rng {
        // FNV-1a, then one step of splitmix, so that similar names start far apart.
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut rng = Rng(seed);
        rng.next();
        rng
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `end`. `end` is at least 1.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // Multiply and shift: the bias of 2^-40 and less is no concern for a demo.
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// True `per_mille` times out of a thousand.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `items`, which is not empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// An index, each as likely as its weight. The weights' sum is at least 1.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    /// `digits` decimal digits; the first may be zero.
    pub(crate) fn digits(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

/// Weights summed up once, for many throws.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wheel {
    ends: Vec<u64>,
}

impl Wheel {
    /// A wheel with one slice per weight.
    pub(crate) fn new(weights: impl IntoIterator<Item = u64>) -> Wheel {
        let mut end = 0;
        let ends = weights
            .into_iter()
            .map(|weight| {
                end += weight;
                end
            })
            .collect();
        Wheel { ends }
    }

    /// The slice the wheel stops at, or `None` when every weight is zero.
    pub(crate) fn spin(&self, rng: &mut Rng) -> Option<usize> {
        let total = *self.ends.last()?;
        if total == 0 {
            return None;
        }
        let at = rng.below(total);
        Some(self.ends.partition_point(|end| *end <= at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_throws_the_same_numbers() {
        let mut first = Rng::new("orders");
        let mut second = Rng::new("orders");
        let mut other = Rng::new("order");
        let throws: Vec<u64> = (0..4).map(|_| first.next()).collect();
        assert_eq!(throws, (0..4).map(|_| second.next()).collect::<Vec<_>>());
        assert_ne!(throws, (0..4).map(|_| other.next()).collect::<Vec<_>>());
    }

    #[test]
    fn a_slice_without_weight_never_wins() {
        let mut rng = Rng::new("wheel");
        let wheel = Wheel::new([0, 3, 0, 1]);
        let mut wins = [0_u32; 4];
        for _ in 0..4000 {
            wins[wheel.spin(&mut rng).unwrap()] += 1;
        }
        assert_eq!((wins[0], wins[2]), (0, 0));
        assert!(wins[1] > 2 * wins[3]);
        assert_eq!(Wheel::new([0, 0]).spin(&mut rng), None);
    }

    #[test]
    fn a_range_holds_both_its_ends() {
        let mut rng = Rng::new("range");
        let throws: Vec<i64> = (0..200).map(|_| rng.between(-1, 1)).collect();
        assert_eq!(throws.iter().min(), Some(&-1));
        assert_eq!(throws.iter().max(), Some(&1));
    }
}
