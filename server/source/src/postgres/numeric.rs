//! `numeric` as it travels: groups of four decimal digits, an exponent, a sign, and how many digits
//! behind the point are shown.

const NEGATIVE: u16 = 0x4000;
const NOT_A_NUMBER: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;

/// Most digits of a decimal column.
const MOST_DIGITS: u32 = 38;

/// Powers of ten that fit.
const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut index = 1;
    while index < 20 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// A `numeric` value, still in the bytes of its row.
#[derive(Clone, Copy)]
pub(super) struct Numeric<'r> {
    /// Groups of four digits, two bytes each.
    groups: &'r [u8],
    /// Power of 10,000 of the first group.
    weight: i32,
    sign: u16,
    /// Digits behind the point that PostgreSQL prints.
    shown: u16,
}

impl<'r> Numeric<'r> {
    /// `None` when the bytes are not a `numeric`.
    #[inline]
    pub(super) fn new(bytes: &'r [u8]) -> Option<Self> {
        let (head, groups) = bytes.split_first_chunk::<8>()?;
        let word = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
        (groups.len() == usize::from(word(0)) * 2).then(|| Self {
            groups,
            weight: i32::from(word(2) as i16),
            sign: word(4),
            shown: word(6),
        })
    }

    /// The exact mantissa at a scale; `None` when digits would be lost, when there are more than
    /// 38, and for what is no number.
    #[inline]
    pub(super) fn at_scale(self, scale: u8) -> Option<i128> {
        if self.sign & NOT_A_NUMBER == NOT_A_NUMBER {
            return None;
        }
        let count = self.groups.len() / 2;
        if count == 0 {
            return Some(0);
        }
        // Ten to this power makes the digits, read as a whole number, the mantissa.
        let power = (self.weight + 1 - count as i32) * 4 + i32::from(scale);
        // At most 19 digits fit whatever they are.
        if power >= -19 && count as i32 * 4 + power.max(0) <= 19 {
            let digits = self
                .digits()
                .fold(0u64, |all, group| all * 10_000 + u64::from(group));
            let mantissa = if power >= 0 {
                digits * POWERS[power as usize]
            } else {
                let divisor = POWERS[power.unsigned_abs() as usize];
                if digits % divisor != 0 {
                    return None;
                }
                digits / divisor
            };
            return Some(self.signed(i128::from(mantissa)));
        }
        self.at_scale_slowly(power)
    }

    #[cold]
    fn at_scale_slowly(self, mut power: i32) -> Option<i128> {
        let mut mantissa = 0i128;
        let mut groups = self.digits().peekable();
        while let Some(group) = groups.next() {
            // The last group may end in zeros that no scale needs.
            let mut group = i128::from(group);
            let mut factor = 10_000;
            if groups.peek().is_none() {
                while power < 0 && factor > 1 && group % 10 == 0 {
                    group /= 10;
                    factor /= 10;
                    power += 1;
                }
            }
            mantissa = mantissa.checked_mul(factor)?.checked_add(group)?;
        }
        let factor = 10i128.checked_pow(u32::try_from(power).ok()?)?;
        let mantissa = mantissa.checked_mul(factor)?;
        (mantissa.unsigned_abs() < 10u128.pow(MOST_DIGITS)).then(|| self.signed(mantissa))
    }

    /// Whether it is a number at all, and not `NaN` or an infinity.
    pub(super) fn is_number(self) -> bool {
        self.sign & NOT_A_NUMBER != NOT_A_NUMBER
    }

    /// Digits behind the point that PostgreSQL prints.
    pub(super) fn shown_scale(self) -> u32 {
        u32::from(self.shown)
    }

    /// Digits behind the point that are needed.
    pub(super) fn needed_scale(self) -> u32 {
        let count = self.groups.len() as i32 / 2;
        let behind = (count - 1 - self.weight) * 4;
        let last = self.digits().last().unwrap_or_default();
        let zeros = match last {
            0 => return 0,
            last if last % 1_000 == 0 => 3,
            last if last % 100 == 0 => 2,
            last if last % 10 == 0 => 1,
            _ => 0,
        };
        u32::try_from(behind - zeros).unwrap_or_default()
    }

    /// Digits before the point; at most three more than there are.
    pub(super) fn whole_digits(self) -> u32 {
        u32::try_from((self.weight + 1) * 4).unwrap_or_default()
    }

