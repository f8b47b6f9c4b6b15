//! The proleptic Gregorian calendar as days since 1970-01-01, in both directions.
//!
//! Databases know more years than jiff does, and a column has millions of days: both directions are
//! plain arithmetic, <https://howardhinnant.github.io/date_algorithms.html>.

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// A day as days since 1970-01-01; `None` when the month has no such day. The year before 1 is 0.
#[inline]
pub fn days(year: i32, month: u32, day: u32) -> Option<i32> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=last)
        .contains(&day)
        .then(|| days_from_civil(year, month, day))
}

/// The same for a day that is known to be one.
pub fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year as i32;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of any day since 1970-01-01; the year before 1 is 0.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The first day of the day's month.
pub fn first_of_month(days: i64) -> i64 {
    let (_, _, day) = civil_from_days(days);
    days + 1 - day
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_day_jiff_knows_is_the_same_in_both_directions() {
        let epoch = date(1970, 1, 1);
        let mut day = date(-9999, 1, 1);
        while let Ok(next) = day.checked_add(17.days()) {
            let since = day.since((jiff::Unit::Day, epoch)).unwrap().get_days();
            let (year, month, of_month) = (day.year(), day.month(), day.day());
            assert_eq!(
                civil_from_days(since.into()),
                (year.into(), month.into(), of_month.into()),
            );
            assert_eq!(
                days(year.into(), month as u32, of_month as u32),
                Some(since)
            );
            day = next;
        }
    }

    #[test]
    fn what_is_no_day_has_no_number() {
        assert_eq!(days(2024, 2, 29), Some(19_782));
        for (year, month, day) in [(2026, 2, 29), (2026, 13, 1), (0, 0, 0), (1900, 2, 29)] {
            assert_eq!(days(year, month, day), None, "{year}-{month}-{day}");
        }
        assert_eq!(first_of_month(20_699), 20_697);
    }
}
