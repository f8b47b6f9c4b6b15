//! `incremental`: rows are kept between runs, and each run adds what is newer.

use std::fs;

use engine::{EngineError, Inventory, KeptAs, Outcome};

use crate::harness::{Shop, sheet};

const CUSTOMERS: &str = r#"/*--- report
title = "Customers"
timezone = "Asia/Seoul"
---*/

-- name: customers
-- source: shop
-- incremental: updated_at key id
SELECT id, name, updated_at FROM customer WHERE updated_at >= :incremental.since ORDER BY id;

/*--- workbook
[[sheet]]
name = "Customers"
query = "customers"
---*/
"#;

async fn shop() -> Shop {
    Shop::with(
        "CREATE TABLE customer (
             id INTEGER, name TEXT, updated_at DATETIME, version INTEGER, day DATE,
             stamp TEXT, amount DECIMAL(30, 4));
         INSERT INTO customer VALUES
             (1, 'Kim', '2026-01-01 10:00:00', 1, '2026-01-01', 'a', '1.5'),
             (2, 'Lee', '2026-01-02 10:00:00', 2, '2026-01-02', 'b', '2.25'),
             (3, 'Park', '2026-01-03 10:00:00', 3, '2026-01-03', 'c', '3');",
    )
    .await
}

fn names(outcome: &Outcome) -> Vec<String> {
    let (_, rows) = sheet(outcome, "Customers");
    let mut names: Vec<_> = rows
        .into_iter()
        .map(|row| format!("{} {}", row[0], row[1]))
        .collect();
    names.sort();
    names
}

async fn run(shop: &Shop, text: &str) -> Outcome {
    shop.execute(text, &[])
        .await
        .unwrap_or_else(|error| panic!("{}", error.chain()))
}

#[tokio::test]
async fn newer_rows_are_added_and_replace_those_with_their_key() {
    let shop = shop().await;
    let first = run(&shop, CUSTOMERS).await;
    assert_eq!(names(&first), ["1 Kim", "2 Lee", "3 Park"]);
    shop.run(
        "UPDATE customer SET name = 'Kim-2', updated_at = '2026-01-04 09:00:00' WHERE id = 1;
         UPDATE customer SET name = 'not seen' WHERE id = 2;
         DELETE FROM customer WHERE id = 3;
         INSERT INTO customer (id, name, updated_at) VALUES (4, 'Choi', '2026-01-05 00:00:00');",
    )
    .await;
    let second = run(&shop, CUSTOMERS).await;
    let rows = &second.blocks[0];
    assert_eq!((rows.rows_staged, rows.rows_now), (4, 2));
    assert!(!rows.from_stage);
    // A deleted row and one whose time did not change are as they were.
    assert_eq!(names(&second), ["1 Kim-2", "2 Lee", "3 Park", "4 Choi"]);

    let third = run(&shop, CUSTOMERS).await;
    assert_eq!(third.blocks[0].rows_now, 1, "the newest row once more");
    assert_eq!(names(&third), names(&second));
    assert!(third.data_time > second.data_time);
}

#[tokio::test]
async fn nothing_newer_leaves_the_rows_and_makes_them_true_for_now() {
    let shop = shop().await;
    let text = CUSTOMERS.replace(">= :incremental", "> :incremental");
    let first = run(&shop, &text).await;
    let second = run(&shop, &text).await;
    assert_eq!(
        (second.blocks[0].rows_staged, second.blocks[0].rows_now),
        (3, 0)
    );
    assert_eq!(names(&second), names(&first));
    assert!(second.data_time > first.data_time);
    let third = run(&shop, &text).await;
    assert_eq!(third.blocks[0].rows_now, 0);
}

#[tokio::test]
async fn a_lookback_sees_rows_that_came_late() {
    let late =
        "INSERT INTO customer (id, name, updated_at) VALUES (9, 'Late', '2026-01-03 09:30:00')";
    for (lookback, is_seen) in [
        ("", false),
        (" lookback 1 hour", true),
        (" lookback 20 minutes", false),
    ] {
        let shop = shop().await;
        let text = CUSTOMERS.replace("key id", &format!("key id{lookback}"));
        run(&shop, &text).await;
        shop.run(late).await;
        let second = run(&shop, &text).await;
        assert_eq!(
            names(&second).contains(&"9 Late".to_owned()),
            is_seen,
            "{lookback}"
        );
    }
}