    /// As PostgreSQL prints it.
    pub(super) fn text(self) -> String {
        use std::fmt::Write;

        match self.sign {
            NOT_A_NUMBER => return "NaN".to_owned(),
            INFINITY => return "Infinity".to_owned(),
            NEGATIVE_INFINITY => return "-Infinity".to_owned(),
            _ => {}
        }
        let group = |weight: i32| -> u16 {
            let at = usize::try_from(self.weight - weight).ok();
            at.and_then(|at| self.digits().nth(at)).unwrap_or_default()
        };
        let mut text = String::new();
        if self.sign == NEGATIVE {
            text.push('-');
        }
        if self.weight < 0 {
            text.push('0');
        } else {
            let _ = write!(text, "{}", group(self.weight));
            for weight in (0..self.weight).rev() {
                let _ = write!(text, "{:04}", group(weight));
            }
        }
        if self.shown > 0 {
            text.push('.');
            let end = text.len() + usize::from(self.shown);
            let mut weight = -1;
            while text.len() < end {
                let _ = write!(text, "{:04}", group(weight));
                weight -= 1;
            }
            text.truncate(end);
        }
        text
    }

    #[inline]
    fn digits(self) -> impl Iterator<Item = u16> + use<'r> {
        self.groups
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }

    #[inline]
    fn signed(self, mantissa: i128) -> i128 {
        if self.sign == NEGATIVE {
            -mantissa
        } else {
            mantissa
        }
    }
}

/// The bytes of an exact decimal.
pub(super) fn to_bytes(mantissa: i128, scale: u8) -> Vec<u8> {
    // Groups begin at the point, so the last one is filled up with zeros.
    let behind = u32::from(scale).div_ceil(4);
    let fill = behind * 4 - u32::from(scale);
    // The filling can be too much for the number, so the last group is taken off before it.
    let first = 10u128.pow(4 - fill);
    let mut rest = mantissa.unsigned_abs();
    let mut groups = vec![(rest % first) as u16 * 10u16.pow(fill)];
    rest /= first;
    while rest > 0 {
        groups.push((rest % 10_000) as u16);
        rest /= 10_000;
    }
    let weight = groups.len() as i32 - 1 - behind as i32;
    let mut bytes = Vec::with_capacity(8 + groups.len() * 2);
    bytes.extend((groups.len() as u16).to_be_bytes());
    bytes.extend((weight as i16).to_be_bytes());
    bytes.extend(if mantissa < 0 { NEGATIVE } else { 0 }.to_be_bytes());
    bytes.extend(u16::from(scale).to_be_bytes());
    for group in groups.iter().rev() {
        bytes.extend(group.to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(bytes: &[u8]) -> Numeric<'_> {
        Numeric::new(bytes).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut mantissa = 1i128;
        for step in 0..120 {
            for scale in 0..=38 {
                for mantissa in [mantissa, -mantissa, 0, mantissa - mantissa % 10_000] {
                    let bytes = to_bytes(mantissa, scale);
                    assert_eq!(numeric(&bytes).at_scale(scale), Some(mantissa), "{scale}");
                }
            }
            mantissa = (mantissa * 3 + step) % 10i128.pow(38);
        }
    }

    #[test]
    fn digits_are_never_lost() {
        let bytes = to_bytes(1_999, 2);
        assert_eq!(numeric(&bytes).at_scale(4), Some(199_900));
        assert_eq!(numeric(&bytes).at_scale(1), None);
        assert_eq!(numeric(&to_bytes(1_990, 2)).at_scale(1), Some(199));
        assert_eq!(numeric(&to_bytes(10i128.pow(37), 0)).at_scale(1), None);
        assert_eq!(
            numeric(&to_bytes(10i128.pow(36), 0)).at_scale(1),
            Some(10i128.pow(37))
        );
    }

    #[test]
    fn texts_have_the_digits_that_are_shown() {
        assert_eq!(numeric(&to_bytes(-1_999, 2)).text(), "-19.99");
        assert_eq!(numeric(&to_bytes(5, 7)).text(), "0.0000005");
        assert_eq!(numeric(&to_bytes(10_000_000, 0)).text(), "10000000");
        assert_eq!(numeric(&to_bytes(0, 3)).text(), "0.000");
        let nan = [0, 0, 0, 0, 0xc0, 0, 0, 0];
        assert_eq!(numeric(&nan).text(), "NaN");
        assert_eq!(numeric(&nan).at_scale(2), None);
    }

    #[test]
    fn scales_are_told() {
        let bytes = to_bytes(12_500, 3);
        assert_eq!(numeric(&bytes).shown_scale(), 3);
        assert_eq!(numeric(&bytes).needed_scale(), 1);
        assert_eq!(numeric(&bytes).whole_digits(), 4);
        assert_eq!(numeric(&to_bytes(1_200, 0)).needed_scale(), 0);
    }
}
