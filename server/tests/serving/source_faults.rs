//! Sources that are slow, silent, cut off, or may be asked by one at a time.

use futures::future::join_all;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::gate::Way;
use super::held::Held;
use super::invariants;
use super::own::{Db, Own, eventually};
use super::shop::write_report;
use super::visitor::Visitor;

super::own::on_both!(
    a_source_that_is_slow_and_then_silent_loses_no_lease,
    a_connection_that_is_cut_in_a_row_is_tried_again,
    a_source_for_one_never_has_two_sessions,
);

/// One row a second, each too wide for the database to keep it back.
const TRICKLE: &str = r#"/*--- report
title = "Trickle"

[access]
run = ["sales"]
---*/

-- name: numbers
-- source: pg
SELECT n, repeat('x', 20000) AS wide, CAST(pg_sleep(1) AS text) AS waited FROM generate_series(1, 5) AS n;

/*--- workbook
[[sheet]]
name  = "Numbers"
query = "numbers"
---*/
"#;

/// Fails when a second session does the same at the same time.
const ALONE: &str = r#"/*--- report
title = "Alone"

[access]
run = ["sales"]

[params.number]
type  = "integer"
label = "Number"
default = 1
---*/

-- name: numbers
-- source: pg
SELECT n, CAST(:number AS int) AS number, alone() AS alone FROM generate_series(1, 200) AS n;

/*--- workbook
[[sheet]]
name  = "Numbers"
query = "numbers"
---*/
"#;

const FUNCTION: &str = "
CREATE FUNCTION alone() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(7) THEN
    RAISE EXCEPTION 'two sessions at once';
  END IF;
  PERFORM pg_sleep(0.001);
  RETURN 'alone';
END $$";

async fn a_source_that_is_slow_and_then_silent_loses_no_lease(db: Db) {
    let own = Own::new(db).await;
    let mut held = Held::new(&own.place, "").await;
    write_report(&own.place.path("queries"), "sales/trickle", TRICKLE);
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let silent = held.start(&kim, 2, 1_000).await;
    let slow = kim.start("sales/trickle", &[]).await;
    own.until(&slow, "at its second row", |run| {
        run.is_running() && run.rows_done >= 2
    })
    .await;
    // Five beats a second, and a lease of four seconds: twice as long.
    let beats = format!("SELECT heartbeat FROM runs WHERE id = '{silent}'");
    eventually("two leases of heartbeats have passed", async || {
        (own.count(&beats).await > 40).then_some(())
    })
    .await;
    held.release().await;
    for run in [silent, slow] {
        assert_eq!(kim.finished(&run).await["state"], "succeeded");
        let seen = own.run(&run).await;
        assert_eq!((seen.attempt, seen.crashes), (1, 0));
    }
    invariants::check(&own).await;
    held.until_quiet().await;
}

async fn a_connection_that_is_cut_in_a_row_is_tried_again(db: Db) {
    let own = Own::new(db).await;
    let mut held = Held::new(&own.place, "").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 30_000, 60_000).await;
    held.until_waiting(1).await;
    held.gate.become_way(Way::Cut);
    let seen = own
        .until(&run, "waiting for its next try", |run| run.fails == 1)
        .await;
    assert_eq!(seen.error_code.as_deref(), Some("source_down"));
    assert!(kim.live(&run).await["retry"].is_object());
    held.release().await;
    held.until_quiet().await;
    held.gate.become_way(Way::Open);
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = own.run(&run).await;
    assert_eq!((seen.attempt, seen.fails, seen.crashes), (2, 1, 0));
    assert_eq!(
        own.story(&run).await,
        ["queued", "claimed", "retry", "claimed", "succeeded"]
    );
    invariants::check(&own).await;
}

/// C7: as seen by the source itself.
async fn a_source_for_one_never_has_two_sessions(db: Db) {
    let own = Own::new(db).await;
    let database = testbed::postgres().database().unwrap();
    own.place.configure(&format!(
        "[sources.pg]\nurl = \"{}\"\nmax_running = 1\n",
        database.reader
    ));
    write_report(&own.place.path("queries"), "sales/alone", ALONE);
    let administrator = PgConnectOptions::from_url(&database.administrator.parse().unwrap());
    let mut administrator = administrator.unwrap().connect().await.unwrap();
    sqlx::raw_sql(FUNCTION)
        .execute(&mut administrator)
        .await
        .unwrap();
    let digger = own.place.serve();
    // On SQLite one process works on four at a time.
    let _workers: Vec<_> = match db {
        Db::Sqlite => Vec::new(),
        Db::Postgres => (0..3).map(|_| own.place.work()).collect(),
    };
    let mut runs = Vec::new();
    for login in ["kim", "park", "lee", "admin"] {
        let visitor = Visitor::signed_in(&digger.address, login).await;
        for number in 0..3 {
            let number = number.to_string();
            let run = visitor
                .start("sales/alone", &[("params[number]", &*number)])
                .await;
            runs.push((visitor.clone(), run));
        }
    }
    let ended = runs.iter().map(async |(visitor, run)| {
        let live = visitor.finished(run).await;
        assert_eq!(live["state"], "succeeded", "{:#}", visitor.run(run).await);
    });
    join_all(ended).await;
    invariants::check(&own).await;
}
