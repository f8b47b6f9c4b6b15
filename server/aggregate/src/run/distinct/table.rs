//! Numbers of distinct values, in the order in which they were first seen.

/// A value of fixed size.
pub(in crate::run) trait Key: Copy + Eq {
    /// What fills empty places.
    const NOTHING: Self;

    fn hash(self) -> u64;
}

/// An odd number whose bits look random: the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads the bits of a number over all bits.
#[inline]
fn mixed(value: u64) -> u64 {
    let wide = u128::from(value ^ FACTOR.rotate_left(23)) * u128::from(FACTOR);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let (low, high) = (wide as u64, (wide >> 64) as u64);
    low ^ high
}

impl Key for u64 {
    const NOTHING: Self = 0;

    #[inline]
    fn hash(self) -> u64 {
        mixed(self)
    }
}

impl Key for i64 {
    const NOTHING: Self = 0;

    #[inline]
    fn hash(self) -> u64 {
        mixed(self.cast_unsigned())
    }
}

impl Key for i128 {
    const NOTHING: Self = 0;

    #[inline]
    fn hash(self) -> u64 {
        #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
        let (low, high) = (self as u64, (self >> 64) as u64);
        mixed(low ^ mixed(high))
    }
}

/// Values by their numbers.
pub(in crate::run) struct Table<K> {
    /// Values and their numbers from 1; 0 where nothing is.
    slots: Vec<(K, u32)>,
    len: usize,
}

const FIRST: usize = 64;

impl<K: Key> Table<K> {
    pub(in crate::run) fn new() -> Self {
        Self {
            slots: vec![(K::NOTHING, 0); FIRST],
            len: 0,
        }
    }

    /// The number of a value, and `fresh` when it was not there.
    #[inline]
    pub(in crate::run) fn number(&mut self, key: K, fresh: u32) -> u32 {
        let mask = self.slots.len() - 1;
        let mut place = key.hash() as usize & mask;
        loop {
            let (there, number) = self.slots[place];
            if number == 0 {
                break;
            }
            if there == key {
                return number - 1;
            }
            place = (place + 1) & mask;
        }
        self.slots[place] = (key, fresh + 1);
        self.len += 1;
        if self.len * 8 > self.slots.len() * 5 {
            self.grow();
        }
        fresh
    }

    /// The number of a value that is there.
    #[inline]
    pub(in crate::run) fn find(&self, key: K) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut place = key.hash() as usize & mask;
        loop {
            let (there, number) = self.slots[place];
            if number == 0 {
                return None;
            }
            if there == key {
                return Some(number - 1);
            }
            place = (place + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let before = std::mem::replace(&mut self.slots, vec![(K::NOTHING, 0); size]);
        for (key, number) in before {
            if number == 0 {
                continue;
            }
            let mut place = key.hash() as usize & (size - 1);
            while self.slots[place].1 != 0 {
                place = (place + 1) & (size - 1);
            }
            self.slots[place] = (key, number);
        }
    }
}

/// Texts by their numbers.
pub(in crate::run) struct Texts {
    /// The hash of a text and its number from 1; 0 where nothing is.
    slots: Vec<(u64, u32)>,
    all: String,
    /// Where each text ends.
    ends: Vec<usize>,
    hasher: foldhash::fast::RandomState,
}

impl Texts {
    pub(in crate::run) fn new() -> Self {
        Self {
            slots: vec![(0, 0); FIRST],
            all: String::new(),
            ends: Vec::new(),
            hasher: foldhash::fast::RandomState::default(),
        }
    }

    pub(in crate::run) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(in crate::run) fn at(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[number]]
    }

    /// The number of a text.
    pub(in crate::run) fn number(&mut self, text: &str) -> u32 {
        let hash = std::hash::BuildHasher::hash_one(&self.hasher, text);
        let place = match self.search(text, hash) {
            Ok(number) => return number,
            Err(place) => place,
        };
        let number = self.push(text);
        self.slots[place] = (hash, number + 1);
        if self.ends.len() * 8 > self.slots.len() * 5 {
            self.grow();
        }
        number
    }

    /// The number of a text that is there.
    pub(in crate::run) fn find(&self, text: &str) -> Option<u32> {
        let hash = std::hash::BuildHasher::hash_one(&self.hasher, text);
        self.search(text, hash).ok()
    }

    /// The number of a text, or the empty slot it would take.
    fn search(&self, text: &str, hash: u64) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let (there, number) = self.slots[place];
            if number == 0 {
                return Err(place);
            }
            if there == hash && self.at(number as usize - 1) == text {
                return Ok(number - 1);
            }
            place = (place + 1) & mask;
        }
    }

    /// A text that is not looked for.
    pub(in crate::run) fn push(&mut self, text: &str) -> u32 {
        self.all.push_str(text);
        self.ends.push(self.all.len());
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    #[cold]
    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let before = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for (hash, number) in before {
            if number == 0 {
                continue;
            }
            let mut place = hash as usize & (size - 1);
            while self.slots[place].1 != 0 {
                place = (place + 1) & (size - 1);
            }
            self.slots[place] = (hash, number);
        }
    }
}
