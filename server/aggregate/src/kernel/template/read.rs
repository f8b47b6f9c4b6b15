//! `to_date` and `to_timestamp`: texts read by a template, as PostgreSQL's `DCH_from_char` reads them.
//!
//! It reads much and complains little: letters of the template stand for any letter, what is behind the last
//! part is left out, and a part of 0 is one that is not there.

use super::{DAYS, MONTHS, Token, short, tokens};
use crate::Fault;
use crate::SqlType;
use crate::kernel::calendar::{self, Civil, HOUR, MINUTE, SECOND};

/// A template that is read by, prepared.
#[derive(Clone, Debug)]
pub(crate) struct Reader(Vec<Node>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    /// A blank or a sign, which stands for one of either or for nothing.
    Gap,
    /// Any other letter, which stands for one of any kind.
    Letter { is_digit: bool },
    Part {
        part: Part,
        /// `FM`: as many digits as there are.
        is_short: bool,
    },
}

/// What is read at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    Month,
    MonthName(Names),
    Day,
    DayOfYear,
    DayName(Names),
    Quarter,
    Hour,
    HalfHour,
    Minute,
    Second,
    Millis,
    Micros,
    Half { has_points: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Long,
    Short,
}

/// What was read so far; 0 is what was not.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    year: i64,
    month: i64,
    day: i64,
    day_of_year: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millis: i64,
    micros: i64,
    is_afternoon: bool,
    has_halves: bool,
}

impl Reader {
    /// `None` for words that are not supported, for a part that is there twice, and without a year, which
    /// would be one before Christ.
    pub(crate) fn of(template: &str) -> Option<Self> {
        let mut nodes = Vec::new();
        let mut seen: Vec<Part> = Vec::new();
        for token in tokens(template)? {
            nodes.push(match token {
                Token::Letter {
                    letter,
                    is_quoted: false,
                } if is_separator(letter) || is_blank(letter) => Node::Gap,
                Token::Letter { letter, .. } => Node::Letter {
                    is_digit: letter.is_ascii_digit(),
                },
                Token::Word { word, is_short } => {
                    let part = Part::of(word)?;
                    if seen.iter().any(|other| other.field() == part.field()) {
                        return None;
                    }
                    seen.push(part);
                    Node::Part { part, is_short }
                }
            });
        }
        let has_year = seen.iter().any(|part| part.field() == Part::Year);
        has_year.then_some(Self(nodes))
    }

    /// Days since 1970-01-01, and microseconds of the day.
    ///
    /// # Errors
    /// [`Fault::Text`] where PostgreSQL stops, too, and [`Fault::Calendar`] outside of the years 1 to 9999.
    pub(crate) fn read(&self, text: &str, wanted: SqlType) -> Result<(i64, i64), Fault> {
        self.found(text)
            .and_then(Found::moment)
            .ok_or_else(|| Fault::Text {
                // A whole page in a message helps nobody.
                text: text.chars().take(100).collect(),
                wanted,
            })?
            .ok_or(Fault::Calendar)
    }

    fn found(&self, text: &str) -> Option<Found> {
        let mut found = Found::default();
        let mut rest = text;
        // Blanks that were left out and stand for no letter of the template.
        let mut surplus = 0i64;
        for (place, node) in self.0.iter().enumerate() {
            if rest.is_empty() {
                break;
            }
            if place == 0 || matches!(node, Node::Part { .. }) {
                skip_blanks(&mut rest, &mut surplus);
            }
            match *node {
                Node::Gap => {
                    surplus -= 1;
                    if rest.starts_with(|letter| is_separator(letter) || is_blank(letter)) {
                        rest = &rest[1..];
                        surplus += 1;
                    }
                }
                Node::Letter { .. } if surplus > 0 => surplus -= 1,
                Node::Letter { .. } => {
                    rest = rest.char_indices().nth(1).map_or("", |(at, _)| &rest[at..]);
                }
                Node::Part { part, is_short } => {
                    let takes_all = is_short || self.ends_number(place);
                    found.take(part, takes_all, &mut rest)?;
                    surplus = 0;
                    skip_blanks(&mut rest, &mut surplus);
                }
            }
        }
        Some(found)
    }

