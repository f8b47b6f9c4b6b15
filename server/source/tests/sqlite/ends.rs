//! Moments at both ends of time: "never" and "no end".

use jiff::tz::TimeZone;
use rows::ColumnData;
use source::{Extract, SourceConfig};
use tokio_util::sync::CancellationToken;

use crate::shop::Shop;

const ENDS: &str = "
CREATE TABLE ends (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO ends VALUES
  (1, '9999-12-31 23:59:59.999'),
  (2, '9999-12-31T23:59:59Z'),
  (3, '9999-12-31 23:59:59-05:00'),
  (4, '0001-01-01 00:00:00'),
  (5, '2026-07-01 09:00:00');
";

#[tokio::test]
async fn no_end_is_carried_into_every_zone() {
    let shop = Shop::new(ENDS).await;
    // What SQLite takes the texts for, in UTC; it cannot move the third into a year of five digits.
    let theirs = shop
        .printed("SELECT CAST(strftime('%s', substr(at, 1, 19)) AS TEXT) FROM ends ORDER BY id")
        .await;
    for (source, report, hours) in [
        ("UTC", "UTC", [0, 0, 5]),
        ("UTC", "Asia/Seoul", [9, 9, 14]),
        ("Asia/Seoul", "UTC", [-9, 0, 5]),
        ("Asia/Seoul", "Asia/Seoul", [0, 9, 14]),
    ] {
        let mut config = SourceConfig::new("shop", format!("sqlite:{}", shop.path().display()));
        config.zone = TimeZone::get(source).unwrap();
        let extract = Extract {
            zone: TimeZone::get(report).unwrap(),
            ..Extract::new("SELECT at FROM ends ORDER BY id")
        };
        let reader = source::open(&config).unwrap();
        let mut reading = reader
            .read(extract, CancellationToken::new())
            .await
            .unwrap();
        let chunk = reading.next().await.unwrap().unwrap();
        let ColumnData::Datetime(values) = &chunk.columns[0] else {
            panic!("not moments")
        };
        for (row, hours) in hours.into_iter().enumerate() {
            let theirs: i64 = theirs[row].as_deref().unwrap().parse().unwrap();
            let micros = if row == 0 { 999_000 } else { 0 };
            let expected = (theirs + hours * 3_600) * 1_000_000 + micros;
            assert_eq!(
                values.at(row),
                Some(expected),
                "{source} to {report}, {row}"
            );
        }
        assert!(values.at(3).is_some() && values.at(4).is_some());
    }
}
