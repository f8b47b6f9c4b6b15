//! What is kept of every group, in words of 64 bits.
//!
//! All words of a group stand side by side: a row of a group that was not seen for long costs one look
//! into memory, not one for every aggregate.

/// The words of all groups.
pub(super) struct States {
    words: Vec<u64>,
    /// The words of a group without rows.
    fresh: Vec<u64>,
}

/// The word that counts a group's rows.
const ROWS: usize = 0;

impl States {
    pub(super) fn new() -> Self {
        Self {
            words: Vec::new(),
            fresh: vec![0],
        }
    }

    /// Room in every group for words that begin as these; says where it is. Only before groups are added.
    pub(super) fn reserve(&mut self, fresh: &[u64]) -> usize {
        let place = self.fresh.len();
        self.fresh.extend_from_slice(fresh);
        place
    }

    /// Adds groups without rows until there are so many.
    pub(super) fn grow(&mut self, groups: usize) {
        for _ in self.groups()..groups {
            self.words.extend_from_slice(&self.fresh);
        }
    }

    pub(super) fn groups(&self) -> usize {
        self.words.len() / self.fresh.len()
    }

    /// Counts a row of each of these groups.
    pub(super) fn count(&mut self, groups: &[u32]) {
        let width = self.fresh.len();
        for group in groups {
            self.words[*group as usize * width + ROWS] += 1;
        }
    }

    /// Puts words of other groups together with those here; `groups` says which groups those are here.
    pub(super) fn combine<const N: usize>(
        &mut self,
        other: &Self,
        groups: &[u32],
        place: usize,
        mut put: impl FnMut(u32, [u64; N], [u64; N]) -> [u64; N],
    ) {
        for (words, group) in other
            .each(place, |words: &[u64; N]| *words)
            .iter()
            .zip(groups)
        {
            let own = self.at::<N>(*group, place);
            *own = put(*group, *own, *words);
        }
    }

    /// Adds the rows of other groups.
    pub(super) fn add_rows(&mut self, other: &Self, groups: &[u32]) {
        self.combine(other, groups, ROWS, |_, [own], [other]| [own + other]);
    }

    /// How many rows each group has.
    pub(super) fn rows(&self) -> Vec<i64> {
        self.each(ROWS, |[rows]| rows.cast_signed())
    }

    /// A group's words from a place on.
    #[inline]
    pub(super) fn at<const N: usize>(&mut self, group: u32, place: usize) -> &mut [u64; N] {
        let start = group as usize * self.fresh.len() + place;
        match self.words[start..].first_chunk_mut() {
            Some(words) => words,
            None => panic!("a group has {} words", self.fresh.len()),
        }
    }

    /// What the words of all groups from a place on say.
    pub(super) fn each<const N: usize, T>(
        &self,
        place: usize,
        read: impl Fn(&[u64; N]) -> T,
    ) -> Vec<T> {
        self.words
            .chunks_exact(self.fresh.len())
            .filter_map(|words| words[place..].first_chunk().map(&read))
            .collect()
    }
}

/// The two words of a number of 128 bits, the lower one first.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
pub(super) fn split(value: i128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

/// The number of two words.
#[inline]
pub(super) fn joined(words: [u64; 2]) -> i128 {
    (u128::from(words[1]) << 64 | u128::from(words[0])).cast_signed()
}
