//! A value finds in SQLite what it finds where types are inferred.

use crate::harness::{Shop, sheet};

const TABLE: &str = "
CREATE TABLE t (id INTEGER PRIMARY KEY, loose, code TEXT, price DECIMAL(9,2), day DATE, at DATETIME, ok BOOLEAN);
INSERT INTO t VALUES
  (1, 1, '1', 1.5, '2026-01-01', '2026-01-01 00:00:00', 1),
  (2, '2', '02', 2, '2026-02-01', '2026-02-01T00:00:00', 0),
  (11, 3.0, '11', 11, '2026-03-01', '2026-03-01 09:30:00', 1),
  (12, NULL, 'KR', NULL, NULL, NULL, NULL);
CREATE VIEW v AS SELECT id % 10 AS digit, id FROM t;
";

const PARAMS: &str = r#"
[params.one]
type = "choice"
options = ["1", "1.50", "KR", "02", "true"]
default = "1"

[params.many]
type = "choices"
required = true
options = ["1", "2", "3", "11", "KR", "02"]
default = ["1"]

[params.n]
type = "integer"
default = 1

[params.d]
type = "decimal"
default = 1.5

[params.day]
type = "date"
default = 2026-02-01

[params.b]
type = "boolean"
default = true
"#;

/// Ids for which the condition holds, once with parameters and once with what they mean written out.
async fn check(shop: &Shop, condition: &str, fields: &[(&str, &str)], meant: &str) {
    let text = format!(
        "/*--- report\ntitle = \"Values\"\n{PARAMS}---*/\n\n-- name: found\n-- source: shop\nSELECT id FROM (SELECT * FROM t) AS t WHERE {condition} ORDER BY id;\n\n\
         -- name: used\n-- source: shop\nSELECT :one AS one, :n AS n, :d AS d, :day AS day, :b AS b WHERE '1' IN (:many);\n\n\
         /*--- workbook\n[[sheet]]\nname = \"Found\"\nquery = \"found\"\n---*/\n"
    );
    let outcome = shop.execute(&text, fields).await.unwrap();
    let (_, rows) = sheet(&outcome, "Found");
    let found: Vec<&str> = (rows.iter().map(|row| row[0].as_str()))
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let sql = format!("SELECT CAST(id AS TEXT) FROM t WHERE {meant} ORDER BY id");
    let expected = shop.answer(&sql).await;
    let expected: Vec<&str> = expected.iter().map(|row| row[0].as_str()).collect();
    assert!(!expected.is_empty(), "{meant}");
    assert_eq!(found, expected, "{condition} {fields:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_beside_columns_and_expressions_find_their_rows() {
    let shop = Shop::with(TABLE).await;
    for (condition, fields, meant) in [
        ("id = :one", &[][..], "id = 1"),
        ("id % 10 = :one", &[], "id % 10 = 1"),
        ("id % 10 <> :one", &[], "id % 10 <> 1"),
        ("id * 1.0 = :one", &[], "id * 1.0 = 1"),
        ("loose = :one", &[], "id = 1"),
        ("code = :one", &[], "code = '1'"),
        ("code = :one", &[("one", "02")], "code = '02'"),
        ("code || '' = :one", &[], "code = '1'"),
        ("code || '' = :one", &[("one", "KR")], "code = 'KR'"),
        ("price * 1 = :one", &[("one", "1.50")], "price = 1.5"),
        ("ok = :one", &[("one", "true")], "ok = 1"),
        (
            "COALESCE(id, 0) IN (:many)",
            &[("many", "1,11")],
            "id IN (1, 11)",
        ),
        (
            "id % 10 = ANY(:many)",
            &[("many", "1,3")],
            "id % 10 IN (1, 3)",
        ),
        (
            "id % 10 <> ALL(:many)",
            &[("many", "1,3")],
            "id % 10 NOT IN (1, 3)",
        ),
        (
            "loose = ANY(:many)",
            &[("many", "1,2,3")],
            "id IN (1, 2, 11)",
        ),
        (
            "code = ANY(:many)",
            &[("many", "KR,02")],
            "code IN ('KR', '02')",
        ),
        (
            "COALESCE(code, '') IN (:many)",
            &[("many", "KR,11")],
            "code IN ('KR', '11')",
        ),
        (
            "id % 10 BETWEEN :one AND :n",
            &[],
            "id % 10 BETWEEN 1 AND 1",
        ),
        ("id % 10 >= :one", &[], "id % 10 >= 1"),
        (
            "strftime('%Y', day) = :n",
            &[("n", "2026")],
            "strftime('%Y', day) = '2026'",
        ),
        (
            "strftime('%m', day) || '' BETWEEN '0' || :n AND '02'",
            &[],
            "strftime('%m', day) BETWEEN '01' AND '02'",
        ),
        (
            "strftime('%Y', day) BETWEEN :n AND :n",
            &[("n", "2026")],
            "strftime('%Y', day) = '2026'",
        ),
        ("code = :n", &[("n", "11")], "code = '11'"),
        ("substr(code, 1, 2) = :n", &[("n", "11")], "code = '11'"),
        ("price + 0 = :d", &[], "price = 1.5"),
        ("day = :day", &[], "day = '2026-02-01'"),
        ("date(day) = :day", &[], "day = '2026-02-01'"),
        ("at = :day", &[], "id = 2"),
        ("at = :day", &[("day", "2026-01-01")], "id = 1"),
        ("ok = :b", &[], "ok = 1"),
        ("(id = 1) = :b", &[], "id = 1"),
        (
            "id IN (SELECT id FROM v WHERE digit = :one)",
            &[],
            "id % 10 = 1",
        ),
    ] {
        check(&shop, condition, fields, meant).await;
    }
}
