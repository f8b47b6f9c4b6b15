//! Every type of MariaDB, compared with what the server prints.

use jiff::tz::TimeZone;
use rows::{ColumnData, ColumnType};
use source::Extract;

use crate::shop::{Shop, column};

/// Declaration, type here, how the server prints it, and values beside NULL.
const EVERY_TYPE: &[(&str, &str, ColumnType, &str, &[&str])] = &[
    (
        "tiny",
        "TINYINT",
        ColumnType::Integer,
        "CAST(tiny AS CHAR)",
        &["-128", "127", "0"],
    ),
    (
        "utiny",
        "TINYINT UNSIGNED",
        ColumnType::Integer,
        "CAST(utiny AS CHAR)",
        &["255", "0"],
    ),
    (
        "small",
        "SMALLINT",
        ColumnType::Integer,
        "CAST(small AS CHAR)",
        &["-32768", "32767"],
    ),
    (
        "usmall",
        "SMALLINT UNSIGNED",
        ColumnType::Integer,
        "CAST(usmall AS CHAR)",
        &["65535"],
    ),
    (
        "medium",
        "MEDIUMINT",
        ColumnType::Integer,
        "CAST(medium AS CHAR)",
        &["-8388608", "8388607"],
    ),
    (
        "umedium",
        "MEDIUMINT UNSIGNED",
        ColumnType::Integer,
        "CAST(umedium AS CHAR)",
        &["16777215"],
    ),
    (
        "plain",
        "INT",
        ColumnType::Integer,
        "CAST(plain AS CHAR)",
        &["-2147483648", "2147483647"],
    ),
    (
        "uint",
        "INT UNSIGNED",
        ColumnType::Integer,
        "CAST(uint AS CHAR)",
        &["4294967295"],
    ),
    (
        "big",
        "BIGINT",
        ColumnType::Integer,
        "CAST(big AS CHAR)",
        &["-9223372036854775808", "9223372036854775807"],
    ),
    (
        "ubig",
        "BIGINT UNSIGNED",
        ColumnType::Decimal { scale: 0 },
        "CAST(ubig AS CHAR)",
        &["18446744073709551615", "9223372036854775808", "0"],
    ),
    (
        "filled",
        "INT(8) UNSIGNED ZEROFILL",
        ColumnType::Integer,
        "CAST(filled + 0 AS CHAR)",
        &["42"],
    ),
    (
        "is_gift",
        "BOOLEAN",
        ColumnType::Boolean,
        "CAST(is_gift AS CHAR)",
        &["TRUE", "FALSE"],
    ),
    (
        "bit1",
        "BIT(1)",
        ColumnType::Integer,
        "CAST(bit1 + 0 AS CHAR)",
        &["b'1'", "b'0'"],
    ),
    (
        "bit10",
        "BIT(10)",
        ColumnType::Integer,
        "CAST(bit10 + 0 AS CHAR)",
        &["b'1111100000'", "b'1'"],
    ),
    (
        "bit64",
        "BIT(64)",
        ColumnType::Integer,
        "CAST(bit64 + 0 AS CHAR)",
        &["9223372036854775807", "255"],
    ),
    (
        "price",
        "DECIMAL(12,2)",
        ColumnType::Decimal { scale: 2 },
        "CAST(price AS CHAR)",
        &["19.99", "-0.01", "9999999999.99", "0", "-9999999999.99"],
    ),
    (
        "whole",
        "DECIMAL(38)",
        ColumnType::Decimal { scale: 0 },
        "CAST(whole AS CHAR)",
        &["99999999999999999999999999999999999999", "-7"],
    ),
    (
        "fine",
        "DECIMAL(38,30)",
        ColumnType::Decimal { scale: 30 },
        "CAST(fine AS CHAR)",
        &[
            "12345678.123456789012345678901234567890",
            "-0.000000000000000000000000000001",
        ],
    ),
    (
        "wide",
        "DECIMAL(65,2)",
        ColumnType::Decimal { scale: 2 },
        "CAST(wide AS CHAR)",
        &["123456789012345678901234567890123456.78", "0.5"],
    ),
    (
        "weight",
        "DOUBLE",
        ColumnType::Float,
        "CAST(weight AS CHAR)",
        &["0.1", "-1.5", "123456789.125", "0", "1e-5"],
    ),
    (
        "ratio",
        "FLOAT",
        ColumnType::Float,
        "CAST(ratio AS CHAR)",
        &["0.1", "-2.5", "1234.5"],
    ),
    (
        "day",
        "DATE",
        ColumnType::Date,
        "CAST(day AS CHAR)",
        &[
            "'2026-02-28'",
            "'1000-01-01'",
            "'9999-12-31'",
            "'1969-12-31'",
            "'2024-02-29'",
        ],
    ),
    (
        "at",
        "DATETIME(6)",
        ColumnType::Datetime,
        "CAST(at AS CHAR)",
        &[
            "'2026-02-28 09:30:00'",
            "'1969-12-31 23:59:59.999999'",
            "'1000-01-01 00:00:00'",
            "'9999-12-31 23:59:59.000001'",
        ],
    ),
    (
        "at0",
        "DATETIME",
        ColumnType::Datetime,
        "CAST(CAST(at0 AS DATETIME(6)) AS CHAR)",
        &["'2026-02-28 09:30:00'"],
    ),
    (
        "stamp",
        "TIMESTAMP(6) NULL",
        ColumnType::Datetime,
        "CAST(stamp AS CHAR)",
        &[
            "'2026-02-28 09:30:00.123456'",
            "'1970-01-02 00:00:00'",
            "'2038-01-01 00:00:00'",
        ],
    ),
    (
        "clock",
        "TIME(6)",
        ColumnType::Time,
        "CAST(clock AS CHAR)",
        &["'09:30:00'", "'23:59:59.999999'", "'00:00:00'"],
    ),
    (
        "year4",
        "YEAR",
        ColumnType::Integer,
        "CAST(year4 AS CHAR)",
        &["2026", "1901", "2155"],
    ),
    (
        "name",
        "VARCHAR(80)",
        ColumnType::Text,
        "name",
        &["'김민수'", "'=1+1'", "''", "'😀 O''Brien\\n'"],
    ),
    (
        "fixed",
        "CHAR(10)",
        ColumnType::Text,
        "fixed",
        &["'abc'", "''"],
    ),
    (
        "latin",
        "VARCHAR(20) CHARACTER SET latin1",
        ColumnType::Text,
        "latin",
        &["'Zürich – café'"],
    ),
    (
        "euckr",
        "VARCHAR(20) CHARACTER SET euckr",
        ColumnType::Text,
        "euckr",
        &["'서울특별시'"],
    ),
    (
        "utf16",
        "VARCHAR(20) CHARACTER SET utf16",
        ColumnType::Text,
        "utf16",
        &["'서울 😀'"],
    ),
    (
        "exact",
        "VARCHAR(20) COLLATE utf8mb4_bin",
        ColumnType::Text,
        "exact",
        &["'Äpfel'"],
    ),
    (
        "tinytext_",
        "TINYTEXT",
        ColumnType::Text,
        "tinytext_",
        &["'short'"],
    ),
    (
        "note",
        "TEXT",
        ColumnType::Text,
        "note",
        &["'long'", "REPEAT('가', 20000)"],
    ),
    (
        "longnote",
        "LONGTEXT",
        ColumnType::Text,
        "longnote",
        &["REPEAT('x', 300000)"],
    ),
    (
        "kind",
        "ENUM('small','large','큼')",
        ColumnType::Text,
        "kind",
        &["'small'", "'큼'"],
    ),
    (
        "tags",
        "SET('new','sale','top')",
        ColumnType::Text,
        "tags",
        &["'new,top'", "''"],
    ),
    (
        "fixedbytes",
        "BINARY(4)",
        ColumnType::Binary,
        "HEX(fixedbytes)",
        &["x'00ff'", "x'61626364'"],
    ),
    (
        "bytes",
        "VARBINARY(20)",
        ColumnType::Binary,
        "HEX(bytes)",
        &["x'00ff'", "x''"],
    ),
    (
        "picture",
        "MEDIUMBLOB",
        ColumnType::Binary,
        "HEX(picture)",
        &["x'616263'", "REPEAT(x'00', 70000)"],
    ),
    (
        "json_",
        "JSON",
        ColumnType::Text,
        "json_",
        &["'{\"a\": [1, \"가\"]}'", "'null'"],
    ),
];

