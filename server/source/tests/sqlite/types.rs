use jiff::tz::TimeZone;
use rows::{ColumnData, ColumnType};
use source::Extract;

use crate::shop::Shop;

/// One table with every declared type, ordinary and extreme values, and NULL everywhere.
const EVERY_TYPE: &str = "
CREATE TABLE t (
  id       INTEGER PRIMARY KEY,
  big      BIGINT,
  price    DECIMAL(12, 2),
  rate     NUMERIC(9, 4),
  bare     NUMERIC,
  is_gift  BOOLEAN,
  day      DATE,
  at       DATETIME,
  clock    TIME,
  weight   REAL,
  name     VARCHAR(80),
  picture  BLOB
);
INSERT INTO t VALUES
  (1,  9223372036854775807, 19.99, '0.0001',  1.5,   1, '2026-02-28', '2026-02-28 09:30:00',        '09:30:00',        0.1,       '김민수',      x'00ff'),
  (2, -9223372036854775808, -0.01, 12345.6789, 2,    0, '1969-12-31', '1969-12-31T23:59:59.999999', '23:59:59.999999', -1e300,    '=1+1',        x''),
  (3,  0,                   100,   '3',        '7.25', 1, '2024-02-29 00:00:00', '2024-02-29',       '00:00',           5,         '',            x'616263'),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5,  1,                   9999999999.99, 0, -3.125, 0, '0001-01-01', '9999-12-31 23:59:59', '12:00:00.5', 1e-300, '😀 ' || char(10) || 'O''Brien', x'0a');
";

