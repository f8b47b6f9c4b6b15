//! Names of columns.

use crate::shop::Shop;

const ORDERS: &str = "CREATE TABLE orders (id INT PRIMARY KEY, note TEXT, `total amount` INT);
                      INSERT INTO orders VALUES (1, 'a', 5), (2, 'b', 6);";

#[tokio::test]
async fn every_column_needs_a_name_of_its_own() {
    let shop = Shop::new(ORDERS).await;
    let cases = [
        (
            "SELECT COUNT(*) FROM orders",
            "column 1 (`COUNT(*)`) has no name; write `… AS name`",
        ),
        (
            "SELECT id, id + 1 FROM orders",
            "column 2 (`id + 1`) has no name; write `… AS name`",
        ),
        (
            "SELECT * FROM orders AS a JOIN orders AS b USING (note)",
            "columns 2 and 4 are both `id`, columns 3 and 5 are both `total amount`; give each its own name with `… AS name`",
        ),
        (
            "SELECT id, 1 AS ID FROM orders",
            "columns 1 and 2 are both `ID`; give each its own name with `… AS name`",
        ),
    ];
    for (sql, message) in cases {
        let error = shop.error(sql).await;
        assert_eq!(error.class(), lang::FailureClass::UserSql);
        assert!(error.to_string().ends_with(message), "{sql}: {error}");
        let described = shop.source.describe(sql).await.unwrap_err();
        assert_eq!(described.to_string(), error.to_string());
    }
}

#[tokio::test]
async fn chosen_names_are_kept_as_they_are() {
    let shop = Shop::new(ORDERS).await;
    for (sql, names) in [
        ("SELECT COUNT(*) AS 건수 FROM orders", vec!["건수"]),
        (
            "SELECT id + 1 AS `id + 1`, `total amount` FROM orders",
            vec!["id + 1", "total amount"],
        ),
        ("SELECT * FROM orders", vec!["id", "note", "total amount"]),
        (
            "SELECT o.id AS `o.id`, MAX(id) AS \"max(id)\" FROM orders AS o",
            vec!["o.id", "max(id)"],
        ),
        (
            "WITH x AS (SELECT 1 AS one) SELECT * FROM x -- the end",
            vec!["one"],
        ),
        (
            "(SELECT 1 AS one) UNION SELECT 2 ORDER BY one;",
            vec!["one"],
        ),
        ("SHOW TABLES", vec![]),
    ] {
        let (columns, chunks) = shop.read(sql).await.unwrap();
        let found: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        if names.is_empty() {
            assert_eq!(found.len(), 1);
        } else {
            assert_eq!(found, names, "{sql}");
        }
        assert_eq!(chunks[0].columns.len(), columns.len());
        assert_eq!(shop.source.describe(sql).await.unwrap(), columns, "{sql}");
    }
}

#[tokio::test]
async fn a_description_runs_nothing_and_needs_no_values() {
    let shop = Shop::new(ORDERS).await;
    let sql = "SELECT id, note, SLEEP(60) AS slept FROM orders WHERE id > ? AND note <> ?";
    let columns = shop.source.describe(sql).await.unwrap();
    assert_eq!(columns.len(), 3);
}