/// Types only MariaDB has.
const MARIADB_TYPES: &[(&str, &str, ColumnType, &str, &[&str])] = &[
    (
        "id",
        "UUID",
        ColumnType::Text,
        "CAST(id AS CHAR)",
        &["'123e4567-e89b-12d3-a456-426655440000'"],
    ),
    (
        "ip6",
        "INET6",
        ColumnType::Text,
        "CAST(ip6 AS CHAR)",
        &["'2001:db8::ff00:42:8329'", "'::192.0.2.128'"],
    ),
    (
        "ip4",
        "INET4",
        ColumnType::Text,
        "CAST(ip4 AS CHAR)",
        &["'192.0.2.1'"],
    ),
    (
        "fine38",
        "DECIMAL(40,38)",
        ColumnType::Decimal { scale: 38 },
        "CAST(fine38 AS CHAR)",
        &["0.00000000000000000000000000000000000001", "-0.5"],
    ),
];

/// In Seoul, as the source is.
async fn printed(shop: &Shop, sql: &str) -> Vec<Option<String>> {
    use sqlx::{AssertSqlSafe, Executor, Row};
    let mut connection = shop.administrator().await;
    let set = "SET time_zone = '+09:00'";
    connection.execute(sqlx::raw_sql(set)).await.unwrap();
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    let rows = connection.fetch_all(sql).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_unchecked(0).unwrap())
        .collect()
}

