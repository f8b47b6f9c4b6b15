//! Numbers as decimal digits, without floats where there are none.
//!
//! Every function writes at a place in a buffer and returns the place behind. The buffer must have
//! [`ROOM`] bytes there.

/// Bytes a number may take, with what is written beyond it and thrown away again.
pub(crate) const ROOM: usize = 64;

/// 1970-01-01 counted in Excel's days.
const EPOCH: i64 = 25_569;
/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

const ASCII_ZEROS: u64 = 0x3030_3030_3030_3030;

const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut exponent = 1;
    while exponent < 20 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// The eight digits of a number below 10^8, the first one in the lowest byte.
#[inline(always)]
fn eight(number: u64) -> u64 {
    // Two groups of four digits, then four of two, then eight of one, each in lanes of one word. The
    // multiplications divide by 100 and by 10, exactly for numbers this small.
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 5_243) >> 19) & 0x0000_007F_0000_007F;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    tens | ((twos - tens * 10) << 8)
}

#[inline(always)]
fn put_eight(buffer: &mut [u8], at: usize, bytes: u64) {
    buffer[at..at + 8].copy_from_slice(&bytes.to_le_bytes());
}

/// A whole number.
#[inline(always)]
pub(crate) fn whole(buffer: &mut [u8], at: usize, number: u64) -> usize {
    if number < 100_000_000 {
        short(buffer, at, number)
    } else if number < 10_000_000_000_000_000 {
        let at = short(buffer, at, number / 100_000_000);
        put_eight(buffer, at, eight(number % 100_000_000) | ASCII_ZEROS);
        at + 8
    } else {
        let at = short(buffer, at, number / 10_000_000_000_000_000);
        let rest = number % 10_000_000_000_000_000;
        put_eight(buffer, at, eight(rest / 100_000_000) | ASCII_ZEROS);
        put_eight(buffer, at + 8, eight(rest % 100_000_000) | ASCII_ZEROS);
        at + 16
    }
}

/// A number below 10^8.
#[inline(always)]
fn short(buffer: &mut [u8], at: usize, number: u64) -> usize {
    let digits = eight(number);
    // The last digit is written even when it is 0.
    let zeros = ((digits | 1 << 56).trailing_zeros() / 8) as usize;
    put_eight(buffer, at, (digits | ASCII_ZEROS) >> (8 * zeros));
    at + 8 - zeros
}

#[inline(always)]
fn sign(buffer: &mut [u8], at: usize, is_negative: bool) -> usize {
    buffer[at] = b'-';
    at + usize::from(is_negative)
}

/// An integer.
#[inline(always)]
pub(crate) fn integer(buffer: &mut [u8], at: usize, number: i64) -> usize {
    let at = sign(buffer, at, number < 0);
    whole(buffer, at, number.unsigned_abs())
}

/// An exact decimal, without zeros at the end of its fraction.
#[inline(always)]
pub(crate) fn decimal(buffer: &mut [u8], at: usize, mantissa: i128, scale: u8) -> usize {
    match i64::try_from(mantissa) {
        Ok(mantissa) if scale <= 8 => {
            let at = sign(buffer, at, mantissa < 0);
            let mantissa = mantissa.unsigned_abs();
            // Divisions by constants are multiplications; others take ten times as long.
            let (whole_part, fraction) = match scale {
                0 => (mantissa, 0),
                1 => (mantissa / 10, mantissa % 10 * 10_000_000),
                2 => (mantissa / 100, mantissa % 100 * 1_000_000),
                3 => (mantissa / 1_000, mantissa % 1_000 * 100_000),
                4 => (mantissa / 10_000, mantissa % 10_000 * 10_000),
                scale => {
                    let unit = POWERS[usize::from(scale)];
                    (
                        mantissa / unit,
                        mantissa % unit * POWERS[usize::from(8 - scale)],
                    )
                }
            };
            let at = whole(buffer, at, whole_part);
            fraction_of_eight(buffer, at, fraction)
        }
        _ => long_decimal(buffer, at, mantissa, scale),
    }
}

/// A point and eight digits without zeros at the end; nothing for 0.
#[inline(always)]
fn fraction_of_eight(buffer: &mut [u8], at: usize, fraction: u64) -> usize {
    if fraction == 0 {
        return at;
    }
    let digits = eight(fraction);
    buffer[at] = b'.';
    put_eight(buffer, at + 1, digits | ASCII_ZEROS);
    at + 9 - (digits.leading_zeros() / 8) as usize
}

