//! Distinct whole numbers and the code of each: an array where they lie near each other, a hash table elsewhere.

use super::NOWHERE;
use super::table::Table;

/// Values that lie as near each other as this are always found by their distance from the least one.
const NEAR: u128 = 1 << 20;
/// Values further apart are found by their distance, too, as long as the range they span has at most this many places
/// for each of them: a hash table would not be smaller then.
const PLACES: u128 = 8;

/// Whole numbers, numbered by their distance from a base where they lie near each other.
pub(super) struct Wholes {
    found: Found,
    all: Vec<i64>,
}

enum Found {
    Near {
        base: i64,
        /// Numbers by the distance from the base, [`NOWHERE`] where nothing is.
        slots: Vec<u32>,
    },
    Far(Table<i64>),
}

impl Wholes {
    pub(super) fn new() -> Self {
        Self {
            found: Found::Near {
                base: 0,
                slots: Vec::new(),
            },
            all: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn into_values(self) -> Vec<i64> {
        self.all
    }

    /// Adds a value that is not looked for.
    pub(super) fn push(&mut self, value: i64) -> u32 {
        self.all.push(value);
        u32::try_from(self.all.len() - 1).unwrap_or(NOWHERE)
    }

    /// Makes room for values from the least to the greatest one; `absent` is the number of what is not
    /// looked for.
    pub(super) fn expect(&mut self, least: i64, greatest: i64, absent: Option<u32>) {
        let Found::Near { base, slots } = &mut self.found else {
            return;
        };
        let (mut from, mut until) = (i128::from(least), i128::from(greatest));
        if !slots.is_empty() {
            let last = i128::from(*base) + slots.len() as i128 - 1;
            if from >= i128::from(*base) && until <= last {
                return;
            }
            (from, until) = (from.min(i128::from(*base)), until.max(last));
        }
        let span = until.abs_diff(from) + 1;
        if span <= NEAR.max(self.all.len() as u128 * PLACES) {
            // What grows, grows by half at least, so that values that come in order are not moved often.
            let size = if slots.is_empty() {
                span as usize
            } else {
                (span as usize).max(slots.len() + slots.len() / 2)
            };
            let Ok(first) = i64::try_from(from) else {
                return;
            };
            let mut next = vec![NOWHERE; size];
            let shift = if slots.is_empty() {
                0
            } else {
                base.abs_diff(first) as usize
            };
            next[shift..shift + slots.len()].copy_from_slice(slots);
            (*base, *slots) = (first, next);
            return;
        }
        let mut table = Table::new();
        for (number, value) in (0..).zip(&self.all) {
            if Some(number) != absent {
                table.number(*value, number);
            }
        }
        self.found = Found::Far(table);
    }

    /// The numbers of values for which there is room.
    #[inline]
    pub(super) fn number(&mut self, value: i64) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(NOWHERE);
        let number = match &mut self.found {
            Found::Near { base, slots } => {
                let slot = &mut slots[value.wrapping_sub(*base) as usize];
                if *slot == NOWHERE {
                    *slot = next;
                }
                *slot
            }
            Found::Far(table) => table.number(value, next),
        };
        if number == next {
            self.all.push(value);
        }
        number
    }

    /// The number of a value, [`NOWHERE`] when it was never seen.
    #[inline]
    pub(super) fn find(&self, value: i64) -> u32 {
        match &self.found {
            Found::Near { base, slots } => {
                usize::try_from(value.wrapping_sub(*base).cast_unsigned())
                    .ok()
                    .and_then(|place| slots.get(place))
                    .copied()
                    .unwrap_or(NOWHERE)
            }
            Found::Far(table) => table.find(value).unwrap_or(NOWHERE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as a list says them.
    fn check(batches: &[&[i64]], is_near: bool) {
        let mut wholes = Wholes::new();
        let mut seen: Vec<i64> = Vec::new();
        for batch in batches {
            let (least, greatest) = (batch.iter().min().unwrap(), batch.iter().max().unwrap());
            wholes.expect(*least, *greatest, None);
            for value in *batch {
                let place = seen.iter().position(|one| one == value).unwrap_or_else(|| {
                    seen.push(*value);
                    seen.len() - 1
                });
                assert_eq!(wholes.number(*value) as usize, place, "{value}");
            }
        }
        for value in [i64::MIN, -1, 0, 1, 4, 7, 100, i64::MAX] {
            let place = seen.iter().position(|one| *one == value);
            let found = place.map_or(NOWHERE, |place| u32::try_from(place).unwrap());
            assert_eq!(wholes.find(value), found, "{value}");
        }
        assert_eq!(matches!(wholes.found, Found::Near { .. }), is_near);
        assert_eq!(wholes.into_values(), seen);
    }

    #[test]
    fn near_and_far_values_have_the_numbers_of_their_order() {
        check(&[&[4, 7, 4, 5], &[1, 7], &[100, -1]], true);
        check(&[&[i64::MAX, i64::MAX - 4], &[i64::MAX]], true);
        check(&[&[i64::MIN, i64::MAX], &[0, 4]], false);
        check(&[&[4, 7], &[-5_000_000, 7], &[0, 4]], false);
    }

    #[test]
    fn what_is_absent_is_not_found_by_the_value_at_its_place() {
        let mut wholes = Wholes::new();
        let absent = wholes.push(0);
        wholes.expect(5, 6, Some(absent));
        wholes.number(5);
        wholes.expect(i64::MIN, i64::MAX, Some(absent));
        assert_eq!(wholes.find(0), NOWHERE);
        assert_eq!(wholes.number(0), 2);
    }
}
