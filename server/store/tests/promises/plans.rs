//! What the queue costs must not depend on how many runs there have been.

use sqlx::{AssertSqlSafe, Row};

use crate::place::{Db, Place};

#[path = "../../src/run/statements.rs"]
mod statements;

/// Statements that are run at every claim, for every waiting run somebody watches, for the first page
/// and for the page "Now".
const STATEMENTS: [(&str, &str); 7] = [
    ("claim", statements::CLAIM),
    ("queue_place", statements::QUEUE_PLACE),
    ("queue", statements::QUEUE),
    ("open_runs", include_str!("../../src/run/open_runs.sql")),
    ("open_runs_of", statements::OPEN_RUNS_OF),
    (
        "sources_of_open_runs",
        include_str!("../../src/run/sources_of_open_runs.sql"),
    ),
    (
        "owners_of_open_runs",
        include_str!("../../src/run/owners_of_open_runs.sql"),
    ),
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
        // make the index; r and o are what the statements call the table, and the keys of its
        // neighbours are called `sqlite_autoindex_run_…`.
        for step in steps {
            let mut words = step.split(' ');
            let (verb, table) = (words.next(), words.next().unwrap_or_default());
            let is_walk = verb == Some("SCAN") || step.contains(" AUTOMATIC ");
            let is_of_runs = ["runs", "r", "o"].contains(&table) || step.contains("index_run_");
            if is_walk && is_of_runs {
                let is_short = OPEN_ONLY.contains(&step.rsplit(' ').next().unwrap_or_default());
                walks.push((name, is_short, step));
            }
        }
    }
    // The plans were read: each statement counts what runs and looks at what waits.
    assert!(walks.len() >= 2 * STATEMENTS.len(), "{walks:#?}");
    assert!(walks.iter().all(|(_, is_short, _)| *is_short), "{walks:#?}");
}

/// A report that is run every day has thousands of runs, and most of them are not what is looked for.
#[tokio::test]
async fn the_run_before_is_found_by_its_values() {
    let place = Place::new(Db::Sqlite).await;
    let statement = include_str!("../../src/run/previous_totals.sql");
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let plan = sqlx::query(explain)
        .fetch_all(&mut place.connect().await)
        .await
        .unwrap();
    let steps: Vec<String> = plan.iter().map(|step| step.get("detail")).collect();
    assert_eq!(
        steps[0],
        "SEARCH r USING INDEX runs_of_values (report_id=? AND <expr>=?)"
    );
}
