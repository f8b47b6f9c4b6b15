//! Runs that are over: an installation is seldom empty, and the queue lives in the same table.

use anyhow::Result;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

/// One text for both databases, as the tables are.
const RUNS: &str = "
INSERT INTO runs
  (id, report_id, report_revision, source_id, user_id, title, lang, state, attempt, last_worker,
   created_ms, not_before_ms, started_ms, claimed_ms, finished_ms)
WITH RECURSIVE past(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM past WHERE n < COUNT)
SELECT 'past' || n, 'sales/daily_sales', '0', 'shop', 'person' || (n % 10), '일별 매출', 'ko', 'succeeded', 1, 'before',
       n, n, n, n, n
  FROM past;
INSERT INTO run_sources (run_id, source_id) SELECT id, source_id FROM runs WHERE last_worker = 'before';
INSERT INTO run_owners (run_id, user_id, since_ms) SELECT id, user_id, created_ms FROM runs WHERE last_worker = 'before'";

/// Puts so many finished runs into Digger's own tables, as old as can be. They know the source `shop`.
///
/// # Errors
/// When the tables are not there.
pub(crate) async fn make(place: &str, count: usize) -> Result<Value> {
    let sql = AssertSqlSafe(RUNS.replace("COUNT", &count.to_string()));
    match place.strip_prefix("sqlite:") {
        Some(folder) => {
            let file = SqliteConnectOptions::new().filename(format!("{folder}/digger.sqlite"));
            let mut database = SqliteConnection::connect_with(&file).await?;
            sqlx::raw_sql(sql).execute(&mut database).await?;
            database.close().await?;
        }
        None => {
            let mut database = PgConnection::connect(place).await?;
            sqlx::raw_sql(sql).execute(&mut database).await?;
            // As the server does by itself some time after so many rows.
            sqlx::raw_sql("ANALYZE").execute(&mut database).await?;
            database.close().await?;
        }
    }
    Ok(json!({ "runs": count }))
}
