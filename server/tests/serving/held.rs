//! A source whose statement stops where a test wants it to.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use testbed::Database;

use super::digger::Place;
use super::gate::Gate;
use super::own::eventually;
use super::shop::write_report;
use super::visitor::Visitor;

/// The report that reads it.
pub const HELD: &str = "sales/held";

/// A row that waits for whoever holds the lock. The second one is so wide that the database cannot keep
/// the first one back. The rows stand on the second sheet, because a first one would be written while
/// they arrive, and writing the workbook would be over in a moment.
const REPORT: &str = r#"/*--- report
title = "Held"

[access]
run = ["sales"]

[params.rows]
type    = "integer"
label   = "Rows"
default = 1000

[params.stop]
type    = "integer"
label   = "Stops at"
default = 1
---*/

-- name: numbers
-- source: pg
SELECT n,
       CASE WHEN n = CAST(:stop AS int) THEN wait_here()
            WHEN n < 3 THEN repeat('x', 20000)
            ELSE 'row ' || n END AS name
  FROM generate_series(1, CAST(:rows AS int)) AS n;

-- name: counted
-- engine: polars
SELECT COUNT(*) AS rows FROM numbers;

/*--- workbook
[[sheet]]
name  = "Counted"
query = "counted"

[[sheet]]
name  = "Numbers"
query = "numbers"
---*/
"#;

const FUNCTION: &str = "
CREATE FUNCTION wait_here() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(42);
  RETURN 'waited';
END $$";

/// A PostgreSQL database as the source `pg`, reached through a gate.
pub struct Held {
    pub database: Database,
    pub gate: Gate,
    holder: Option<PgConnection>,
}

impl Held {
    /// Makes it, writes its report and configures the place; `more` are other settings.
    pub async fn new(place: &Place, more: &str) -> Self {
        let database = testbed::postgres().database().unwrap();
        let (gate, through) = Gate::before(&database.reader).await;
        place.configure(&format!(
            "{more}\n[sources.pg]\nurl = \"{through}\"\nmax_running = 3\n"
        ));
        write_report(&place.path("queries"), HELD, REPORT);
        let mut held = Self {
            database,
            gate,
            holder: None,
        };
        sqlx::raw_sql(FUNCTION)
            .execute(&mut held.administrator().await)
            .await
            .unwrap();
        held.hold().await;
        held
    }

    /// Queues a run of so many rows that waits at row `stop`; at none with 0.
    pub async fn start(&self, visitor: &Visitor, stop: u32, rows: u32) -> String {
        let (stop, rows) = (stop.to_string(), rows.to_string());
        let fields = [("params[rows]", &*rows), ("params[stop]", &*stop)];
        visitor.start(HELD, &fields).await
    }

    pub async fn administrator(&self) -> PgConnection {
        PgConnectOptions::from_url(&self.database.administrator.parse().unwrap())
            .unwrap()
            .connect()
            .await
            .unwrap()
    }

    /// From now on statements wait at their row.
    pub async fn hold(&mut self) {
        self.release().await;
        let mut holder = self.administrator().await;
        sqlx::query("SELECT pg_advisory_lock(42)")
            .execute(&mut holder)
            .await
            .unwrap();
        self.holder = Some(holder);
    }

    /// Lets them go on.
    pub async fn release(&mut self) {
        if let Some(holder) = self.holder.take() {
            holder.close().await.unwrap();
        }
    }

    /// Sessions of ours that wait at their row.
    pub async fn waiting(&self) -> i64 {
        self.sessions("wait_event_type = 'Lock'").await
    }

    /// Sessions of ours that have a statement.
    pub async fn active(&self) -> i64 {
        self.sessions("state <> 'idle'").await
    }

    async fn sessions(&self, condition: &str) -> i64 {
        let sql = format!(
            "SELECT COUNT(*) FROM pg_stat_activity
              WHERE datname = $1 AND usename = $1 || '_r' AND {condition}"
        );
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(&self.database.name)
            .fetch_one(&mut self.administrator().await)
            .await
            .unwrap()
    }

    pub async fn until_waiting(&self, sessions: i64) {
        let what = format!("{sessions} sessions wait at their row");
        eventually(&what, async || {
            (self.waiting().await == sessions).then_some(())
        })
        .await;
    }

    /// I9: nothing of ours works there any more.
    pub async fn until_quiet(&self) {
        eventually("the source has no statement of ours", async || {
            (self.active().await == 0).then_some(())
        })
        .await;
    }
}
