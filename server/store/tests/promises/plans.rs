//! What the queue costs must not depend on how many runs there have been.

use sqlx::{AssertSqlSafe, Row};

use crate::place::{Db, Place};

/// Statements that are run at every claim, for every waiting run somebody watches, and for the page
/// "Now".
const STATEMENTS: [(&str, &str); 3] = [
    ("claim", include_str!("../../src/run/claim.sql")),
    ("queue_place", include_str!("../../src/run/queue_place.sql")),
    ("queue", include_str!("../../src/run/queue.sql")),
];

/// Indexes that hold only runs that wait or run.
const OPEN_ONLY: [&str; 3] = ["runs_ready", "runs_running", "runs_running_of_user"];

/// SQLite plans without knowing how large a table is, so that the plan for an empty one is the plan.
#[tokio::test]
async fn the_queue_never_walks_through_finished_runs() {
    let place = Place::new(Db::Sqlite).await;
    let mut walks = Vec::new();
    for (name, statement) in STATEMENTS {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let plan = sqlx::query(explain)
            .fetch_all(&mut place.connect().await)
            .await
            .unwrap();
        let steps = plan.iter().map(|step| step.get::<String, _>("detail"));
        // `SCAN runs USING INDEX name` walks, `SEARCH r USING AUTOMATIC … INDEX (…)` has walked to
        // make the index; r and o are what the statements call the table.
        for step in steps {
            let mut words = step.split(' ');
            let (verb, table) = (words.next(), words.next().unwrap_or_default());
            let is_walk = verb == Some("SCAN") || step.contains(" AUTOMATIC ");
            if is_walk && ["runs", "r", "o"].contains(&table) {
                let is_short = OPEN_ONLY.contains(&step.rsplit(' ').next().unwrap_or_default());
                walks.push((name, is_short, step));
            }
        }
    }
    // The plans were read: each statement counts what runs and looks at what waits.
    assert!(walks.len() >= 2 * STATEMENTS.len(), "{walks:#?}");
    assert!(walks.iter().all(|(_, is_short, _)| *is_short), "{walks:#?}");
}