    /// Whether no digit can follow a number at this place, which therefore may have any length.
    fn ends_number(&self, place: usize) -> bool {
        match self.0.get(place + 1) {
            None | Some(Node::Gap) => true,
            Some(Node::Letter { is_digit }) => !is_digit,
            Some(Node::Part { part, .. }) => part.is_word(),
        }
    }
}

impl Part {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "YYYY" => Self::Year,
            "YY" => Self::ShortYear,
            "MM" => Self::Month,
            "MONTH" => Self::MonthName(Names::Long),
            "MON" => Self::MonthName(Names::Short),
            "DD" => Self::Day,
            "DDD" => Self::DayOfYear,
            "DAY" => Self::DayName(Names::Long),
            "DY" => Self::DayName(Names::Short),
            "Q" => Self::Quarter,
            "HH24" => Self::Hour,
            "HH12" | "HH" => Self::HalfHour,
            "MI" => Self::Minute,
            "SS" => Self::Second,
            "MS" => Self::Millis,
            "US" => Self::Micros,
            "AM" | "PM" => Self::Half { has_points: false },
            "A.M." | "P.M." => Self::Half { has_points: true },
            _ => return None,
        })
    }

    /// The part it says the same of.
    fn field(self) -> Self {
        match self {
            Self::ShortYear => Self::Year,
            Self::MonthName(_) => Self::Month,
            Self::HalfHour => Self::Hour,
            Self::DayName(_) => Self::DayName(Names::Long),
            Self::Half { .. } => Self::Half { has_points: false },
            other => other,
        }
    }

    fn is_word(self) -> bool {
        matches!(
            self,
            Self::MonthName(_) | Self::DayName(_) | Self::Half { .. }
        )
    }

    /// Digits, where a number follows at once.
    fn width(self) -> usize {
        match self {
            Self::Year => 4,
            Self::DayOfYear | Self::Millis => 3,
            Self::Micros => 6,
            Self::Quarter => 1,
            _ => 2,
        }
    }
}

