//! The greatest common divisor and the least common multiple of whole numbers.

/// The greatest common divisor.
pub(crate) fn greatest(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// The least common multiple; `None` where 128 bits do not hold it.
pub(crate) fn least_multiple(one: i128, other: i128) -> Option<i128> {
    if one == 0 || other == 0 {
        return Some(0);
    }
    (one / greatest(one, other))
        .checked_mul(other)
        .map(i128::abs)
}

/// 1 × 2 × … × n; `None` where 128 bits do not hold it.
pub(crate) fn factorial(number: i64) -> Option<i128> {
    (1..=i128::from(number)).try_fold(1_i128, i128::checked_mul)
}
