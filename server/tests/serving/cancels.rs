//! Cancelled wherever it is: at every step, by somebody who races its end, at every kind of server.

use bucket::{Bucket, Fault};
use reqwest::StatusCode;
use rustix::process::Signal;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions, Row};

use super::digger::{Digger, children_of_run, signal};
use super::gate::Way;
use super::held::Held;
use super::invariants;
use super::own::{Db, Own, RunSeen, eventually};
use super::shop::write_report;
use super::visitor::{JANUARY, LONG, Visitor};

super::own::on_both!(
    a_run_is_cancelled_wherever_it_is,
    a_cancel_that_races_the_end_leaves_one_ending,
    a_statement_at_mariadb_is_gone_after_a_cancel,
    a_child_that_does_not_listen_is_killed,
    a_run_that_is_over_stays_as_it_is,
);

/// Keeps Polars busy for longer than a test waits.
const CROSSED: &str = r#"/*--- report
title = "Crossed"

[access]
run = ["sales"]
---*/

-- name: numbers
-- source: shop
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 6000)
SELECT n FROM c;

-- name: crossed
-- engine: polars
SELECT SUM(a.n * b.n) AS total FROM numbers AS a CROSS JOIN numbers AS b;
"#;

/// Computes for hours without a row.
const BUSY: &str = r#"/*--- report
title = "Busy"

[access]
run = ["sales"]
---*/

-- name: busy
-- source: maria
SELECT BENCHMARK(1000000000000, MD5('x')) AS n;
"#;

/// A server whose source can be held and whose uploads can break.
struct Scene {
    own: Own,
    held: Held,
    bucket: Bucket,
    kim: Visitor,
    _digger: Digger,
}

impl Scene {
    async fn new(db: Db) -> Self {
        let bucket = Bucket::start().await.unwrap();
        let mut own = Own::new(db).await;
        let files = format!(
            "[files]\nbucket = \"{}\"\nendpoint = \"{}\"\n",
            bucket.name(),
            bucket.endpoint()
        );
        own.place
            .set("DIGGER_FILES_ACCESS_KEY_ID", bucket.access_key_id());
        own.place
            .set("DIGGER_FILES_SECRET_ACCESS_KEY", bucket.secret_access_key());
        let held = Held::new(&own.place, &files).await;
        write_report(&own.place.path("queries"), "sales/crossed", CROSSED);
        let digger = own.place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        Self {
            own,
            held,
            bucket,
            kim,
            _digger: digger,
        }
    }

    /// Waits until a run is at a step.
    async fn until_at(&self, run: &str, step: &str) {
        self.own
            .until(run, step, |run| run.step.as_deref() == Some(step))
            .await;
    }

    /// Asks it to stop: it has, its statement and its process are gone, and it left nothing.
    async fn cancel(&self, run: &str) {
        cancel(&self.own, &self.kim, run).await;
        self.held.until_quiet().await;
        assert_eq!(invariants::stored(&self.bucket.path("")), [""; 0]);
    }
}

async fn cancel(own: &Own, kim: &Visitor, run: &str) {
    let answer = kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(kim.finished(run).await["state"], "cancelled");
    eventually("its process has ended", async || {
        children_of_run(run).is_empty().then_some(())
    })
    .await;
    let story = own.story(run).await;
    assert_eq!(story.last().unwrap(), "cancelled", "{story:?}");
}

async fn a_run_is_cancelled_wherever_it_is(db: Db) {
    let mut scene = Scene::new(db).await;
    let kim = scene.kim.clone();

    // While it connects.
    scene.held.gate.become_way(Way::Silent);
    let run = scene.held.start(&kim, 0, 1_000).await;
    scene.until_at(&run, "connecting").await;
    cancel(&scene.own, &kim, &run).await;
    scene.held.gate.become_way(Way::Open);

    // While the database computes without a row.
    let run = scene.held.start(&kim, 1, 1_000).await;
    scene.held.until_waiting(1).await;
    scene.cancel(&run).await;
    assert_eq!(kim.run(&run).await["stop_confirmed"], true);

    // While rows arrive.
    let run = scene.held.start(&kim, 30_000, 60_000).await;
    scene.held.until_waiting(1).await;
    scene.until_at(&run, "fetching_rows").await;
    scene.cancel(&run).await;
    scene.held.release().await;

    // In Polars.
    let run = kim.start("sales/crossed", &[]).await;
    scene.until_at(&run, "summarising").await;
    scene.cancel(&run).await;

    // In the workbook.
    let run = kim
        .start("sales/behind", &[("params[rows]", "1000000")])
        .await;
    scene.until_at(&run, "writing_workbook").await;
    scene.cancel(&run).await;

    // While its file is on its way.
    scene.bucket.fail(Fault::Silence, 1, "PUT", "results/");
    let run = kim.start("sales/by_region", &JANUARY).await;
    eventually("the file is on its way", async || {
        let requests = scene.bucket.requests();
        requests
            .iter()
            .any(|request| request.starts_with("PUT") && request.contains(&run))
            .then_some(())
    })
    .await;
    scene.cancel(&run).await;

    // While it waits for its turn.
    scene.own.change("UPDATE sources SET paused = TRUE").await;
    let run = kim.start("sales/long", &LONG).await;
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.live(&run).await["state"], "cancelled");
    assert_eq!(scene.own.story(&run).await, ["queued", "cancelled"]);

    let ended = "SELECT COUNT(*) FROM runs WHERE state = 'cancelled' AND crashes = 0";
    assert_eq!(scene.own.count(ended).await, 7);
    invariants::check_with(&scene.own, &scene.bucket.path(""), 2).await;
}

