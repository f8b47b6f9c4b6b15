//! Texts as values: PostgreSQL's input of types.
//!
//! Dates and times are read as ISO 8601 writes them and in no other way: PostgreSQL reads much more,
//! and part of that depends on its settings.

use super::calendar::{self, Civil, HOUR, MINUTE, SECOND};
use crate::{Fault, SqlType};

/// What C calls blanks.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r'])
}

fn no(text: &str, wanted: SqlType) -> Fault {
    // A whole page in a message helps nobody.
    let text = text.chars().take(100).collect();
    Fault::Text { text, wanted }
}

/// `true`, `yes`, `on`, `1` and their opposites; beginnings of them, too.
pub(crate) fn boolean_of(text: &str) -> Result<bool, Fault> {
    let word = trimmed(text).to_ascii_lowercase();
    let begins = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if begins("true", 1) || begins("yes", 1) || word == "on" || word == "1" {
        Ok(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || word == "0" {
        Ok(false)
    } else {
        Err(no(text, SqlType::Boolean))
    }
}

/// Digits with a sign.
pub(crate) fn whole_of(text: &str) -> Result<i64, Fault> {
    let number = trimmed(text);
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(no(text, SqlType::BigInt));
    }
    number.parse().map_err(|_| Fault::Overflow(SqlType::BigInt))
}

/// Digits with a sign, a point and an exponent; `NaN`, `Infinity` and `inf`.
pub(crate) fn double_of(text: &str) -> Result<f64, Fault> {
    let fault = || no(text, SqlType::Double);
    let number = trimmed(text);
    let (is_negative, size) = match number.as_bytes().first() {
        Some(b'-') => (true, &number[1..]),
        Some(b'+') => (false, &number[1..]),
        _ => (false, number),
    };
    let word = size.to_ascii_lowercase();
    let value = match word.as_str() {
        "nan" if size.len() == number.len() => f64::NAN,
        "inf" | "infinity" => f64::INFINITY,
        word => {
            let (digits, exponent) = match word.split_once('e') {
                Some((digits, exponent)) => (digits, Some(exponent)),
                None => (word, None),
            };
            let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
            let is_number = before.len() + behind.len() > 0
                && is_digits(before)
                && is_digits(behind)
                && exponent.is_none_or(|exponent| {
                    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                    !digits.is_empty() && is_digits(digits)
                });
            if !is_number {
                return Err(fault());
            }
            let value: f64 = word.parse().map_err(|_| fault())?;
            let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
            if value.is_infinite() || value == 0.0 && !is_zero {
                return Err(Fault::Overflow(SqlType::Double));
            }
            value
        }
    };
    Ok(if is_negative { -value } else { value })
}

/// `2026-08-19` or `20260819`, perhaps with a time, which is left out.
pub(crate) fn date_of(text: &str) -> Result<i32, Fault> {
    let (civil, _) = moment(trimmed(text)).ok_or_else(|| no(text, SqlType::Date))?;
    calendar::date(civil.days())
}

/// A date, perhaps with `T` or a blank and a time. A zone behind it says nothing, as in PostgreSQL.
pub(crate) fn timestamp_of(text: &str) -> Result<i64, Fault> {
    let (civil, micros) = moment(trimmed(text)).ok_or_else(|| no(text, SqlType::Timestamp))?;
    calendar::joined(civil.days(), micros)
}

/// `10:20`, `10:20:30` or `10:20:30.5`, as microseconds since midnight.
pub(crate) fn time_of(text: &str) -> Result<i64, Fault> {
    let micros = ascii_time(trimmed(text)).ok_or_else(|| no(text, SqlType::Time))?;
    // 23:59:59.9999999 would be rounded to 24:00.
    if micros >= calendar::DAY {
        return Err(no(text, SqlType::Time));
    }
    Ok(micros)
}

fn ascii_time(text: &str) -> Option<i64> {
    text.is_ascii().then(|| time(text))?
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn moment(text: &str) -> Option<(Civil, i64)> {
    if !text.is_ascii() {
        return None;
    }
    let (date, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let parts = match date.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => [&date[..4], &date[5..7], &date[8..]],
        [_, _, _, _, _, _, _, _] => [&date[..4], &date[4..6], &date[6..]],
        _ => return None,
    };
    let [year, month, day] = parts.map(digits);
    let civil = Civil::checked(year?, month?, day?)?;
    let micros = match time {
        Some(time) => self::time(without_zone(time)?)?,
        None => 0,
    };
    Some((civil, micros))
}

/// Without `Z`, `+09` or `+09:00` at its end.
fn without_zone(time: &str) -> Option<&str> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some(time);
    }
    let Some(at) = time.find(['+', '-']) else {
        return Some(time);
    };
    let (hour, minute) = match &time.as_bytes()[at + 1..] {
        [_, _] => (&time[at + 1..], "00"),
        [_, _, b':', _, _] => (&time[at + 1..at + 3], &time[at + 4..]),
        _ => return None,
    };
    let is_zone = digits(hour)? <= 15 && digits(minute)? <= 59;
    is_zone.then(|| &time[..at])
}

