//! Whole answers: their types without rows, their order, their size, and values that do not fit.

use rows::{ColumnData, ColumnType};

use crate::shop::{NUMBERS, Shop, column};

async fn misfit(shop: &Shop, sql: &str) -> String {
    let error = shop.error(sql).await;
    assert_eq!(error.class(), lang::FailureClass::UserSql, "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_decimals_scale_does_not_depend_on_its_rows() {
    let shop = Shop::new(&format!(
        "{NUMBERS} CREATE TABLE t (id INT PRIMARY KEY, price DECIMAL(20,6));
         INSERT INTO t SELECT i, IF(i > 3000, i / 1000000, NULL) FROM numbers WHERE i <= 3010;"
    ))
    .await;
    // 3,000 rows without a value come first, and one answer has no rows at all.
    let sql = "SELECT price * 2 AS x FROM t ORDER BY id";
    let (columns, chunks) = shop.read(sql).await.unwrap();
    assert_eq!(columns[0].kind, ColumnType::Decimal { scale: 6 });
    assert_eq!(column(&chunks, 0)[3009].as_deref(), Some("0.006020"));
    let (columns, chunks) = shop
        .read("SELECT price * 2 AS x FROM t WHERE FALSE")
        .await
        .unwrap();
    assert_eq!(columns[0].kind, ColumnType::Decimal { scale: 6 });
    assert!(chunks.is_empty());
}

#[tokio::test]
async fn values_that_no_sheet_shows_name_their_column_and_row() {
    let shop = Shop::new(
        "SET sql_mode = '';
         CREATE TABLE t (id INT PRIMARY KEY, day DATE, at DATETIME, stamp TIMESTAMP NULL, flag TINYINT(1),
                         span TIME, wide DECIMAL(65,0), bits BIT(64), place POINT);
         INSERT INTO t VALUES (1, '2026-01-31', '2026-01-31', '2026-01-31', 1, '12:00', 1, 1, POINT(1, 2)),
           (2, '0000-00-00', '0000-00-00', '0000-00-00', 2, '-12:00', 123456789012345678901234567890123456789,
            18446744073709551615, NULL),
           (3, '2026-02-00', '2026-00-00 10:00', NULL, -1, '838:59:59', 1, 1, NULL);",
    )
    .await;
    let zero = "which is not a day; write NULLIF(…, '0000-00-00') or CAST(… AS CHAR)";
    let cases = [
        ("day", format!("column `day`, row 2: found 0000-00-00, {zero}")),
        ("at", format!("column `at`, row 2: found 0000-00-00, {zero}")),
        ("stamp", format!("column `stamp`, row 2: found 0000-00-00, {zero}")),
        ("flag", "column `flag`, row 2: found the number 2, where the column is a TINYINT(1), which means true or false; write … + 0 for a number, or … <> 0".to_owned()),
        ("wide", "column `wide`, row 2: found the number 123456789012345678901234567890123456789, which does not fit a decimal of 38 digits with 0 behind the point; write CAST(… AS CHAR)".to_owned()),
        ("bits", "column `bits`, row 2: found the whole number 18446744073709551615, which is larger than 9223372036854775807; write CAST(… AS UNSIGNED) or CAST(… AS CHAR)".to_owned()),
    ];
    for (name, expected) in cases {
        let message = misfit(&shop, &format!("SELECT {name} FROM t ORDER BY id")).await;
        assert_eq!(message, expected);
    }
    let geometry = misfit(&shop, "SELECT id, place FROM t").await;
    assert!(
        geometry.ends_with("column `place`: it holds a geometry; write ST_AsText(…)"),
        "{geometry}"
    );
    // What the messages say to write is read.
    for sql in [
        "SELECT NULLIF(day, '0000-00-00') AS x FROM t WHERE id < 3",
        "SELECT NULLIF(at, '0000-00-00') AS x FROM t WHERE id < 3",
        "SELECT NULLIF(stamp, '0000-00-00') AS x FROM t",
        "SELECT CAST(day AS CHAR) AS x FROM t",
        "SELECT flag + 0 AS x FROM t",
        "SELECT flag <> 0 AS x FROM t",
        "SELECT TIME_TO_SEC(span) AS x FROM t",
        "SELECT CAST(span AS CHAR) AS x FROM t",
        "SELECT CAST(wide AS CHAR) AS x FROM t",
        "SELECT CAST(bits AS UNSIGNED) AS x FROM t",
        "SELECT ST_AsText(place) AS x FROM t",
    ] {
        let read = shop.read(sql).await;
        assert!(read.is_ok(), "{sql}: {:?}", read.err());
    }
}

#[tokio::test]
async fn long_answers_keep_every_row_in_order() {
    let shop = Shop::new(&format!(
        "{NUMBERS} CREATE TABLE t (i INT PRIMARY KEY, name TEXT, price DECIMAL(10,2));
         INSERT INTO t SELECT i, IF(i % 7, CONCAT('row ', i), NULL), i / 100 FROM numbers;"
    ))
    .await;
    let (_, chunks) = shop
        .read("SELECT i, name, price FROM t ORDER BY i")
        .await
        .unwrap();
    let sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.rows).collect();
    assert_eq!(sizes, [2048, 2048, 2048, 2048, 1808]);
    for (index, expression) in ["i", "name", "price"].iter().enumerate() {
        assert_eq!(
            column(&chunks, index),
            shop.printed(&format!(
                "SELECT CAST({expression} AS CHAR) FROM t ORDER BY i"
            ))
            .await
        );
    }
}

