//! The demo shop as its readers find it.

use std::path::Path;

use demo::{DemoError, Options, Summary};
use jiff::civil::{Date, date};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Row};

const TODAY: Date = date(2026, 11, 20);

async fn make(folder: &Path, orders: u64) -> Summary {
    demo::make(
        &folder.join("shop.sqlite"),
        TODAY,
        Options { orders },
        |_, _| {},
    )
    .await
    .unwrap()
}

async fn open(folder: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(folder.join("shop.sqlite"))
        .read_only(true)
        .connect()
        .await
        .unwrap()
}

async fn rows(connection: &mut SqliteConnection, sql: &'static str) -> Vec<SqliteRow> {
    sqlx::query(sql).fetch_all(connection).await.unwrap()
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn two_shops_of_one_month_are_the_same_to_the_last_byte() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = Options { orders: 5_000 };
    let path = |folder: &tempfile::TempDir| folder.path().join("shop.sqlite");
    demo::make(&path(&first), TODAY, options, |_, _| {})
        .await
        .unwrap();
    // Another day of the same month.
    demo::make(&path(&second), date(2026, 11, 2), options, |_, _| {})
        .await
        .unwrap();
    let hash = |folder: &tempfile::TempDir| Sha256::digest(std::fs::read(path(folder)).unwrap());
    assert_eq!(hash(&first), hash(&second));
}

#[tokio::test]
async fn a_shop_says_what_it_holds_and_leaves_nothing_else_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    assert_eq!(demo::summary(&path).await.unwrap(), None);
    let made = make(folder.path(), 4_000).await;
    assert_eq!(
        (made.orders, made.from, made.until),
        (4_000, date(2023, 11, 1), date(2026, 11, 1))
    );
    assert_eq!(demo::summary(&path).await.unwrap(), Some(made.clone()));
    let mut shop = open(folder.path()).await;
    assert_eq!(
        number(&mut shop, "SELECT count(*) FROM orders").await as u64,
        made.orders
    );
    assert_eq!(
        number(&mut shop, "SELECT count(*) FROM order_line").await as u64,
        made.lines
    );
    assert_eq!(
        number(&mut shop, "SELECT count(*) FROM customer").await as u64,
        made.customers
    );
    assert_eq!(
        number(&mut shop, "SELECT count(*) FROM refund").await as u64,
        made.refunds
    );
    assert_eq!(number(&mut shop, "SELECT count(*) FROM product").await, 40);
    assert_eq!(number(&mut shop, "SELECT count(*) FROM region").await, 17);
    assert!(made.lines > made.orders && made.refunds > 0);
    drop(shop);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["shop.sqlite"]);
}

#[tokio::test]
async fn a_file_that_is_no_shop_is_not_taken_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    std::fs::write(
        &path,
        "not a database, and long enough to be read as a header of one",
    )
    .unwrap();
    assert!(matches!(
        demo::summary(&path).await,
        Err(DemoError::Database { action: "read", .. })
    ));
    // Making replaces it.
    make(folder.path(), 1_000).await;
    assert!(demo::summary(&path).await.unwrap().is_some());
}

#[tokio::test]
async fn a_shop_that_cannot_be_written_says_so_and_keeps_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/shop.sqlite");
    let error = demo::make(&missing, TODAY, Options { orders: 1_000 }, |_, _| {})
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot make the demo shop at "),
        "{error}"
    );
    let error = demo::make(&missing, TODAY, Options { orders: 999 }, |_, _| {})
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "a demo shop has between 1,000 and 100,000,000 orders, not 999"
    );
    let error = demo::make(&missing, Date::MIN, Options::default(), |_, _| {})
        .await
        .unwrap_err();
    assert!(matches!(error, DemoError::Calendar { .. }));
}

