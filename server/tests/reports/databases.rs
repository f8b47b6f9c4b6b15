//! The same reports on SQLite, PostgreSQL and MariaDB.

use std::path::PathBuf;

use sqlx::Connection;
use testbed::Database;

use super::same::Book;
use super::shop::{self, AREAS};

/// The shop in both servers, the same rows as in the file.
pub struct Shops {
    postgres: Database,
    mariadb: Database,
}

impl Shops {
    pub async fn new() -> Self {
        let shops = Self {
            postgres: testbed::postgres().database().unwrap(),
            mariadb: testbed::mariadb().database().unwrap(),
        };
        for database in [&shops.postgres, &shops.mariadb] {
            shop::load(&database.writer).await;
        }
        shops
    }

    /// Each kind of database with its URL.
    pub fn urls(&self) -> [(&'static str, String); 3] {
        [
            ("SQLite", format!("sqlite:{}", shop::path().display())),
            ("PostgreSQL", self.postgres.reader.clone()),
            ("MariaDB", self.mariadb.reader.clone()),
        ]
    }
}

/// Runs a report from one database; passwords stay out of the process list.
fn run(report: &str, values: &[&str], sources: &[(&str, &str)]) -> (Book, serde_json::Value) {
    let folder = tempfile::tempdir().unwrap();
    let workbook = folder.path().join("out.xlsx");
    let mut command = shop::digger();
    command
        .args(["run", report, "--json", "--queries"])
        .arg(super::queries())
        .arg("-o")
        .arg(&workbook);
    for (name, url) in sources {
        command.env(format!("DIGGER_SOURCE_{}_URL", name.to_uppercase()), url);
    }
    for value in values {
        command.args(["--param", value]);
    }
    for area in AREAS {
        command.args(["--viewer", &format!("areas={area}")]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{report} {values:?}: {said}");
    let outcome = serde_json::from_slice(&output.stdout).unwrap();
    (Book::read(&workbook), outcome)
}

fn is_same_everywhere(shops: &Shops, report: &str, values: &[&str]) {
    let mut first: Option<Book> = None;
    for (database, url) in shops.urls() {
        let (book, _) = run(report, values, &[("shop", &url)]);
        match &first {
            None => first = Some(book),
            Some(sqlite) => {
                if let Some(difference) = sqlite.difference(&book) {
                    panic!("{report} {values:?}, SQLite and {database}: {difference}");
                }
            }
        }
    }
    let rows = first.map_or(0, |book| book.rows());
    assert!(rows > 1, "{report} {values:?} has {rows} rows");
}

#[tokio::test]
async fn every_report_of_a_department_makes_the_same_workbook_from_every_database() {
    let shops = Shops::new().await;
    let reports = super::reports();
    let departments: Vec<_> = reports
        .iter()
        .filter(|report| report.id.folder() != "examples")
        .collect();
    assert!(departments.len() >= 11);
    for report in departments {
        is_same_everywhere(&shops, report.id.as_str(), &[]);
    }
}

#[tokio::test]
async fn chosen_values_make_the_same_workbook_from_every_database() {
    let shops = Shops::new().await;
    let (from, until) = shop::everything();
    let all = format!("period={from} .. {until}");
    for (report, values) in [
        (
            "sales/monthly_sales",
            &[all.as_str(), "areas=honam", "regions=46"][..],
        ),
        ("sales/daily_sales", &["channels=online", "channels=live"]),
        (
            "sales/order_detail",
            &[
                all.as_str(),
                "areas=capital",
                "areas=yeongnam",
                "channels=online",
                "channels=store",
                "customer=KIM",
                "minimum_amount=10000.50",
                "minimum_quantity=2",
                "with_cancelled=true",
            ],
        ),
        (
            "sales/order_detail",
            &[all.as_str(), "customer=100%", "with_cancelled=true"],
        ),
        ("sales/order_times", &["measure=revenue"]),
        ("sales/product_ranking", &["category=coffee"]),
        ("customers/cohorts", &[all.as_str(), "kind=business"]),
        (
            "customers/customer_list",
            &["search=상", "grades=VIP", "joined_since=2024-01-01"],
        ),
        ("finance/refunds", &[all.as_str(), "minimum_amount=0"]),
        ("team/sales_vs_target", &["teams=1", "teams=3", "goal=90"]),
    ] {
        is_same_everywhere(&shops, report, values);
    }
}

#[tokio::test]
async fn one_won_in_one_order_is_a_difference() {
    let shops = Shops::new().await;
    let [(_, sqlite), (_, postgres), _] = shops.urls();
    let mut writer = sqlx::PgConnection::connect(&shops.postgres.writer)
        .await
        .unwrap();
    let changed = sqlx::query(
        "UPDATE orders SET total_amount = total_amount + 1
         WHERE id = (SELECT MAX(id) FROM orders WHERE status <> 'cancelled')",
    )
    .execute(&mut writer)
    .await
    .unwrap();
    assert_eq!(changed.rows_affected(), 1);
    let (one, _) = run("sales/daily_sales", &[], &[("shop", &sqlite)]);
    let (two, _) = run("sales/daily_sales", &[], &[("shop", &postgres)]);
    let difference = one.difference(&two).unwrap();
    assert!(difference.starts_with("일별: row "), "{difference}");
}

#[tokio::test]
async fn every_report_runs_on_every_database() {
    let shops = Shops::new().await;
    for (database, url) in shops.urls() {
        let output = shop::digger()
            .args(["check", "--online"])
            .arg(super::queries())
            .env("DIGGER_SOURCE_SHOP_URL", &url)
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{database}: {said}");
        let examples = super::reports();
        for report in examples
            .iter()
            .filter(|report| report.id.folder() == "examples")
        {
            run(report.id.as_str(), &[], &[("shop", &url)]);
        }
    }
}

#[tokio::test]
async fn one_report_joins_three_databases() {
    let shops = Shops::new().await;
    let [(_, sqlite), (_, postgres), (_, mariadb)] = shops.urls();
    let report =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/three_databases.sql");
    let (from, until) = shop::last_month();
    let (book, outcome) = run(
        report.to_str().unwrap(),
        &[],
        &[("shop", &sqlite), ("sales", &postgres), ("crm", &mariadb)],
    );
    // The same question to SQLite alone, without anything of Digger.
    let mut file = shop::open().await;
    let orders = format!(
        "FROM orders AS o JOIN customer AS c ON c.id = o.customer_id
         WHERE o.ordered_at >= '{from}' AND o.ordered_at < '{until}' AND o.status <> 'cancelled'"
    );
    let expected = [
        (
            "orders",
            shop::number(&mut file, &format!("SELECT COUNT(*) {orders}")).await,
        ),
        (
            "revenue",
            shop::number(&mut file, &format!("SELECT SUM(o.total_amount) {orders}")).await,
        ),
    ];
    let totals = outcome["totals"].as_array().unwrap();
    for (column, expected) in expected {
        let total = totals
            .iter()
            .find(|total| total["column"] == column)
            .unwrap();
        let found: f64 = total["value"].as_str().unwrap().parse().unwrap();
        assert_eq!(found.round() as i64, expected, "{column}");
    }
    let groups = format!(
        "SELECT COUNT(*) FROM (SELECT DISTINCT c.region_code, COALESCE(c.grade, '–') {orders})"
    );
    let rows = shop::number(&mut file, &groups).await;
    // A header and the totals stand around the rows.
    assert_eq!(book.rows() as i64, rows + 2);
}
