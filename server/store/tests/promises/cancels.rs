use std::thread;

use lang::FailureClass;
use store::{Beat, Beaten, CancelOutcome, Ending, Finished, RunState, Step};

use crate::invariants;
use crate::place::{Db, NOW, Place, failure, finish, lease, ms, run, take_over};

crate::place::on_both!(
    [a_queued_run_is_cancelled_at_once,
     a_running_run_hears_the_wish_with_its_next_heartbeat,
     a_run_that_was_asked_to_stop_ends_cancelled_whatever_happens,
     a_busy_runtime_does_not_stop_the_heart],
    four_threads: [a_cancel_that_races_a_finish_leaves_one_ending]
);

async fn a_queued_run_is_cancelled_at_once(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    assert_eq!(
        place
            .store
            .cancel(&"a".into(), &"kim".into(), NOW + ms(1))
            .await
            .unwrap(),
        CancelOutcome::AtOnce
    );
    let row = place.run("a").await;
    assert_eq!(
        (row.state, row.cancel_by.as_deref()),
        (RunState::Cancelled, Some("kim"))
    );
    assert!(place.claim("w", NOW + ms(2)).await.is_none());
    assert_eq!(
        place
            .store
            .cancel(&"a".into(), &"kim".into(), NOW + ms(3))
            .await
            .unwrap(),
        CancelOutcome::AlreadyFinished(RunState::Cancelled)
    );
    assert_eq!(
        place
            .store
            .cancel(&"nope".into(), &"kim".into(), NOW)
            .await
            .unwrap(),
        CancelOutcome::Unknown
    );
    assert_eq!(place.story("a").await, ["queued", "cancelled"]);
    invariants::check(&place).await;
}

async fn a_running_run_hears_the_wish_with_its_next_heartbeat(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    place.claim("w", NOW).await.unwrap();
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    let beat = Beat {
        step: Some(Step::FetchingRows),
        now: NOW + ms(1),
        ..Beat::default()
    };
    let beaten = heartbeats
        .beat(&lease("a", "w", 1), beat.clone())
        .await
        .unwrap();
    assert_eq!(
        beaten,
        Some(Beaten {
            heartbeat: 2,
            cancel_at: None
        })
    );
    assert_eq!(
        place
            .store
            .cancel(&"a".into(), &"kim".into(), NOW + ms(2))
            .await
            .unwrap(),
        CancelOutcome::Asked
    );
    assert_eq!(
        place
            .store
            .cancel(&"a".into(), &"lee".into(), NOW + ms(3))
            .await
            .unwrap(),
        CancelOutcome::Asked
    );
    let beaten = heartbeats.beat(&lease("a", "w", 1), beat).await.unwrap();
    assert_eq!(
        beaten,
        Some(Beaten {
            heartbeat: 3,
            cancel_at: Some(NOW + ms(2))
        })
    );
    assert_eq!(place.run("a").await.state, RunState::Running);
    let stopped = Ending::Cancelled {
        source_confirmed: true,
    };
    let lease = lease("a", "w", 1);
    let ended = place.store.end_attempt(&lease, &stopped, NOW + ms(4));
    assert_eq!(ended.await.unwrap(), Some(RunState::Cancelled));
    assert_eq!(
        place.story("a").await,
        ["queued", "claimed", "step", "cancel_asked", "cancelled"]
    );
    let last = place.store.events(&"a".into(), 4).await.unwrap();
    assert_eq!(last.len(), 1);
    assert!(last[0].data.contains("\"source_confirmed\":true"));
    invariants::check(&place).await;
}

