//! Decimals: an exact mantissa of 128 bits and the digits behind the point.
//!
//! The rules are those of PostgreSQL's `numeric.c`: sums and products are exact, a quotient has at
//! least 16 significant digits and is rounded half away from zero.

use ethnum::I256;

use crate::fault::Misfit;
use crate::{Fault, SqlType};

/// The largest mantissa: 38 nines.
const LARGEST: i128 = 10_i128.pow(38) - 1;

/// Digits PostgreSQL computes together; its weights count such groups (`DEC_DIGITS`).
const GROUP: i32 = 4;
/// The least significant digits of a quotient (`NUMERIC_MIN_SIG_DIGITS`).
const SIGNIFICANT: i32 = 16;
/// A quotient that keeps fewer than 16 digits asks for more room behind the point.
const KEPT: i128 = 10_i128.pow(15);

/// 10 to that power.
///
/// # Panics
/// Beyond 76.
fn power(exponent: u32) -> I256 {
    I256::from(10).pow(exponent)
}

/// The mantissa, if 38 digits hold it.
pub(crate) fn fitting(mantissa: i128) -> Result<i128, Fault> {
    if (-LARGEST..=LARGEST).contains(&mantissa) {
        Ok(mantissa)
    } else {
        Err(Fault::Digits)
    }
}

fn narrow(mantissa: I256) -> Result<i128, Fault> {
    i128::try_from(mantissa)
        .map_err(|_| Fault::Digits)
        .and_then(fitting)
}

/// `value / divisor`, rounded half away from zero.
fn divided(value: I256, divisor: I256) -> I256 {
    let quotient = value / divisor;
    let rest = value % divisor;
    // |rest| * 2 >= |divisor|, without leaving 256 bits.
    let rest = rest.abs();
    let divisor_size = divisor.abs();
    if rest >= divisor_size - rest {
        let away = if (value < 0) == (divisor < 0) { 1 } else { -1 };
        quotient + I256::from(away)
    } else {
        quotient
    }
}

/// The mantissa at another scale, rounded half away from zero where digits are lost.
pub(crate) fn rescaled(mantissa: i128, from: u8, to: u8) -> Result<i128, Fault> {
    if from == to || mantissa == 0 {
        return Ok(mantissa);
    }
    if to > from {
        let factor = 10_i128
            .checked_pow(u32::from(to - from))
            .ok_or(Fault::Digits)?;
        return mantissa
            .checked_mul(factor)
            .ok_or(Fault::Digits)
            .and_then(fitting);
    }
    let lost = u32::from(from - to);
    if lost > 38 {
        return Ok(0);
    }
    narrow(divided(mantissa.into(), power(lost)))
}

/// A product, exact, at the scale `to`; rounded only when that is shorter.
pub(crate) fn product(
    one: i128,
    one_scale: u8,
    other: i128,
    other_scale: u8,
    to: u8,
) -> Result<i128, Fault> {
    let scale = one_scale + other_scale;
    if scale == to
        && let Some(product) = one.checked_mul(other)
    {
        return fitting(product);
    }
    let product = I256::from(one) * I256::from(other);
    if scale > to {
        narrow(divided(product, power(u32::from(scale - to))))
    } else {
        let factor = power(u32::from(to - scale));
        narrow(product.checked_mul(factor).ok_or(Fault::Digits)?)
    }
}

/// The first group of four digits that is not 0, and its weight: the power of 10,000 it stands for.
fn first_group(mantissa: i128, scale: u8) -> (i32, i32) {
    let size = mantissa.unsigned_abs();
    if size == 0 {
        return (0, 0);
    }
    let digits = i32::try_from(size.ilog10()).unwrap_or(0);
    // The decimal exponent of the first digit.
    let exponent = digits - i32::from(scale);
    let weight = exponent.div_euclid(GROUP);
    // How many decimal digits of the number stand in its first group.
    let inside = exponent.rem_euclid(GROUP);
    let cut = digits - inside;
    let first = if cut >= 0 {
        size / 10_u128.pow(cut.unsigned_abs())
    } else {
        size * 10_u128.pow(cut.unsigned_abs())
    };
    (weight, i32::try_from(first).unwrap_or(0))
}

