//! Zones of the source, of the session and of the report.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use source::Extract;

use crate::shop::{Shop, column, extract_from};

const MOMENTS: &str = "
SET time_zone = '+00:00';
CREATE TABLE t (id INT PRIMARY KEY, at DATETIME, stamp TIMESTAMP NULL);
INSERT INTO t VALUES (1, '2026-01-01 08:30:00', '2026-01-01 08:30:00'), (2, '2026-07-01 12:00:00', '2026-07-01 12:00:00'),
  (3, '1988-06-01 12:00:00', '1988-06-01 12:00:00');
";

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn moved(wall: &str, from: &str, to: &str) -> Option<String> {
    let wall: DateTime = wall.parse().unwrap();
    let there = wall.to_zoned(zone(from)).unwrap().with_time_zone(zone(to));
    Some(there.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string())
}

#[tokio::test]
async fn zone_less_columns_are_the_sources_and_timestamps_are_moments() {
    let shop = Shop::new(MOMENTS).await;
    let walls = ["2026-01-01T08:30", "2026-07-01T12:00", "1988-06-01T12:00"];
    // Seoul had summer time in 1988; the session's clock has one offset, and moments stay right.
    for source in ["Asia/Seoul", "UTC", "America/Phoenix"] {
        let at_source = shop.configured(|config| config.zone = zone(source));
        for report in ["Asia/Seoul", "UTC", "Europe/Berlin"] {
            let extract = Extract {
                zone: zone(report),
                ..Extract::new("SELECT at, stamp FROM t ORDER BY id")
            };
            let (_, chunks) = extract_from(&at_source, extract).await.unwrap();
            let expected = |from: &str| walls.map(|wall| moved(wall, from, report));
            assert_eq!(
                column(&chunks, 0),
                expected(source),
                "at, {source} to {report}"
            );
            assert_eq!(
                column(&chunks, 1),
                expected("UTC"),
                "stamp, {source} to {report}"
            );
        }
    }
}

#[tokio::test]
async fn the_sessions_clock_runs_in_the_sources_zone() {
    let shop = Shop::new(MOMENTS).await;
    let (_, chunks) = shop
        .read("SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW()) AS ahead, DATE(stamp) AS day FROM t WHERE id = 1")
        .await
        .unwrap();
    assert_eq!(column(&chunks, 0), [Some("540".to_owned())]);
    assert_eq!(column(&chunks, 1), [Some("2026-01-01".to_owned())]);
}
