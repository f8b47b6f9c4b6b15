//! Moments at both ends of time: "never" and "no end".

use jiff::civil::date;
use jiff::tz::TimeZone;
use rows::ColumnData;
use source::{Extract, Param};

use crate::place::{Place, extract_from, seoul};

const ENDS: &str = "
CREATE TABLE ends (id int, day date, wall timestamp, moment timestamptz);
INSERT INTO ends VALUES
 (1, '9999-12-31', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+09'),
 (2, '9999-12-31', '9999-12-31 00:00:00', '9999-12-31 23:59:59-05'),
 (3, '10000-01-01', '10000-07-01 12:00:00', '10000-07-01 12:00:00Z'),
 (4, '0001-01-01', '0001-01-01 00:00:00', '0001-01-01 00:00:00Z'),
 (5, '0044-03-15 BC', '0044-03-15 12:00:00 BC', '0044-03-15 12:00:00Z BC'),
 (6, '5874897-12-31', '200000-02-29 00:00:00.000001', '200000-02-29 00:00:00.000001Z'),
 (7, '2026-07-01', '2026-07-01 09:00:00', '2026-07-01 00:00:00Z');";

#[tokio::test]
async fn every_moment_is_the_wall_time_postgresql_calculates() {
    let place = Place::new(ENDS).await;
    for source in ["Asia/Seoul", "UTC", "America/New_York"] {
        let mut config = place.config();
        config.zone = TimeZone::get(source).unwrap();
        let reader = source::open(&config).unwrap();
        for report in ["Asia/Seoul", "UTC", "Europe/Berlin", "America/New_York"] {
            let extract = Extract {
                zone: TimeZone::get(report).unwrap(),
                ..Extract::new("SELECT wall, moment FROM ends ORDER BY id")
            };
            let (_, chunks) = extract_from(reader.as_ref(), extract).await.unwrap();
            let walls = [
                format!("wall AT TIME ZONE '{source}' AT TIME ZONE '{report}'"),
                format!("moment AT TIME ZONE '{report}'"),
            ];
            for (data, wall) in chunks[0].columns.iter().zip(walls) {
                let ColumnData::Datetime(values) = data else {
                    panic!("not moments")
                };
                let ours: Vec<_> = (0..7)
                    .map(|row| values.at(row).map(|micros| micros.to_string()))
                    .collect();
                let theirs = place
                    .printed(&format!(
                        "SELECT (extract(epoch FROM {wall}) * 1000000)::bigint FROM ends ORDER BY id"
                    ))
                    .await;
                assert_eq!(ours, theirs, "{wall}");
            }
        }
    }
}

#[tokio::test]
async fn every_day_is_the_number_postgresql_counts() {
    let place = Place::new(ENDS).await;
    let (_, chunks) = place
        .read("SELECT day FROM ends ORDER BY id")
        .await
        .unwrap();
    let ColumnData::Date(values) = &chunks[0].columns[0] else {
        panic!("not days")
    };
    let ours: Vec<_> = (0..7)
        .map(|row| values.at(row).map(|days| days.to_string()))
        .collect();
    let theirs = place
        .printed("SELECT day - date '1970-01-01' FROM ends ORDER BY id")
        .await;
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn what_64_bits_do_not_hold_is_said_to_be_too_far_away() {
    let place = Place::new("").await;
    assert_eq!(
        place
            .refusal("SELECT timestamp '294276-12-31 23:59:59' AS ends")
            .await,
        "column `ends`, row 1: found a date too far away to be shown; write …::text"
    );
}

#[tokio::test]
async fn the_first_days_of_time_are_bound() {
    let place = Place::new(ENDS).await;
    let first = date(-4713, 11, 26);
    let instant = first.to_zoned(TimeZone::UTC).unwrap().timestamp();
    for (condition, param) in [
        ("day >= $1", Param::Date(first)),
        ("wall >= $1", Param::Instant(instant)),
        ("moment >= $1", Param::Instant(instant)),
    ] {
        let extract = Extract {
            params: vec![param],
            ..seoul(&format!("SELECT count(*) AS n FROM ends WHERE {condition}"))
        };
        let (_, chunks) = place.extract(extract).await.unwrap();
        let ColumnData::Integer(counted) = &chunks[0].columns[0] else {
            panic!("not a count")
        };
        assert_eq!(counted.at(0), Some(7), "{condition}");
    }
}
