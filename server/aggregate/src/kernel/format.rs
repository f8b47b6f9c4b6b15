//! Values as texts: PostgreSQL's output of types.

use std::fmt::Write as _;

use ethnum::I256;

use super::calendar::{Civil, DAY, HOUR, MINUTE, SECOND};

/// `true` or `false`.
pub(crate) fn boolean_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// The shortest digits that are read back as the same number; from 15 digits before the point on, and
/// for less than 0.0001, with an exponent.
pub(crate) fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}Infinity");
    }
    if value == 0.0 {
        return format!("{sign}0");
    }
    let (digits, exponent) = shortest(value.abs());
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if !(-4..15).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        let size = exponent.abs();
        return format!("{sign}{first}{point}{rest}e{exponent_sign}{size:02}");
    }
    let width = usize::try_from(exponent.abs()).unwrap_or(0);
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(width - 1));
    }
    if count <= exponent + 1 {
        return format!("{sign}{digits}{}", "0".repeat(width + 1 - digits.len()));
    }
    let (whole, rest) = digits.split_at(width + 1);
    format!("{sign}{whole}.{rest}")
}

/// Digits without zeros at the end, and the power of ten of the first one.
fn shortest(value: f64) -> (String, i32) {
    let (mut digits, mut exponent) = parts(&format!("{value:e}"));
    // As many digits again: a value in the middle of two of so many goes to the even one, unless that
    // one is read as another number.
    let behind = digits.len() - 1;
    let even = format!("{value:.behind$e}");
    if even.parse() == Ok(value) {
        (digits, exponent) = parts(&even);
    }
    if !is_between(&digits, exponent, value) {
        return (digits, exponent);
    }
    // Exactly between two numbers: it is read as this one only because halves go to the even one.
    // PostgreSQL does not rely on that and takes more digits.
    for more in digits.len()..17 {
        let (digits, exponent) = parts(&format!("{value:.more$e}"));
        let is_same = format!("{digits}e{}", exponent - size(&digits) + 1).parse() == Ok(value);
        if is_same && !is_between(&digits, exponent, value) {
            return (digits, exponent);
        }
    }
    (digits, exponent)
}

fn size(digits: &str) -> i32 {
    i32::try_from(digits.len()).unwrap_or(i32::MAX)
}

fn parts(written: &str) -> (String, i32) {
    let (digits, exponent) = written.split_once('e').unwrap_or((written, "0"));
    let digits: String = digits.chars().filter(|digit| *digit != '.').collect();
    let digits = digits.trim_end_matches('0').to_owned();
    (digits, exponent.parse().unwrap_or(0))
}

/// Whether those digits lie exactly in the middle of the number and one of its neighbours.
fn is_between(digits: &str, exponent: i32, value: f64) -> bool {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let power = i32::try_from(bits >> 52).unwrap_or(0);
    let (mantissa, power) = match power {
        0 => (fraction, -1_074),
        power => (fraction | 1 << 52, power - 1_075),
    };
    let ten = exponent - size(digits) + 1;
    // Fives: what lies between two numbers has at most 54 bits.
    if !(-24..=23).contains(&ten) {
        return false;
    }
    let Ok(decimal) = digits.parse::<u64>() else {
        return false;
    };
    // decimal * 10^ten == (4 * mantissa ± d) * 2^(power - 2), compared as whole numbers.
    let five = I256::from(5).pow(ten.unsigned_abs());
    let (mut left, mut right) = (I256::from(decimal), I256::ONE);
    if ten >= 0 {
        left *= five;
    } else {
        right *= five;
    }
    let twos = ten - (power - 2);
    if twos.abs() > 120 {
        return false;
    }
    if twos >= 0 {
        left <<= twos.unsigned_abs();
    } else {
        right <<= twos.unsigned_abs();
    }
    let below = if fraction == 0 { 1 } else { 2 };
    let quarter = I256::from(mantissa) * 4;
    left == right * (quarter + 2) || left == right * (quarter - below)
}

/// `2026-08-19`.
pub(crate) fn date_text(days: i32) -> String {
    let Civil { year, month, day } = Civil::of(i64::from(days));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-08-19 10:20:30.5`.
pub(crate) fn timestamp_text(micros: i64) -> String {
    let Civil { year, month, day } = Civil::of(micros.div_euclid(DAY));
    let mut text = format!("{year:04}-{month:02}-{day:02} ");
    write_time(micros.rem_euclid(DAY), &mut text);
    text
}

/// `10:20:30.5`, from microseconds since midnight.
pub(crate) fn time_text(micros: i64) -> String {
    let mut text = String::with_capacity(15);
    write_time(micros, &mut text);
    text
}

fn write_time(micros: i64, to: &mut String) {
    let (hour, minute) = (micros / HOUR, micros % HOUR / MINUTE);
    let (second, fraction) = (micros % MINUTE / SECOND, micros % SECOND);
    // Writing into a text cannot fail.
    let _ = write!(to, "{hour:02}:{minute:02}:{second:02}");
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        to.push('.');
        to.push_str(digits.trim_end_matches('0'));
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::super::oracle::{AT, Oracle, at, input, moments};
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn doubles_are_written_as_postgresql_writes_them() {
        let mut random = StdRng::seed_from_u64(10);
        let mut values = vec![
            0.0,
            -0.0,
            1e23,
            9e15,
            1e15,
            1e14,
            123_456_789_012_345.6,
            1e-4,
            1e-5,
        ];
        values.extend([
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN_POSITIVE,
        ]);
        values.extend(
            (1..2_100)
                .map(|bits| f64::from_bits(bits << 52))
                .filter(|one| one.is_finite()),
        );
        values.extend(
            (-330..308).flat_map(|power| [1.0, 2.0, 5.0, 9.5].map(|one| one * 10_f64.powi(power))),
        );
        for _ in 0..2_500 {
            values.push(f64::from_bits(random.random()));
            values.push(f64::from(random.random::<i32>()) / 100.0);
            // Numbers of more than 53 bits: many are exactly between two others.
            let large = random.random::<u64>() >> random.random_range(0..12);
            #[expect(clippy::cast_precision_loss, reason = "what is looked for")]
            values.push(large as f64 * 2_f64.powi(random.random_range(-12..60)));
            let exponent: i32 = random.random_range(-24..40);
            let digits = random.random_range(1..1_000_000_u64);
            values.push(format!("{digits}e{exponent}").parse().unwrap());
        }
        // 17 digits are read back as the same number by everybody.
        let inputs: Vec<_> = values
            .into_iter()
            .map(|value| input(format!("{value:.16e}"), value.to_bits(), ""))
            .collect();
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1::float8", &inputs, |i| {
                Ok(double_text(f64::from_bits(i[1].parse().unwrap())))
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn moments_are_written_as_postgresql_writes_them() {
        let mut oracle = Oracle::new().await;
        oracle
            .agrees(AT, &moments(), |i| Ok(timestamp_text(at(i))))
            .await;
        oracle
            .agrees(&format!("{AT}::date"), &moments(), |i| {
                Ok(date_text(i32::try_from(at(i).div_euclid(DAY)).unwrap()))
            })
            .await;
        oracle
            .agrees(&format!("{AT}::time"), &moments(), |i| {
                Ok(time_text(at(i).rem_euclid(DAY)))
            })
            .await;
    }
}
