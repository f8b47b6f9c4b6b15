//! A small shop and reports on it, each with one purpose.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

/// Opens the shop for a question of the test's own.
pub async fn open(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap()
}

/// Two years of orders in three regions, one of them with a name a careless tool would run.
pub async fn make(path: &Path) {
    let mut shop = open(path).await;
    sqlx::raw_sql(
        "CREATE TABLE region (code TEXT PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO region VALUES ('11', '서울'), ('26', '부산'), ('=1+1', '=1+1');
         CREATE TABLE orders (
             id INTEGER PRIMARY KEY, ordered_on DATE NOT NULL, region_code TEXT NOT NULL, total_cents INTEGER NOT NULL
         );
         WITH RECURSIVE day(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM day WHERE n < 730)
         INSERT INTO orders (ordered_on, region_code, total_cents)
         SELECT date('2025-01-01', '+' || n || ' days'), code, 1000 * (n % 7 + 1) + length(name)
           FROM day JOIN region;",
    )
    .execute(&mut shop)
    .await
    .unwrap();
    shop.close().await.unwrap();
}

/// Writes every report below `queries`.
pub fn write_reports(queries: &Path) {
    for (id, text) in REPORTS {
        write_report(queries, id, text);
    }
}

pub fn write_report(queries: &Path, id: &str, text: &str) {
    let path = queries.join(format!("{id}.sql"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

const REPORTS: [(&str, &str); 9] = [
    ("sales/by_region", include_str!("reports/by_region.sql")),
    ("sales/long", include_str!("reports/long.sql")),
    ("sales/large", include_str!("reports/large.sql")),
    ("sales/behind", include_str!("reports/behind.sql")),
    ("sales/refused", include_str!("reports/refused.sql")),
    ("sales/columns", include_str!("reports/columns.sql")),
    ("sales/checked", include_str!("reports/checked.sql")),
    ("sales/monthly", include_str!("reports/monthly.sql")),
    ("finance/closed", include_str!("reports/closed.sql")),
];
