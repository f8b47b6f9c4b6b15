//! A type never depends on where the value stands that asks for it.

use crate::harness::{Shop, sheet};

/// More cells than a sheet in memory has, so that the workbook has begun when the column widens.
const ROWS: u32 = 90_000;

fn report_of(key: &str, expression: &str, order: &str) -> String {
    format!(
        r#"/*--- report
title = "Wider"
---*/

-- name: numbers
-- source: shop
{key}
SELECT i, {expression} AS x FROM t ORDER BY {order};

-- name: total
-- engine: polars
SELECT COUNT(*) AS rows, COUNT(x) AS present, MAX(x) AS most FROM numbers;

/*--- workbook
[[sheet]]
name = "Numbers"
query = "numbers"

[[sheet]]
name = "Total"
query = "total"
---*/
"#
    )
}

/// A million-th of a whole, so that both printings can be compared.
fn number(text: &str) -> Option<i64> {
    let number: f64 = text.parse().ok()?;
    Some((number * 1e7).round() as i64)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_that_widens_late_is_whole_in_sheet_and_aggregation() {
    let shop = Shop::with(&format!(
        "CREATE TABLE t (i INTEGER PRIMARY KEY, price DECIMAL(9,2));
         WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {ROWS})
         INSERT INTO t SELECT i, i / 4.0 FROM c;
         UPDATE t SET price = 0.1234567 WHERE i = 85000;"
    ))
    .await;
    for (expression, order) in [
        ("CASE WHEN i > 85000 THEN 0.15 ELSE 0 END", "i"),
        ("CASE WHEN i > 85000 THEN 0.15 ELSE 0 END", "i DESC"),
        (
            "CASE WHEN i > 89000 THEN 0.5 WHEN i > 85000 THEN i END",
            "i",
        ),
        ("price", "i"),
    ] {
        let text = report_of("", expression, order);
        let outcome = shop.execute(&text, &[]).await.unwrap();
        let expected = shop
            .answer(&format!(
                "SELECT CAST(i AS TEXT), CAST({expression} AS TEXT) FROM t ORDER BY {order}"
            ))
            .await;
        let (_, rows) = sheet(&outcome, "Numbers");
        assert_eq!(rows.len(), expected.len(), "{expression} {order}");
        for (row, expected) in rows.iter().zip(&expected) {
            assert_eq!(row[0], expected[0]);
            assert_eq!(
                number(&row[1]),
                number(&expected[1]),
                "{expression}: {row:?}"
            );
        }
        let (_, total) = sheet(&outcome, "Total");
        let present = expected.iter().filter(|row| !row[1].is_empty()).count();
        assert_eq!(total[0][0], ROWS.to_string());
        assert_eq!(total[0][1], present.to_string());
        let most = expected.iter().filter_map(|row| number(&row[1])).max();
        assert_eq!(number(&total[0][2]), most, "{expression}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_answer_is_the_wide_one() {
    let shop = Shop::with(
        "CREATE TABLE t (i INTEGER PRIMARY KEY);
         WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 6000)
         INSERT INTO t SELECT i FROM c;",
    )
    .await;
    let text = report_of(
        "-- cache: 1 hour",
        "CASE WHEN i = 5000 THEN 0.5 WHEN i > 3000 THEN i END",
        "i",
    );
    let first = shop.execute(&text, &[]).await.unwrap();
    let second = shop.execute(&text, &[]).await.unwrap();
    assert_eq!(sheet(&first, "Numbers"), sheet(&second, "Numbers"));
    let (_, rows) = sheet(&second, "Numbers");
    assert_eq!(
        (rows[4_998][1].as_str(), rows[4_999][1].as_str()),
        ("4999", "0.5")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_numbers_in_one_partition_and_fractions_in_another_are_one_column() {
    let shop = Shop::with(
        "CREATE TABLE t (day DATE, x);
         INSERT INTO t VALUES ('2026-01-01', 1), ('2026-01-02', 0.5), ('2026-01-03', NULL), ('2026-01-04', 7);",
    )
    .await;
    let text = r#"/*--- report
title = "Parts"
[params.period]
type = "period"
---*/

-- name: numbers
-- source: shop
-- partition: day by day over period
SELECT day, x FROM t WHERE day >= date(:partition.from) AND day < date(:partition.until) ORDER BY day;

/*--- workbook
[[sheet]]
name = "Numbers"
query = "numbers"
---*/
"#;
    let outcome = shop
        .execute(text, &[("period", "2026-01-01 .. 2026-01-05")])
        .await
        .unwrap();
    let (_, rows) = sheet(&outcome, "Numbers");
    let found: Vec<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(found, ["1", "0.5", "", "7"]);
}
