//! Values as texts: PostgreSQL's output of types, and `to_char` of dates and timestamps.

use std::fmt::Write as _;

use ethnum::I256;

use super::calendar::{self, Civil, DAY, HOUR, MINUTE, SECOND};

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

/// What `to_char` writes, prepared.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Part {
        word: &'static str,
        /// `FM`: without zeros and blanks that fill.
        is_short: bool,
    },
}

/// All words of PostgreSQL's templates in capital letters, in the order they are looked for; words that
/// are not supported end in `!`.
const WORDS: &[&str] = &[
    "A.D.!", "A.M.", "AD!", "AM", "B.C.!", "BC!", "CC!", "DAY", "DDD", "DD", "DY", "Day", "Dy",
    "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FX!", "HH24", "HH12", "HH", "IDDD!", "ID",
    "IW", "IYYY", "IYY!", "IY!", "I!", "J!", "MI", "MM", "MONTH", "MON", "MS", "Month", "Mon",
    "OF!", "P.M.", "PM", "Q", "RM!", "SSSSS!", "SSSS!", "SS", "TZH!", "TZM!", "TZ!", "US", "WW",
    "W", "Y,YYY!", "YYYY", "YYY!", "YY", "Y!", "a.d.!", "a.m.", "ad!", "am", "b.c.!", "bc!", "cc!",
    "day", "ddd", "dd", "dy", "d", "ff1", "ff2", "ff3", "ff4", "ff5", "ff6", "fx!", "hh24", "hh12",
    "hh", "iddd!", "id", "iw", "iyyy", "iyy!", "iy!", "i!", "j!", "mi", "mm", "month", "mon", "ms",
    "of!", "p.m.", "pm", "q", "rm!", "sssss!", "ssss!", "ss", "tzh!", "tzm!", "tz!", "us", "ww",
    "w", "y,yyy!", "yyyy", "yyy!", "yy", "y!",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

impl Template {
    /// A template of `to_char`; `None` for an empty one and for words that are not supported.
    pub(crate) fn read(template: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some(first) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix('"') {
                rest = quoted(behind, &mut pieces)?;
                continue;
            }
            if first == '\\' {
                return None;
            }
            if !first.is_ascii_alphabetic() {
                push(&mut pieces, first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let shortened = rest.strip_prefix("FM").or(rest.strip_prefix("fm"));
            let is_short = shortened.is_some();
            rest = shortened.unwrap_or(rest);
            let word = WORDS
                .iter()
                .find(|word| rest.starts_with(word.trim_end_matches('!')))?;
            if word.ends_with('!') {
                return None;
            }
            rest = &rest[word.len()..];
            // `TH` and `SP` behind a word change it.
            let has_suffix = ["TH", "th", "SP"]
                .iter()
                .any(|suffix| rest.starts_with(suffix));
            if has_suffix {
                return None;
            }
            pieces.push(Piece::Part { word, is_short });
        }
        (!pieces.is_empty()).then_some(Self(pieces))
    }

    /// A format of `strftime`, as the template with the same answer; `None` for what has none.
    pub(crate) fn of_strftime(format: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut characters = format.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                push(&mut pieces, character);
                continue;
            }
            let words: &[(&'static str, bool)] = match characters.next()? {
                '%' => {
                    push(&mut pieces, '%');
                    continue;
                }
                'Y' => &[("YYYY", false)],
                'y' => &[("YY", false)],
                'm' => &[("MM", false)],
                'd' => &[("DD", false)],
                'H' => &[("HH24", false)],
                'I' => &[("HH12", false)],
                'M' => &[("MI", false)],
                'S' => &[("SS", false)],
                'p' => &[("AM", false)],
                'j' => &[("DDD", false)],
                'G' => &[("IYYY", false)],
                'V' => &[("IW", false)],
                'u' => &[("ID", false)],
                'B' => &[("Month", true)],
                'b' => &[("Mon", false)],
                'A' => &[("Day", true)],
                'a' => &[("Dy", false)],
                'F' => &[
                    ("YYYY", false),
                    ("-", false),
                    ("MM", false),
                    ("-", false),
                    ("DD", false),
                ],
                'T' => &[
                    ("HH24", false),
                    (":", false),
                    ("MI", false),
                    (":", false),
                    ("SS", false),
                ],
                _ => return None,
            };
            for &(word, is_short) in words {
                match word {
                    "-" => push(&mut pieces, '-'),
                    ":" => push(&mut pieces, ':'),
                    word => pieces.push(Piece::Part { word, is_short }),
                }
            }
        }
        (!pieces.is_empty()).then_some(Self(pieces))
    }

    /// The timestamp as the template says.
    pub(crate) fn written(&self, micros: i64) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Part { word, is_short } => part(word, *is_short, micros, &mut text),
            }
        }
        text
    }
}

