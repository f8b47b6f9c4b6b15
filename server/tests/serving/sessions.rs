//! Statements at a real PostgreSQL: stopped whoever dies, read in partitions and in ranges.

use calamine::{Reader, Xlsx, open_workbook};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use super::digger::{Digger, Place, binary, children_of_run, signal, until};
use super::shop::write_report;
use super::visitor::Visitor;

/// Computes for ever without a row.
const ENDLESS: &str = r#"/*--- report
title = "Endless"

[access]
run = ["sales"]
---*/

-- name: endless
-- source: pg
SELECT count(*) AS numbers FROM (SELECT generate_series(1, 1000000000000)) AS n;
"#;

const ORDERS: &str = "CREATE TABLE orders (
        id int PRIMARY KEY, ordered_at timestamptz NOT NULL, total numeric NOT NULL, note text);
    INSERT INTO orders
    SELECT i, timestamptz '2026-01-01 00:00+09' + i * interval '1 hour', round(i / 7.0, i % 4), nullif('note ' || i % 5, 'note 0')
      FROM generate_series(1, 4000) AS i;";

const PARTITIONED: &str = r#"/*--- report
title = "Orders"
timezone = "Asia/Seoul"

[params.period]
label = "Period"
type = "period"
default = "2026-01-01 .. 2026-07-01"
---*/

-- name: orders
-- source: pg
-- partition: ordered_at by month over period lookback 3 days
SELECT id, ordered_at, total, note FROM orders
WHERE ordered_at >= :partition.from AND ordered_at < :partition.until
ORDER BY id;

/*--- workbook
[[sheet]]
name  = "Orders"
query = "orders"
---*/
"#;

const SPLIT: &str = r#"/*--- report
title = "Orders"
timezone = "Asia/Seoul"
---*/

-- name: orders
-- source: pg
-- split: id of orders into 4
SELECT id, ordered_at, total, note FROM orders
WHERE id >= :split.from AND id < :split.until
ORDER BY id;

/*--- workbook
[[sheet]]
name  = "Orders"
query = "orders"
---*/
"#;

/// A place with a database of its own as the source `pg`.
struct Shop {
    place: Place,
    database: testbed::Database,
}

impl Shop {
    async fn new() -> Self {
        let place = Place::new().await;
        let database = testbed::postgres().database().unwrap();
        place.configure(&format!(
            "[sources.pg]\nurl = \"{}\"\nmax_running = 3\n",
            database.reader
        ));
        Self { place, database }
    }

    async fn administrator(&self) -> PgConnection {
        PgConnectOptions::from_url(&self.database.administrator.parse().unwrap())
            .unwrap()
            .connect()
            .await
            .unwrap()
    }

