//! Aggregations over the stage, compared with what the database makes of the same rows.

use aggregate::Refused;
use engine::EngineError;

use crate::harness::{Shop, sheet};

fn summary(sql: &str) -> String {
    format!(
        r#"/*--- report
title = "Summary"
timezone = "Asia/Seoul"

[params.least]
label = "Least"
type = "decimal"
default = 0
---*/

-- name: regions
-- source: shop
SELECT code, name FROM region;

-- name: orders
-- source: shop
SELECT id, region_code, ordered_at, due, total_cents, price, weight, is_paid, note FROM orders
WHERE total_cents >= :least;

-- name: result
-- engine: polars
{sql};

/*--- workbook
[[sheet]]
name = "Result"
query = "result"
---*/
"#
    )
}

async fn result(shop: &Shop, sql: &str) -> Vec<Vec<String>> {
    let outcome = shop
        .execute(&summary(sql), &[])
        .await
        .unwrap_or_else(|error| panic!("{}", error.chain()));
    sheet(&outcome, "Result").1
}

#[tokio::test]
async fn joins_and_sums_are_the_databases_own() {
    let shop = Shop::usual().await;
    let rows = result(
        &shop,
        "SELECT r.name AS region, COUNT(*) AS orders, SUM(o.total_cents) AS cents, MIN(o.id) AS first
         FROM orders AS o JOIN regions AS r ON r.code = o.region_code
         GROUP BY r.name ORDER BY cents DESC",
    )
    .await;
    let expected = shop
        .answer(
            "SELECT r.name, CAST(COUNT(*) AS TEXT), CAST(SUM(o.total_cents) AS TEXT), CAST(MIN(o.id) AS TEXT)
             FROM orders AS o JOIN region AS r ON r.code = o.region_code
             GROUP BY r.name ORDER BY SUM(o.total_cents) DESC",
        )
        .await;
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn a_left_join_keeps_rows_without_a_partner() {
    let shop = Shop::usual().await;
    shop.run("INSERT INTO region VALUES ('99', 'nowhere')")
        .await;
    let rows = result(
        &shop,
        "SELECT r.name AS region, COUNT(o.id) AS orders FROM regions AS r
         LEFT JOIN orders AS o ON o.region_code = r.code GROUP BY r.name ORDER BY orders, region",
    )
    .await;
    assert_eq!(rows[0], ["nowhere", "0"]);
    assert_eq!(rows.len(), 4);
}

#[tokio::test]
async fn sums_of_decimals_are_exact() {
    let shop = Shop::with(
        "CREATE TABLE region (code TEXT, name TEXT);
         CREATE TABLE orders (id INTEGER, region_code TEXT, ordered_at DATETIME, due DATE, total_cents INTEGER,
                              price DECIMAL(30, 2), weight REAL, is_paid BOOLEAN, note TEXT);
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)
         INSERT INTO orders SELECT n, 'a', NULL, NULL, 1, '0.10', NULL, 1, NULL FROM c;",
    )
    .await;
    let text = summary("SELECT region_code, SUM(price) AS total FROM orders GROUP BY region_code")
        .replace(
            "query = \"result\"",
            "query = \"result\"\n\n[sheet.columns]\ntotal = { total = \"sum\" }",
        );
    let outcome = shop.execute(&text, &[]).await.unwrap();
    assert_eq!(outcome.totals[0].value, "100.00");
}

