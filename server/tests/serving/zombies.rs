//! Processes that are frozen and wake up again: with their lease, and after somebody else took it.

use std::time::{Duration, Instant};

use bucket::{Bucket, Fault};
use rustix::process::Signal;
use sqlx::Connection;

use super::digger::{Digger, children_of_run, signal, signal_if_there};
use super::held::Held;
use super::invariants;
use super::own::{Db, Own, RunSeen, eventually, run as execute};
use super::visitor::Visitor;

super::own::on_both!(
    a_process_that_was_frozen_alone_goes_on_where_it_was,
    a_worker_whose_run_has_another_owner_stops_it,
);

/// Stops a worker and everything that works for it on this run.
fn freeze(worker: &Digger, run: &str) -> Vec<u32> {
    let mut frozen = vec![worker.pid()];
    signal(worker.pid(), Signal::STOP);
    for child in children_of_run(run) {
        signal_if_there(child, Signal::STOP);
        frozen.push(child);
    }
    frozen
}

fn wake(frozen: &[u32]) {
    for pid in frozen.iter().rev() {
        signal_if_there(*pid, Signal::CONT);
    }
}

/// Nobody else could have taken the run, so it costs nothing.
async fn a_process_that_was_frozen_alone_goes_on_where_it_was(db: Db) {
    let own = Own::new(db).await;
    let mut held = Held::new(&own.place, "").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    let frozen = freeze(&digger, &run);
    let begun = Instant::now();
    // Longer than the lease of four seconds.
    eventually("the lease is over", async || {
        (begun.elapsed() > Duration::from_secs(6)).then_some(())
    })
    .await;
    wake(&frozen);
    held.release().await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = own.run(&run).await;
    assert_eq!((seen.attempt, seen.crashes), (1, 0));
    invariants::check(&own).await;
    held.until_quiet().await;
}

/// C2: a row that names another worker is not this worker's any more, whoever wrote that.
async fn a_worker_whose_run_has_another_owner_stops_it(db: Db) {
    let own = Own::new(db).await;
    let mut held = Held::new(&own.place, "").await;
    let mut digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    own.change("UPDATE runs SET worker = 'somebody else' WHERE state = 'running'")
        .await;
    assert!(digger.line_with("Lost the lease of run").is_some());
    held.until_quiet().await;
    assert_eq!(own.story(&run).await, ["queued", "claimed"]);
    // Nobody beats for the other one, so the run is taken and goes on.
    held.release().await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = own.run(&run).await;
    assert_eq!((seen.attempt, seen.crashes), (2, 1));
    invariants::check(&own).await;
}

/// A shared place with a process that serves and a worker that has the run.
struct Scene {
    own: Own,
    held: Held,
    kim: Visitor,
    _serving: Digger,
    zombie: Digger,
}

impl Scene {
    async fn new(own: Own, more: &str) -> Self {
        let held = Held::new(&own.place, more).await;
        let serving = own.place.serve_with(&["--demo", "--no-work"]);
        let zombie = own.place.work();
        let kim = Visitor::signed_in(&serving.address, "kim").await;
        Self {
            own,
            held,
            kim,
            _serving: serving,
            zombie,
        }
    }

    /// Waits until another worker has the run.
    async fn until_taken(&self, run: &str, by: &Digger) {
        let mark = format!("-{}-", by.pid());
        self.own
            .until(run, "taken over", |run| {
                run.attempt == 2 && run.worker.as_ref().is_some_and(|name| name.contains(&mark))
            })
            .await;
    }
}

/// C3, C4: frozen in the middle of a statement. The statement is stopped for it, and what it says
/// when it wakes up changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_in_the_middle_of_a_statement_changes_nothing() {
    let mut scene = Scene::new(Own::new(Db::Postgres).await, "").await;
    let run = scene.held.start(&scene.kim, 2, 1_000).await;
    scene.held.until_waiting(1).await;
    scene
        .own
        .until(&run, "known by its session", RunSeen::has_session)
        .await;
    let frozen = freeze(&scene.zombie, &run);
    let other = scene.own.place.work();
    scene.until_taken(&run, &other).await;
    // Only the new one works at the source: the other's session was ended.
    eventually("both children are there", async || {
        (children_of_run(&run).len() == 2).then_some(())
    })
    .await;
    scene.held.until_waiting(1).await;
    scene.held.release().await;
    assert_eq!(scene.kim.finished(&run).await["state"], "succeeded");
    wake(&frozen);
    // Its child may say first that its session was cut: a failure that is not its to write any more.
    assert!(scene.zombie.line_with("Ended attempt 1 of run").is_some());
    check(&scene, &run, &scene.own.place.data()).await;
}

