//! Huffman codes of bounded length from how often symbols come.

/// The codes of an alphabet of at most `N` symbols.
#[derive(Clone, Debug)]
pub(super) struct Codes<const N: usize> {
    /// Bits per symbol; 0 for symbols that never come.
    pub lengths: [u8; N],
    /// Codes with their first bit lowest, as they are written.
    pub bits: [u16; N],
}

impl<const N: usize> Codes<N> {
    /// The shortest codes of at most `limit` bits, or nearly: lengths above the limit are taken from
    /// the rarest symbols. At least two symbols get a code, as some readers demand.
    pub(super) fn new(counts: &[u32; N], limit: u8) -> Self {
        let mut used: Vec<(u32, u16)> = Vec::with_capacity(N);
        for (symbol, count) in (0u16..).zip(counts) {
            if *count > 0 {
                used.push((*count, symbol));
            }
        }
        let mut fill = 0u16;
        while used.len() < 2 {
            if used.iter().all(|(_, symbol)| *symbol != fill) {
                used.push((1, fill));
            }
            fill += 1;
        }
        used.sort_unstable();
        let mut weights: Vec<u32> = used.iter().map(|(count, _)| *count).collect();
        depths(&mut weights);
        // Weights that sum up to 32 bits are no deeper than 47.
        let mut per_length = [0u32; 48];
        for depth in &weights {
            per_length[*depth as usize] += 1;
        }
        shorten(&mut per_length, usize::from(limit));
        let mut lengths = [0u8; N];
        // The rarest symbols come first and get the longest codes.
        let mut rest = used.iter();
        for (length, symbols) in per_length.iter().enumerate().rev() {
            for (_, symbol) in rest.by_ref().take(*symbols as usize) {
                lengths[usize::from(*symbol)] = length as u8;
            }
        }
        Self {
            bits: canonical(&lengths),
            lengths,
        }
    }
}

/// Replaces ascending weights by the depths of their leaves (Moffat and Katajainen, in place).
fn depths(weights: &mut [u32]) {
    let count = weights.len();
    // First pass, left to right: inner nodes hold their weight, then their parent.
    weights[0] += weights[1];
    let (mut root, mut leaf) = (0, 2);
    for next in 1..count - 1 {
        if leaf >= count || weights[root] < weights[leaf] {
            weights[next] = weights[root];
            weights[root] = next as u32;
            root += 1;
        } else {
            weights[next] = weights[leaf];
            leaf += 1;
        }
        if leaf >= count || (root < next && weights[root] < weights[leaf]) {
            weights[next] += weights[root];
            weights[root] = next as u32;
            root += 1;
        } else {
            weights[next] += weights[leaf];
            leaf += 1;
        }
    }
    // Second pass, right to left: depths of inner nodes.
    weights[count - 2] = 0;
    for next in (0..count - 2).rev() {
        weights[next] = weights[weights[next] as usize] + 1;
    }
    // Third pass, right to left: depths of leaves.
    let (mut open, mut depth) = (1usize, 0u32);
    let (mut root, mut next) = (count as isize - 2, count as isize - 1);
    while open > 0 {
        let mut inner = 0;
        while root >= 0 && weights[root as usize] == depth {
            inner += 1;
            root -= 1;
        }
        while open > inner {
            weights[next as usize] = depth;
            next -= 1;
            open -= 1;
        }
        open = 2 * inner;
        depth += 1;
    }
}

/// Moves codes above the limit to it and lengthens shorter ones until all fit again.
fn shorten(per_length: &mut [u32; 48], limit: usize) {
    for length in limit + 1..per_length.len() {
        per_length[limit] += per_length[length];
        per_length[length] = 0;
    }
    let room = 1u32 << limit;
    let mut taken: u32 = (1..=limit)
        .map(|length| per_length[length] << (limit - length))
        .sum();
    while taken > room {
        per_length[limit] -= 1;
        let longest = (1..limit).rev().find(|length| per_length[*length] > 0);
        let longest = longest.expect("an alphabet fits its limit");
        per_length[longest] -= 1;
        per_length[longest + 1] += 2;
        taken -= 1;
    }
}

/// Codes in the order RFC 1951 demands: by length, then by symbol.
fn canonical<const N: usize>(lengths: &[u8; N]) -> [u16; N] {
    let mut per_length = [0u16; 17];
    for length in lengths {
        per_length[usize::from(*length)] += 1;
    }
    per_length[0] = 0;
    let mut next = [0u16; 17];
    for length in 1..17 {
        next[length] = (next[length - 1] + per_length[length - 1]) << 1;
    }
    let mut codes = [0u16; N];
    for (code, length) in codes.iter_mut().zip(lengths) {
        if *length > 0 {
            let value = &mut next[usize::from(*length)];
            *code = value.reverse_bits() >> (16 - length);
            *value += 1;
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exactly one code for every sequence of bits.
    fn is_complete(lengths: &[u8]) -> bool {
        let taken: u32 = lengths
            .iter()
            .filter(|length| **length > 0)
            .map(|length| 1u32 << (15 - length))
            .sum();
        taken == 1 << 15
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        let codes = Codes::new(&[45, 13, 12, 16, 9, 5], 15);
        assert_eq!(codes.lengths, [1, 3, 3, 3, 4, 4]);
        assert!(is_complete(&codes.lengths));
        assert_eq!(codes.bits[0], 0);
    }

    #[test]
    fn no_code_is_longer_than_the_limit() {
        let mut counts = [0u32; 40];
        let (mut a, mut b) = (1u32, 1u32);
        for count in counts.iter_mut() {
            *count = a;
            (a, b) = (b, a.saturating_add(b));
        }
        for limit in [6, 7, 12, 15] {
            let codes = Codes::new(&counts, limit);
            assert!(
                codes
                    .lengths
                    .iter()
                    .all(|length| (1..=limit).contains(length))
            );
            assert!(is_complete(&codes.lengths), "{limit}");
            assert!(codes.lengths[39] <= codes.lengths[0]);
        }
    }

    #[test]
    fn one_symbol_alone_is_given_a_companion() {
        let mut counts = [0u32; 30];
        counts[0] = 7;
        assert_eq!(Codes::new(&counts, 12).lengths[..3], [1, 1, 0]);
        assert_eq!(Codes::new(&[0u32; 30], 12).lengths[..3], [1, 1, 0]);
    }
}
