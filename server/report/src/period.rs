//! Relative dates and periods: parsed from words, resolved once in the report's zone.
//!
//! Weeks start on Monday. Periods are half open, `[from, until)`. Nothing here reads the clock.

mod preset;

use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan, Unit};

use crate::param::Grain;

pub use preset::PeriodPreset;

/// A day in words: `today`, `start of month - 1 day`, `2026-01-31`. Displays as written.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    text: String,
    base: Base,
    offset: Option<Length>,
    negative: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Base {
    Today,
    Yesterday,
    StartOf(Grain),
    Day(Date),
}

impl When {
    /// Reads a day in words. `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.trim();
        let (base, rest) = Self::base(words)?;
        let rest = rest.trim();
        let (negative, rest) = match rest.chars().next() {
            None => (false, ""),
            Some('+') => (false, rest[1..].trim()),
            Some('-') => (true, rest[1..].trim()),
            Some(_) => return None,
        };
        let offset = if rest.is_empty() {
            // A sign without a span is a mistake, not nothing.
            if words.ends_with(['+', '-']) {
                return None;
            }
            None
        } else {
            Some(Length::parse(rest)?)
        };
        let when = Self {
            text: words.to_owned(),
            base,
            offset,
            negative,
        };
        // The farthest days jiff knows are centuries away: an offset beyond them is a typing mistake.
        when.resolve(jiff::civil::date(2026, 1, 1)).map(|_| when)
    }

    fn base(words: &str) -> Option<(Base, &str)> {
        if let Some(rest) = words.strip_prefix("today") {
            return Some((Base::Today, rest));
        }
        if let Some(rest) = words.strip_prefix("yesterday") {
            return Some((Base::Yesterday, rest));
        }
        if let Some(rest) = words.strip_prefix("start of ") {
            let rest = rest.trim_start();
            let end = rest
                .find(|c: char| !c.is_ascii_lowercase())
                .unwrap_or(rest.len());
            let unit = match &rest[..end] {
                "week" => Grain::Week,
                "month" => Grain::Month,
                "quarter" => Grain::Quarter,
                "year" => Grain::Year,
                _ => return None,
            };
            return Some((Base::StartOf(unit), &rest[end..]));
        }
        let day = parse_day(words.get(..10)?)?;
        Some((Base::Day(day), &words[10..]))
    }

    /// The day, as seen on `today`. `None` only beyond the years jiff knows.
    pub fn resolve(&self, today: Date) -> Option<Date> {
        let base = match self.base {
            Base::Today => today,
            Base::Yesterday => today.yesterday().ok()?,
            Base::StartOf(unit) => start_of(today, unit)?,
            Base::Day(day) => day,
        };
        match &self.offset {
            None => Some(base),
            Some(offset) if self.negative => base.checked_sub(offset.span).ok(),
            Some(offset) => base.checked_add(offset.span).ok(),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A length in whole days or more: `2 years`, `1 month 3 days`. Displays as written.
#[derive(Clone, Debug)]
pub struct Length {
    text: String,
    /// The same as a jiff span; only years, months, weeks and days.
    pub span: Span,
}

impl PartialEq for Length {
    fn eq(&self, other: &Self) -> bool {
        self.span.fieldwise() == other.span.fieldwise()
    }
}

impl Length {
    /// Reads a positive length. `None` when it is none or has hours.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with(['-', '+', 'P', 'p']) {
            return None;
        }
        let text = text.replace("quarters", "quarter");
        let span: Span = match text.strip_suffix("quarter") {
            Some(count) => {
                let months = count.trim().parse::<i64>().ok()?.checked_mul(3)?;
                Span::new().try_months(months).ok()?
            }
            None => text.parse().ok()?,
        };
        let days_only = span.get_hours() == 0
            && span.get_minutes() == 0
            && span.get_seconds() == 0
            && span.get_milliseconds() == 0
            && span.get_microseconds() == 0
            && span.get_nanoseconds() == 0;
        (days_only && span.is_positive()).then_some(Self { text, span })
    }

    /// The largest unit the author used; bounds are explained in it.
    pub fn unit(&self) -> Unit {
        if self.span.get_years() != 0 {
            Unit::Year
        } else if self.span.get_months() != 0 {
            Unit::Month
        } else if self.span.get_weeks() != 0 {
            Unit::Week
        } else {
            Unit::Day
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Days `[from, until)` in words. Displays as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression {
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Whole units before today.
    Last(i32, Grain),
    /// The unit today lies in.
    This(Grain),
    /// The unit before that.
    Previous(Grain),
    /// Given days.
    Days(Date, Date),
}

impl Expression {
    /// Reads `last 30 days`, `this month`, `previous quarter`, `2026-01-01 .. 2026-02-01`,
    /// or one whole unit: `2026-08`, `2026-Q3`, `2026`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((from, until)) = text.split_once("..") {
            let (from, until) = (parse_day(from.trim())?, parse_day(until.trim())?);
            return (from < until).then_some(Self {
                kind: Kind::Days(from, until),
            });
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let kind = match words.as_slice() {
            ["this", unit] => Kind::This(unit_of(unit)?),
            ["previous", unit] => Kind::Previous(unit_of(unit)?),
            ["last", count, unit] => {
                let count: i32 = count.parse().ok()?;
                // 10,000 days are 27 years; more is a typing mistake.
                if !(1..=10_000).contains(&count) {
                    return None;
                }
                Kind::Last(count, unit_of(unit.strip_suffix('s').unwrap_or(unit))?)
            }
            [unit] => {
                let (from, until) = whole_unit(unit)?;
                Kind::Days(from, until)
            }
            _ => return None,
        };
        Some(Self { kind })
    }

    /// The days, as seen on `today`. `None` only beyond the years jiff knows.
    pub fn resolve(&self, today: Date) -> Option<(Date, Date)> {
        match self.kind {
            Kind::Days(from, until) => Some((from, until)),
            Kind::This(unit) => {
                let from = start_of(today, unit)?;
                Some((from, add(from, unit, 1)?))
            }
            Kind::Previous(unit) => {
                let until = start_of(today, unit)?;
                Some((add(until, unit, -1)?, until))
            }
            Kind::Last(count, unit) => {
                let until = start_of(today, unit)?;
                Some((add(until, unit, -count)?, until))
            }
        }
    }
}

fn unit_of(word: &str) -> Option<Grain> {
    Some(match word {
        "day" => Grain::Day,
        "week" => Grain::Week,
        "month" => Grain::Month,
        "quarter" => Grain::Quarter,
        "year" => Grain::Year,
        _ => return None,
    })
}

/// `2026-08`, `2026-Q3` and `2026` as days.
fn whole_unit(text: &str) -> Option<(Date, Date)> {
    let digits = |part: &str, count: usize| {
        (part.len() == count && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())?
    };
    let (year, month, unit) = match text.split_once('-') {
        None => (digits(text, 4)?, 1, Grain::Year),
        Some((year, rest)) => match rest.strip_prefix(['Q', 'q']) {
            Some(quarter) => {
                let quarter = digits(quarter, 1)?;
                (
                    digits(year, 4)?,
                    (1..=4).contains(&quarter).then_some(quarter * 3 - 2)?,
                    Grain::Quarter,
                )
            }
            None => (digits(year, 4)?, digits(rest, 2)?, Grain::Month),
        },
    };
    let from = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
    Some((from, add(from, unit, 1)?))
}

/// A day as `2026-01-31` and nothing else; jiff alone would accept times behind it.
pub(crate) fn parse_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let well_formed = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if well_formed { text.parse().ok() } else { None }
}

/// The first day of the unit the day lies in.
pub(crate) fn start_of(day: Date, unit: Grain) -> Option<Date> {
    match unit {
        Grain::Day => Some(day),
        Grain::Week => {
            let back = i64::from(day.weekday().since(Weekday::Monday));
            day.checked_sub(back.days()).ok()
        }
        Grain::Month => Some(day.first_of_month()),
        Grain::Quarter => {
            let month = (day.month() - 1) / 3 * 3 + 1;
            Date::new(day.year(), month, 1).ok()
        }
        Grain::Year => Some(day.first_of_year()),
    }
}

/// The day moved by whole units.
pub(crate) fn add(day: Date, unit: Grain, count: i32) -> Option<Date> {
    let count = i64::from(count);
    let span = match unit {
        Grain::Day => Span::new().try_days(count),
        Grain::Week => Span::new().try_weeks(count),
        Grain::Month => Span::new().try_months(count),
        Grain::Quarter => Span::new().try_months(count * 3),
        Grain::Year => Span::new().try_years(count),
    };
    day.checked_add(span.ok()?).ok()
}

/// How far `before_24_months`, a field of a period, goes back. `None` for every other field.
fn back(field: &str) -> Option<(i32, Grain)> {
    let (count, word) = field.strip_prefix("before_")?.split_once('_')?;
    let unit = unit_of(word.strip_suffix('s').unwrap_or(word))?;
    // No leading zeros, so that one moment has one name; a thousand is more than anybody compares with.
    let is_plain = !count.starts_with('0') && count.len() <= 3;
    let count = count.parse().ok().filter(|_| is_plain)?;
    Some((count, unit))
}

/// Whether a field of a period goes back from its first day.
pub(crate) fn is_before(field: &str) -> bool {
    back(field).is_some()
}

/// The day a field like `before_24_months` means for a period that begins with `from`.
pub(crate) fn before(from: Date, field: &str) -> Option<Date> {
    let (count, unit) = back(field)?;
    add(from, unit, -count)
}

/// True when both ends are first days of the unit.
pub(crate) fn is_whole(from: Date, until: Date, unit: Grain) -> bool {
    start_of(from, unit) == Some(from) && start_of(until, unit) == Some(until)
}

/// The days moved by their own length: months stay months, everything else is counted in days.
pub(crate) fn shifted(from: Date, until: Date, by: i32) -> Option<(Date, Date)> {
    let months = if is_whole(from, until, Grain::Month) {
        (i32::from(until.year()) - i32::from(from.year())) * 12 + i32::from(until.month())
            - i32::from(from.month())
    } else {
        0
    };
    let (unit, length) = if months > 0 {
        (Grain::Month, months)
    } else {
        (Grain::Day, (until - from).get_days())
    };
    let count = length.checked_mul(by)?;
    Some((add(from, unit, count)?, add(until, unit, count)?))
}

/// `2026-08` for a whole month, `2026-Q3`, `2026`, a single day, else `2026-01-05~2026-01-20`.
pub(crate) fn compact(from: Date, until: Date) -> String {
    let last_day = until.yesterday().unwrap_or(until);
    if is_whole(from, until, Grain::Month) {
        let next = |unit| add(from, unit, 1) == Some(until);
        let month = |day: Date| format!("{:04}-{:02}", day.year(), day.month());
        if next(Grain::Month) {
            month(from)
        } else if is_whole(from, until, Grain::Quarter) && next(Grain::Quarter) {
            format!("{:04}-Q{}", from.year(), (from.month() - 1) / 3 + 1)
        } else if is_whole(from, until, Grain::Year) && next(Grain::Year) {
            format!("{:04}", from.year())
        } else {
            format!("{}~{}", month(from), month(last_day))
        }
    } else if from == last_day {
        from.to_string()
    } else {
        format!("{from}~{last_day}")
    }
}

#[cfg(test)]
mod tests;