fn time(text: &str) -> Option<i64> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let [hour, minute, second] = match clock.as_bytes() {
        [_, _, b':', _, _] if fraction.is_none() => [&clock[..2], &clock[3..], "00"],
        [_, _, b':', _, _, b':', _, _] => [&clock[..2], &clock[3..5], &clock[6..]],
        _ => return None,
    }
    .map(digits);
    let (hour, minute, second) = (hour?, minute?, second?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = match fraction {
        Some(fraction) => micros(fraction)?,
        None => 0,
    };
    Some(hour * HOUR + minute * MINUTE + second * SECOND + micros)
}

/// PostgreSQL rounds a fraction as a double.
fn micros(fraction: &str) -> Option<i64> {
    digits(&fraction[..fraction.len().min(1)])?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: f64 = format!("0.{fraction}").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and a million")]
    Some((value * 1_000_000.0).round_ties_even() as i64)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};

    use super::super::format::{boolean_text, date_text, double_text, time_text, timestamp_text};
    use super::super::oracle::{Oracle, input};
    use super::*;

    fn some(random: &mut StdRng, pieces: &[&str], most: usize) -> String {
        let count = random.random_range(0..=most);
        (0..count)
            .filter_map(|_| pieces.choose(random).copied())
            .collect()
    }

    fn made(seed: u64, count: usize, pieces: &[&str], most: usize) -> Vec<[String; 3]> {
        let mut random = StdRng::seed_from_u64(seed);
        (0..count)
            .map(|_| input(some(&mut random, pieces, most), "", ""))
            .collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn truth_values_are_read_as_postgresql_reads_them() {
        let words = [
            "true", "false", "yes", "no", "on", "off", "1", "0", "10", "yess", "t rue",
        ];
        let mut inputs = Vec::new();
        for word in words {
            for end in 0..=word.len() {
                inputs.push(input(&word[..end], "", ""));
                inputs.push(input(
                    format!(" \t{}\n", word[..end].to_uppercase()),
                    "",
                    "",
                ));
            }
        }
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1::bool", &inputs, |i| {
                Ok(boolean_text(boolean_of(&i[0])?).into())
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whole_numbers_are_read_as_postgresql_reads_them() {
        let mut inputs = made(
            13,
            5_000,
            &["1", "0", "9", "-", "+", " ", "\t", ".", "a", "123456789"],
            5,
        );
        inputs.extend(
            [
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "-9223372036854775809",
            ]
            .map(|one| input(one, "", "")),
        );
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1::bigint", &inputs, |i| Ok(whole_of(&i[0])?.to_string()))
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn doubles_are_read_as_postgresql_reads_them() {
        let pieces = [
            "1", "0", "9", "-", "+", " ", ".", "e", "E", "5", "23", "308", "inf", "Infinity", "NaN",
        ];
        let mut inputs = made(14, 15_000, &pieces, 6);
        inputs.extend(
            [
                "1e308",
                "1.8e308",
                "4e-324",
                "2e-324",
                "1e-400",
                "0e-400",
                "5e-324",
                "1e99999999999",
                "0e99999999999",
                "1e-99999999999",
            ]
            .map(|one| input(one, "", "")),
        );
        // A sign before NaN is refused here and means nothing there.
        inputs.retain(|i| !["-nan", "+nan"].contains(&i[0].trim().to_lowercase().as_str()));
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1::float8", &inputs, |i| {
                Ok(double_text(double_of(&i[0])?))
            })
            .await;
    }

    /// What we read, PostgreSQL reads in the same way; it may read more.
    async fn accepted_is_the_same(
        expression: &str,
        inputs: &[[String; 3]],
        least: usize,
        ours: impl Fn(&str) -> Result<String, Fault>,
    ) {
        let accepted: Vec<_> = inputs
            .iter()
            .filter(|i| ours(&i[0]).is_ok())
            .cloned()
            .collect();
        assert!(accepted.len() >= least, "{} are accepted", accepted.len());
        let mut oracle = Oracle::new().await;
        oracle.agrees(expression, &accepted, |i| ours(&i[0])).await;
    }

    fn moments(seed: u64) -> Vec<[String; 3]> {
        let mut random = StdRng::seed_from_u64(seed);
        (0..30_000)
            .map(|_| {
                let two = |random: &mut StdRng, most: u32| {
                    format!("{:02}", random.random_range(0..=most))
                };
                let date = [
                    &format!("{:04}", random.random_range(0..=3_000)),
                    &two(&mut random, 13),
                    &two(&mut random, 32),
                ]
                .map(String::as_str)
                .join(["-", "-", "-", "", "/"].choose(&mut random).unwrap());
                let time = [
                    two(&mut random, 24),
                    two(&mut random, 60),
                    two(&mut random, 60),
                ];
                let time = time[..random.random_range(2..=3)].join(":");
                let digits = random.random_range(0..9);
                let fraction: String = (0..digits)
                    .map(|_| *["0", "4", "5", "9"].choose(&mut random).unwrap())
                    .collect();
                let point = if fraction.is_empty() { "" } else { "." };
                let zone = ["", "", "", "Z", "+09", "-03:30", "+0900", " "]
                    .choose(&mut random)
                    .unwrap();
                let between = ["T", " ", "  ", ""].choose(&mut random).unwrap();
                let text = match random.random_range(0..4) {
                    0 => date,
                    1 => format!("{time}{point}{fraction}"),
                    _ => format!("{date}{between}{time}{point}{fraction}{zone}"),
                };
                input(text, "", "")
            })
            .collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn dates_and_times_we_read_are_read_the_same_by_postgresql() {
        accepted_is_the_same("$1::date", &moments(15), 2_000, |text| {
            date_of(text).map(date_text)
        })
        .await;
        accepted_is_the_same("$1::timestamp", &moments(16), 2_000, |text| {
            timestamp_of(text).map(timestamp_text)
        })
        .await;
        accepted_is_the_same("$1::time", &moments(17), 2_000, |text| {
            time_of(text).map(time_text)
        })
        .await;
    }

    #[test]
    fn other_ways_to_write_a_date_are_refused() {
        for text in [
            "",
            "08/19/2026",
            "19.8.2026",
            "2026-8-9",
            "Aug 19, 2026",
            "today",
            "2026-02-30",
            "0000-01-01",
            "2026-08-19T",
            "20260819T101010",
            "2026-08-19 24:00",
            "2026-08-19 10:00:60",
            "2026년 8월 19일",
            "가가-가",
            "2026-08-19 10:00 BC",
            "infinity",
        ] {
            assert!(date_of(text).is_err(), "{text}");
            assert!(timestamp_of(text).is_err(), "{text}");
            assert!(time_of(text).is_err(), "{text}");
        }
        assert_eq!(
            timestamp_of("9999-12-31 23:59:59.9999999"),
            Err(Fault::Calendar)
        );
    }
}
