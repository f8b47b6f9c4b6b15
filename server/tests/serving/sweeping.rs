//! Processes that look after what others left.

use super::digger::children_of_run;
use super::held::Held;
use super::invariants;
use super::own::{Db, Own, eventually};
use super::visitor::{JANUARY, Visitor};

super::own::on_both!(a_message_whose_sender_is_gone_is_unsure);

/// C4: also when nobody is left who could execute it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_only_serves_takes_the_runs_of_dead_workers() {
    let own = Own::new(Db::Postgres).await;
    let mut held = Held::new(&own.place, "").await;
    let serving = own.place.serve_with(&["--demo", "--no-work"]);
    let worker = own.place.work();
    let kim = Visitor::signed_in(&serving.address, "kim").await;
    let run = held.start(&kim, 2, 1_000).await;
    held.until_waiting(1).await;
    worker.kill();
    own.until(&run, "taken from the dead worker", |run| {
        run.state == "queued" && run.crashes == 1
    })
    .await;
    let lost = "SELECT COUNT(*) FROM workers WHERE lost_ms IS NOT NULL";
    eventually("the worker is lost", async || {
        (own.count(lost).await == 1).then_some(())
    })
    .await;
    // It executes nothing, so it is none of the workers.
    assert_eq!(own.count("SELECT COUNT(*) FROM workers").await, 1);
    held.until_quiet().await;
    assert_eq!(children_of_run(&run), [0; 0]);
    held.release().await;
    let _worker = own.place.work();
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    assert_eq!(own.run(&run).await.attempt, 2);
    invariants::check(&own).await;
}

/// C10: perhaps it arrived. Only its sender knows, and that one is gone.
async fn a_message_whose_sender_is_gone_is_unsure(db: Db) {
    let own = Own::new(db).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    own.change(&format!(
        "INSERT INTO outbox (id, run_id, kind, recipient, message_id, payload, state, not_before_ms, attempt, worker)
         VALUES ('m', '{run}', 'result', 'x@example.com', '<m@digger>', '{{}}', 'sending', 0, 1, 'gone')"
    ))
    .await;
    let unsure = "SELECT COUNT(*) FROM outbox
                   WHERE state = 'unsure' AND worker IS NULL AND reply LIKE '%stopped before%'";
    eventually("the message is unsure", async || {
        (own.count(unsure).await == 1).then_some(())
    })
    .await;
}
