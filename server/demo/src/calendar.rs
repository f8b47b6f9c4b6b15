//! How busy the shop is on a day: growth, seasons, weekdays, holidays, and one bad month.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// Months of data.
pub(crate) const MONTHS: usize = 36;

/// The month, counted from the beginning, in which the warehouse stood still.
pub(crate) const BAD_MONTH: usize = 21;

/// The days the shop has data for, `[first, end)`.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub first: Date,
    pub end: Date,
}

impl Window {
    /// The thirty-six months before the month of `today`. `None` at the far ends of the calendar.
    pub(crate) fn before(today: Date) -> Option<Window> {
        let end = today.first_of_month();
        let first = end.checked_sub(Span::new().months(MONTHS as i64)).ok()?;
        Some(Window { first, end })
    }

    /// The first day of a month, counted from the beginning. At most [`MONTHS`].
    pub(crate) fn month(&self, index: usize) -> Date {
        self.first.saturating_add((index as i64).months())
    }

    /// The months from the beginning to `date`, which is not before it.
    pub(crate) fn month_of(&self, date: Date) -> usize {
        let years = i32::from(date.year()) - i32::from(self.first.year());
        let months = i32::from(date.month()) - i32::from(self.first.month());
        (years * 12 + months) as usize
    }

    /// The days of a month, with their weights.
    pub(crate) fn days(&self, month: usize) -> Vec<(Date, u64)> {
        let end = self.month(month + 1);
        let mut days = Vec::with_capacity(31);
        let mut date = self.month(month);
        while date < end {
            days.push((date, self.weight(month, date)));
            date = date.saturating_add(1.day());
        }
        days
    }

    /// How many orders the day gets, in arbitrary units near 1,000,000.
    fn weight(&self, month: usize, date: Date) -> u64 {
        let growth = 1000 + 21 * month as u64;
        let season = SEASON[date.month() as usize - 1];
        let weekday = match date.weekday() {
            Weekday::Monday => 108,
            Weekday::Tuesday => 104,
            Weekday::Wednesday => 102,
            Weekday::Thursday => 103,
            Weekday::Friday => 106,
            Weekday::Saturday => 92,
            Weekday::Sunday => 80,
        };
        let bad = if month == BAD_MONTH { 62 } else { 100 };
        growth * season * weekday * holiday(date) * bad / 100_000
    }
}

/// Percent of the average, January first: the year ends well.
const SEASON: [u64; 12] = [94, 91, 98, 97, 104, 96, 95, 93, 101, 100, 118, 130];

/// The two moving feasts of a year, as month and day.
struct Feasts {
    year: i16,
    seollal: (i8, i8),
    chuseok: (i8, i8),
}

const fn feasts(year: i16, seollal: (i8, i8), chuseok: (i8, i8)) -> Feasts {
    Feasts {
        year,
        seollal,
        chuseok,
    }
}

/// 설날 and 추석 of each year, as the Korean calendar has them.
const FEASTS: [Feasts; 15] = [
    feasts(2021, (2, 12), (9, 21)),
    feasts(2022, (2, 1), (9, 10)),
    feasts(2023, (1, 22), (9, 29)),
    feasts(2024, (2, 10), (9, 17)),
    feasts(2025, (1, 29), (10, 6)),
    feasts(2026, (2, 17), (9, 25)),
    feasts(2027, (2, 7), (9, 15)),
    feasts(2028, (1, 27), (10, 3)),
    feasts(2029, (2, 13), (9, 22)),
    feasts(2030, (2, 3), (9, 12)),
    feasts(2031, (1, 23), (10, 1)),
    feasts(2032, (2, 11), (9, 19)),
    feasts(2033, (1, 31), (9, 8)),
    feasts(2034, (2, 19), (9, 27)),
    feasts(2035, (2, 8), (9, 16)),
];

/// Days from `date` to the nearest feast; negative after it. `None` when none is near or known.
fn feast(date: Date) -> Option<i64> {
    let year = FEASTS.iter().find(|feasts| feasts.year == date.year())?;
    [year.seollal, year.chuseok]
        .into_iter()
        .filter_map(|(month, day)| Date::new(year.year, month, day).ok())
        .map(|feast| i64::from(feast.day_of_year()) - i64::from(date.day_of_year()))
        .find(|days| (-3..=24).contains(days))
}

/// Percent of an ordinary day: three busy weeks, three silent days, then people come back.
fn holiday(date: Date) -> u64 {
    match feast(date) {
        Some(15..=24) => 110,
        Some(8..=14) => 132,
        Some(4..=7) => 146,
        Some(2..=3) => 104,
        Some(-1..=1) => 34,
        Some(-3..=-2) => 78,
        _ => 100,
    }
}

/// Percent of their usual demand that gift sets reach on a day.
pub(crate) fn gift_demand(date: Date) -> u64 {
    match feast(date) {
        Some(15..=24) => 170,
        Some(4..=14) => 320,
        Some(2..=3) => 180,
        Some(-3..=1) => 40,
        _ => 100,
    }
}

/// True on Saturday and Sunday.
pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_window_ends_with_last_month() {
        let window = Window::before(date(2026, 11, 20)).unwrap();
        assert_eq!(window.first, date(2023, 11, 1));
        assert_eq!(window.end, date(2026, 11, 1));
        assert_eq!(window.month_of(date(2026, 10, 31)), MONTHS - 1);
        assert_eq!(window.month(MONTHS), window.end);
    }

    #[test]
    fn a_week_before_chuseok_is_busier_than_the_feast_itself() {
        let window = Window::before(date(2026, 11, 20)).unwrap();
        let days = window.days(window.month_of(date(2026, 9, 1)));
        let weight = |day: i8| days[day as usize - 1].1;
        assert!(weight(18) > 3 * weight(25));
        assert_eq!(gift_demand(date(2026, 9, 18)), 320);
        assert_eq!(gift_demand(date(2026, 6, 18)), 100);
    }

    #[test]
    fn the_bad_month_is_worse_than_both_its_neighbours_whenever_the_shop_is_made() {
        for month in 1..=12 {
            let window = Window::before(date(2026, month, 15)).unwrap();
            let total = |index: usize| window.days(index).iter().map(|(_, w)| w).sum::<u64>();
            let neighbours = total(BAD_MONTH - 1).min(total(BAD_MONTH + 1));
            assert!(
                total(BAD_MONTH) * 100 < neighbours * 85,
                "made in month {month}"
            );
        }
    }
}
