//! Exact decimal numbers: what the database had, digit for digit.
//!
//! Sums are made of these and never of floats, so a control total is the number an accountant gets.

use std::cmp::Ordering;

mod read;

/// The most digits an Excel number keeps.
pub const EXCEL_DIGITS: u32 = 15;

/// The highest scale whose power of ten fits an `i128`, and the most digits of a decimal column.
const MAX_SCALE: u32 = 38;

/// An exact decimal: mantissa × 10^-scale.
///
/// Two of them are equal when they are written alike: 12.5 is not 12.50. See [`normal`](Self::normal).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exact {
    /// All digits, with the sign.
    pub mantissa: i128,
    /// Digits behind the decimal point: up to 38 in a column, more in what was read from a double.
    pub scale: u32,
}

impl Exact {
    /// A value of a decimal column of the scale, which is 0 to 38.
    pub fn new(mantissa: i128, scale: u8) -> Self {
        Self {
            mantissa,
            scale: u32::from(scale),
        }
    }

    /// The same number without zeros at the end of its fraction.
    pub fn normal(self) -> Self {
        let Self {
            mut mantissa,
            mut scale,
        } = self;
        if mantissa == 0 {
            return Self {
                mantissa: 0,
                scale: 0,
            };
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Whether Excel can hold every digit.
    pub fn fits_excel(self) -> bool {
        count_digits(self.normal().mantissa) <= EXCEL_DIGITS
    }

    /// Whether the digits before the decimal point alone are more than Excel can hold.
    pub fn is_longer_than_excel(self) -> bool {
        power(self.scale).is_some_and(|unit| count_digits(self.mantissa / unit) > EXCEL_DIGITS)
    }

    /// The nearest float. Correctly rounded.
    pub fn to_f64(self) -> f64 {
        let Self { mantissa, scale } = self.normal();
        // Below 2^53 and up to 10^22 both sides are exact floats, and so one division rounds once.
        if mantissa.unsigned_abs() <= 1 << 53 && scale <= 22 {
            return mantissa as f64 / 10f64.powi(scale as i32);
        }
        self.plain().parse().expect("plain digits are a float")
    }

    /// Digits with a decimal point, no separators: `-1234.50`.
    pub fn plain(self) -> String {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        format!("{sign}{whole}.{fraction}")
    }

    /// Rounded to so many decimals, half away from zero as Excel does; zeros are added where needed.
    pub fn round(self, decimals: u32) -> Self {
        match self.scale.cmp(&decimals) {
            Ordering::Equal => self,
            Ordering::Less => self.widen(decimals).unwrap_or(self),
            Ordering::Greater => {
                let Some(unit) = power(self.scale - decimals) else {
                    return Self {
                        mantissa: 0,
                        scale: decimals,
                    };
                };
                let (whole, rest) = (self.mantissa / unit, self.mantissa % unit);
                let up = rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2);
                let mantissa = if up {
                    whole + self.mantissa.signum()
                } else {
                    whole
                };
                Self {
                    mantissa,
                    scale: decimals,
                }
            }
        }
    }

    /// Rounded to at most so many significant digits behind the decimal point; those before it stay.
    pub fn round_to_digits(self, digits: u32) -> Self {
        let surplus = count_digits(self.mantissa).saturating_sub(digits);
        match surplus {
            0 => self,
            surplus => self.round(self.scale.saturating_sub(surplus)),
        }
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        Self {
            mantissa: self.mantissa.saturating_abs(),
            ..self
        }
    }

    /// The sum; `None` when it has more digits than an `i128`.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let (left, right) = (self.widen(scale)?, other.widen(scale)?);
        Some(Self {
            mantissa: left.mantissa.checked_add(right.mantissa)?,
            scale,
        })
    }

    /// The number divided by `count`, with up to six more decimals, rounded half away from zero.
    pub fn divide(self, count: u64) -> Self {
        let divisor = i128::from(count.max(1));
        for more in (0..=6_u32).rev() {
            let Some(wide) = self.widen(self.scale.saturating_add(more)) else {
                continue;
            };
            let (whole, rest) = (wide.mantissa / divisor, wide.mantissa % divisor);
            let up = rest.unsigned_abs() * 2 >= divisor.unsigned_abs();
            let mantissa = if up {
                whole + wide.mantissa.signum()
            } else {
                whole
            };
            return Self {
                mantissa,
                scale: wide.scale,
            }
            .normal();
        }
        self
    }