/// The digits behind the point PostgreSQL gives a quotient (`select_div_scale`).
pub(crate) fn quotient_scale(one: i128, one_scale: u8, other: i128, other_scale: u8) -> u8 {
    let (weight, first) = first_group(one, one_scale);
    let (other_weight, other_first) = first_group(other, other_scale);
    let mut quotient_weight = weight - other_weight;
    if first <= other_first {
        quotient_weight -= 1;
    }
    let scale = SIGNIFICANT - quotient_weight * GROUP;
    let scale = scale
        .max(i32::from(one_scale))
        .max(i32::from(other_scale))
        .clamp(0, 1_000);
    u8::try_from(scale).unwrap_or(u8::MAX)
}

/// A quotient as a column keeps it, with `digits` behind the point.
///
/// It is rounded as PostgreSQL rounds it, and again only where the column is shorter; at least 16
/// significant digits remain.
pub(crate) fn quotient(
    one: i128,
    one_scale: u8,
    other: i128,
    other_scale: u8,
    digits: u8,
) -> Result<i128, Fault> {
    if other == 0 {
        return Err(Fault::DivisionByZero);
    }
    if one == 0 {
        return Ok(0);
    }
    let wanted = quotient_scale(one, one_scale, other, other_scale);
    let scale = wanted.min(digits);
    // one / 10^one_scale / (other / 10^other_scale) = x / 10^scale
    let shift = i32::from(scale) + i32::from(other_scale) - i32::from(one_scale);
    if let Some((rounded, is_exact)) = short_quotient(one, other, shift) {
        return kept(
            I256::from(rounded),
            wanted <= digits || is_exact,
            scale,
            digits,
        );
    }
    let (mut above, mut below) = (I256::from(one), I256::from(other));
    let too_large = || Fault::Quotient(Misfit::Large);
    if shift >= 0 {
        if shift > 76 {
            return Err(too_large());
        }
        above = above
            .checked_mul(power(shift.unsigned_abs()))
            .ok_or_else(too_large)?;
    } else {
        below = below
            .checked_mul(power(shift.unsigned_abs()))
            .ok_or_else(too_large)?;
    }
    let rounded = divided(above, below);
    let is_whole = wanted <= digits || above % below == 0;
    kept(rounded, is_whole, scale, digits)
}

/// `one * 10^shift / other`, rounded half away from zero, and whether nothing was rounded; `None` where that
/// needs more than 128 bits on the way. Most quotients do not, and take a fifth of the time so.
fn short_quotient(one: i128, other: i128, shift: i32) -> Option<(i128, bool)> {
    let factor = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
    let above = one.checked_mul(factor)?;
    let (quotient, rest) = (above.checked_div(other)?, above.checked_rem(other)?);
    // |rest| * 2 >= |other|, without leaving 128 bits.
    let rest = rest.unsigned_abs();
    let is_up = rest >= other.unsigned_abs() - rest;
    let away = if (above < 0) == (other < 0) { 1 } else { -1 };
    let rounded = if is_up {
        quotient.checked_add(away)?
    } else {
        quotient
    };
    Some((rounded, rest == 0))
}

/// A number rounded to `scale` as a quotient column keeps it; `is_whole` when PostgreSQL has no more
/// digits of it.
pub(crate) fn kept(rounded: I256, is_whole: bool, scale: u8, digits: u8) -> Result<i128, Fault> {
    if !is_whole && rounded.abs() < KEPT {
        return Err(Fault::Quotient(Misfit::Small));
    }
    let large = |_| Fault::Quotient(Misfit::Large);
    let rounded = i128::try_from(rounded).map_err(|_| Fault::Quotient(Misfit::Large))?;
    rescaled(rounded, scale, digits).map_err(large)
}

/// Both sides of a division at one scale. 38 digits and 38 more fit into 256 bits.
fn divisible(
    one: i128,
    one_scale: u8,
    other: i128,
    other_scale: u8,
) -> Result<(I256, I256), Fault> {
    if other == 0 {
        return Err(Fault::DivisionByZero);
    }
    let scale = one_scale.max(other_scale);
    let above = I256::from(one) * power(u32::from(scale - one_scale));
    let below = I256::from(other) * power(u32::from(scale - other_scale));
    Ok((above, below))
}

