//! Several processes on one PostgreSQL: equal, and none of them missed.

use std::process::Output;

use reqwest::StatusCode;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Row};

use super::digger::{Digger, Place, binary, children_of_run, signal, until};
use super::visitor::{JANUARY, LONG, Visitor};

/// A place whose own tables are in a PostgreSQL database of their own.
struct Shared {
    place: Place,
    database: testbed::Database,
}

impl Shared {
    async fn new() -> Self {
        let database = testbed::postgres().database().unwrap();
        let mut place = Place::new().await;
        place.set("DIGGER_DATABASE_URL", &database.writer);
        Self { place, database }
    }

    /// A process that serves pages and executes nothing.
    fn serve(&self) -> Digger {
        self.place.serve_with(&["--demo", "--no-work"])
    }

    async fn tables(&self) -> PgConnection {
        PgConnectOptions::from_url(&self.database.administrator.parse().unwrap())
            .unwrap()
            .connect()
            .await
            .unwrap()
    }

    /// The worker that claimed a run last, and how often it was lost.
    async fn worker_of(&self, run: &str) -> (String, i64) {
        let row = sqlx::query("SELECT last_worker AS worker, crashes FROM runs WHERE id = $1")
            .bind(run)
            .fetch_one(&mut self.tables().await)
            .await
            .unwrap();
        (row.get(0), row.get(1))
    }
}

fn is_of(worker: &str, process: &Digger) -> bool {
    worker.contains(&format!("-{}-", process.pid()))
}