async fn a_cancel_that_races_the_end_leaves_one_ending(db: Db) {
    let own = Own::new(db).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for round in 0..10 {
        let minimum = round.to_string();
        let fields = [JANUARY[0], ("params[minimum]", &*minimum)];
        let run = kim.start("sales/by_region", &fields).await;
        // Each round a little later: before its rows, after them, when its file is there.
        own.until(&run, "near its end", |run| match round % 3 {
            0 => run.is_running() || run.is_over(),
            1 => run.rows_done > 0 || run.is_over(),
            _ => run.step.as_deref() == Some("storing") || run.is_over(),
        })
        .await;
        kim.post(&format!("/runs/{run}/cancel"), &[]).await;
        let state = kim.finished(&run).await["state"].clone();
        assert!(state == "cancelled" || state == "succeeded", "{state}");
        assert_eq!(own.run(&run).await.state, state.as_str().unwrap());
    }
    invariants::check(&own).await;
}

async fn a_statement_at_mariadb_is_gone_after_a_cancel(db: Db) {
    let own = Own::new(db).await;
    let database = testbed::mariadb().database().unwrap();
    own.place
        .configure(&format!("[sources.maria]\nurl = \"{}\"\n", database.reader));
    write_report(&own.place.path("queries"), "sales/busy", BUSY);
    let mut administrator: MySqlConnection =
        MySqlConnectOptions::from_url(&database.administrator.parse().unwrap())
            .unwrap()
            .connect()
            .await
            .unwrap();
    let mut busy = async || -> i64 {
        let row = sqlx::query(
            "SELECT COUNT(*) FROM information_schema.processlist
              WHERE user = ? AND info LIKE '%BENCHMARK%'",
        )
        .bind(format!("{}_r", database.name))
        .fetch_one(&mut administrator)
        .await
        .unwrap();
        row.get(0)
    };
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/busy", &[]).await;
    eventually("MariaDB computes", async || {
        (busy().await == 1).then_some(())
    })
    .await;
    own.until(&run, "known by its session", RunSeen::has_session)
        .await;
    cancel(&own, &kim, &run).await;
    // The run says so only after the statement has gone.
    assert_eq!(busy().await, 0);
    assert_eq!(kim.run(&run).await["stop_confirmed"], true);
    invariants::check(&own).await;
}

/// One that cannot even be asked: frozen. The worker stops its statement and ends it.
async fn a_child_that_does_not_listen_is_killed(db: Db) {
    let own = Own::new(db).await;
    let held = Held::new(&own.place, "").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    own.until(&run, "known by its session", RunSeen::has_session)
        .await;
    let children = children_of_run(&run);
    assert_eq!(children.len(), 1);
    signal(children[0], Signal::STOP);
    cancel(&own, &kim, &run).await;
    assert_eq!(kim.run(&run).await["stop_confirmed"], true);
    held.until_quiet().await;
    invariants::check(&own).await;
}

async fn a_run_that_is_over_stays_as_it_is(db: Db) {
    let own = Own::new(db).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let before = kim.run(&run).await;
    let answer = kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(kim.run(&run).await["result"], before["result"]);
    assert_eq!(own.story(&run).await, ["queued", "claimed", "succeeded"]);
    // Nobody can make the tables say otherwise.
    let mut tables = own.tables().await;
    let forged = sqlx::query("UPDATE runs SET state = 'cancelled' WHERE state = 'succeeded'")
        .execute(&mut tables)
        .await;
    assert!(forged.is_err());
    // What nobody queued cannot be cancelled, seen or followed.
    for path in [
        "/runs/no-such-run",
        "/events/runs/no-such-run",
        "/runs/no-such-run/files/x.xlsx",
    ] {
        assert_eq!(
            kim.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for endpoint in ["run", "run/live"] {
        let answer = kim
            .call(endpoint, serde_json::json!({ "id": "no-such-run" }))
            .await;
        assert!(answer.status().is_client_error() || answer.status().is_server_error());
        let said = answer.text().await.unwrap();
        assert!(
            said.contains("NotFound") || said.contains("not_found"),
            "{said}"
        );
    }
    let answer = kim.post("/runs/no-such-run/cancel", &[]).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    invariants::check(&own).await;
}