/// The remainder of a division, with the sign of what is divided.
pub(crate) fn remainder(
    one: i128,
    one_scale: u8,
    other: i128,
    other_scale: u8,
) -> Result<i128, Fault> {
    let (above, below) = divisible(one, one_scale, other, other_scale)?;
    narrow(above % below)
}

/// The whole part of a quotient.
pub(crate) fn whole_quotient(
    one: i128,
    one_scale: u8,
    other: i128,
    other_scale: u8,
) -> Result<i128, Fault> {
    let (above, below) = divisible(one, one_scale, other, other_scale)?;
    narrow(above / below)
}

/// A decimal rounded to places before or behind the point, at the scale `to`.
pub(crate) fn rounded(mantissa: i128, scale: u8, places: i64, to: u8) -> Result<i128, Fault> {
    cut(mantissa, scale, places, to, true)
}

/// A decimal cut to places before or behind the point, at the scale `to`.
pub(crate) fn truncated(mantissa: i128, scale: u8, places: i64, to: u8) -> Result<i128, Fault> {
    cut(mantissa, scale, places, to, false)
}

fn cut(mantissa: i128, scale: u8, places: i64, to: u8, is_rounded: bool) -> Result<i128, Fault> {
    let lost = i64::from(scale) - places;
    if lost <= 0 {
        return rescaled(mantissa, scale, to);
    }
    if lost > 39 {
        return Ok(0);
    }
    let unit = power(u32::try_from(lost).unwrap_or(0));
    let value = I256::from(mantissa);
    let whole = if is_rounded {
        divided(value, unit)
    } else {
        value / unit
    };
    // Back to the scale of the column.
    let shift = i64::from(to) - places;
    if shift >= 0 {
        let factor = power(u32::try_from(shift.min(76)).unwrap_or(0));
        narrow(whole.checked_mul(factor).ok_or(Fault::Digits)?)
    } else {
        narrow(whole / power(u32::try_from((-shift).min(76)).unwrap_or(0)))
    }
}

/// The least whole number that is not smaller, or the greatest that is not larger.
pub(crate) fn whole(mantissa: i128, scale: u8, is_up: bool) -> Result<i128, Fault> {
    if scale > 38 {
        return Ok(0);
    }
    let unit = I256::from(10).pow(u32::from(scale));
    let value = I256::from(mantissa);
    let quotient = value / unit;
    let has_rest = value % unit != 0;
    let step = match (has_rest, is_up, mantissa < 0) {
        (true, true, false) => 1,
        (true, false, true) => -1,
        _ => 0,
    };
    narrow(quotient + I256::from(step))
}

/// A decimal as a 64-bit whole number, rounded half away from zero.
pub(crate) fn to_whole(mantissa: i128, scale: u8) -> Result<i64, Fault> {
    let value = rescaled(mantissa, scale, 0)?;
    i64::try_from(value).map_err(|_| Fault::Overflow(SqlType::BigInt))
}

/// The nearest double.
pub(crate) fn to_double(mantissa: i128, scale: u8) -> f64 {
    // Both are exact up to 2^53 and 10^22, so that one division rounds once.
    if mantissa.unsigned_abs() <= 1 << 53 && scale <= 22 {
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        return mantissa as f64 / 10_f64.powi(i32::from(scale));
    }
    text(mantissa, scale).parse().unwrap_or(f64::NAN)
}

