//! Poison, locks and full disks: a run is finished or failed with a reason, never stuck, never half
//! a file, and no process stays behind.

use reqwest::StatusCode;
use sqlx::Connection;

use super::digger::{Digger, Place, children_of_run, files_below, signal, until};
use super::invariants;
use super::own::{Db, Own};
use super::shop;
use super::visitor::{JANUARY, LONG, Visitor};

super::own::on_both!(
    a_run_that_takes_its_server_down_twice_is_given_up_with_a_reason,
    a_killed_child_is_noticed_at_once_and_tried_once_more,
    a_run_that_needs_more_memory_than_it_may_have_fails_alone,
    a_disk_that_takes_no_more_fails_the_run_in_human_words,
);

/// Every file in `results` belongs to the succeeded run, and nothing temporary is left.
fn assert_tidy(place: &Place, run: &str, attempt: u32) {
    let files = files_below(&place.data().join("results"));
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(
        files[0].starts_with(format!("{run}/{attempt}")),
        "{files:?}"
    );
}

async fn a_run_that_takes_its_server_down_twice_is_given_up_with_a_reason(db: Db) {
    let own = Own::new(db).await;
    let place = &own.place;
    let mut run = String::new();
    for attempt in 1..=2 {
        let digger = place.serve();
        let kim = Visitor::signed_in(&digger.address, "kim").await;
        if run.is_empty() {
            run = kim.start("sales/long", &LONG).await;
        }
        own.until(&run, "running", |run| {
            run.is_running() && run.attempt == attempt
        })
        .await;
        digger.kill();
        until("the child has ended", || {
            children_of_run(&run).is_empty().then_some(())
        });
    }
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    assert_eq!(kim.finished(&run).await["state"], "failed");
    let seen = kim.run(&run).await;
    assert_eq!(seen["error"]["class"], "worker_lost");
    assert!(!seen["error"]["what"].as_str().unwrap().is_empty());
    assert!(files_below(&place.data().join("results")).is_empty());
    invariants::check(&own).await;
}

async fn a_killed_child_is_noticed_at_once_and_tried_once_more(db: Db) {
    let own = Own::new(db).await;
    let place = &own.place;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    for _ in 0..2 {
        let pid = until("the child runs", || children_of_run(&run).first().copied());
        signal(pid, rustix::process::Signal::KILL);
        until("that child is gone", || {
            (!children_of_run(&run).contains(&pid)).then_some(())
        });
    }
    assert_eq!(kim.finished(&run).await["state"], "failed");
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    let seen = admin.run(&run).await;
    assert_eq!(seen["error"]["class"], "worker_lost");
    assert!(
        seen["error"]["chain"]
            .as_str()
            .unwrap()
            .contains("signal: 9"),
        "{seen:#}"
    );
    // Others are unaffected.
    let other = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&other).await["state"], "succeeded");
    assert_tidy(place, &other, 1);
    invariants::check(&own).await;
}

#[tokio::test]
async fn a_run_stops_when_somebody_asks() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    kim.follow(&run, "running", |live| live["state"] == "running")
        .await;
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
    assert!(children_of_run(&run).is_empty());
    assert!(files_below(&place.data().join("results")).is_empty());
}

#[tokio::test]
async fn a_waiting_run_is_cancelled_at_once_and_knows_why_it_waits() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let first = kim
        .start("sales/long", &[("params[steps]", "2000000001")])
        .await;
    let second = kim
        .start("sales/long", &[("params[steps]", "2000000002")])
        .await;
    let third = kim
        .start("sales/long", &[("params[steps]", "2000000003")])
        .await;
    kim.follow(&third, "waiting for its turn", |live| {
        live["queue_place"] == 1
            && live["queue_reason"]
                .as_str()
                .is_some_and(|reason| reason.contains('2'))
    })
    .await;
    kim.post(&format!("/runs/{third}/cancel"), &[]).await;
    assert_eq!(kim.live(&third).await["state"], "cancelled");
    for run in [first, second] {
        kim.post(&format!("/runs/{run}/cancel"), &[]).await;
        assert_eq!(kim.finished(&run).await["state"], "cancelled");
    }
}