/// C2, C3: frozen between the stored file and the finish.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_with_a_stored_file_leaves_none() {
    let bucket = Bucket::start().await.unwrap();
    let mut own = Own::new(Db::Postgres).await;
    own.place
        .set("DIGGER_FILES_ACCESS_KEY_ID", bucket.access_key_id());
    own.place
        .set("DIGGER_FILES_SECRET_ACCESS_KEY", bucket.secret_access_key());
    // The worker waits for the reply until it is woken up.
    own.place.set("DIGGER_FILES_ANSWER_MS", "60000");
    let files = format!(
        "[files]\nbucket = \"{}\"\nendpoint = \"{}\"\n",
        bucket.name(),
        bucket.endpoint()
    );
    let mut scene = Scene::new(own, &files).await;
    let run = scene.held.start(&scene.kim, 1, 1_000).await;
    scene.held.until_waiting(1).await;
    bucket.fail(Fault::NoReply, 1, "PUT", "results/");
    scene.held.release().await;
    let root = bucket.path("");
    eventually("the file is stored", async || {
        (invariants::stored(&root).len() == 1).then_some(())
    })
    .await;
    let frozen = freeze(&scene.zombie, &run);
    let other = scene.own.place.work();
    scene.until_taken(&run, &other).await;
    assert_eq!(scene.kim.finished(&run).await["state"], "succeeded");
    wake(&frozen);
    assert!(scene.zombie.line_with("Ended attempt 1 of run").is_some());
    check(&scene, &run, &root).await;
}

/// C4: frozen inside the transaction of the finish, holding the run's row. The database ends such a
/// session, so the run can be taken although the zombie never lets go.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_inside_its_finish_is_cut_off_by_the_database() {
    let mut scene = Scene::new(Own::new(Db::Postgres).await, "").await;
    let run = scene.held.start(&scene.kim, 1, 1_000).await;
    scene.held.until_waiting(1).await;
    let tables = scene.own.hold_finish().await;
    scene.held.release().await;
    scene.own.until_finish_waits().await;
    let frozen = freeze(&scene.zombie, &run);
    tables.close().await.unwrap();
    let other = scene.own.place.work();
    scene.until_taken(&run, &other).await;
    assert_eq!(scene.kim.finished(&run).await["state"], "succeeded");
    wake(&frozen);
    assert!(scene.zombie.line_with("Ended attempt 1 of run").is_some());
    check(&scene, &run, &scene.own.place.data()).await;
}

/// C1, C4: frozen inside the transaction of a claim, holding the gate that every claim passes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_inside_its_claim_is_cut_off_by_the_database() {
    let scene = Scene::new(Own::new(Db::Postgres).await, "").await;
    scene
        .own
        .change(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_advisory_xact_lock_shared(43); RETURN NEW; END $$;
             CREATE TRIGGER hold AFTER INSERT ON run_events
             FOR EACH ROW WHEN (NEW.kind = 'claimed') EXECUTE FUNCTION hold()",
        )
        .await;
    let mut tables = scene.own.tables().await;
    execute(&mut tables, "SELECT pg_advisory_lock(43)").await;
    let run = scene.held.start(&scene.kim, 0, 1_000).await;
    let waiting = "SELECT COUNT(*) FROM pg_locks
                    WHERE locktype = 'advisory' AND objid = 43 AND NOT granted";
    eventually("the claim waits", async || {
        (scene.own.count(waiting).await == 1).then_some(())
    })
    .await;
    let frozen = freeze(&scene.zombie, &run);
    tables.close().await.unwrap();
    let other = scene.own.place.work();
    assert_eq!(scene.kim.finished(&run).await["state"], "succeeded");
    wake(&frozen);
    let seen = scene.own.run(&run).await;
    assert_eq!((seen.attempt, seen.crashes), (1, 0));
    assert!(seen.worker.unwrap().contains(&format!("-{}-", other.pid())));
    // The zombie works again, on the next one.
    drop(other);
    let next = scene.held.start(&scene.kim, 0, 10).await;
    assert_eq!(scene.kim.finished(&next).await["state"], "succeeded");
    invariants::check(&scene.own).await;
    scene.held.until_quiet().await;
}

/// One file, of the second attempt; and the zombie is a worker again.
async fn check(scene: &Scene, run: &str, files: &std::path::Path) {
    invariants::check_with(&scene.own, files, 2).await;
    let stored = invariants::stored(files);
    assert_eq!(stored.len(), 1);
    assert!(stored[0].starts_with(&format!("results/{run}/2/")));
    let seen = scene.own.run(run).await;
    assert_eq!((seen.attempt, seen.crashes), (2, 1));
    assert_eq!(
        scene.own.story(run).await,
        ["queued", "claimed", "worker_lost", "claimed", "succeeded"]
    );
    scene.held.until_quiet().await;
    let lost = "SELECT COUNT(*) FROM workers WHERE lost_ms IS NOT NULL";
    eventually("the zombie beats again", async || {
        (scene.own.count(lost).await == 0).then_some(())
    })
    .await;
}