#[tokio::test]
async fn keys_lead_somewhere_and_sums_agree() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 20_000).await;
    let mut shop = open(folder.path()).await;
    assert!(rows(&mut shop, "PRAGMA foreign_key_check").await.is_empty());
    let integrity: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut shop)
        .await
        .unwrap();
    assert_eq!(integrity, "ok");
    // The lines of an order are the order: exactly before the cut to whole won, to less than one won after it.
    let wrong = "SELECT count(*) FROM (
            SELECT o.id, o.goods_amount, o.discount_amount, o.shipping_fee, o.total_amount,
                   SUM(l.quantity * l.unit_price) AS goods, SUM(l.discount_amount) AS discount,
                   SUM(l.amount) AS amount
            FROM orders AS o LEFT JOIN order_line AS l ON l.order_id = o.id
            GROUP BY o.id)
        WHERE goods IS NULL OR goods <> goods_amount OR ABS(discount - discount_amount) > 0.001
           OR amount - (total_amount - shipping_fee) NOT BETWEEN -0.001 AND 0.9999";
    assert_eq!(number(&mut shop, wrong).await, 0);
    // Nobody gets more back than they paid, or before they bought.
    let wrong = "SELECT count(*) FROM refund AS f JOIN orders AS o ON o.id = f.order_id
        WHERE f.amount > o.total_amount OR f.refunded_at <= o.ordered_at OR f.amount <= 0
           OR o.status <> 'delivered'";
    assert_eq!(number(&mut shop, wrong).await, 0);
    let wrong = "SELECT count(*) FROM orders AS o JOIN customer AS c ON c.id = o.customer_id
        WHERE date(o.ordered_at) < c.joined_on OR o.ordered_at < '2023-11-01' OR o.ordered_at >= '2026-11-01'";
    assert_eq!(number(&mut shop, wrong).await, 0);
    // Everybody who bought for the first time in the window did so on the day they joined.
    let late = "SELECT count(*) FROM customer AS c
        WHERE c.joined_on >= '2023-11-01'
          AND (SELECT MIN(date(o.ordered_at)) FROM orders AS o WHERE o.customer_id = c.id) > c.joined_on";
    let joined = number(
        &mut shop,
        "SELECT count(*) FROM customer WHERE joined_on >= '2023-11-01'",
    )
    .await;
    assert!(number(&mut shop, late).await * 20 < joined);
}

#[tokio::test]
async fn every_month_has_orders_from_its_first_to_its_last_second() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 20_000).await;
    let mut shop = open(folder.path()).await;
    let months = rows(
        &mut shop,
        "SELECT MIN(substr(ordered_at, 9)) AS first, MAX(substr(ordered_at, 12)) AS last,
                COUNT(DISTINCT date(ordered_at)) AS days
         FROM orders GROUP BY substr(ordered_at, 1, 7)",
    )
    .await;
    assert_eq!(months.len(), 36);
    assert_eq!(
        number(&mut shop, "SELECT count(DISTINCT region_code) FROM orders").await,
        17
    );
    for month in &months {
        assert_eq!(month.get::<String, _>("first"), "01 00:00:00");
        assert_eq!(month.get::<String, _>("last"), "23:59:59");
        assert!(month.get::<i64, _>("days") >= 28);
    }
}

#[tokio::test]
async fn the_figures_have_shape() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 40_000).await;
    let mut shop = open(folder.path()).await;
    let by_month: Vec<i64> = rows(
        &mut shop,
        "SELECT CAST(SUM(total_amount) AS INTEGER) AS revenue FROM orders WHERE status <> 'cancelled'
         GROUP BY substr(ordered_at, 1, 7) ORDER BY substr(ordered_at, 1, 7)",
    )
    .await
    .iter()
    .map(|row| row.get("revenue"))
    .collect();
    // August 2025, the twenty-second month: the warehouse stood still.
    let bad = by_month[21];
    assert!(
        bad * 5 < by_month[20] * 4 && bad * 5 < by_month[22] * 4,
        "{by_month:?}"
    );
    // The shop grows: each year beats the one before.
    let year = |from: usize| by_month[from..from + 12].iter().sum::<i64>();
    assert!(year(12) > year(0) && year(24) > year(12));
    // December is the best of the last quarter of a year.
    assert!(by_month[13] > by_month[12] && by_month[25] > by_month[24]);
    let share = |from: &'static str, until: &'static str| {
        let sql = "SELECT 1000 * SUM(channel_code = 'online') / COUNT(*) FROM orders WHERE ordered_at >= $1 AND ordered_at < $2";
        sqlx::query_scalar::<_, i64>(sql).bind(from).bind(until)
    };
    let early = share("2023-11-01", "2024-05-01")
        .fetch_one(&mut shop)
        .await
        .unwrap();
    let late = share("2026-05-01", "2026-11-01")
        .fetch_one(&mut shop)
        .await
        .unwrap();
    assert!(
        late > early + 100,
        "online went from {early} to {late} thousandths"
    );
    // Late deliveries are why goods of that month came back.
    let reason: String = sqlx::query_scalar(
        "SELECT n.name FROM refund AS f JOIN orders AS o ON o.id = f.order_id
         JOIN refund_reason AS n ON n.code = f.reason_code
         WHERE o.ordered_at >= '2025-08-01' AND o.ordered_at < '2025-09-01'
         GROUP BY n.name ORDER BY COUNT(*) DESC LIMIT 1",
    )
    .fetch_one(&mut shop)
    .await
    .unwrap();
    assert_eq!(reason, "배송 지연");
}

