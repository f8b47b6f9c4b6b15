//! Variance and standard deviation of exact numbers.

use ethnum::I256;

use super::numeric;
use crate::Fault;
use crate::fault::Misfit;

/// Numbers are squared in two halves of so much, so that sums of squares stay inside 128 bits.
pub(crate) const HALF: i128 = 1 << 32;

fn power(exponent: u32) -> Result<I256, Fault> {
    if exponent > 76 {
        return Err(Fault::Digits);
    }
    Ok(I256::from(10).pow(exponent))
}

/// The variance or its root from the exact sums, as PostgreSQL's `numeric_stddev_internal` has it.
pub(crate) fn of_sums(
    sum: i128,
    squares: I256,
    count: i64,
    scale: u8,
    is_sample: bool,
    is_root: bool,
    digits: u8,
) -> Result<i128, Fault> {
    let count = I256::from(count);
    let sum = I256::from(sum);
    let wide = || Fault::Digits;
    // n * sum of squares - square of the sum, with twice the digits behind the point.
    let above = count
        .checked_mul(squares)
        .ok_or_else(wide)?
        .checked_sub(sum.checked_mul(sum).ok_or_else(wide)?)
        .ok_or_else(wide)?;
    if above <= 0 {
        return Ok(0);
    }
    let below = if is_sample {
        count * (count - I256::ONE)
    } else {
        count * count
    };
    let twice = u32::from(scale) * 2;
    let wanted = scale_of(above, twice, below);
    let kept_digits = wanted.min(u32::from(digits) + 8);
    let (above, below) = if kept_digits >= twice {
        let factor = power(kept_digits - twice)?;
        (above.checked_mul(factor).ok_or_else(wide)?, below)
    } else {
        (
            above,
            below
                .checked_mul(power(twice - kept_digits)?)
                .ok_or_else(wide)?,
        )
    };
    let variance = rounded(above, below);
    if !is_root {
        return brought(variance, kept_digits, wanted, digits);
    }
    // The root of v / 10^d is the root of v * 10^d, over 10^d.
    let widened = variance.checked_mul(power(kept_digits)?).ok_or_else(wide)?;
    brought(root(widened), kept_digits, wanted, digits)
}

/// The digits behind the point PostgreSQL gives the quotient.
fn scale_of(above: I256, scale: u32, below: I256) -> u32 {
    let (weight, first) = first_group(above, scale);
    let (other_weight, other_first) = first_group(below, 0);
    let mut quotient = weight - other_weight;
    if first <= other_first {
        quotient -= 1;
    }
    let digits = 16 - quotient * 4;
    u32::try_from(digits.max(i32::try_from(scale).unwrap_or(0)).max(0)).unwrap_or(0)
}

fn first_group(value: I256, scale: u32) -> (i32, i32) {
    let digits = i32::try_from(value.to_string().len()).unwrap_or(1) - 1;
    let exponent = digits - i32::try_from(scale).unwrap_or(0);
    let inside = exponent.rem_euclid(4);
    let text = value.to_string();
    let wanted = usize::try_from(inside).unwrap_or(0) + 1;
    let shown: String = text.chars().chain("0000".chars()).take(wanted).collect();
    (exponent.div_euclid(4), shown.parse().unwrap_or(0))
}

fn rounded(above: I256, below: I256) -> I256 {
    let quotient = above / below;
    let rest = above % below;
    if rest >= below - rest {
        quotient + I256::ONE
    } else {
        quotient
    }
}

/// The nearest whole root.
fn root(value: I256) -> I256 {
    if value <= 0 {
        return I256::ZERO;
    }
    let mut guess = I256::from(value.as_f64().sqrt() as i128).max(I256::ONE);
    // Newton's steps from above end at the root cut to a whole number.
    loop {
        let next = (guess + value / guess) / I256::from(2);
        if (next - guess).abs() <= 1 {
            guess = next;
            break;
        }
        guess = next;
    }
    while guess * guess > value {
        guess -= I256::ONE;
    }
    while (guess + I256::ONE) * (guess + I256::ONE) <= value {
        guess += I256::ONE;
    }
    // (g + 1/2)^2 = g^2 + g + 1/4.
    if value - guess * guess > guess {
        guess + I256::ONE
    } else {
        guess
    }
}

fn brought(value: I256, scale: u32, wanted: u32, digits: u8) -> Result<i128, Fault> {
    let digits_wide = u32::from(digits);
    let large = || Fault::Quotient(Misfit::Large);
    let (value, is_whole) = if scale > digits_wide {
        let unit = power(scale - digits_wide)?;
        (rounded(value, unit), value % unit == 0 && wanted <= scale)
    } else {
        let factor = power(digits_wide - scale)?;
        (
            value.checked_mul(factor).ok_or_else(large)?,
            wanted <= scale,
        )
    };
    numeric::kept(value, is_whole, digits, digits)
}
