//! `split`: one statement read as ranges of a key is the same answer.

use engine::EngineError;

use crate::harness::{Shop, sheet};

const ITEMS: &str = r#"/*--- report
title = "Items"
---*/

-- name: items
-- source: shop
-- split: n of item into 4
SELECT n, name FROM item WHERE n >= :split.from AND n < :split.until ORDER BY n;

/*--- workbook
[[sheet]]
name = "Items"
query = "items"
---*/
"#;

#[tokio::test]
async fn ranges_together_are_the_whole_answer_in_order() {
    let shop = Shop::with(
        "CREATE TABLE item (n INTEGER, name TEXT);
         WITH RECURSIVE c(n) AS (SELECT -3 UNION ALL SELECT n + 7 FROM c WHERE n < 5000)
         INSERT INTO item SELECT n, CASE WHEN n < 4000 THEN 'name ' || n END FROM c;",
    )
    .await;
    let outcome = shop.execute(ITEMS, &[]).await.unwrap();
    let (_, rows) = sheet(&outcome, "Items");
    let expected = shop
        .answer("SELECT CAST(n AS TEXT), name FROM item ORDER BY n")
        .await;
    assert_eq!(rows, expected);
    let items = &outcome.blocks[0];
    assert_eq!(items.rows_read, expected.len() as u64);
    assert_eq!(items.rows_now, items.rows_read);
}

#[tokio::test]
async fn a_table_without_rows_has_its_columns() {
    let shop = Shop::with("CREATE TABLE item (n INTEGER, name TEXT)").await;
    let outcome = shop.execute(ITEMS, &[]).await.unwrap();
    assert_eq!(outcome.file.rows, 0);
    assert_eq!(sheet(&outcome, "Items").0, ["n", "name"]);
}

#[tokio::test]
async fn a_key_of_texts_is_refused() {
    let shop =
        Shop::with("CREATE TABLE item (n TEXT, name TEXT); INSERT INTO item VALUES ('a', 'b')")
            .await;
    let error = shop.execute(ITEMS, &[]).await.unwrap_err();
    assert!(
        matches!(&error, EngineError::SplitColumn { column, .. } if column == "n"),
        "{error:?}"
    );
    shop.assert_clean();
}

#[tokio::test]
async fn the_row_limit_counts_all_ranges() {
    let shop = Shop::with(
        "CREATE TABLE item (n INTEGER, name TEXT);
         INSERT INTO item VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');",
    )
    .await;
    for (rows, is_enough) in [(4, true), (3, false)] {
        let text = ITEMS.replace(
            "title = \"Items\"",
            &format!("title = \"Items\"\n[limits]\nrows = {rows}"),
        );
        assert_eq!(shop.execute(&text, &[]).await.is_ok(), is_enough);
    }
}

#[tokio::test]
async fn the_greatest_key_and_rows_beyond_the_named_table_are_read() {
    let shop = Shop::with(
        "CREATE TABLE item (n INTEGER, name TEXT);
         INSERT INTO item VALUES (9223372036854775807, 'last'), (-9223372036854775808, 'first'), (0, 'zero');",
    )
    .await;
    let outcome = shop.execute(ITEMS, &[]).await.unwrap();
    let names: Vec<_> = sheet(&outcome, "Items")
        .1
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    assert_eq!(names, ["first", "zero", "last"]);
    assert_eq!(
        outcome
            .warnings
            .iter()
            .filter(|warning| warning.code.starts_with("run::"))
            .count(),
        0
    );

    // The statement reads keys its table does not have.
    shop.run("CREATE TABLE few (n INTEGER); INSERT INTO few VALUES (5), (7)")
        .await;
    let text = ITEMS.replace("n of item", "n of few");
    let outcome = shop.execute(&text, &[]).await.unwrap();
    assert_eq!(outcome.blocks[0].rows_read, 3);
}

#[tokio::test]
async fn rows_without_a_key_are_counted_and_told() {
    let shop = Shop::with(
        "CREATE TABLE item (n INTEGER, name TEXT);
         INSERT INTO item VALUES (1, 'a'), (NULL, 'b'), (NULL, 'c'), (4, 'd');",
    )
    .await;
    let outcome = shop.execute(ITEMS, &[]).await.unwrap();
    assert_eq!(outcome.blocks[0].rows_read, 2);
    let warning = &outcome.warnings[0];
    assert_eq!(warning.code, "run::split_without_key");
    let theirs = shop
        .answer("SELECT CAST(COUNT(*) AS TEXT) FROM item WHERE n IS NULL")
        .await;
    assert!(
        warning
            .message
            .get(lang::Lang::En)
            .contains(&format!("{} rows have no “n” in “item”", theirs[0][0]))
    );
    assert!(
        warning.message.get(lang::Lang::Ko).contains("2행"),
        "{}",
        warning.message.get(lang::Lang::Ko)
    );
    let about = sheet(&outcome, "About").1;
    let said = |text: &str| about.iter().flatten().any(|cell| cell.contains(text));
    assert!(said("2 rows have no “n”"), "{about:?}");
    assert!(
        said("ranges of its key, not compared with one count at the source"),
        "{about:?}"
    );
}