#[cold]
fn long_decimal(buffer: &mut [u8], at: usize, mantissa: i128, scale: u8) -> usize {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = scale + 1);
    let (whole_part, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let at = sign(buffer, at, mantissa < 0);
    let at = copy(buffer, at, whole_part.as_bytes());
    if fraction.is_empty() {
        return at;
    }
    let at = copy(buffer, at, b".");
    copy(buffer, at, fraction.as_bytes())
}

fn copy(buffer: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    buffer[at..at + bytes.len()].copy_from_slice(bytes);
    at + bytes.len()
}

/// A finite float: the shortest digits that read back as the same float.
#[inline(always)]
pub(crate) fn float(buffer: &mut [u8], at: usize, number: f64) -> usize {
    // Below 10^15 a whole number, and a number of cents, is the shortest of its kind, and to divide
    // tells whether it is one.
    if number.abs() < 1e13 {
        let whole = number as i64;
        if whole as f64 == number {
            return integer(buffer, at, whole);
        }
        let cents = (number * 100.0 + 0.5f64.copysign(number)) as i64;
        if cents as f64 / 100.0 == number {
            return decimal(buffer, at, i128::from(cents), 2);
        }
    }
    shortest(buffer, at, number)
}

fn shortest(buffer: &mut [u8], at: usize, number: f64) -> usize {
    let mut digits = zmij::Buffer::new();
    let digits = digits.format_finite(number);
    copy(
        buffer,
        at,
        digits.strip_suffix(".0").unwrap_or(digits).as_bytes(),
    )
}

/// Excel's number for a day since 1970.
#[inline(always)]
pub(crate) fn date(buffer: &mut [u8], at: usize, days: i64) -> usize {
    integer(buffer, at, serial(days))
}

#[inline(always)]
fn serial(days: i64) -> i64 {
    let serial = days + EPOCH;
    // Excel believes that 1900-02-29 existed, and so counts one less for the days before it.
    serial - i64::from(serial <= 60)
}

/// Excel's number for microseconds since 1970, in whole milliseconds: rounded up, the last microsecond
/// of a day would be the next day.
#[inline(always)]
pub(crate) fn datetime(buffer: &mut [u8], at: usize, micros: i64) -> usize {
    let day = serial(micros.div_euclid(DAY));
    let rest = whole_millis(micros.rem_euclid(DAY));
    if rest == 0 {
        return integer(buffer, at, day);
    }
    let number = day as f64 + rest as f64 / DAY as f64;
    // Between 1989 and 2079 a float has 37 bits behind the point, so the fraction is an integer.
    if (32_768..65_535).contains(&day) {
        let bits = ((number - day as f64) * BITS as f64) as u64;
        if bits < BITS
            && let Some(fraction) = fraction_of_bits(bits)
        {
            let at = short(buffer, at, day as u64);
            return fraction_of_twelve(buffer, at, fraction);
        }
    }
    float(buffer, at, number)
}

/// 2^37, and half of it.
const BITS: u64 = 1 << 37;

/// The fraction `bits` / 2^37 in units of 10^-12, with as few digits as make it readable; `None` never
/// in practice.
#[inline(always)]
fn fraction_of_bits(bits: u64) -> Option<u64> {
    const UNIT: u128 = 100_000_000_000;
    // Eleven digits are enough for three of four, and twelve for all: a unit of them is smaller than
    // half of the last bit.
    let exact = u128::from(bits) * UNIT;
    let eleven = (exact + u128::from(BITS / 2)) >> 37;
    if (eleven << 37).abs_diff(exact) * 2 < UNIT {
        return u64::try_from(eleven).ok().map(|eleven| eleven * 10);
    }
    u64::try_from((exact * 10 + u128::from(BITS / 2)) >> 37).ok()
}

/// A point and twelve digits without zeros at the end; a whole day moves on nothing.
#[inline(always)]
fn fraction_of_twelve(buffer: &mut [u8], at: usize, fraction: u64) -> usize {
    let (first, rest) = (fraction / 10_000, fraction % 10_000);
    if rest == 0 {
        return fraction_of_eight(buffer, at, first);
    }
    buffer[at] = b'.';
    put_eight(buffer, at + 1, eight(first) | ASCII_ZEROS);
    let digits = eight(rest * 10_000);
    put_eight(buffer, at + 9, digits | ASCII_ZEROS);
    at + 17 - (digits.leading_zeros() / 8) as usize
}

#[inline(always)]
fn whole_millis(micros: i64) -> i64 {
    micros / 1_000 * 1_000
}