async fn download(visitor: &Visitor, run: &str) -> Vec<u8> {
    let seen = visitor.run(run).await;
    let href = seen["result"]["files"][0]["href"].as_str().unwrap();
    let answer = visitor.get(href).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn what_one_process_queues_another_executes_and_any_shows() {
    let shared = Shared::new().await;
    let (first, second) = (shared.serve(), shared.serve());
    let worker = shared.place.work();
    let here = Visitor::signed_in(&first.address, "kim").await;
    let run = here.start("sales/by_region", &JANUARY).await;
    // The session of one process counts at the other, and so does the run.
    let there = Visitor {
        base: second.address.clone(),
        ..here.clone()
    };
    assert_eq!(there.finished(&run).await["state"], "succeeded");
    assert_eq!(here.finished(&run).await["state"], "succeeded");
    assert_eq!(download(&here, &run).await, download(&there, &run).await);
    let (name, crashes) = shared.worker_of(&run).await;
    assert!(is_of(&name, &worker), "{name}");
    assert_eq!(crashes, 0);
}

#[tokio::test]
async fn the_clock_of_one_host_decides_nothing() {
    let mut shared = Shared::new().await;
    let serving = shared.serve();
    let kim = Visitor::signed_in(&serving.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    // Fifteen days: queued runs expire after one, sessions after fourteen.
    let ahead = std::time::Duration::from_secs(15 * 24 * 60 * 60);
    shared
        .place
        .set("DIGGER_CLOCK_AHEAD_MS", &ahead.as_millis().to_string());
    let mut other = shared.serve();
    other
        .line_with("ahead of that of our own tables")
        .expect("it says that its clock is off");
    let there = Visitor {
        base: other.address.clone(),
        ..kim.clone()
    };
    assert_eq!(there.get("/").await.status(), StatusCode::OK);
    let lee = Visitor::signed_in(&other.address, "lee").await;
    let here = Visitor {
        base: serving.address.clone(),
        ..lee.clone()
    };
    assert_eq!(here.get("/").await.status(), StatusCode::OK);
    let worker = shared.place.work();
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let (name, _) = shared.worker_of(&run).await;
    assert!(is_of(&name, &worker), "{name}");
    // Whatever was written down has the time of the tables.
    let hour = "EXTRACT(EPOCH FROM now() + interval '1 hour') * 1000";
    for late in [
        format!("SELECT COUNT(*) FROM run_events WHERE at_ms > {hour}"),
        format!("SELECT COUNT(*) FROM audit WHERE at_ms > {hour}"),
        format!("SELECT COUNT(*) FROM workers WHERE started_ms > {hour} OR beat_ms > {hour}"),
        format!("SELECT COUNT(*) FROM sessions WHERE expires_ms > {hour} + 14 * 86400000.0"),
        format!("SELECT COUNT(*) FROM sessions WHERE expires_ms < {hour} + 13 * 86400000.0"),
    ] {
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(late.clone()))
            .fetch_one(&mut shared.tables().await)
            .await
            .unwrap();
        assert_eq!(rows, 0, "{late}");
    }
}

#[tokio::test]
async fn a_run_stops_at_once_when_it_is_cancelled_in_another_process() {
    let mut shared = Shared::new().await;
    // No heartbeat brings the wish as long as this test lasts.
    shared.place.set("DIGGER_HEARTBEAT_MS", "3600000");
    shared.place.set("DIGGER_LEASE_MS", "36000000");
    let serving = shared.serve();
    let _worker = shared.place.work();
    let kim = Visitor::signed_in(&serving.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    until("the child runs", || children_of_run(&run).first().copied());
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
    until("the child has ended", || {
        children_of_run(&run).is_empty().then_some(())
    });
}

#[tokio::test]
async fn the_run_of_a_killed_worker_goes_on_in_another() {
    let shared = Shared::new().await;
    let serving = shared.serve();
    let mut workers = [shared.place.work(), shared.place.work()];
    let kim = Visitor::signed_in(&serving.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    until("the child runs", || children_of_run(&run).first().copied());
    let (name, _) = shared.worker_of(&run).await;
    if !is_of(&name, &workers[0]) {
        workers.swap(0, 1);
    }
    assert!(is_of(&name, &workers[0]), "{name}");
    let attempts = shared.place.data().join("attempts");
    assert!(attempts.join(&name).is_dir());
    let [lost, other] = workers;
    lost.kill();
    let taken_over = async {
        loop {
            let (name, crashes) = shared.worker_of(&run).await;
            if is_of(&name, &other) {
                return crashes;
            }
        }
    };
    let crashes = tokio::time::timeout(super::digger::PATIENCE, taken_over)
        .await
        .expect("the other worker takes the run over");
    assert_eq!(crashes, 1);
    until("the child runs again", || {
        children_of_run(&run).first().copied()
    });
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
    // The next start removes what the killed one left, and nothing of the living one.
    let _third = shared.place.work();
    assert!(!attempts.join(&name).exists());
    let living = std::fs::read_dir(&attempts).unwrap().flatten();
    assert_eq!(living.filter(|entry| entry.path().is_dir()).count(), 2);
}

#[tokio::test]
async fn a_worker_that_is_asked_to_go_hands_its_run_to_another() {
    let shared = Shared::new().await;
    let serving = shared.serve();
    let first = shared.place.work();
    let kim = Visitor::signed_in(&serving.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    until("the child runs", || children_of_run(&run).first().copied());
    let second = shared.place.work();
    assert_eq!(first.terminate(), Some(0));
    let handed = async { while !is_of(&shared.worker_of(&run).await.0, &second) {} };
    tokio::time::timeout(super::digger::PATIENCE, handed)
        .await
        .expect("the other worker takes the run");
    assert_eq!(shared.worker_of(&run).await.1, 0, "going away is no crash");
    kim.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn processes_that_cannot_share_their_tables_are_refused() {
    let place = Place::new().await;
    for words in [&["work"][..], &["serve", "--no-work"]] {
        let output = place.quick(words).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = said(&output);
        assert!(said.contains("SQLite belongs to one process"), "{said}");
        assert!(said.contains("`database`"), "{said}");
    }
}

#[tokio::test]
async fn the_schema_is_brought_up_to_date_when_somebody_asks_for_it() {
    let shared = Shared::new().await;
    let digger = |words: &[&str]| shared.place.quick(words).output().unwrap();
    let missing = digger(&["migrate", "--check"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        said(&missing).contains("missing: 0001"),
        "{}",
        said(&missing)
    );
    let applied = digger(&["migrate"]);
    assert_eq!(applied.status.code(), Some(0));
    assert!(
        said(&applied).contains("applied: 0001"),
        "{}",
        said(&applied)
    );
    let again = digger(&["migrate", "--check"]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert!(said(&again).contains("nothing to do"));
    let password = shared.database.writer.split([':', '@']).nth(2).unwrap();
    for output in [missing, applied, again] {
        assert!(!said(&output).contains(password));
    }
    // A database of a later version is left alone.
    sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
        .execute(&mut shared.tables().await)
        .await
        .unwrap();
    let newer = digger(&["work"]);
    assert_eq!(newer.status.code(), Some(1));
    assert!(said(&newer).contains("newer Digger"), "{}", said(&newer));
}

#[tokio::test]
async fn an_installation_moves_from_sqlite_to_postgresql_with_its_files() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let before = (kim.run(&run).await, download(&kim, &run).await);

    let database = testbed::postgres().database().unwrap();
    let moving = || {
        let mut command = binary();
        command
            .current_dir(place.folder.path())
            .args(["move", "--from", "sqlite:data"])
            .env("DIGGER_MOVE_TO", &database.writer);
        command.output().unwrap()
    };
    let in_use = moving();
    assert_eq!(in_use.status.code(), Some(1));
    assert!(said(&in_use).contains("in use"), "{}", said(&in_use));
    assert_eq!(digger.terminate(), Some(0));
    let moved = moving();
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    assert!(said(&moved).contains("runs"), "{}", said(&moved));
    let twice = moving();
    assert_eq!(twice.status.code(), Some(1));
    assert!(said(&twice).contains("not empty"), "{}", said(&twice));

    let mut place = place;
    place.set("DIGGER_DATABASE_URL", &database.writer);
    let digger = place.serve();
    let kim = Visitor {
        base: digger.address.clone(),
        ..kim
    };
    let after = kim.run(&run).await;
    assert_eq!(after["result"], before.0["result"]);
    assert_eq!(download(&kim, &run).await, before.1);
    signal(digger.pid(), rustix::process::Signal::TERM);
}