/// However the attempt ends, the wish is the truth and nothing is mailed.
async fn a_run_that_was_asked_to_stop_ends_cancelled_whatever_happens(db: Db) {
    let place = Place::new(db).await;
    for id in ["finish", "fail", "crash", "drain", "lost"] {
        place.queue(run(id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        assert_eq!(claimed.lease.run, id);
        place
            .store
            .cancel(&id.into(), &"kim".into(), NOW)
            .await
            .unwrap();
        let store = &place.store;
        match id {
            "finish" => {
                for _ in 0..2 {
                    let finished = store.finish(finish(&claimed, NOW)).await.unwrap();
                    assert_eq!(finished, Finished::Cancelled);
                }
            }
            "fail" => {
                let down = failure(FailureClass::SourceDown, true);
                let state = store
                    .end_attempt(
                        &lease(id, "w", 1),
                        &Ending::Failed {
                            failure: down,
                            jitter: 0.0,
                        },
                        NOW,
                    )
                    .await
                    .unwrap();
                assert_eq!(state, Some(RunState::Cancelled));
            }
            "crash" => {
                let state = store
                    .end_attempt(
                        &lease(id, "w", 1),
                        &Ending::Crashed {
                            failure: failure(FailureClass::Memory, false),
                        },
                        NOW,
                    )
                    .await
                    .unwrap();
                assert_eq!(state, Some(RunState::Cancelled));
            }
            "drain" => {
                let state = store
                    .end_attempt(&lease(id, "w", 1), &Ending::Interrupted, NOW)
                    .await
                    .unwrap();
                assert_eq!(state, Some(RunState::Cancelled));
            }
            _ => {
                let swept = take_over(store).await;
                assert_eq!(swept[0].state, RunState::Cancelled);
            }
        }
        assert!(place.store.messages(&id.into()).await.unwrap().is_empty());
    }
    assert_eq!(
        place
            .count("SELECT COUNT(*) FROM runs WHERE state = 'cancelled'")
            .await,
        5
    );
    invariants::check(&place).await;
}

/// A thousand runs, each finished and cancelled at the same moment.
async fn a_cancel_that_races_a_finish_leaves_one_ending(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 1_000)])
        .await
        .unwrap();
    let (mut done, mut stopped) = (0, 0);
    for index in 0..1_000 {
        let id = format!("r{index:04}");
        place.queue(run(&id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        let finishing = {
            let store = place.store.clone();
            tokio::spawn(async move { store.finish(finish(&claimed, NOW)).await.unwrap() })
        };
        let cancelling = {
            let (store, id) = (place.store.clone(), id.clone());
            tokio::spawn(async move {
                store
                    .cancel(&id.as_str().into(), &"kim".into(), NOW)
                    .await
                    .unwrap()
            })
        };
        match (finishing.await.unwrap(), cancelling.await.unwrap()) {
            (Finished::Done, CancelOutcome::AlreadyFinished(RunState::Succeeded)) => done += 1,
            (Finished::Cancelled, CancelOutcome::Asked) => stopped += 1,
            other => panic!("{id}: {other:?}"),
        }
    }
    assert_eq!(done + stopped, 1_000);
    let endings =
        "SELECT COUNT(*) FROM run_events WHERE kind IN ('succeeded', 'failed', 'cancelled')";
    assert_eq!(place.count(endings).await, 1_000);
    assert_eq!(place.count("SELECT COUNT(*) FROM outbox").await, done);
    invariants::check(&place).await;
}

/// Heartbeats live on a thread and a runtime of their own.
async fn a_busy_runtime_does_not_stop_the_heart(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    place.claim("w", NOW).await.unwrap();
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    // This thread blocks its runtime until the other one has beaten a hundred times.
    let last = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut last = None;
            for rows_done in 1..=100 {
                let beat = Beat {
                    rows_done,
                    step: Some(Step::FetchingRows),
                    db_session: Some("sqlite".to_owned()),
                    detail_json: Some("{}".to_owned()),
                    now: NOW + ms(rows_done),
                    ..Beat::default()
                };
                last = heartbeats.beat(&lease("a", "w", 1), beat).await.unwrap();
            }
            last
        })
    })
    .join()
    .unwrap();
    assert_eq!(
        last,
        Some(Beaten {
            heartbeat: 101,
            cancel_at: None
        })
    );
    let row = place.run("a").await;
    assert_eq!(
        (row.rows_done, row.heartbeat_at),
        (100, Some(NOW + ms(100)))
    );
    assert_eq!(row.db_session.as_deref(), Some("sqlite"));
    // One event per step, not per beat.
    assert_eq!(place.story("a").await, ["queued", "claimed", "step"]);
}