/// Excel's number for a time of day, in whole milliseconds.
#[inline(always)]
pub(crate) fn time(buffer: &mut [u8], at: usize, micros: i64) -> usize {
    float(buffer, at, whole_millis(micros) as f64 / DAY as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(write: impl FnOnce(&mut [u8], usize) -> usize) -> String {
        let mut buffer = [b'?'; 3 + ROOM];
        let end = write(&mut buffer, 3);
        String::from_utf8(buffer[3..end].to_vec()).unwrap()
    }

    /// Excel's number as the workbook's own writer calculates it.
    fn calculated(micros: i64) -> f64 {
        let day = micros.div_euclid(DAY) + 25_569;
        let day = if day <= 60 { day - 1 } else { day };
        day as f64 + (micros.rem_euclid(DAY) / 1_000 * 1_000) as f64 / DAY as f64
    }

    #[test]
    fn decimals_end_with_a_digit_that_counts() {
        for (mantissa, scale, expected) in [
            (0, 0, "0"),
            (0, 4, "0"),
            (1250, 2, "12.5"),
            (-5, 2, "-0.05"),
            (100, 2, "1"),
            (123_456_789_012_345, 8, "1234567.89012345"),
            (1, 8, "0.00000001"),
            (1, 38, "0.00000000000000000000000000000000000001"),
            (
                -170_141_183_460_469_231_731_687_303_715_884_105_728,
                0,
                "-170141183460469231731687303715884105728",
            ),
        ] {
            assert_eq!(
                shown(|buffer, at| decimal(buffer, at, mantissa, scale)),
                expected
            );
        }
    }

    #[test]
    fn dates_are_excels() {
        for (days, expected) in [
            (0, "25569"),
            (-25_567, "1"),
            (-25_509, "59"),
            (-25_508, "61"),
            (2_932_896, "2958465"),
        ] {
            assert_eq!(shown(|buffer, at| date(buffer, at, days)), expected);
        }
        assert_eq!(shown(|buffer, at| datetime(buffer, at, DAY / 2)), "25569.5");
        assert_eq!(
            shown(|buffer, at| datetime(buffer, at, 20_000 * DAY + DAY / 4)),
            "45569.25"
        );
        assert_eq!(shown(|buffer, at| time(buffer, at, DAY / 4)), "0.25");
    }

    #[test]
    fn the_last_microsecond_of_a_day_is_its_last_millisecond() {
        for (micros, next) in [
            (20_000 * DAY - 1, 45_569.0),
            (2_932_897 * DAY - 1, 2_958_466.0),
            (-1, 25_569.0),
        ] {
            let text = shown(|buffer, at| datetime(buffer, at, micros));
            let number: f64 = text.parse().unwrap();
            let millis = ((number - (next - 1.0)) * 86_400_000.0).round();
            assert_eq!(millis, 86_399_999.0, "{text}");
        }
        let text = shown(|buffer, at| time(buffer, at, DAY - 1));
        let millis = (text.parse::<f64>().unwrap() * 86_400_000.0).round();
        assert_eq!(millis, 86_399_999.0, "{text}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn integers_are_written_as_by_the_standard_library(number: i64, shift in 0..64u32) {
            let number = number >> shift;
            prop_assert_eq!(shown(|buffer, at| integer(buffer, at, number)), number.to_string());
        }

        #[test]
        fn decimals_read_back_as_the_same_number(number: i128, shift in 0..128u32, scale in 0..=38u8) {
            let number = number >> shift;
            let text = shown(|buffer, at| decimal(buffer, at, number, scale));
            let plain = format!("{number}e-{scale}");
            prop_assert_eq!(text.parse::<f64>().unwrap(), plain.parse::<f64>().unwrap(), "{}", text);
        }

        #[test]
        fn floats_read_back_as_the_same_float(bits: u64, cents in -10_i64.pow(13)..10_i64.pow(13)) {
            for number in [f64::from_bits(bits), cents as f64 / 100.0, cents as f64 / 1e3] {
                if number.is_finite() {
                    let text = shown(|buffer, at| float(buffer, at, number));
                    prop_assert_eq!(text.parse::<f64>().unwrap(), number, "{}", text);
                }
            }
        }

        #[test]
        fn moments_read_back_as_the_same_float(day in -25_567..2_932_896i64, micros in 0..DAY, unit in prop::sample::select(vec![1, 1_000, 1_000_000, 60_000_000])) {
            for day in [day, 7_300 + day.rem_euclid(32_000)] {
                let micros = day * DAY + micros / unit * unit;
                let text = shown(|buffer, at| datetime(buffer, at, micros));
                prop_assert_eq!(text.parse::<f64>().unwrap(), calculated(micros), "{}", text);
            }
        }
    }
}
