//! What a block of bytes consists of: new bytes, and copies of earlier ones.

use super::WINDOW;

/// The shortest copy deflate knows.
const SHORTEST: usize = 3;
/// The longest copy deflate knows; longer ones are told as several.
const LONGEST: usize = 258;
/// The most new bytes one step holds.
const MOST_NEW: usize = 255;

/// New bytes followed by one copy, packed: new bytes (8 bits), length − 3 (8 bits), distance − 1
/// (15 bits), and whether there is a copy (the lowest bit).
#[derive(Clone, Copy)]
pub(super) struct Step(u32);

impl Step {
    #[inline(always)]
    fn new(fresh: usize, length: usize, distance: usize) -> Self {
        Self(
            (fresh as u32) << 24
                | ((length - SHORTEST) as u32) << 16
                | ((distance - 1) as u32) << 1
                | 1,
        )
    }

    #[inline(always)]
    fn only_new(fresh: usize) -> Self {
        Self((fresh as u32) << 24)
    }

    /// How many new bytes come first.
    #[inline(always)]
    pub(super) fn fresh(self) -> usize {
        (self.0 >> 24) as usize
    }

    /// Whether a copy follows.
    #[inline(always)]
    pub(super) fn is_copy(self) -> bool {
        self.0 & 1 == 1
    }

    /// The copy's length − 3.
    #[inline(always)]
    pub(super) fn length(self) -> usize {
        (self.0 >> 16 & 0xFF) as usize
    }

    /// The copy's distance − 1.
    #[inline(always)]
    pub(super) fn distance(self) -> usize {
        (self.0 >> 1 & 0x7FFF) as usize
    }
}

/// Tells, byte by byte in order, what is new and what is a copy.
///
/// Copies of the same distance that follow each other become one.
#[derive(Default)]
pub struct Matches {
    steps: Vec<Step>,
    /// Bytes in the steps.
    told: usize,
    fresh: usize,
    length: usize,
    distance: usize,
}

impl Matches {
    /// The next `count` bytes are new.
    #[inline(always)]
    pub fn fresh(&mut self, count: usize) {
        if self.length > 0 {
            self.end_copy();
        }
        self.fresh += count;
    }

    /// The next `length` bytes stand `distance` bytes earlier as well. Distances that deflate cannot
    /// express, 0 and those above [`WINDOW`], make the bytes new ones.
    #[inline(always)]
    pub fn copy(&mut self, length: usize, distance: usize) {
        if distance == self.distance && self.length > 0 {
            self.length += length;
            return;
        }
        if self.length > 0 {
            self.end_copy();
        }
        if (1..=WINDOW).contains(&distance) {
            self.length = length;
            self.distance = distance;
        } else {
            self.fresh += length;
        }
    }

    /// Bytes told so far.
    pub fn length(&self) -> usize {
        self.told + self.fresh + self.length
    }

    /// Bytes told as new so far.
    pub fn new_bytes(&self) -> usize {
        self.steps.iter().map(|step| step.fresh()).sum::<usize>() + self.fresh
    }

    #[inline(always)]
    fn end_copy(&mut self) {
        let (length, distance) = (self.length, self.distance);
        self.length = 0;
        if (SHORTEST..=LONGEST).contains(&length) && self.fresh <= MOST_NEW {
            self.steps.push(Step::new(self.fresh, length, distance));
            self.told += self.fresh + length;
            self.fresh = 0;
        } else {
            self.end_odd_copy(length, distance);
        }
    }

    /// A copy that is too short or too long for one step, or follows many new bytes.
    #[cold]
    fn end_odd_copy(&mut self, mut length: usize, distance: usize) {
        if length < SHORTEST {
            self.fresh += length;
            return;
        }
        self.end_fresh(MOST_NEW);
        while length > 0 {
            // Nothing shorter than the shortest may be left.
            let now = match length {
                ..=LONGEST => length,
                _ if length - LONGEST < SHORTEST => LONGEST - SHORTEST,
                _ => LONGEST,
            };
            self.steps.push(Step::new(self.fresh, now, distance));
            self.told += self.fresh + now;
            self.fresh = 0;
            length -= now;
        }
    }

    /// Puts new bytes into steps of their own until at most so many are left.
    fn end_fresh(&mut self, left: usize) {
        while self.fresh > left {
            let now = self.fresh.min(MOST_NEW);
            self.steps.push(Step::only_new(now));
            self.told += now;
            self.fresh -= now;
        }
    }

    /// Ends what is under way.
    pub(super) fn finish(&mut self) {
        if self.length > 0 {
            self.end_copy();
        }
        self.end_fresh(0);
    }

    pub(super) fn list(&self) -> &[Step] {
        &self.steps
    }

    /// Forgets what was told.
    pub fn clear(&mut self) {
        self.steps.clear();
        self.told = 0;
        self.fresh = 0;
        self.length = 0;
        self.distance = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(tell: impl FnOnce(&mut Matches)) -> Vec<(usize, Option<(usize, usize)>)> {
        let mut matches = Matches::default();
        tell(&mut matches);
        matches.finish();
        let copy = |step: &Step| {
            step.is_copy()
                .then(|| (step.length() + 3, step.distance() + 1))
        };
        matches
            .list()
            .iter()
            .map(|step| (step.fresh(), copy(step)))
            .collect()
    }

    #[test]
    fn copies_of_one_distance_are_one_copy() {
        let steps = told(|matches| {
            matches.fresh(2);
            matches.copy(4, 10);
            matches.copy(5, 10);
            matches.copy(3, 11);
        });
        assert_eq!(steps, [(2, Some((9, 10))), (0, Some((3, 11)))]);
    }

    #[test]
    fn copies_deflate_does_not_know_are_split_or_new() {
        assert_eq!(told(|matches| matches.copy(2, 5)), [(2, None)]);
        assert_eq!(told(|matches| matches.copy(9, WINDOW + 1)), [(9, None)]);
        let steps = told(|matches| matches.copy(259, 1));
        assert_eq!(steps, [(0, Some((255, 1))), (0, Some((4, 1)))]);
        let steps = told(|matches| matches.copy(600, WINDOW));
        let lengths: usize = steps.iter().map(|step| step.1.unwrap().0).sum();
        assert_eq!((steps.len(), lengths), (3, 600));
    }

    #[test]
    fn many_new_bytes_take_several_steps() {
        let steps = told(|matches| {
            matches.fresh(600);
            matches.copy(3, 1);
        });
        assert_eq!(steps, [(255, None), (255, None), (90, Some((3, 1)))]);
    }
}