impl Found {
    /// Reads one part; `None` when it is not there.
    fn take(&mut self, part: Part, takes_all: bool, rest: &mut &str) -> Option<()> {
        let names = |names: Names, of: &[&'static str]| -> Vec<&'static str> {
            of.iter()
                .map(|name| match names {
                    Names::Long => *name,
                    Names::Short => short(name),
                })
                .collect()
        };
        match part {
            Part::MonthName(form) => self.month = name(rest, &names(form, &MONTHS))? + 1,
            Part::DayName(form) => {
                name(rest, &names(form, &DAYS))?;
            }
            Part::Half { has_points } => {
                let halves = match has_points {
                    true => ["a.m.", "p.m."],
                    false => ["am", "pm"],
                };
                self.is_afternoon = name(rest, &halves)? == 1;
                self.has_halves = true;
            }
            part => {
                let (value, length) = number(rest, part.width(), takes_all)?;
                // 25 is 0.25 and 250 is 0.25, too; 025 is 0.025.
                let scaled = |digits: u32| {
                    let missing = digits.saturating_sub(u32::try_from(length).unwrap_or(digits));
                    value * 10i64.pow(missing)
                };
                match part {
                    Part::Year => self.year = value,
                    Part::ShortYear if length < 4 => self.year = whole_year(value),
                    Part::ShortYear => self.year = value,
                    Part::Month => self.month = value,
                    Part::Day => self.day = value,
                    Part::DayOfYear => self.day_of_year = value,
                    Part::Hour => self.hour = value,
                    Part::HalfHour => {
                        self.hour = value;
                        self.has_halves = true;
                    }
                    Part::Minute => self.minute = value,
                    Part::Second => self.second = value,
                    Part::Millis => self.millis = scaled(3),
                    Part::Micros => self.micros = scaled(6),
                    // In which month of a quarter nobody knows.
                    _ => {}
                }
            }
        }
        Some(())
    }

    /// The outer `None` is what PostgreSQL refuses, the inner one what this calendar does not have.
    fn moment(mut self) -> Option<Option<(i64, i64)>> {
        if self.has_halves {
            if !(1..=12).contains(&self.hour) {
                return None;
            }
            self.hour = self.hour % 12 + if self.is_afternoon { 12 } else { 0 };
        }
        let (mut month, mut day) = (self.month, self.day);
        if month == 0 {
            month = 1;
        }
        if day == 0 {
            day = 1;
        }
        if self.day_of_year != 0 && (month <= 1 || day <= 1) {
            if self.year == 0 {
                return None;
            }
            let (counted, before) = month_of(self.year, self.day_of_year);
            if month <= 1 {
                month = counted;
            }
            if day <= 1 {
                day = self.day_of_year - before;
            }
        }
        let fraction = self.millis * 1_000 + self.micros;
        let is_time = (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..60).contains(&self.second)
            && (0..SECOND).contains(&fraction);
        if !is_time || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let time = self.hour * HOUR + self.minute * MINUTE + self.second * SECOND + fraction;
        if !(1..=9_999).contains(&self.year) {
            return Some(None);
        }
        let civil = Civil::checked(self.year, month, day)?;
        Some(Some((civil.days(), time)))
    }
}

/// The month a day of the year is in, 13 behind the last, and the days before it.
fn month_of(year: i64, day: i64) -> (i64, i64) {
    let mut before = 0;
    for month in 1..=12 {
        let length = calendar::month_length(year, month);
        if day <= before + length {
            return (month, before);
        }
        before += length;
    }
    (13, before)
}

/// Years of fewer than four digits are the nearest to 2020.
fn whole_year(year: i64) -> i64 {
    match year {
        ..70 => year + 2_000,
        70..100 => year + 1_900,
        100..520 => year + 2_000,
        520..1_000 => year + 1_000,
        _ => year,
    }
}

/// A number and how many letters it took; `None` when there is none, or one of 32 bits does not hold it.
fn number(rest: &mut &str, width: usize, takes_all: bool) -> Option<(i64, usize)> {
    let bytes = rest.as_bytes();
    let taken = if takes_all {
        bytes
    } else {
        bytes.get(..width)?
    };
    let sign = usize::from(matches!(taken.first(), Some(b'-' | b'+')));
    let digits = taken[sign..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let used = if digits == 0 { 0 } else { sign + digits };
    if used == 0 || (!takes_all && used < width) {
        return None;
    }
    let value = rest[..used].parse::<i32>().ok()?;
    *rest = &rest[used..];
    Some((i64::from(value), used))
}

/// Which of the names stands here, whatever its case.
fn name(rest: &mut &str, names: &[&str]) -> Option<i64> {
    let at = names.iter().position(|name| {
        rest.get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
    })?;
    *rest = &rest[names[at].len()..];
    i64::try_from(at).ok()
}

fn skip_blanks(rest: &mut &str, surplus: &mut i64) {
    let behind = rest.trim_start_matches(is_blank);
    *surplus += i64::try_from(rest.len() - behind.len()).unwrap_or(i64::MAX);
    *rest = behind;
}

/// What C calls blanks.
fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

fn is_separator(letter: char) -> bool {
    letter.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};

    use super::*;
    use crate::kernel::calendar::DAY;
    use crate::kernel::format::timestamp_text;
    use crate::kernel::oracle::{Oracle, input};

    fn ours(template: &str, text: &str) -> Result<String, Fault> {
        let reader = Reader::of(template).unwrap();
        let (days, time) = reader.read(text, SqlType::Timestamp)?;
        Ok(timestamp_text(days * DAY + time))
    }

    /// Compares with PostgreSQL, which also knows the years before 1 and after 9999.
    async fn agrees(inputs: &[[String; 3]]) {
        let mut oracle = Oracle::new().await;
        let expression = "to_timestamp($2, $1)::timestamp";
        let answers = oracle.ask(expression, inputs).await;
        assert_eq!(answers.len(), inputs.len());
        let mut read = 0;
        for (input, theirs) in inputs.iter().zip(answers) {
            let ours = ours(&input[0], &input[1]);
            let theirs = theirs.map(Option::unwrap_or_default);
            let is_same = match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => {
                    read += 1;
                    ours == theirs
                }
                (Err(Fault::Calendar), Ok(theirs)) => {
                    theirs.ends_with(" BC") || theirs.find('-').is_some_and(|at| at > 4)
                }
                (Err(_), Err(())) => true,
                _ => false,
            };
            assert!(is_same, "{input:?}: ours {ours:?}, PostgreSQL's {theirs:?}");
        }
        assert!(read * 10 > inputs.len(), "only {read} were read");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn texts_are_read_as_postgresql_reads_them() {
        let mut inputs = Vec::new();
        for (template, texts) in [
            (
                "YYYY-MM-DD",
                &[
                    "2026-08-19",
                    "2026-8-1",
                    "20260819",
                    "2026/08/19",
                    "2026 08 19 ",
                    "26-8-1",
                    "2026-13-01",
                    "2026-02-30",
                    "",
                    "  2026-08-19x",
                    "2026",
                    "x",
                    "-5-01-01",
                    "2026-00-00",
                    "+2026-+8-9",
                    "0-1-1",
                    "12345-01-01",
                ][..],
            ),
            (
                "YYYYMMDD",
                &[
                    "20260819",
                    "2026819",
                    "2026-08-19",
                    "202608",
                    "20260819123",
                    " 2026 0819",
                ],
            ),
            ("YYMMDD", &["260819", "700101", "991231", "7001011"]),
            (
                "YY-MM-DD",
                &["26-08-19", "126-8-19", "2026-8-19", "520-01-01", "1-1-1"],
            ),
            (
                "DD.MM.YYYY HH24:MI:SS",
                &[
                    "19.08.2026 10:20:30",
                    "19.08.2026",
                    "19.08.2026 24:00:00",
                    "1.1.2026 1:2:3",
                    "19.08.2026  10 : 20 : 30",
                    "19.08.2026 10:60:00",
                ],
            ),
            (
                "YYYY-MM-DD HH12:MI AM",
                &[
                    "2026-08-19 12:05 AM",
                    "2026-08-19 12:05 pm",
                    "2026-08-19 13:05 PM",
                    "2026-08-19 1:05",
                    "2026-08-19 0:05 AM",
                    "2026-08-19 1:05 xm",
                ],
            ),
            (
                "YYYY-MM-DD HH24:MI p.m.",
                &[
                    "2026-08-19 11:05 P.M.",
                    "2026-08-19 13:05 p.m.",
                    "2026-08-19 11:05 pm",
                ],
            ),
            (
                "YYYY\"년\" MM\"월\" DD\"일\"",
                &[
                    "2026년 8월 19일",
                    "2026년08월19일",
                    "2026x08y19",
                    "2026년  8월",
                ],
            ),
            (
                "YYYY년MM월DD일",
                &["2026년08월19일", "2026년 8월 9일", "2026/8/9"],
            ),
            (
                "DD Mon YYYY",
                &[
                    "19 Aug 2026",
                    "19 august 2026",
                    "19AUG2026",
                    "19 Agu 2026",
                    "19 Feb 2025",
                ],
            ),
            (
                "Month DD, YYYY",
                &[
                    "August 19, 2026",
                    "may 1, 2026",
                    "Aug 19, 2026",
                    "December31,2026",
                ],
            ),
            (
                "Day DD MM YYYY",
                &[
                    "Wednesday 19 08 2026",
                    "monday 19 08 2026",
                    "Wed 19 08 2026",
                ],
            ),
            (
                "YYYY-DDD",
                &["2026-231", "2024-366", "2026-366", "2026-0", "2026--1"],
            ),
            (
                "DDD MM YYYY",
                &["231 05 2026", "231 00 2026", "040 01 2026"],
            ),
            (
                "YYYY-MM-DD HH24:MI:SS.MS",
                &[
                    "2026-08-19 10:20:30.5",
                    "2026-08-19 10:20:30.05",
                    "2026-08-19 10:20:30.1234",
                ],
            ),
            (
                "YYYY-MM-DD HH24:MI:SS.US",
                &[
                    "2026-08-19 10:20:30.5",
                    "2026-08-19 10:20:30.123456",
                    "2026-08-19 10:20:30.1234567",
                ],
            ),
            (
                "YYYYMMDDHH24MISSMS",
                &["20260819102030123", "2026081910203012"],
            ),
            ("Q YYYY MM", &["3 2026 08", "x 2026 08"]),
            ("FMDD/FMMM/FMYYYY", &["1/8/2026", "19/08/2026"]),
            (
                " YYYY  MM",
                &["2026 08", " 2026  08", "2026-08", "2026   08"],
            ),
            ("20YY-MM", &["2026-08", "xx26-08"]),
            ("YYYY9MM", &["2026x08", "2026908"]),
        ] {
            inputs.extend(texts.iter().map(|text| input(template, text, "")));
        }
        agrees(&inputs).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn random_texts_are_read_as_postgresql_reads_them() {
        let mut random = StdRng::seed_from_u64(23);
        let pieces = [
            "YYYY", "YYYY", "YY", "MM", "DD", "DDD", "Mon", "MONTH", "Day", "dy", "HH24", "HH12",
            "MI", "SS", "MS", "US", "AM", "p.m.", "Q", "FM", "-", "/", ".", ":", " ", "  ", ",",
            "T", "\"T\"", "\" \"", "년", "\"월\"", "7", "x",
        ];
        let values = [
            "2026",
            "1999",
            "26",
            "8",
            "08",
            "19",
            "231",
            "Aug",
            "august",
            "Wednesday",
            "wed",
            "10",
            "23",
            "59",
            "5",
            "123",
            "123456",
            "am",
            "PM",
            "P.M.",
            "3",
            "-",
            "/",
            ".",
            ":",
            " ",
            "  ",
            ",",
            "T",
            "년",
            "월",
            "x",
            "0",
            "+1",
            "-1",
            "7",
        ];
        let mut inputs = Vec::new();
        while inputs.len() < 12_000 {
            let count = random.random_range(2..8);
            let parts: Vec<&str> = (0..count)
                .filter_map(|_| pieces.choose(&mut random).copied())
                .collect();
            let template = format!("YYYY{}", parts.concat());
            let template = if random.random_bool(0.5) {
                parts.concat()
            } else {
                template
            };
            if Reader::of(&template).is_none() {
                continue;
            }
            // Half of the texts are of the template's own shape, the others of any.
            let is_shaped = random.random_bool(0.7);
            let text: String = if is_shaped {
                let moment = random.random_range(0..20_000) * DAY + random.random_range(0..DAY);
                let written = super::super::Template::read(&template)
                    .unwrap()
                    .written(moment);
                match random.random_range(0..4) {
                    0 => written.replace('0', ""),
                    1 => written.replace("  ", " "),
                    2 => format!(" {written}x"),
                    _ => written,
                }
            } else {
                let count = random.random_range(0..8);
                (0..count)
                    .filter_map(|_| values.choose(&mut random).copied())
                    .collect()
            };
            inputs.push(input(template, text, ""));
        }
        agrees(&inputs).await;
    }

    #[test]
    fn what_cannot_be_proven_is_refused() {
        for template in [
            "",
            "MM-DD",
            "YYYY IW",
            "IYYY-IW-ID",
            "YYYY-MM-DD BC",
            "YYYY-YY",
            "MM Mon YYYY",
            "J",
            "YYYY W",
            "YYYY-MM-DD FF3",
            "YYYYTH",
            "YYYY TZ",
            "HH24 HH12 YYYY",
            "YYYY AM PM",
        ] {
            assert!(Reader::of(template).is_none(), "{template}");
        }
    }
}
