//! Decimals out of texts and doubles.

use super::{Exact, MAX_SCALE};

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::new(i128::from(value), 0)
    }
}

impl Exact {
    /// Reads plain digits such as `-12.50`; `None` for anything else, also for exponents, blanks
    /// and separators. Leading zeros are refused because they mean a code rather than a number.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || (digits.contains('.') && !is_number(fraction)) {
            return None;
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let scale = u32::try_from(fraction.len())
            .ok()
            .filter(|scale| *scale <= MAX_SCALE)?;
        let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Self {
            mantissa: if negative { -mantissa } else { mantissa },
            scale,
        })
    }

    /// Digits with an optional sign and point, as databases write them in texts: `-0012.50`. Zeros at
    /// the end of the fraction are dropped. `None` for anything else.
    pub fn from_text(text: &[u8]) -> Option<Self> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (mut mantissa, mut scale, mut seen, mut point) = (0i128, 0u32, false, false);
        for byte in digits {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa
                        .checked_mul(10)?
                        .checked_add(i128::from(byte - b'0'))?;
                    scale += u32::from(point);
                    seen = true;
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        let mantissa = if negative { -mantissa } else { mantissa };
        seen.then(|| Self { mantissa, scale }.normal())
    }

    /// The decimal a person would read: the one with at most 15 digits next to the double. 15 digits
    /// always survive a double, so a price that was stored as one comes back exactly.
    pub fn from_double(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        // `d.dddddddddddddde±x`: 15 digits.
        let text = format!("{value:.14e}");
        let (digits, exponent) = text.split_once('e')?;
        let exponent: i32 = exponent.parse().ok()?;
        let Self { mantissa, scale } = Self::from_text(digits.as_bytes())?;
        let scale = i32::try_from(scale).ok()? - exponent;
        if scale >= 0 {
            return Some(Self {
                mantissa,
                scale: scale as u32,
            });
        }
        let mantissa = mantissa.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?;
        Some(Self { mantissa, scale: 0 })
    }

    /// The mantissa of a double at a scale, when that is exact without a detour over text. `None` says
    /// nothing: ask [`from_double`](Self::from_double).
    #[inline]
    pub fn quick_mantissa(value: f64, scale: u8) -> Option<i128> {
        const MOST: f64 = 1e15;
        // Powers up to 10^22 are exact doubles.
        if scale > 22 {
            return None;
        }
        let power = 10f64.powi(i32::from(scale));
        let mantissa = (value * power).round();
        // With at most 15 digits, the decimal whose nearest double is `value` is the only one.
        (mantissa.abs() < MOST && mantissa / power == value).then_some(mantissa as i128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_digit_by_digit() {
        assert_eq!(
            Exact::from_text(b"12.50"),
            Some(Exact {
                mantissa: 125,
                scale: 1
            })
        );
        assert_eq!(
            Exact::from_text(b"-0.001"),
            Some(Exact {
                mantissa: -1,
                scale: 3
            })
        );
        assert_eq!(
            Exact::from_text(b"+.5"),
            Some(Exact {
                mantissa: 5,
                scale: 1
            })
        );
        assert_eq!(
            Exact::from_text(b"12345678901234567890.12"),
            Some(Exact {
                mantissa: 1_234_567_890_123_456_789_012,
                scale: 2
            })
        );
        for text in ["", "-", ".", "1.2.3", "1e5", "1,000", " 1", "NaN"] {
            assert_eq!(Exact::from_text(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn doubles_become_what_people_typed() {
        assert_eq!(Exact::from_double(19.99).unwrap().at_scale(2), Some(1999));
        assert_eq!(Exact::from_double(0.1 + 0.2).unwrap().at_scale(2), Some(30));
        assert_eq!(
            Exact::from_double(1e20).unwrap().at_scale(0),
            Some(100_000_000_000_000_000_000)
        );
        assert_eq!(Exact::from_double(1e-7).unwrap().at_scale(7), Some(1));
        assert_eq!(Exact::from_double(12.345).unwrap().at_scale(2), None);
        assert_eq!(Exact::from_double(f64::INFINITY), None);
    }

    #[test]
    fn the_quick_way_agrees_with_the_slow_one() {
        let mut checked = 0;
        for cents in (-2_000_000i64..2_000_000).step_by(37) {
            let value = cents as f64 / 100.0;
            let slow = Exact::from_double(value).unwrap().at_scale(2);
            assert_eq!(slow, Some(i128::from(cents)));
            if let Some(quick) = Exact::quick_mantissa(value, 2) {
                assert_eq!(Some(quick), slow);
                checked += 1;
            }
        }
        assert!(checked > 100_000);
    }

    #[test]
    fn scales_never_lose_digits() {
        assert_eq!(Exact::from(7).at_scale(2), Some(700));
        assert_eq!(
            Exact::from(i64::MAX).at_scale(19),
            Some(i128::from(i64::MAX) * 10i128.pow(19))
        );
        assert_eq!(Exact::from(i64::MAX).at_scale(38), None);
        assert_eq!(Exact::from_text(b"0.5").unwrap().at_scale(0), None);
    }
}
