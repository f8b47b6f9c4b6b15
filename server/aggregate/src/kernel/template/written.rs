//! `to_char` of dates and timestamps.

use super::{DAYS, MONTHS, Token, short, tokens};
use crate::kernel::calendar::{self, Civil, DAY, HOUR, MINUTE, SECOND};

/// What `to_char` writes, prepared.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Part { word: &'static str, is_short: bool },
}

impl Template {
    /// A template of `to_char`; `None` for an empty one and for words that are not supported.
    pub(crate) fn read(template: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        for token in tokens(template)? {
            match token {
                Token::Letter { letter, .. } => push(&mut pieces, letter),
                Token::Word { word, is_short } => pieces.push(Piece::Part { word, is_short }),
            }
        }
        Some(Self(pieces))
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

    use super::super::WORDS;
    use super::*;
    use crate::kernel::oracle::{AT, Oracle, at, input, moments};

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