#[tokio::test]
async fn days_are_days_of_the_reports_zone() {
    let shop = Shop::usual().await;
    let rows = result(
        &shop,
        "SELECT STRFTIME(CAST(ordered_at AS DATE), '%Y-%m-%d') AS day, COUNT(*) AS orders FROM orders
         GROUP BY STRFTIME(CAST(ordered_at AS DATE), '%Y-%m-%d') ORDER BY day",
    )
    .await;
    let expected = shop
        .answer("SELECT date(ordered_at), CAST(COUNT(*) AS TEXT) FROM orders GROUP BY 1 ORDER BY 1")
        .await;
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn months_and_quarters_can_be_cut_from_a_timestamp() {
    let shop = Shop::usual().await;
    let expected = shop
        .answer(
            "SELECT printf('%.0f', (julianday(strftime('%Y-%m-01', ordered_at)) - 2415018.5) * 86400),
                    CAST(COUNT(*) AS TEXT)
             FROM orders GROUP BY 1 ORDER BY 1",
        )
        .await;
    for group in ["DATE_TRUNC('month', ordered_at)", "month", "1"] {
        let rows = result(
            &shop,
            &format!(
                "SELECT DATE_TRUNC('month', ordered_at) AS month, COUNT(*) AS orders
                 FROM orders GROUP BY {group} ORDER BY month"
            ),
        )
        .await;
        assert_eq!(rows, expected, "{group}");
    }
    let rows = result(
        &shop,
        "SELECT id, YEAR(ordered_at) AS y, QUARTER(due) AS q, MONTH(due) AS m, DAY(LAST_DAY(ordered_at)) AS last,
                DAYS_BETWEEN(ordered_at, due) AS left_days
         FROM orders WHERE id IN (1, 2, 4) ORDER BY id",
    )
    .await;
    assert_eq!(rows[0], ["1", "2026", "1", "1", "31", "15"]);
    assert_eq!(rows[1], ["2", "2026", "", "", "31", ""]);
    assert_eq!(rows[2], ["4", "2026", "1", "3", "28", "15"]);
}

#[tokio::test]
async fn windows_share_and_rank() {
    let shop = Shop::usual().await;
    let rows = result(
        &shop,
        "SELECT id, ROW_NUMBER() OVER (PARTITION BY region_code ORDER BY id) AS place,
                SUM(total_cents) OVER (PARTITION BY region_code) AS region_cents
         FROM orders ORDER BY id",
    )
    .await;
    let expected = shop
        .answer(
            "SELECT CAST(id AS TEXT), CAST(ROW_NUMBER() OVER (PARTITION BY region_code ORDER BY id) AS TEXT),
                    CAST(SUM(total_cents) OVER (PARTITION BY region_code) AS TEXT)
             FROM orders ORDER BY id",
        )
        .await;
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn an_aggregation_may_read_another() {
    let shop = Shop::usual().await;
    let text = summary("SELECT id, total_cents FROM orders").replace(
        "/*--- workbook",
        "-- name: top\n-- engine: polars\nSELECT id FROM result ORDER BY total_cents DESC LIMIT 1;\n\n/*--- workbook",
    );
    let text = text.replace("query = \"result\"", "query = \"top\"");
    let outcome = shop.execute(&text, &[]).await.unwrap();
    assert_eq!(sheet(&outcome, "Result").1, [["3"]]);
    // The block `regions` is read by nobody.
    let names: Vec<_> = outcome
        .blocks
        .iter()
        .map(|block| block.block.as_str())
        .collect();
    assert_eq!(names, ["orders", "result", "top"]);
}

#[tokio::test]
async fn a_mistake_in_the_sql_is_the_reports_own() {
    let shop = Shop::usual().await;
    let error = shop
        .execute(
            &summary("SELECT NO_SUCH_FUNCTION(id) AS x FROM orders"),
            &[],
        )
        .await
        .unwrap_err();
    assert!(
        matches!(&error, EngineError::Refused { block, refusal, .. }
            if block == "result" && refusal.kind == Refused::Function),
        "{}",
        error.chain()
    );
    assert_eq!(error.class(), lang::FailureClass::UserSql);
    assert!(
        error.chain().to_lowercase().contains("no_such_function"),
        "{}",
        error.chain()
    );
    shop.assert_clean();
}

#[tokio::test]
async fn a_type_no_sheet_can_hold_names_the_column() {
    let shop = Shop::usual().await;
    let error = shop
        .execute(&summary("SELECT ordered_at - due AS wait FROM orders"), &[])
        .await
        .unwrap_err();
    assert!(
        matches!(&error, EngineError::Refused { refusal, .. }
            if refusal.kind == Refused::Unsupported && refusal.what.contains("`wait`")),
        "{}",
        error.chain()
    );
}

#[tokio::test]
async fn a_column_that_is_neither_grouped_nor_summed_is_refused_with_a_hint() {
    let shop = Shop::usual().await;
    let sql = "SELECT region_code, UPPER(note) AS loud FROM orders GROUP BY region_code";
    let error = shop.execute(&summary(sql), &[]).await.unwrap_err();
    assert!(
        matches!(&error, EngineError::Refused { refusal, .. } if refusal.kind == Refused::Rule),
        "{}",
        error.chain()
    );
    assert!(error.chain().contains("GROUP BY"), "{}", error.chain());
}