fn shown(data: &ColumnData, row: usize) -> Option<String> {
    let decimal = |mantissa: i128, scale: u8| {
        let digits = format!("{:0>1$}", mantissa.unsigned_abs(), usize::from(scale) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
        format!("{}{whole}.{fraction}", if mantissa < 0 { "-" } else { "" })
    };
    match data {
        ColumnData::Boolean(values) => values.at(row).map(|value| u8::from(value).to_string()),
        ColumnData::Integer(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Float(values) => values.at(row).map(|value| format!("{value:e}")),
        ColumnData::Decimal { mantissa, scale } => {
            mantissa.at(row).map(|value| decimal(value, *scale))
        }
        ColumnData::Text(values) => values.text(row).map(str::to_owned),
        ColumnData::Date(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Datetime(values) | ColumnData::Time(values) | ColumnData::Duration(values) => {
            values.at(row).map(|value| value.to_string())
        }
        ColumnData::Binary(values) => values.at(row).map(|bytes| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect::<String>()
        }),
    }
}

#[tokio::test]
async fn every_declared_type_holds_what_sqlite_prints() {
    let shop = Shop::new(EVERY_TYPE).await;
    let extract = Extract {
        zone: TimeZone::get("Asia/Seoul").unwrap(),
        ..Extract::new("SELECT * FROM t ORDER BY id")
    };
    let (columns, chunks) = shop.extract(extract).await.unwrap();
    assert_eq!(chunks.len(), 1);

    // How SQLite says the same value in words; floats and times are compared as numbers below.
    let words = [
        ("id", ColumnType::Integer, "CAST(id AS TEXT)"),
        ("big", ColumnType::Integer, "CAST(big AS TEXT)"),
        (
            "price",
            ColumnType::Decimal { scale: 2 },
            "printf('%.2f', price)",
        ),
        (
            "rate",
            ColumnType::Decimal { scale: 4 },
            "printf('%.4f', rate)",
        ),
        (
            "bare",
            ColumnType::Decimal { scale: 3 },
            "printf('%.3f', bare)",
        ),
        ("is_gift", ColumnType::Boolean, "CAST(is_gift AS TEXT)"),
        (
            "day",
            ColumnType::Date,
            "CAST(CAST(julianday(day) - julianday('1970-01-01') AS INTEGER) AS TEXT)",
        ),
        ("name", ColumnType::Text, "name"),
        ("picture", ColumnType::Binary, "hex(picture)"),
    ];
    for (name, kind, expression) in words {
        let index = columns
            .iter()
            .position(|column| column.name == name)
            .unwrap();
        assert_eq!(columns[index].kind, kind, "{name}");
        let sql =
            format!("SELECT CASE WHEN {name} IS NOT NULL THEN {expression} END FROM t ORDER BY id");
        let ours: Vec<_> = (0..5)
            .map(|row| shown(&chunks[0].columns[index], row))
            .collect();
        assert_eq!(ours, shop.printed(&sql).await, "{name}");
    }
}

#[tokio::test]
async fn floats_are_the_very_same_doubles() {
    let shop = Shop::new(EVERY_TYPE).await;
    let (_, chunks) = shop.read("SELECT weight FROM t ORDER BY id").await.unwrap();
    let mut connection = shop.writer().await;
    let theirs: Vec<Option<f64>> = sqlx::query_scalar("SELECT weight FROM t ORDER BY id")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let ColumnData::Float(values) = &chunks[0].columns[0] else {
        panic!("not floats")
    };
    assert_eq!((0..5).map(|row| values.at(row)).collect::<Vec<_>>(), theirs);
}

#[tokio::test]
async fn date_times_keep_their_microseconds() {
    let shop = Shop::new(EVERY_TYPE).await;
    let extract = Extract {
        zone: TimeZone::get("Asia/Seoul").unwrap(),
        ..Extract::new("SELECT at, clock FROM t ORDER BY id")
    };
    let (columns, chunks) = shop.extract(extract).await.unwrap();
    assert_eq!(columns[0].kind, ColumnType::Datetime);
    assert_eq!(columns[1].kind, ColumnType::Time);
    // Seconds by SQLite, the microseconds by hand: SQLite itself rounds to milliseconds.
    let seconds: Vec<Option<i64>> = sqlx::query_scalar(
        "SELECT CAST(strftime('%s', substr(at, 1, 19)) AS INTEGER) FROM t ORDER BY id",
    )
    .fetch_all(&mut shop.writer().await)
    .await
    .unwrap();
    let micros = [0, 999_999, 0, 0, 0];
    let expected: Vec<_> = seconds
        .iter()
        .zip(micros)
        .map(|(seconds, micros)| seconds.map(|seconds| seconds * 1_000_000 + micros))
        .collect();
    let ColumnData::Datetime(values) = &chunks[0].columns[0] else {
        panic!("not date-times")
    };
    assert_eq!(
        (0..5).map(|row| values.at(row)).collect::<Vec<_>>(),
        expected
    );
    let ColumnData::Time(values) = &chunks[0].columns[1] else {
        panic!("not times")
    };
    assert_eq!(
        (0..5).map(|row| values.at(row)).collect::<Vec<_>>(),
        [
            Some(34_200_000_000),
            Some(86_399_999_999),
            Some(0),
            None,
            Some(43_200_500_000)
        ]
    );
}

#[tokio::test]
async fn zone_less_times_move_from_the_sources_zone_to_the_reports() {
    let shop = Shop::new(
        "CREATE TABLE t (at DATETIME);
         INSERT INTO t VALUES ('2026-01-01 08:30:00'), ('2026-01-01T00:00:00Z'),
                              ('2026-01-01 00:00:00+09:00'), ('2026-07-01 12:00');",
    )
    .await;
    let extract = Extract {
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        ..Extract::new("SELECT at FROM t")
    };
    let (_, chunks) = shop.extract(extract).await.unwrap();
    let ColumnData::Datetime(values) = &chunks[0].columns[0] else {
        panic!("not date-times")
    };
    let wall = |text: &str| {
        let wall: jiff::civil::DateTime = text.parse().unwrap();
        Some(
            wall.to_zoned(TimeZone::UTC)
                .unwrap()
                .timestamp()
                .as_microsecond(),
        )
    };
    assert_eq!(
        (0..4).map(|row| values.at(row)).collect::<Vec<_>>(),
        [
            wall("2026-01-01T00:30"),
            wall("2026-01-01T01:00"),
            wall("2025-12-31T16:00"),
            wall("2026-07-01T05:00"),
        ]
    );
}

#[tokio::test]
async fn long_answers_keep_every_row_in_order() {
    let shop = Shop::new(
        "CREATE TABLE t (i INTEGER, name TEXT, price DECIMAL(10,2));
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO t SELECT i, CASE WHEN i % 7 THEN 'row ' || i END, i / 100.0 FROM n;",
    )
    .await;
    let (_, chunks) = shop
        .read("SELECT i, name, price FROM t ORDER BY i")
        .await
        .unwrap();
    let sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.rows).collect();
    assert_eq!(sizes, [2048, 2048, 2048, 2048, 1808]);
    let mut expected = 0;
    for chunk in &chunks {
        let [
            ColumnData::Integer(i),
            ColumnData::Text(name),
            ColumnData::Decimal { mantissa, .. },
        ] = chunk.columns.as_slice()
        else {
            panic!("other types")
        };
        for row in 0..chunk.rows {
            expected += 1;
            assert_eq!(i.at(row), Some(expected));
            let named = (expected % 7 != 0).then(|| format!("row {expected}"));
            assert_eq!(name.text(row).map(str::to_owned), named);
            assert_eq!(mantissa.at(row), Some(i128::from(expected)));
        }
    }
    assert_eq!(expected, 10_000);
}

#[tokio::test]
async fn wide_rows_make_short_chunks() {
    let shop = Shop::new(
        "CREATE TABLE t (note TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
         INSERT INTO t SELECT hex(zeroblob(4500000)) FROM n;",
    )
    .await;
    let (_, chunks) = shop.read("SELECT note FROM t").await.unwrap();
    let sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.rows).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn no_rows_are_columns_and_nothing_else() {
    let shop = Shop::new(EVERY_TYPE).await;
    let (columns, chunks) = shop
        .read("SELECT price, max(id, 1) AS top FROM t WHERE FALSE")
        .await
        .unwrap();
    assert_eq!(columns[0].kind, ColumnType::Decimal { scale: 2 });
    assert_eq!(columns[1].kind, ColumnType::Text);
    assert!(chunks.is_empty());
}
