//! Moments at both ends of time: "never" and "no end".

use jiff::civil::date;
use jiff::tz::TimeZone;
use rows::ColumnData;
use source::{Extract, Param};

use crate::shop::{Shop, column, extract_from};

const ENDS: &str = "
CREATE TABLE ends (id INT PRIMARY KEY, day DATE, at DATETIME(6));
INSERT INTO ends VALUES
  (1, '9999-12-31', '9999-12-31 23:59:59.999999'),
  (2, '9999-12-31', '9999-12-31 00:00:00'),
  (3, '0001-01-01', '0001-01-01 00:00:00'),
  (4, '2026-07-01', '2026-07-01 09:00:00');
";

#[tokio::test]
async fn no_end_is_carried_into_every_zone() {
    let shop = Shop::new(ENDS).await;
    let theirs = shop
        .printed("SELECT CAST(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', at) AS CHAR) FROM ends ORDER BY id")
        .await;
    // None of these zones moves its clocks on these days; before clocks had rules, Seoul was 8:27:52 ahead.
    for (source, report, hours, in_year_one) in [
        ("UTC", "UTC", 0, 0),
        ("UTC", "Asia/Seoul", 9, 30_472),
        ("Asia/Seoul", "UTC", -9, -30_472),
        ("Asia/Seoul", "Asia/Seoul", 0, 0),
    ] {
        let at_source = shop.configured(|config| config.zone = TimeZone::get(source).unwrap());
        let extract = Extract {
            zone: TimeZone::get(report).unwrap(),
            ..Extract::new("SELECT at FROM ends ORDER BY id")
        };
        let (_, chunks) = extract_from(&at_source, extract).await.unwrap();
        let ColumnData::Datetime(values) = &chunks[0].columns[0] else {
            panic!("not moments")
        };
        for (row, theirs) in theirs.iter().enumerate() {
            let seconds = if row == 2 { in_year_one } else { hours * 3_600 };
            let theirs: i64 = theirs.as_deref().unwrap().parse().unwrap();
            let expected = theirs + seconds * 1_000_000;
            assert_eq!(
                values.at(row),
                Some(expected),
                "{source} to {report}, {row}"
            );
        }
    }
}

#[tokio::test]
async fn the_first_days_of_time_are_bound() {
    let shop = Shop::new(ENDS).await;
    let first = date(0, 1, 2);
    let instant = first.to_zoned(TimeZone::UTC).unwrap().timestamp();
    for (condition, param) in [
        ("day >= ?", Param::Date(first)),
        ("at >= ?", Param::Instant(instant)),
    ] {
        let extract = Extract {
            params: vec![param],
            ..Extract::new(format!(
                "SELECT COUNT(*) AS rows_found FROM ends WHERE {condition}"
            ))
        };
        let (_, chunks) = shop.extract(extract).await.unwrap();
        assert_eq!(column(&chunks, 0), [Some("4".to_owned())], "{condition}");
    }
}
