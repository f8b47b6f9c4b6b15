//! Tables of earlier versions, with runs that were under way when they were brought up to date.

use store::{Beat, Finished, RunState, Step};

use crate::invariants;
use crate::place::{Db, NOW, Place, finish, ms, run};

crate::place::on_both!(
    [a_run_under_way_goes_on_under_the_new_names,
     a_process_of_the_version_before_changes_nothing_any_more],
    four_threads: []
);

/// What a process of the version before sends with every heartbeat.
const BEAT_BEFORE: &str = "UPDATE runs SET heartbeat = heartbeat + 1, stage = 'storing'
      WHERE id = 'a' AND state = 'running' AND owner = 'w' AND attempt = 1";

async fn a_run_under_way_goes_on_under_the_new_names(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("over", "kim", "shop")).await;
    let over = place.claim("w", NOW).await.unwrap();
    place.store.finish(finish(&over, NOW)).await.unwrap();
    let message = place.store.take_message(&"w".into(), NOW).await.unwrap();
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    place.undo_renames().await;
    place.change(BEAT_BEFORE).await;
    let before = place.count("SELECT heartbeat FROM runs WHERE id = 'a' AND owner = 'w'");
    assert_eq!(before.await, claimed.run.heartbeat + 1);
    // A migration of SQLite's file needs it alone; on PostgreSQL this is `digger migrate`.
    let place = match place.is_shared() {
        true => {
            place.place().migrate().await.unwrap();
            place
        }
        false => place.restart().await,
    };

    let row = place.run("a").await;
    assert_eq!(row.state, RunState::Running);
    assert_eq!(
        (row.worker.as_deref(), row.last_worker.as_deref()),
        (Some("w"), Some("w"))
    );
    assert_eq!(row.step, Some(Step::Storing));
    let row = place.run("over").await;
    assert_eq!(
        (row.worker.as_deref(), row.last_worker.as_deref()),
        (None, Some("w"))
    );
    assert_eq!(place.store.sending().await.unwrap(), [message.unwrap()]);
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    let beat = heartbeats.beat(&claimed.lease, Beat::default());
    assert!(beat.await.unwrap().is_some(), "the lease goes on");
    let finished = place.store.finish(finish(&claimed, NOW + ms(1))).await;
    assert_eq!(finished.unwrap(), Finished::Done);
    invariants::check(&place).await;
}

/// Whoever forgot to stop it before the migration loses the run to those who watch, and nothing else.
async fn a_process_of_the_version_before_changes_nothing_any_more(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    place.claim("w", NOW).await.unwrap();
    let before = place.run("a").await;
    let mut other = place.connect().await;
    let refused = sqlx::raw_sql(BEAT_BEFORE).execute(&mut other).await;
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("owner") || refused.contains("stage"),
        "{refused}"
    );
    assert_eq!(place.run("a").await, before);
}