#[tokio::test]
async fn a_server_asked_to_go_hands_its_runs_back() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    kim.follow(&run, "running", |live| live["state"] == "running")
        .await;
    // A stream that is open meanwhile does not keep the server.
    let stream = kim.get(&format!("/events/runs/{run}")).await;
    assert_eq!(digger.terminate(), Some(0));
    drop(stream);
    assert!(children_of_run(&run).is_empty());
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    // It runs again, and being interrupted counted as nothing: it may still be interrupted often.
    kim.follow(&run, "running again", |live| live["state"] == "running")
        .await;
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused() {
    let place = Place::new().await;
    let digger = place.serve();
    let refusal = Digger::start(place.command(&["--demo"]))
        .err()
        .expect("only one may have it");
    assert!(
        refusal.contains("in use by process") && refusal.contains(&digger.pid().to_string()),
        "{refusal}"
    );
    assert_eq!(
        Visitor::new(&digger.address).get("/readyz").await.status(),
        StatusCode::OK
    );
}

async fn a_run_that_needs_more_memory_than_it_may_have_fails_alone(db: Db) {
    let mut own = Own::new(db).await;
    // Backtraces are long, and must not hide why a run ended.
    own.place.set("RUST_BACKTRACE", "1");
    let place = &own.place;
    place.configure("[limits]\nmemory_per_run_mb = 256\n");
    shop::write_report(
        &place.path("queries"),
        "sales/greedy",
        "/*--- report\ntitle = \"Greedy\"\n[access]\nrun = [\"sales\"]\n---*/\n\n-- name: a\n-- source: shop\n\
         WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < 4000)\n\
         SELECT n, hex(randomblob(50000)) AS wide FROM step;\n\n\
         -- name: b\n-- engine: polars\nSELECT n, wide, ROW_NUMBER() OVER (ORDER BY wide) AS place FROM a;\n",
    );
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/greedy", &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "failed");
    assert_eq!(kim.run(&run).await["error"]["class"], "memory");
    let other = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&other).await["state"], "succeeded");
    invariants::check(&own).await;
}

#[tokio::test]
async fn a_database_somebody_else_holds_is_waited_for() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let mut holder = shop::open(&place.path("shop.sqlite")).await;
    sqlx::raw_sql(
        "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE region SET name = name",
    )
    .execute(&mut holder)
    .await
    .unwrap();
    let run = kim.start("sales/refused", &[]).await;
    // Busy for longer than a reader waits: the run says so and comes back by itself.
    kim.follow(&run, "waiting for another try", |live| {
        !live["retry"].is_null()
    })
    .await;
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut holder)
        .await
        .unwrap();
    holder.close().await.unwrap();
    assert_eq!(kim.finished(&run).await["state"], "failed");
    assert_eq!(kim.run(&run).await["error"]["class"], "user_sql");
}

async fn a_disk_that_takes_no_more_fails_the_run_in_human_words(db: Db) {
    let own = Own::new(db).await;
    let place = &own.place;
    let shell = |limit_blocks: u32| {
        // A limit on the size of files stands for a full disk; it also binds the children.
        let inner = place.command(&["--demo"]);
        let mut command = std::process::Command::new("sh");
        command.arg("-c").arg(format!(
            "trap '' XFSZ; ulimit -f {limit_blocks}; exec \"$0\" \"$@\""
        ));
        command
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(inner.get_current_dir().unwrap());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    };
    // 8,000 blocks of 512 bytes: enough for our own tables, too little for the workbook.
    let digger = Digger::start(shell(8_000)).unwrap_or_else(|output| panic!("{output}"));
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim
        .start("sales/large", &[("params[rows]", "900000")])
        .await;
    assert_eq!(kim.finished(&run).await["state"], "failed");
    let seen = kim.run(&run).await;
    assert_eq!(seen["error"]["class"], "disk", "{seen:#}");
    assert!(
        files_below(&place.data().join("results")).is_empty(),
        "nothing half written stays"
    );
    let small = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(
        kim.finished(&small).await["state"],
        "succeeded",
        "it recovers by itself"
    );
    invariants::check(&own).await;
}

#[tokio::test]
async fn a_run_steps_back_behind_the_pages_of_its_server() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    let pid = until("the child runs", || children_of_run(&run).first().copied());
    let server = niceness(digger.pid()).unwrap();
    until("the child is nicer than the server", || {
        (niceness(pid)? > server).then_some(())
    });
}

/// The 19th field of a process's line in the kernel's books; the second one may hold spaces.
fn niceness(pid: u32) -> Option<i64> {
    let line = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = line.rsplit_once(") ")?;
    fields.split(' ').nth(16)?.parse().ok()
}