#[tokio::test]
async fn names_a_careless_tool_breaks_on_are_there_and_buy() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 20_000).await;
    let mut shop = open(folder.path()).await;
    let buyers: Vec<String> = rows(
        &mut shop,
        "SELECT DISTINCT c.name FROM customer AS c JOIN orders AS o ON o.customer_id = c.id",
    )
    .await
    .iter()
    .map(|row| row.get("name"))
    .collect();
    let has = |name: &str| buyers.iter().any(|buyer| buyer == name);
    for name in [
        "=1+1",
        "-5",
        "@home",
        "+82 10-0000-0000",
        "00123",
        "12345678901234567890",
        "두 줄\n상호",
    ] {
        assert!(has(name), "{name}");
    }
    assert!(
        has("O'Brien \"The Best\" Coffee") && has("김, 이 & 박") && has("🍓 딸기네 👩‍👩‍👧 가족농장")
    );
    assert!(buyers.iter().any(|name| name.chars().count() > 200));
    for (what, sql) in [
        (
            "a product like a formula",
            "SELECT count(*) FROM product WHERE name IN ('=1+1', '-5', '@home')",
        ),
        (
            "a code with leading zeros",
            "SELECT count(*) FROM product WHERE code LIKE '00%'",
        ),
        (
            "a number of twenty digits",
            "SELECT count(*) FROM customer WHERE length(external_no) = 20",
        ),
        (
            "a memo no cell holds",
            "SELECT count(*) FROM customer WHERE length(memo) > 32767",
        ),
        (
            "a control character",
            "SELECT count(*) FROM customer WHERE instr(memo, char(7)) > 0",
        ),
        (
            "a discount with decimals",
            "SELECT count(*) FROM orders WHERE discount_amount <> CAST(discount_amount AS INTEGER)",
        ),
        (
            "an unknown consent",
            "SELECT count(*) FROM customer WHERE marketing_consent IS NULL",
        ),
        (
            "a refund without a reason",
            "SELECT count(*) FROM refund WHERE reason_code IS NULL",
        ),
        (
            "an order nobody looks after",
            "SELECT count(*) FROM orders WHERE salesperson_id IS NULL",
        ),
        ("a gift", "SELECT count(*) FROM orders WHERE is_gift"),
        (
            "a customer who never bought",
            "SELECT count(*) FROM customer WHERE id NOT IN (SELECT customer_id FROM orders)",
        ),
    ] {
        assert!(number(&mut shop, sql).await > 0, "there is not {what}");
    }
}

#[tokio::test]
async fn targets_are_near_what_people_sell_and_newcomers_have_none() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 60_000).await;
    let mut shop = open(folder.path()).await;
    let row = &rows(
        &mut shop,
        "SELECT CAST(SUM(g.amount) AS INTEGER) AS target,
                CAST(SUM((SELECT COALESCE(SUM(o.total_amount), 0) FROM orders AS o
                          WHERE o.salesperson_id = g.salesperson_id AND o.status <> 'cancelled'
                            AND o.ordered_at >= g.month AND o.ordered_at < date(g.month, '+1 month'))) AS INTEGER) AS sold
         FROM target AS g",
    )
    .await[0];
    let (target, sold): (i64, i64) = (row.get("target"), row.get("sold"));
    assert!(
        sold * 100 / target > 80 && sold * 100 / target < 120,
        "{sold} of {target}"
    );
    let early = "SELECT count(*) FROM target AS g JOIN salesperson AS s ON s.id = g.salesperson_id
        WHERE g.month < date(s.hired_on, '+2 months') OR g.month > s.left_on";
    assert_eq!(number(&mut shop, early).await, 0);
    assert!(
        number(
            &mut shop,
            "SELECT count(*) FROM salesperson WHERE left_on IS NOT NULL"
        )
        .await
            > 0
    );
}

#[tokio::test]
async fn declared_types_say_what_columns_hold() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 1_000).await;
    let mut shop = open(folder.path()).await;
    let found = rows(
        &mut shop,
        "SELECT m.name AS tab, c.name AS col, c.type AS kind FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    )
    .await;
    for row in found {
        let (table, column, kind): (String, String, String) =
            (row.get("tab"), row.get("col"), row.get("kind"));
        let known = ["INTEGER", "TEXT", "DATE", "DATETIME", "BOOLEAN"].contains(&kind.as_str())
            || kind.starts_with("DECIMAL(");
        assert!(known, "{table}.{column} is {kind}");
    }
}
