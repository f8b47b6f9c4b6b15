//! Our own database goes away, comes back, cuts us off, keeps silent, or is held by somebody else.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use sqlx::Connection;
use testbed::{Options, Postgres};

use super::digger::{Digger, children_of_run};
use super::gate::{Gate, Way};
use super::held::Held;
use super::invariants;
use super::own::{Db, Own, eventually, run as execute};
use super::visitor::{JANUARY, Visitor};

super::own::on_both!(a_writer_that_holds_our_tables_for_five_seconds_costs_no_run);

/// Stopped as an administrator does, and killed, in the middle of a run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_our_database_costs_no_run() {
    let mut server = Postgres::start(&Options::default()).unwrap();
    let mut own = Own::on(&server).await;
    // A restart takes seconds, as it does beside a lease of a minute.
    own.place.set("DIGGER_LEASE_MS", "60000");
    let mut held = Held::new(&own.place, "").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for is_killed in [false, true] {
        held.hold().await;
        let run = held.start(&kim, 2, 1_000).await;
        held.until_waiting(1).await;
        match is_killed {
            false => server.stop().unwrap(),
            true => server.kill().unwrap(),
        }
        // People read that it passes, and nobody is signed out by it.
        let page = kim.get("/runs").await;
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        let page = page.text().await.unwrap();
        assert!(page.contains("잠시 사용할 수 없습니다"), "{page}");
        assert_eq!(kim.get("/livez").await.status(), StatusCode::OK);
        let ready = kim.get("/readyz").await;
        assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            ready.text().await.unwrap(),
            "the database does not answer\n"
        );
        assert_eq!(held.waiting().await, 1, "the statement goes on");
        server.start_again().unwrap();
        held.release().await;
        own.until(&run, "over", |run| run.is_over()).await;
        assert_eq!(kim.live(&run).await["state"], "succeeded");
        let seen = own.run(&run).await;
        assert_eq!((seen.attempt, seen.crashes, seen.fails), (1, 0, 0));
        assert_eq!(own.story(&run).await, ["queued", "claimed", "succeeded"]);
    }
    invariants::check(&own).await;
    held.until_quiet().await;
}

/// All our sessions are ended a hundred times while runs go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_terminated_sessions_lose_and_double_nothing() {
    let mut own = Own::new(Db::Postgres).await;
    own.place.set("DIGGER_LEASE_MS", "60000");
    let mut held = Held::new(&own.place, "").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    let mut administrator = own.tables().await;
    let mut ended = 0;
    let mut rounds = 0;
    while ended < 100 {
        rounds += 1;
        ended += sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM (
               SELECT pg_terminate_backend(pid, 10000) AS is_gone FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'digger') AS ended
              WHERE is_gone",
        )
        .fetch_one(&mut administrator)
        .await
        .unwrap();
        // Half of the time the end of the run is among what is cut off.
        if ended > 50 {
            held.release().await;
        }
    }
    assert!(rounds > 3);
    own.until(&run, "over", |run| run.is_over()).await;
    let seen = own.run(&run).await;
    assert_eq!(
        (seen.state.as_str(), seen.attempt, seen.crashes),
        ("succeeded", 1, 0)
    );
    let after = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&after).await["state"], "succeeded");
    invariants::check(&own).await;
    held.until_quiet().await;
}

/// Cut off between the claim and the report's text: it is asked for again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_right_after_the_claim_costs_no_run() {
    let own = Own::new(Db::Postgres).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    own.change("UPDATE sources SET paused = TRUE").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    let mut holder = own.tables().await;
    let lock = "BEGIN; LOCK TABLE report_revisions IN ACCESS EXCLUSIVE MODE";
    execute(&mut holder, lock).await;
    own.change("UPDATE sources SET paused = FALSE").await;
    own.until(&run, "running", |run| run.is_running()).await;
    let cut = "SELECT COUNT(*) FROM (
         SELECT pg_terminate_backend(pid, 10000) AS is_gone FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'digger'
            AND wait_event_type = 'Lock' AND query LIKE '%report_revisions%') AS ended
        WHERE is_gone";
    eventually("the reading session is cut", async || {
        (own.count(cut).await > 0).then_some(())
    })
    .await;
    holder.close().await.unwrap();
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = own.run(&run).await;
    assert_eq!((seen.attempt, seen.crashes, seen.fails), (1, 0, 0));
    invariants::check(&own).await;
}

