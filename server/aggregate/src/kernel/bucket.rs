//! The part of a range a number lies in.

use ethnum::I256;

use super::numeric;
use crate::Fault;

const NO_PARTS: Fault = Fault::Argument("WIDTH_BUCKET needs at least one part");
const NO_RANGE: Fault = Fault::Argument("the bounds of WIDTH_BUCKET are equal");

fn counted(parts: i64) -> Result<i32, Fault> {
    i32::try_from(parts)
        .ok()
        .filter(|parts| *parts > 0)
        .ok_or(NO_PARTS)
}

/// Behind the last part.
fn behind(parts: i32) -> Result<i64, Fault> {
    let behind = parts.checked_add(1);
    behind
        .map(i64::from)
        .ok_or(Fault::Overflow(crate::SqlType::Integer))
}

/// The part of decimals of one scale: 0 before the range, one more than there are behind it.
pub(crate) fn of_decimals(
    value: i128,
    from: i128,
    until: i128,
    scale: u8,
    parts: i64,
) -> Result<i64, Fault> {
    let parts = counted(parts)?;
    let (value, from, until) = (I256::from(value), I256::from(from), I256::from(until));
    let (inside, range) = if from < until {
        (value - from, until - from)
    } else if from > until {
        (from - value, from - until)
    } else {
        return Err(NO_RANGE);
    };
    if inside < 0 {
        return Ok(0);
    }
    if inside >= range {
        return behind(parts);
    }
    let above = inside * I256::from(parts);
    let whole = rounded(above, range, scale).unwrap_or(above / range);
    let part = i64::try_from(whole).unwrap_or(0);
    Ok(part.min(i64::from(parts) - 1) + 1)
}

/// The whole part of the quotient PostgreSQL computes, which is rounded at its digits; `None` where no
/// digit is lost that matters.
fn rounded(above: I256, below: I256, scale: u8) -> Option<I256> {
    let (one, other) = (i128::try_from(above).ok()?, i128::try_from(below).ok()?);
    if one == 0 {
        return Some(I256::ZERO);
    }
    let digits = numeric::quotient_scale(one, scale, other, scale);
    if digits > 38 {
        return None;
    }
    let unit = I256::from(10).pow(u32::from(digits));
    let twice = above.checked_mul(unit)?.checked_mul(I256::from(2))?;
    let quotient = (twice + below) / (below * I256::from(2));
    Some(quotient / unit)
}

/// The part of doubles.
pub(crate) fn of_doubles(value: f64, from: f64, until: f64, parts: i64) -> Result<i64, Fault> {
    let parts = counted(parts)?;
    if value.is_nan() || from.is_nan() || until.is_nan() {
        return Err(Fault::Argument("WIDTH_BUCKET takes no NaN"));
    }
    if from.is_infinite() || until.is_infinite() {
        return Err(Fault::Argument("the bounds of WIDTH_BUCKET are finite"));
    }
    if from == until {
        return Err(NO_RANGE);
    }
    let is_rising = from < until;
    let (is_before, is_behind) = if is_rising {
        (value < from, value >= until)
    } else {
        (value > from, value <= until)
    };
    if is_before {
        return Ok(0);
    }
    if is_behind {
        return behind(parts);
    }
    let (inside, range) = if is_rising {
        (value - from, until - from)
    } else {
        (from - value, from - until)
    };
    let above = f64::from(parts) * inside;
    if above.is_infinite() || range.is_infinite() {
        return Err(Fault::Overflow(crate::SqlType::Double));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 1 and one more than the number of parts"
    )]
    Ok((above / range + 1.0) as i64)
}