#[tokio::test]
async fn since_has_the_type_of_its_column() {
    for column in ["updated_at", "version", "day", "stamp", "amount"] {
        let shop = shop().await;
        let text = CUSTOMERS
            .replace("incremental: updated_at", &format!("incremental: {column}"))
            .replace(
                "SELECT id, name, updated_at",
                &format!("SELECT id, name, {column}"),
            )
            .replace("WHERE updated_at", &format!("WHERE {column}"));
        run(&shop, &text).await;
        shop.run(
            "INSERT INTO customer VALUES
                 (4, 'Choi', '2026-01-04 10:00:00', 4, '2026-01-04', 'd', '3.0001'),
                 (5, 'Old', '2025-01-04 10:00:00', 0, '2025-01-04', 'A', '0.0001');",
        )
        .await;
        let second = run(&shop, &text).await;
        assert_eq!(
            names(&second),
            ["1 Kim", "2 Lee", "3 Park", "4 Choi"],
            "{column}"
        );
        assert_eq!(second.blocks[0].rows_now, 2, "{column}");
    }
}

#[tokio::test]
async fn the_newest_row_of_a_key_wins_already_in_the_first_run() {
    let shop = shop().await;
    shop.run(
        "INSERT INTO customer (id, name, updated_at) VALUES
             (1, 'newest', '2026-02-01 00:00:00'), (1, 'older', '2026-01-15 00:00:00'),
             (NULL, 'no key', '2026-01-15 00:00:00'), (NULL, 'no key, newer', '2026-01-16 00:00:00'),
             (2, 'Lee, said twice', '2026-01-02 10:00:00');",
    )
    .await;
    let text = CUSTOMERS.replace("ORDER BY id", "ORDER BY id, rowid");
    let first = run(&shop, &text).await;
    assert_eq!(
        names(&first),
        [" no key, newer", "1 newest", "2 Lee, said twice", "3 Park"]
    );
    assert_eq!(
        (first.blocks[0].rows_now, first.blocks[0].rows_staged),
        (8, 4)
    );
    shop.run("INSERT INTO customer (id, name, updated_at) VALUES (NULL, 'no key, newest', '2026-03-01 00:00:00')")
        .await;
    let second = run(&shop, &text).await;
    assert_eq!(names(&second)[0], " no key, newest");
    assert_eq!(second.file.rows, 4);
}

#[tokio::test]
async fn keys_of_several_columns_are_compared_as_a_whole() {
    let shop = shop().await;
    let text = CUSTOMERS.replace("key id", "key id, name");
    run(&shop, &text).await;
    shop.run("INSERT INTO customer (id, name, updated_at) VALUES (1, 'Kim', '2026-02-01'), (1, 'Other', '2026-02-01')")
        .await;
    let second = run(&shop, &text).await;
    assert_eq!(names(&second), ["1 Kim", "1 Other", "2 Lee", "3 Park"]);
}

#[tokio::test]
async fn two_runs_at_once_do_not_harm_what_is_kept() {
    let shop = shop().await;
    run(&shop, CUSTOMERS).await;
    shop.run(
        "INSERT INTO customer (id, name, updated_at) VALUES (4, 'Choi', '2026-01-05 00:00:00')",
    )
    .await;
    let all = futures::future::join_all((0..6).map(|_| run(&shop, CUSTOMERS))).await;
    for outcome in &all {
        assert_eq!(names(outcome), ["1 Kim", "2 Lee", "3 Park", "4 Choi"]);
    }
    let inventory = Inventory::below(&shop.stage());
    let files = inventory.files().unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].kept_as, KeptAs::Increment);
    assert_eq!(inventory.verify(&files[0]), None);
    let after = run(&shop, CUSTOMERS).await;
    assert_eq!(after.blocks[0].rows_now, 1);
}

