//! Zones of the source, of the session and of the report.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use source::{Extract, SourceError};

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

/// Whether the server has its zones by name; a fresh one has not.
async fn knows_names(shop: &Shop) -> bool {
    shop.printed("SELECT CAST(CONVERT_TZ('2026-01-01', '+00:00', 'Europe/Berlin') AS CHAR)")
        .await[0]
        .is_some()
}

#[tokio::test]
async fn clocks_the_server_does_not_know_are_refused() {
    let shop = Shop::new(MOMENTS).await;
    if knows_names(&shop).await {
        return;
    }
    let berlin = shop.configured(|config| config.zone = zone("Europe/Berlin"));
    let error = extract_from(&berlin, Extract::new("SELECT at FROM t"))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Config { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the source `shop` cannot be used: its server does not know the clocks of the zone `Europe/Berlin`; load them there with `mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql mysql`, or give the source a `zone` without summer time"
    );
}