#[tokio::test]
async fn every_type_holds_what_the_server_prints() {
    let shop = Shop::new("DO 0").await;
    let version = shop.printed("SELECT VERSION()").await;
    let mut types = EVERY_TYPE.to_vec();
    if version[0].as_deref().unwrap().contains("MariaDB") {
        types.extend(MARIADB_TYPES);
    }
    let seoul = TimeZone::get("Asia/Seoul").unwrap();
    for (name, declaration, kind, expression, values) in types {
        let rows: String = values
            .iter()
            .enumerate()
            .map(|(row, value)| format!("INSERT INTO t_{name} VALUES ({}, {value});", row + 1))
            .collect();
        shop.run(&format!(
            "SET time_zone = '+09:00';
             CREATE TABLE t_{name} (row_number_ INT PRIMARY KEY, {name} {declaration});
             INSERT INTO t_{name} VALUES (0, NULL); {rows} INSERT INTO t_{name} VALUES (99, NULL);"
        ))
        .await;
        let extract = Extract {
            zone: seoul.clone(),
            ..Extract::new(format!("SELECT {name} FROM t_{name} ORDER BY row_number_"))
        };
        let described = shop.source.describe(&extract.sql).await.unwrap();
        let (columns, chunks) = shop.extract(extract).await.unwrap();
        assert_eq!(columns[0].kind, kind, "{declaration}");
        assert_eq!(described, columns, "{declaration}");
        let expected = printed(
            &shop,
            &format!("SELECT {expression} FROM t_{name} ORDER BY row_number_"),
        )
        .await;
        assert_eq!(expected.len(), values.len() + 2);
        assert_eq!(column(&chunks, 0), expected, "{declaration}");
        assert_eq!(expected[0], None, "{declaration}");
    }
}

#[tokio::test]
async fn doubles_are_the_very_same_doubles() {
    let shop = Shop::new(
        "CREATE TABLE t (id INT, weight DOUBLE);
         INSERT INTO t VALUES (1, 0.1), (2, -1e300), (3, 5e-324), (4, 1.7976931348623157e308), (5, 1/3.0e0), (6, 16777217);",
    )
    .await;
    let (_, chunks) = shop.read("SELECT weight FROM t ORDER BY id").await.unwrap();
    let theirs: Vec<f64> = sqlx::query_scalar("SELECT weight FROM t ORDER BY id")
        .fetch_all(&mut shop.administrator().await)
        .await
        .unwrap();
    let ColumnData::Float(values) = &chunks[0].columns[0] else {
        panic!("not floats")
    };
    assert_eq!(values.data, theirs);
}

#[tokio::test]
async fn expressions_have_types_too() {
    let shop = Shop::new(
        "CREATE TABLE t (id INT PRIMARY KEY, qty INT, price DECIMAL(10,2), is_gift BOOLEAN, name VARCHAR(10));
         INSERT INTO t VALUES (1, 3, 19.99, TRUE, 'a'), (2, 5, 0.01, FALSE, 'b'), (3, NULL, NULL, NULL, NULL);",
    )
    .await;
    let decimal = |scale| ColumnType::Decimal { scale };
    for (expression, kind) in [
        ("COUNT(*)", ColumnType::Integer),
        ("SUM(qty)", decimal(0)),
        ("SUM(price)", decimal(2)),
        ("AVG(price)", decimal(6)),
        ("SUM(price * 1.1)", decimal(3)),
        ("SUM(price) / COUNT(*)", decimal(6)),
        ("COALESCE(MAX(price), 0)", decimal(2)),
        ("MAX(name)", ColumnType::Text),
        ("MAX(id > 1)", ColumnType::Integer),
        ("SUM(qty) * 1e0", ColumnType::Float),
        ("NULL", ColumnType::Text),
        ("MIN(DATE '2026-01-31')", ColumnType::Date),
        ("MAX(CASE WHEN id = 1 THEN 1.5 ELSE 1.25 END)", decimal(2)),
        ("GROUP_CONCAT(name ORDER BY id)", ColumnType::Text),
    ] {
        let sql = format!("SELECT {expression} AS x FROM t");
        let (columns, chunks) = shop.read(&sql).await.unwrap();
        assert_eq!(columns[0].kind, kind, "{expression}");
        assert_eq!(
            column(&chunks, 0),
            shop.printed(&format!("SELECT CAST(({expression}) AS CHAR) FROM t"))
                .await,
            "{expression}"
        );
    }
}