fn push(pieces: &mut Vec<Piece>, character: char) {
    if let Some(Piece::Text(text)) = pieces.last_mut() {
        text.push(character);
    } else {
        pieces.push(Piece::Text(character.to_string()));
    }
}

/// Behind a `"`; gives what follows the closing one. A `\` keeps the next character.
fn quoted<'a>(rest: &'a str, pieces: &mut Vec<Piece>) -> Option<&'a str> {
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Some(characters.as_str()),
            '\\' => push(pieces, characters.next()?),
            character => push(pieces, character),
        }
    }
    None
}

/// The first three letters.
fn short(name: &str) -> &str {
    &name[..3]
}

fn part(word: &str, is_short: bool, micros: i64, to: &mut String) {
    let (days, time) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let civil = Civil::of(days);
    let month = MONTHS[usize::try_from(civil.month - 1).unwrap_or(0) % 12];
    let weekday = calendar::weekday(days);
    let day = DAYS[usize::try_from(weekday - 1).unwrap_or(0) % 7];
    let hour = time / HOUR;
    let fraction = time % SECOND;
    let half = if hour >= 12 {
        ["PM", "P.M."]
    } else {
        ["AM", "A.M."]
    };
    let name = |name: &str| {
        if is_short {
            name.to_owned()
        } else {
            format!("{name:<9}")
        }
    };
    let number = |value: i64, width: usize| {
        let width = if is_short { 0 } else { width };
        format!("{value:0width$}")
    };
    let digits = |count: u32| {
        let width = count as usize;
        format!("{:0width$}", fraction / 10_i64.pow(6 - count))
    };
    let text = match word {
        "AM" | "PM" => half[0].to_owned(),
        "A.M." | "P.M." => half[1].to_owned(),
        "am" | "pm" => half[0].to_lowercase(),
        "a.m." | "p.m." => half[1].to_lowercase(),
        "MONTH" => name(&month.to_uppercase()),
        "Month" => name(month),
        "month" => name(&month.to_lowercase()),
        "MON" => short(month).to_uppercase(),
        "Mon" => short(month).to_owned(),
        "mon" => short(month).to_lowercase(),
        "DAY" => name(&day.to_uppercase()),
        "Day" => name(day),
        "day" => name(&day.to_lowercase()),
        "DY" => short(day).to_uppercase(),
        "Dy" => short(day).to_owned(),
        "dy" => short(day).to_lowercase(),
        other => match other.to_ascii_uppercase().as_str() {
            "YYYY" => number(civil.year, 4),
            "YY" => number(civil.year % 100, 2),
            "IYYY" => number(calendar::iso_week(days).0, 4),
            "IW" => number(calendar::iso_week(days).1, 2),
            "WW" => number((calendar::day_of_year(days) - 1) / 7 + 1, 2),
            "W" => number((civil.day - 1) / 7 + 1, 0),
            "Q" => number((civil.month - 1) / 3 + 1, 0),
            "MM" => number(civil.month, 2),
            "DDD" => number(calendar::day_of_year(days), 3),
            "DD" => number(civil.day, 2),
            "D" => number(weekday % 7 + 1, 0),
            "ID" => number(weekday, 0),
            "HH24" => number(hour, 2),
            "HH12" | "HH" => number((hour + 11) % 12 + 1, 2),
            "MI" => number(time % HOUR / MINUTE, 2),
            "SS" => number(time % MINUTE / SECOND, 2),
            "MS" | "FF3" => digits(3),
            "US" | "FF6" => digits(6),
            "FF1" => digits(1),
            "FF2" => digits(2),
            "FF4" => digits(4),
            "FF5" => digits(5),
            _ => String::new(),
        },
    };
    to.push_str(&text);
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::super::oracle::{Oracle, input};
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

    fn moments() -> Vec<[String; 3]> {
        let mut random = StdRng::seed_from_u64(11);
        (0..3_000)
            .map(|place| {
                let day = match place % 2 {
                    0 => random.random_range(-719_162..=2_932_896),
                    _ => random.random_range(10_000..30_000),
                };
                let unit = [1, 1_000, SECOND, HOUR][place % 4];
                let at: i64 = day * DAY + random.random_range(0..DAY) / unit * unit;
                input(at, "", "")
            })
            .collect()
    }

    fn at(input: &[String; 3]) -> i64 {
        input[0].parse().unwrap()
    }

    /// Added in two steps: an interval has microseconds of its own.
    const AT: &str =
        "(timestamp '1970-01-01' + make_interval(days => div($1::numeric, 86400000000)::int)
        + make_interval(secs => 0) + (mod($1::numeric, 86400000000)::text || ' us')::interval)";

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

    #[tokio::test(flavor = "multi_thread")]
    async fn templates_are_filled_as_postgresql_fills_them() {
        let mut templates: Vec<String> = [
            "YYYY-MM-DD HH24:MI:SS.US",
            "YYYY년 MM월 DD일",
            "FMYYYY/FMMM/FMDD",
            "FMMonth FMDD, YYYY",
            "\"Week \"IW \"of\" IYYY",
            "\"a \\\" b\"",
            "HH12:MI AM",
            "yyyymmdd_hh24miss",
            "Q분기",
            "100% YYYY",
            "YYYYMMDDHH24MISSMS",
        ]
        .map(str::to_owned)
        .to_vec();
        for word in WORDS.iter().filter(|word| !word.ends_with('!')) {
            templates.extend([
                format!("<{word}>"),
                format!("FM{word}"),
                format!("fm{word}-"),
            ]);
        }
        let mut oracle = Oracle::new().await;
        let moments = moments();
        for template in templates {
            let prepared = Template::read(&template).unwrap_or_else(|| panic!("{template}"));
            oracle
                .agrees(
                    &format!("to_char({AT}, '{template}')"),
                    &moments[..300],
                    |i| Ok(prepared.written(at(i))),
                )
                .await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn accepted_templates_are_read_as_postgresql_reads_them() {
        use rand::seq::IndexedRandom;
        let mut random = StdRng::seed_from_u64(12);
        let pieces = [
            "YYYY", "Y", "YY", "M", "MM", "D", "DD", "DDD", "I", "IW", "W", "H", "HH", "24", "12",
            "MI", "S", "SS", "SP", "TH", "T", "FM", "Mon", "th", "\"", "x", " ", "-", ":", ",",
            "Day", "Q", "A", "AM", "P", "년", "day", "FF", "1", "FX", "TM", "US", "m", "n", "o",
        ];
        let mut accepted = Vec::new();
        while accepted.len() < 3_000 {
            let count = random.random_range(1..6);
            let template: String = (0..count)
                .filter_map(|_| pieces.choose(&mut random).copied())
                .collect();
            if Template::read(&template).is_some() {
                let at = random.random_range(0..20_000) * DAY + random.random_range(0..DAY);
                accepted.push(input(at, template, ""));
            }
        }
        let mut oracle = Oracle::new().await;
        oracle
            .agrees(&format!("to_char({AT}, $2)"), &accepted, |i| {
                Ok(Template::read(&i[1]).unwrap().written(at(i)))
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn formats_of_strftime_have_twins() {
        let format = "%Y %y %m %d %H %I %M %S %p %j %G %V %u %B %b %A %a %F %T %%";
        let twin = "YYYY YY MM DD HH24 HH12 MI SS AM DDD IYYY IW ID FMMonth Mon FMDay Dy YYYY-MM-DD HH24:MI:SS %";
        let prepared = Template::of_strftime(format).unwrap();
        assert!(Template::of_strftime("%c").is_none());
        let mut oracle = Oracle::new().await;
        oracle
            .agrees(&format!("to_char({AT}, '{twin}')"), &moments(), |i| {
                Ok(prepared.written(at(i)))
            })
            .await;
    }

    #[test]
    fn words_that_are_not_supported_are_refused() {
        for template in [
            "", "YYYY BC", "DDTH", "DDth", "J", "FXYYYY", "TMMonth", "xYYYY", "\"open", "DDTHH24",
            "TZ", "Y,YYY",
        ] {
            assert!(Template::read(template).is_none(), "{template}");
        }
    }
}
