//! Many rows: several row groups, bounded memory, nothing lost on the way.

use crate::harness::{Shop, sheet};

/// More than two row groups, and not a whole number of chunks.
const ROWS: usize = 140_001;

#[tokio::test]
async fn every_row_of_several_row_groups_arrives_in_order() {
    let shop = Shop::with(&format!(
        "CREATE TABLE item (n INTEGER, name TEXT, amount DECIMAL(12, 2));
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS})
         INSERT INTO item
         SELECT n, CASE WHEN n % 7 = 0 THEN NULL ELSE '이름' || n % 1000 END, printf('%.2f', n / 100.0) FROM c;"
    ))
    .await;
    let text = r#"/*--- report
title = "Items"
---*/

-- name: items
-- source: shop
SELECT n, name, amount FROM item ORDER BY n;

/*--- workbook
[[sheet]]
name = "Items"
query = "items"
---*/
"#;
    let outcome = shop.execute(text, &[]).await.unwrap();
    assert_eq!(outcome.file.rows, ROWS as u64);
    assert_eq!(outcome.blocks[0].rows_staged, ROWS as u64);
    let (_, rows) = sheet(&outcome, "Items");
    let expected = shop
        .answer("SELECT CAST(n AS TEXT), name, rtrim(rtrim(printf('%.2f', amount), '0'), '.') FROM item ORDER BY n")
        .await;
    assert_eq!(rows.len(), ROWS);
    let different = rows
        .iter()
        .zip(&expected)
        .find(|(found, expected)| found != expected);
    assert_eq!(different, None);
}

#[tokio::test]
async fn an_incremental_block_begins_at_the_smallest_value() {
    let shop = Shop::usual().await;
    for (column, rows) in [
        ("id", 6),
        ("ordered_at", 6),
        ("region_code", 6),
        ("due", 4),
        ("price", 5),
    ] {
        let text = format!(
            r#"/*--- report
title = "Kept"
---*/

-- name: orders
-- source: shop
-- incremental: {column} key id
SELECT id, region_code, ordered_at, due, price FROM orders WHERE {column} >= :incremental.since;
"#
        );
        let outcome = shop
            .execute(&text, &[])
            .await
            .unwrap_or_else(|error| panic!("{column}: {}", error.chain()));
        assert_eq!(outcome.file.rows, rows, "{column}");
    }
}
