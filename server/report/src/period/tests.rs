use jiff::civil::date;

use super::*;

fn day(text: &str, today: &str) -> Option<String> {
    Some(When::parse(text)?.resolve(parse_day(today)?)?.to_string())
}

fn period(text: &str, today: &str) -> Option<String> {
    let (from, until) = Expression::parse(text)?.resolve(parse_day(today)?)?;
    Some(format!("{from} {until}"))
}

#[test]
fn days_in_words_are_counted_from_today() {
    for (text, today, expected) in [
        ("today", "2026-09-03", "2026-09-03"),
        ("yesterday", "2026-03-01", "2026-02-28"),
        ("yesterday", "2028-03-01", "2028-02-29"),
        ("today - 7 days", "2026-01-03", "2025-12-27"),
        ("today + 1 month", "2026-01-31", "2026-02-28"),
        ("today + 1 month", "2028-01-31", "2028-02-29"),
        ("today - 1 year", "2028-02-29", "2027-02-28"),
        ("today - 1 year 2 months", "2026-03-31", "2025-01-31"),
        ("start of week", "2026-09-03", "2026-08-31"),
        ("start of week", "2026-08-31", "2026-08-31"),
        ("start of week", "2026-09-06", "2026-08-31"),
        ("start of month", "2026-09-30", "2026-09-01"),
        ("start of month - 1 day", "2028-03-15", "2028-02-29"),
        ("start of quarter", "2026-12-31", "2026-10-01"),
        ("start of year + 1 quarter", "2026-12-31", "2026-04-01"),
        ("2026-01-31", "2020-01-01", "2026-01-31"),
        ("2026-01-31 + 1 month", "2020-01-01", "2026-02-28"),
    ] {
        assert_eq!(
            day(text, today).as_deref(),
            Some(expected),
            "{text} on {today}"
        );
    }
}

#[test]
fn what_is_no_day_is_refused() {
    for text in [
        "",
        "tomorow",
        "today -",
        "today 7 days",
        "today - 7",
        "today - 7 dais",
        "today - 3 hours",
        "today - -3 days",
        "start of decade",
        "start of",
        "2026-02-30",
        "2026-1-1",
        "2026-01-01T10:00",
        "20260101",
        "today - 99999 years",
        "오늘",
    ] {
        assert!(When::parse(text).is_none(), "{text}");
    }
}

#[test]
fn periods_in_words_are_whole_units() {
    for (text, today, expected) in [
        ("last 30 days", "2026-09-03", "2026-08-04 2026-09-03"),
        ("last 1 day", "2026-03-01", "2026-02-28 2026-03-01"),
        ("last 2 weeks", "2026-09-03", "2026-08-17 2026-08-31"),
        ("last 3 months", "2026-02-28", "2025-11-01 2026-02-01"),
        ("this week", "2026-09-06", "2026-08-31 2026-09-07"),
        ("previous week", "2026-08-31", "2026-08-24 2026-08-31"),
        ("this month", "2028-02-10", "2028-02-01 2028-03-01"),
        ("previous month", "2026-01-31", "2025-12-01 2026-01-01"),
        ("previous month", "2028-03-31", "2028-02-01 2028-03-01"),
        ("this quarter", "2026-09-30", "2026-07-01 2026-10-01"),
        ("previous quarter", "2026-01-01", "2025-10-01 2026-01-01"),
        ("this year", "2026-09-30", "2026-01-01 2027-01-01"),
        ("previous year", "2026-09-30", "2025-01-01 2026-01-01"),
        (
            "2026-01-01 .. 2026-02-01",
            "2020-01-01",
            "2026-01-01 2026-02-01",
        ),
        (
            "2026-01-01..2026-01-02",
            "2020-01-01",
            "2026-01-01 2026-01-02",
        ),
        ("2026-08", "2020-01-01", "2026-08-01 2026-09-01"),
        ("2026-Q4", "2020-01-01", "2026-10-01 2027-01-01"),
        ("2028", "2020-01-01", "2028-01-01 2029-01-01"),
    ] {
        assert_eq!(
            period(text, today).as_deref(),
            Some(expected),
            "{text} on {today}"
        );
    }
}

#[test]
fn what_is_no_period_is_refused() {
    for text in [
        "",
        "last 0 days",
        "last -1 days",
        "last 30 dais",
        "last 20000 days",
        "last days",
        "previous",
        "next month",
        "2026-02-01 .. 2026-01-01",
        "2026-01-01 .. 2026-01-01",
        "2026-01-01 ..",
        "2026-13",
        "2026-Q5",
        "26",
        "지난달",
    ] {
        assert!(Expression::parse(text).is_none(), "{text}");
    }
}

#[test]
fn a_shifted_month_stays_a_month() {
    for (from, until, by, expected) in [
        (date(2026, 8, 1), date(2026, 9, 1), -1, "2026-07"),
        (date(2026, 1, 1), date(2026, 2, 1), 1, "2026-02"),
        (date(2028, 2, 1), date(2028, 3, 1), 1, "2028-03"),
        (date(2026, 7, 1), date(2026, 10, 1), 1, "2026-Q4"),
        (date(2026, 1, 1), date(2027, 1, 1), -1, "2025"),
        (
            date(2026, 8, 31),
            date(2026, 9, 7),
            -1,
            "2026-08-24~2026-08-30",
        ),
        (
            date(2026, 8, 4),
            date(2026, 9, 3),
            1,
            "2026-09-03~2026-10-02",
        ),
        (date(2026, 3, 1), date(2026, 3, 2), -1, "2026-02-28"),
    ] {
        let (from, until) = shifted(from, until, by).expect("inside the calendar");
        assert_eq!(compact(from, until), expected);
    }
    assert_eq!(shifted(date(9999, 11, 1), date(9999, 12, 1), 2), None);
}

#[test]
fn lengths_are_whole_days_or_more() {
    assert_eq!(Length::parse("2 years").unwrap().unit(), Unit::Year);
    assert_eq!(
        Length::parse("1 quarter").unwrap(),
        Length::parse("3 months").unwrap()
    );
    for text in ["", "0 days", "-1 day", "3 hours", "P1D", "two years"] {
        assert!(Length::parse(text).is_none(), "{text}");
    }
}