/// A double as PostgreSQL makes a decimal of it: its 15 significant digits (`float8_numeric`).
/// Mantissa and scale.
pub(crate) fn of_double(value: f64) -> Result<(i128, u8), Fault> {
    if !value.is_finite() {
        return Err(Fault::NotFinite);
    }
    let written = format!("{value:.14e}");
    let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = digits.chars().filter(|c| *c != '.').collect();
    let mantissa: i128 = digits.parse().unwrap_or(0);
    let mut scale = 14 - exponent;
    let mut mantissa = mantissa;
    while mantissa != 0 && mantissa % 10 == 0 && scale > 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if mantissa == 0 {
        return Ok((0, 0));
    }
    if scale < 0 {
        let factor = 10_i128
            .checked_pow(scale.unsigned_abs())
            .ok_or(Fault::Digits)?;
        return Ok((
            fitting(mantissa.checked_mul(factor).ok_or(Fault::Digits)?)?,
            0,
        ));
    }
    // What is smaller than all decimals only has a sign.
    Ok(u8::try_from(scale).map_or((mantissa.signum(), u8::MAX), |scale| (mantissa, scale)))
}

/// The number as it is written, with all digits of its scale.
pub(crate) fn text(mantissa: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let size = mantissa.unsigned_abs().to_string();
    let sign = if mantissa < 0 { "-" } else { "" };
    if scale == 0 {
        return format!("{sign}{size}");
    }
    let size = format!("{size:0>width$}", width = scale + 1);
    let (whole, rest) = size.split_at(size.len() - scale);
    format!("{sign}{whole}.{rest}")
}

/// The number a text writes, as mantissa and scale; `None` when it writes none. Blanks around it and
/// an exponent are allowed, as in PostgreSQL.
pub(crate) fn parsed(text: &str) -> Option<Result<(i128, u8), Fault>> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (number, exponent) = match rest.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, behind) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && behind.is_empty() || !is_digits(whole) || !is_digits(behind) {
        return None;
    }
    let digits = format!("{whole}{behind}");
    let digits = digits.trim_start_matches('0');
    let scale = i32::try_from(behind.len()).ok()? - exponent;
    Some(number_of(digits, sign, scale))
}

fn number_of(digits: &str, sign: i128, scale: i32) -> Result<(i128, u8), Fault> {
    let digits = if digits.is_empty() { "0" } else { digits };
    let mantissa: i128 = digits.parse().map_err(|_| Fault::Digits)?;
    let mantissa = fitting(mantissa * sign)?;
    if scale < 0 {
        let factor = 10_i128
            .checked_pow(scale.unsigned_abs())
            .ok_or(Fault::Digits)?;
        let mantissa = mantissa.checked_mul(factor).ok_or(Fault::Digits)?;
        return Ok((fitting(mantissa)?, 0));
    }
    let scale = u8::try_from(scale).map_err(|_| Fault::Digits)?;
    if scale > 38 {
        return Err(Fault::Digits);
    }
    Ok((mantissa, scale))
}

/// Which of two decimals is greater.
pub(crate) fn ordering(
    one: i128,
    one_scale: u8,
    other: i128,
    other_scale: u8,
) -> std::cmp::Ordering {
    if one_scale == other_scale {
        return one.cmp(&other);
    }
    let scale = one_scale.max(other_scale);
    // 38 digits and 38 more fit into 256 bits.
    let one = I256::from(one) * power(u32::from(scale - one_scale));
    let other = I256::from(other) * power(u32::from(scale - other_scale));
    one.cmp(&other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_quotient_is_the_long_one() {
        let values = [
            1,
            -1,
            2,
            3,
            5,
            -7,
            9,
            10,
            99,
            100,
            12_345,
            -99_999,
            1 << 62,
            -(1 << 63),
            10_i128.pow(20),
            10_i128.pow(37) - 1,
            i128::MAX,
            i128::MIN + 1,
        ];
        let mut short = 0;
        for one in values {
            for other in values {
                for shift in [0, 1, 2, 16, 20, 38] {
                    let Some((rounded, is_exact)) = short_quotient(one, other, shift) else {
                        continue;
                    };
                    short += 1;
                    let above = I256::from(one) * power(shift.unsigned_abs());
                    let below = I256::from(other);
                    assert_eq!(
                        I256::from(rounded),
                        divided(above, below),
                        "{one} {other} {shift}"
                    );
                    assert_eq!(is_exact, above % below == 0, "{one} {other} {shift}");
                }
            }
        }
        assert!(short > 1_000, "{short}");
        assert_eq!(short_quotient(i128::MIN, -1, 0), None);
        assert_eq!(short_quotient(1, 1, -1), None);
    }
}