    /// The number multiplied by 100, for percents.
    pub fn hundredfold(self) -> Option<Self> {
        if self.scale >= 2 {
            Some(Self {
                mantissa: self.mantissa,
                scale: self.scale - 2,
            })
        } else {
            Some(Self {
                mantissa: self.widen(2)?.mantissa,
                scale: 0,
            })
        }
    }

    /// Which of the two is larger; 12.5 and 12.50 are equal.
    pub fn compare(self, other: Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.widen(scale), other.widen(scale)) {
            (Some(left), Some(right)) => left.mantissa.cmp(&right.mantissa),
            _ => self.to_f64().total_cmp(&other.to_f64()),
        }
    }

    /// The mantissa at another scale, of at most 38 digits; `None` when digits would be lost or there are
    /// too many.
    pub fn at_scale(self, scale: u8) -> Option<i128> {
        let factor = power(self.scale.abs_diff(scale.into()))?;
        let mantissa = if u32::from(scale) >= self.scale {
            self.mantissa.checked_mul(factor)?
        } else {
            (self.mantissa % factor == 0).then_some(self.mantissa / factor)?
        };
        (mantissa.unsigned_abs() < 10_u128.pow(MAX_SCALE)).then_some(mantissa)
    }

    fn widen(self, scale: u32) -> Option<Self> {
        if scale > MAX_SCALE {
            return None;
        }
        let factor = power(scale - self.scale)?;
        Some(Self {
            mantissa: self.mantissa.checked_mul(factor)?,
            scale,
        })
    }
}

fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

fn count_digits(number: i128) -> u32 {
    number
        .unsigned_abs()
        .checked_ilog10()
        .map_or(1, |log| log + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect(text)
    }

    #[test]
    fn digits_survive_both_ways() {
        for text in [
            "0",
            "-1",
            "12.50",
            "-0.05",
            "99999999999999999999.123456789",
        ] {
            assert_eq!(exact(text).plain(), text);
        }
        for text in [
            "", "-", "007", "1e3", "1,000", ".5", "5.", " 1", "+1", "12:30",
        ] {
            assert_eq!(Exact::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        assert_eq!(exact("2.345").round(2).plain(), "2.35");
        assert_eq!(exact("-2.345").round(2).plain(), "-2.35");
        assert_eq!(exact("2.344").round(2).plain(), "2.34");
        assert_eq!(exact("2").round(2).plain(), "2.00");
        assert_eq!(exact("0.5").round(0).plain(), "1");
    }

    #[test]
    fn significant_digits_are_rounded_behind_the_point_only() {
        let round = |text: &str| exact(text).round_to_digits(EXCEL_DIGITS).plain();
        assert_eq!(round("3.3333333333333333"), "3.33333333333333");
        assert_eq!(round("-0.66666666666666666667"), "-0.666666666666667");
        assert_eq!(round("12345678901234567.8"), "12345678901234568");
        assert_eq!(round("2.50"), "2.50");
    }

    #[test]
    fn sums_and_averages_are_exact() {
        let sum = ["0.1", "0.2", "0.30"]
            .iter()
            .map(|text| exact(text))
            .reduce(|a, b| a.checked_add(b).unwrap());
        assert_eq!(sum.unwrap().plain(), "0.60");
        assert_eq!(exact("10").divide(4).plain(), "2.5");
        assert_eq!(exact("10.00").divide(3).plain(), "3.33333333");
        assert_eq!(exact("-2").divide(3).plain(), "-0.666667");
    }

    #[test]
    fn fifteen_digits_fit_and_sixteen_do_not() {
        assert!(exact("123456789012345").fits_excel());
        assert!(exact("123456789.0123450000").fits_excel());
        assert!(!exact("1234567890123456").fits_excel());
        assert!(exact("1234567890123456").is_longer_than_excel());
        assert!(!exact("0.1234567890123456").is_longer_than_excel());
    }

    #[test]
    fn floats_are_the_nearest_ones() {
        for text in [
            "0.1",
            "123456.78",
            "99999999999999.9",
            "12345678901234567890.123",
            "-0.000001",
        ] {
            assert_eq!(exact(text).to_f64(), text.parse::<f64>().unwrap(), "{text}");
        }
    }
}
