//! Decimals of any length as text, compared as numbers.

/// The digits of a decimal without leading and trailing zeros.
#[derive(Debug, PartialEq, Eq)]
pub struct Digits {
    is_negative: bool,
    digits: String,
    /// Digits before the point; negative when zeros follow it.
    before_point: i64,
}

impl Digits {
    /// `None` for what is no plain decimal, such as NaN.
    pub fn of(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let before_point = whole.len() as i64 - (all.len() - significant.len()) as i64;
        let digits = significant.trim_end_matches('0').to_owned();
        let is_zero = digits.is_empty();
        Some(Self {
            is_negative: is_negative && !is_zero,
            digits,
            before_point: if is_zero { 0 } else { before_point },
        })
    }

    /// How many digits are significant.
    pub fn significant(&self) -> usize {
        self.digits.len()
    }

    /// Whether both are the same number in its first sixteen digits: half a unit in the last of them.
    pub fn is_near(&self, other: &Self) -> bool {
        let top = if self.digits.is_empty() {
            other.before_point
        } else if other.digits.is_empty() {
            self.before_point
        } else {
            self.before_point.max(other.before_point)
        };
        let (one, other) = (self.mantissa(top), other.mantissa(top));
        let difference = one.abs_diff(other);
        difference * 2_000_000_000_000_000 <= one.unsigned_abs().max(other.unsigned_abs())
    }

    /// Twenty digits, counted from the place `top` digits before the point.
    fn mantissa(&self, top: i64) -> i128 {
        let zeros = usize::try_from(top - self.before_point).unwrap_or(0);
        let mut digits = "0".repeat(zeros.min(20));
        digits.push_str(&self.digits);
        digits.push_str(&"0".repeat(20));
        let value: i128 = digits[..20].parse().unwrap_or(0);
        if self.is_negative { -value } else { value }
    }
}