#[tokio::test]
async fn damaged_rows_are_read_again_from_the_beginning() {
    let shop = shop().await;
    run(&shop, CUSTOMERS).await;
    let inventory = Inventory::below(&shop.stage());
    let kept = inventory.files().unwrap()[0].manifest.clone().unwrap();
    let path = shop.stage().join("kept").join(kept.file);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    shop.run("DELETE FROM customer WHERE id = 1").await;
    let after = run(&shop, CUSTOMERS).await;
    assert_eq!(after.blocks[0].rows_now, 2);
    assert_eq!(names(&after), ["2 Lee", "3 Park"]);
}

#[tokio::test]
async fn other_columns_than_before_are_read_again_from_the_beginning() {
    let shop = shop().await;
    shop.run("CREATE VIEW person AS SELECT id, name, updated_at FROM customer")
        .await;
    let text = CUSTOMERS.replace(
        "SELECT id, name, updated_at FROM customer",
        "SELECT * FROM person",
    );
    run(&shop, &text).await;
    shop.run(
        "DROP VIEW person;
         CREATE VIEW person AS SELECT id, name, updated_at, version FROM customer;
         UPDATE customer SET name = 'changed'",
    )
    .await;
    let after = run(&shop, &text).await;
    assert_eq!(after.blocks[0].rows_now, 3);
    assert_eq!(names(&after), ["1 changed", "2 changed", "3 changed"]);
}

#[tokio::test]
async fn a_missing_key_and_a_senseless_lookback_are_named() {
    let shop = shop().await;
    let text = CUSTOMERS.replace("key id", "key number");
    let error = shop.execute(&text, &[]).await.unwrap_err();
    assert!(
        matches!(&error, EngineError::IncrementColumn { column, .. } if column == "number"),
        "{error:?}"
    );
    let text = CUSTOMERS
        .replace("updated_at", "version")
        .replace("key id", "key id lookback 1 hour");
    let error = shop.execute(&text, &[]).await.unwrap_err();
    assert!(
        matches!(error, EngineError::IncrementLookback { .. }),
        "{error:?}"
    );
    assert_eq!(error.class(), lang::FailureClass::UserSql);
}

#[tokio::test]
async fn keys_of_every_type_tell_rows_apart() {
    let kinds = [
        ("INTEGER", ["1", "2", "3"]),
        (
            "DECIMAL(20, 0)",
            ["'1'", "'9223372036854775808'", "'18446744073709551615'"],
        ),
        ("DECIMAL(30, 4)", ["'1.5'", "'1.25'", "'1.2500'"]),
        ("REAL", ["1.5", "2.5", "-0.5"]),
        ("TEXT", ["'a'", "'A'", "''"]),
        ("DATE", ["'2026-01-01'", "'9999-12-31'", "'0001-01-01'"]),
        (
            "DATETIME",
            [
                "'2026-01-01 00:00:00'",
                "'9999-12-31 23:59:59'",
                "'0001-01-01 00:00:00'",
            ],
        ),
        ("TIME", ["'00:00:00'", "'23:59:59'", "'12:00:00'"]),
        ("BOOLEAN", ["0", "1", "NULL"]),
        ("BLOB", ["x'00'", "x'ff'", "x''"]),
    ];
    for (kind, [a, b, c]) in kinds {
        let shop = Shop::with(&format!(
            "CREATE TABLE customer (id {kind}, name TEXT, updated_at INTEGER);
             INSERT INTO customer VALUES ({a}, 'Kim', 1), ({b}, 'Lee', 2);"
        ))
        .await;
        let (_, first) = sheet(&run(&shop, CUSTOMERS).await, "Customers");
        assert_eq!(first.len(), 2, "{kind}");
        shop.run(&format!(
            "UPDATE customer SET name = 'Kim-2', updated_at = 3 WHERE name = 'Kim';
             INSERT INTO customer VALUES ({c}, 'Park', 4);"
        ))
        .await;
        let (_, second) = sheet(&run(&shop, CUSTOMERS).await, "Customers");
        let mut names: Vec<_> = second.into_iter().map(|row| row[1].clone()).collect();
        names.sort();
        // 1.25 and 1.2500 are one key.
        let wanted: &[&str] = match kind {
            "DECIMAL(30, 4)" => &["Kim-2", "Park"],
            _ => &["Kim-2", "Lee", "Park"],
        };
        assert_eq!(names, wanted, "{kind}");
    }
}