    /// Process numbers of the sessions that compute for ever.
    async fn working(&self) -> Vec<i32> {
        let sql = "SELECT pid FROM pg_stat_activity
                    WHERE datname = $1 AND state = 'active' AND pid <> pg_backend_pid()
                      AND query LIKE '%generate_series%'";
        let rows = sqlx::query(sql)
            .bind(&self.database.name)
            .fetch_all(&mut self.administrator().await)
            .await
            .unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn until_working(&self, is_wanted: impl Fn(&[i32]) -> bool) -> Vec<i32> {
        let waiting = async {
            loop {
                let working = self.working().await;
                if is_wanted(&working) {
                    return working;
                }
            }
        };
        tokio::time::timeout(super::digger::PATIENCE, waiting)
            .await
            .expect("the sessions became as wanted")
    }

    /// A server and a run that computes for ever, with its session known to the server.
    async fn endless(&self) -> (Digger, Visitor, String, i32) {
        write_report(&self.place.path("queries"), "sales/endless", ENDLESS);
        let digger = self.place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        let run = kim.start("sales/endless", &[]).await;
        let session = self.until_working(|working| working.len() == 1).await[0];
        self.until_stored(&run, session).await;
        (digger, kim, run, session)
    }

    /// Waits until the session stands in Digger's own tables.
    async fn until_stored(&self, run: &str, session: i32) {
        let mut tables = super::shop::open(&self.place.data().join("digger.sqlite")).await;
        let waiting = async {
            loop {
                let stored: Option<String> =
                    sqlx::query_scalar("SELECT db_session FROM runs WHERE id = $1")
                        .bind(run)
                        .fetch_one(&mut tables)
                        .await
                        .unwrap();
                if stored.is_some_and(|stored| stored.contains(&format!("\"{session}/"))) {
                    return;
                }
            }
        };
        tokio::time::timeout(super::digger::PATIENCE, waiting)
            .await
            .expect("the session is stored");
    }
}

#[tokio::test]
async fn a_cancel_is_confirmed_by_the_database() {
    let shop = Shop::new().await;
    let (_digger, kim, run, _) = shop.endless().await;
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
    // The run says so only after the statement has gone.
    assert_eq!(shop.working().await, Vec::<i32>::new());
    assert_eq!(kim.run(&run).await["stop_confirmed"], true);
    let page = kim.get(&format!("/runs/{run}")).await.text().await.unwrap();
    assert!(page.contains("데이터베이스에서도 조회가 멈춘 것을 확인했습니다."));
}

#[tokio::test]
async fn what_a_killed_child_left_is_stopped() {
    let shop = Shop::new().await;
    let (mut digger, kim, run, session) = shop.endless().await;
    for child in children_of_run(&run) {
        signal(child, rustix::process::Signal::KILL);
    }
    assert!(digger.line_with("Stopped what run").is_some());
    shop.until_working(|working| !working.contains(&session))
        .await;
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
    shop.until_working(<[i32]>::is_empty).await;
}

#[tokio::test]
async fn what_a_killed_server_left_is_stopped_at_the_next_start() {
    let shop = Shop::new().await;
    let (digger, _, run, session) = shop.endless().await;
    // The server must not notice that the child has gone.
    signal(digger.pid(), rustix::process::Signal::STOP);
    for child in children_of_run(&run) {
        signal(child, rustix::process::Signal::KILL);
    }
    digger.kill();
    until("the child has ended", || {
        children_of_run(&run).is_empty().then_some(())
    });
    let mut digger = shop.place.serve();
    assert!(digger.line_with("Stopped what run").is_some());
    shop.until_working(|working| !working.contains(&session))
        .await;
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
}

#[tokio::test]
async fn partitions_and_ranges_are_the_databases_own_answer() {
    let shop = Shop::new().await;
    let mut administrator = shop.administrator().await;
    sqlx::raw_sql(AssertSqlSafe(ORDERS.to_owned()))
        .execute(&mut administrator)
        .await
        .unwrap();
    let expected: Vec<(i32, String, Option<String>)> = sqlx::query_as(
        "SELECT id, trim_scale(total)::text, note FROM orders
          WHERE ordered_at < timestamptz '2026-07-01 00:00+09' ORDER BY id",
    )
    .fetch_all(&mut administrator)
    .await
    .unwrap();
    let queries = shop.place.path("queries");
    write_report(&queries, "sales/partitioned", PARTITIONED);
    write_report(&queries, "sales/split", SPLIT);
    for report in ["sales/partitioned", "sales/partitioned", "sales/split"] {
        let output = binary()
            .current_dir(shop.place.folder.path())
            .args([
                "run", report, "-o", "out.xlsx", "--stage", "stage", "--json",
            ])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut book: Xlsx<_> = open_workbook(shop.place.path("out.xlsx")).unwrap();
        let sheet = book.worksheet_range("Orders").unwrap();
        let rows: Vec<_> = sheet.rows().skip(1).collect();
        assert_eq!(rows.len(), expected.len(), "{report}");
        for (row, (id, total, note)) in rows.iter().zip(&expected) {
            assert_eq!(row[0].to_string(), id.to_string());
            assert_eq!(row[2].to_string(), *total, "order {id}");
            assert_eq!(row[3].to_string(), note.clone().unwrap_or_default());
        }
        let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let block = &outcome["blocks"][0];
        assert_eq!(block["rows_now"] == 0, block["from_stage"] == true);
        let host = block["endpoint"].as_str();
        assert_eq!(
            host.is_some_and(|host| host.ends_with(&shop.database.name)),
            block["from_stage"] == false,
            "{block}"
        );
    }
}
