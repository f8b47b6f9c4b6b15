//! A point in time as people read it.

use lang::Lang;
use serde::{Deserialize, Serialize};

/// A point in time, ready to be shown and still readable by programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// RFC 3339 with offset, for `<time datetime>`.
    pub iso: String,
    /// `2026-09-03 (목) 14:05`.
    pub text: String,
}

impl Moment {
    /// A moment from its local date and 24 h time; the weekday is computed here.
    pub fn new(
        iso: impl Into<String>,
        lang: Lang,
        (year, month, day): (i16, u8, u8),
        (hour, minute): (u8, u8),
    ) -> Self {
        let date = date_text(lang, year, month, day);
        Moment {
            iso: iso.into(),
            text: format!("{date} {hour:02}:{minute:02}"),
        }
    }
}

/// `2026-09-03 (목)`, or `2026-09-03 (Thu)` in English. The date is in the Gregorian calendar.
pub fn date_text(lang: Lang, year: i16, month: u8, day: u8) -> String {
    let weekday = weekday_from_sunday(year, month, day);
    let name = match lang {
        Lang::Ko => ["일", "월", "화", "수", "목", "금", "토"][weekday],
        Lang::En => ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday],
    };
    format!("{year:04}-{month:02}-{day:02} ({name})")
}

/// Sakamoto's method: a calendar crate would cost more bytes in the browser than all dates on the page.
fn weekday_from_sunday(year: i16, month: u8, day: u8) -> usize {
    const SHIFT: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let month = usize::from(month.clamp(1, 12));
    let year = i32::from(year) - i32::from(month < 3);
    let sum = year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + SHIFT[month - 1]
        + i32::from(day);
    usize::try_from(sum.rem_euclid(7)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_carries_its_weekday_in_both_languages() {
        assert_eq!(date_text(Lang::Ko, 2026, 9, 3), "2026-09-03 (목)");
        assert_eq!(date_text(Lang::En, 2024, 2, 29), "2024-02-29 (Thu)");
        assert_eq!(date_text(Lang::En, 2000, 1, 1), "2000-01-01 (Sat)");
    }

    #[test]
    fn a_moment_shows_the_time_with_two_digits() {
        let moment = Moment::new("2026-09-03T07:05:00+09:00", Lang::Ko, (2026, 9, 3), (7, 5));
        assert_eq!(moment.text, "2026-09-03 (목) 07:05");
    }
}