#[tokio::test]
async fn wide_rows_make_short_chunks_and_wider_ones_are_refused() {
    let shop = Shop::new(
        "CREATE TABLE t (id INT, note LONGTEXT);
         INSERT INTO t VALUES (1, REPEAT('x', 9000000)), (2, REPEAT('x', 9000000)), (3, REPEAT('x', 9000000)),
                              (4, REPEAT('x', 10485761));",
    )
    .await;
    let (_, chunks) = shop
        .read("SELECT note FROM t WHERE id < 4 ORDER BY id")
        .await
        .unwrap();
    let sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.rows).collect();
    assert_eq!(sizes, [2, 1]);
    let error = shop.error("SELECT note FROM t ORDER BY id").await;
    assert_eq!(error.class(), lang::FailureClass::TooBig);
    assert_eq!(
        error.to_string(),
        "row 4 is larger than 10485760 bytes; leave out the large column, or shorten it with substr()"
    );
}

#[tokio::test]
async fn lengths_of_time_are_lengths_wherever_the_first_of_them_stands() {
    let shop = Shop::new(&format!(
        "{NUMBERS} CREATE TABLE t (i INT PRIMARY KEY, span TIME(3), whole TIME, fine TIME(6));
         INSERT INTO t SELECT i, SEC_TO_TIME(i + 0.25), SEC_TO_TIME(i), SEC_TO_TIME(i) FROM numbers;
         UPDATE t SET span = NULL WHERE i = 7;
         UPDATE t SET span = '838:59:59', whole = '-12:30:00', fine = '-838:59:59.999999' WHERE i = 5000;
         UPDATE t SET span = '-00:00:00.5', whole = '24:00:00', fine = '23:59:59.999999' WHERE i = 5001;"
    ))
    .await;
    for name in ["span", "whole", "fine"] {
        for order in ["i", "i DESC"] {
            let sql = format!("SELECT {name} AS x FROM t ORDER BY {order}");
            let (columns, chunks) = shop.read(&sql).await.unwrap();
            // Until the first of them comes it may be a time of day.
            assert_eq!(columns[0].kind, ColumnType::Time, "{sql}");
            let kind = ColumnType::Duration;
            let last = &chunks[chunks.len() - 1];
            assert!(matches!(last.columns[0], ColumnData::Duration(_)), "{sql}");
            let lengths: Vec<_> = chunks
                .into_iter()
                .map(|chunk| rows::Chunk {
                    columns: vec![
                        rows::widened(chunk.columns[0].clone(), kind, chunk.rows).unwrap(),
                    ],
                    ..chunk
                })
                .collect();
            let asked =
                format!("SELECT CAST(CAST({name} AS TIME(6)) AS CHAR) FROM t ORDER BY {order}");
            assert_eq!(column(&lengths, 0), shop.printed(&asked).await, "{sql}");
        }
    }
}