/// The network swallows everything: no error comes back for a quarter of an hour. The worker stops
/// the statement by itself before others may take the run.
async fn fenced(way: Way) {
    let mut own = Own::new(Db::Postgres).await;
    let database = own.database.as_ref().unwrap();
    let (gate, through) = Gate::before(&database.writer).await;
    own.place.set("DIGGER_DATABASE_URL", &through);
    let mut held = Held::new(&own.place, "").await;
    let mut digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    gate.become_way(way);
    assert!(digger.line_with("it is stopped here").is_some());
    held.until_quiet().await;
    eventually("the child has ended", async || {
        children_of_run(&run).is_empty().then_some(())
    })
    .await;
    let seen = own.run(&run).await;
    assert_eq!((seen.state.as_str(), seen.attempt), ("running", 1));

    gate.become_way(Way::Open);
    held.release().await;
    let seen = own.until(&run, "over", |run| run.is_over()).await;
    assert_eq!(
        (seen.state.as_str(), seen.attempt, seen.crashes),
        ("succeeded", 2, 1)
    );
    invariants::check(&own).await;
    held.until_quiet().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_cannot_reach_our_database_stops_its_statement_before_its_lease_is_over() {
    fenced(Way::Cut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_swallows_everything_is_noticed_in_time() {
    fenced(Way::Silent).await;
}

async fn a_writer_that_holds_our_tables_for_five_seconds_costs_no_run(db: Db) {
    let mut own = Own::new(db).await;
    own.place.set("DIGGER_LEASE_MS", "60000");
    let mut held = Held::new(&own.place, "").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    let mut holder = own.tables().await;
    match db {
        Db::Sqlite => execute(&mut holder, "BEGIN IMMEDIATE").await,
        Db::Postgres => execute(&mut holder, "BEGIN; LOCK TABLE runs IN EXCLUSIVE MODE").await,
    }
    let begun = Instant::now();
    // The end of the run falls into it, and so do pages.
    held.release().await;
    let mut pages = 0;
    while begun.elapsed() < Duration::from_secs(5) {
        assert_eq!(kim.get("/runs").await.status(), StatusCode::OK);
        pages += 1;
    }
    assert!(pages > 0);
    assert!(own.run(&run).await.is_running());
    holder.close().await.unwrap();
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = own.run(&run).await;
    assert_eq!((seen.attempt, seen.crashes, seen.fails), (1, 0, 0));
    invariants::check(&own).await;
}

/// What a start says when there is nobody at the other end.
#[tokio::test]
async fn a_start_without_our_database_says_what_to_check() {
    let own = Own::new(Db::Postgres).await;
    let database = own.database.as_ref().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (login, rest) = database.writer.rsplit_once('@').unwrap();
    let (_, name) = rest.split_once('/').unwrap();
    let away = format!("{login}@127.0.0.1:{port}/{name}");
    let password = login.rsplit_once(':').unwrap().1;
    for words in [&["work"][..], &["serve", "--demo"]] {
        let mut command = own.place.quick(words);
        command.env("DIGGER_DATABASE_URL", &away);
        let said = Digger::start(command).err().expect("it cannot start");
        assert!(said.contains("cannot be reached"), "{said}");
        assert!(said.contains("check that the server runs"), "{said}");
        assert!(!said.contains(password), "{said}");
    }
}

/// Tables of an older version may still be in use: nothing changes them by itself.
#[tokio::test]
async fn tables_of_an_older_version_are_told_at_the_start() {
    let own = Own::new(Db::Postgres).await;
    own.change(
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
    )
    .await;
    let said = Digger::start(own.place.command(&["--demo"])).err();
    let said = said.expect("it does not start");
    assert!(said.contains("are of an older Digger"), "{said}");
    assert!(said.contains("run `digger migrate`"), "{said}");
}

/// Whatever the place of something is, when nothing can be written there a start says so.
#[tokio::test]
async fn a_place_that_cannot_be_written_is_told_at_the_start() {
    let own = Own::new(Db::Sqlite).await;
    let taken = own.place.path("taken");
    std::fs::write(&taken, "a file, not a folder").unwrap();
    let taken = taken.display().to_string();
    let start = |name: &str| {
        let mut command = own.place.command(&["--demo"]);
        command.env(name, &taken);
        Digger::start(command).err().expect("it does not start")
    };
    let said = start("DIGGER_DATA_DIR");
    assert!(said.contains("cannot use the data directory"), "{said}");
    assert!(said.contains("let this user write there"), "{said}");
    let said = start("DIGGER_FILES_FOLDER");
    assert!(said.contains(&taken), "{said}");
    // Our own database takes no writes: it says which server to name.
    let own = Own::new(Db::Postgres).await;
    let name = &own.database.as_ref().unwrap().name;
    own.change(&format!(
        "ALTER ROLE {name}_w IN DATABASE {name} SET default_transaction_read_only = on"
    ))
    .await;
    let said = Digger::start(own.place.command(&["--demo"])).err();
    let said = said.expect("it does not start");
    assert!(said.contains("name the primary server"), "{said}");
}
