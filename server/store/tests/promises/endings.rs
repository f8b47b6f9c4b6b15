use lang::FailureClass;
use store::{Beat, Ending, Finished, MessageState, Observed, RunState, Step};

use crate::invariants;
use crate::place::{Db, NOW, Place, failure, finish, lease, ms, run, take_over};

crate::place::on_both!(
    [a_finish_brings_files_outcome_messages_and_event_together,
     finishing_again_answers_the_same_and_adds_nothing,
     a_finish_that_breaks_half_way_leaves_nothing_behind,
     a_zombie_changes_nothing,
     transient_failures_come_back_until_the_budget_is_spent,
     a_permanent_failure_is_final_and_a_time_out_comes_back_once,
     a_run_that_kills_its_worker_twice_is_given_up,
     an_interrupted_run_comes_back_as_if_nothing_had_happened,
     a_success_after_a_failure_forgets_the_error,
     the_database_itself_refuses_to_rewrite_history,
     a_message_is_taken_once_and_a_crash_leaves_it_unsure],
    four_threads: []
);

async fn a_finish_brings_files_outcome_messages_and_event_together(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    let done = place
        .store
        .finish(finish(&claimed, NOW + ms(5)))
        .await
        .unwrap();
    assert_eq!(done, Finished::Done);
    let row = place.run("a").await;
    assert_eq!((row.state, row.rows_done), (RunState::Succeeded, 9));
    assert_eq!(
        (row.worker.as_deref(), row.finished_at),
        (None, Some(NOW + ms(5)))
    );
    let artifact = place
        .store
        .artifact(&"a".into(), "result.xlsx")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(artifact.storage_key, "results/a/1/result.xlsx");
    assert_eq!(
        place.store.stored_files().await.unwrap(),
        [("results/a/1/result.xlsx".to_owned(), 10)]
    );
    assert_eq!(
        place
            .store
            .outcome(&"a".into())
            .await
            .unwrap()
            .unwrap()
            .totals_json,
        "[\"1\"]"
    );
    assert_eq!(place.store.messages(&"a".into()).await.unwrap().len(), 1);
    assert_eq!(place.story("a").await, ["queued", "claimed", "succeeded"]);
    invariants::check(&place).await;
}

/// C2: a reply may be lost after the commit.
async fn finishing_again_answers_the_same_and_adds_nothing(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    for _ in 0..3 {
        assert_eq!(
            place
                .store
                .finish(finish(&claimed, NOW + ms(5)))
                .await
                .unwrap(),
            Finished::Done
        );
    }
    assert_eq!(place.store.artifacts(&"a".into()).await.unwrap().len(), 1);
    assert_eq!(place.story("a").await, ["queued", "claimed", "succeeded"]);
}

async fn a_finish_that_breaks_half_way_leaves_nothing_behind(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    let mut broken = finish(&claimed, NOW + ms(5));
    broken.artifacts.push(broken.artifacts[0].clone());
    assert!(place.store.finish(broken).await.is_err());
    assert_eq!(place.run("a").await.state, RunState::Running);
    assert!(place.store.artifacts(&"a".into()).await.unwrap().is_empty());
    assert!(place.store.outcome(&"a".into()).await.unwrap().is_none());
    invariants::check(&place).await;
    assert_eq!(
        place
            .store
            .finish(finish(&claimed, NOW + ms(6)))
            .await
            .unwrap(),
        Finished::Done
    );
}

/// C2, C3: a worker that was declared dead wakes up and tries everything.
async fn a_zombie_changes_nothing(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let zombie = place.claim("w1", NOW).await.unwrap();
    let seen = Observed {
        id: "a".into(),
        attempt: 1,
        heartbeat: zombie.run.heartbeat,
    };
    let swept = place.store.lost(&[seen], NOW + ms(60_000)).await.unwrap();
    assert_eq!(swept[0].state, RunState::Queued);
    let heir = place.claim("w2", NOW + ms(60_000)).await.unwrap();
    assert_eq!(heir.lease.attempt, 2);

    let before = (place.run("a").await, place.story("a").await);
    let store = &place.store;
    let mut heartbeats = store.heartbeat_connection().await.unwrap();
    let beat = || Beat {
        rows_done: 77,
        step: Some(Step::FetchingRows),
        now: NOW,
        ..Beat::default()
    };
    // Its own attempt, and a forged one, and a forged worker.
    for (worker, attempt) in [("w1", 1), ("w1", 2), ("w2", 1), ("", 2)] {
        assert_eq!(
            heartbeats
                .beat(&lease("a", worker, attempt), beat())
                .await
                .unwrap(),
            None
        );
        let broken = failure(FailureClass::Internal, true);
        let endings = [
            Ending::Failed {
                failure: broken.clone(),
                jitter: 0.0,
            },
            Ending::Crashed { failure: broken },
            Ending::Interrupted,
            Ending::Cancelled {
                source_confirmed: true,
            },
        ];
        let forged = lease("a", worker, attempt);
        for ending in &endings {
            let ended = store.end_attempt(&forged, ending, NOW);
            assert_eq!(ended.await.unwrap(), None);
        }
        let mut finish = finish(&zombie, NOW);
        finish.lease = forged;
        assert_eq!(store.finish(finish).await.unwrap(), Finished::LeaseLost);
    }
    assert_eq!((place.run("a").await, place.story("a").await), before);

    assert_eq!(
        store.finish(finish(&heir, NOW + ms(61_000))).await.unwrap(),
        Finished::Done
    );
    assert_eq!(
        store
            .finish(finish(&zombie, NOW + ms(62_000)))
            .await
            .unwrap(),
        Finished::LeaseLost
    );
    assert_eq!(
        store.stored_files().await.unwrap(),
        [("results/a/2/result.xlsx".to_owned(), 10)]
    );
    invariants::check(&place).await;
}

/// C5: fails, with waits that double.
async fn transient_failures_come_back_until_the_budget_is_spent(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let mut now = NOW;
    for (attempt, wait) in [(1, ms(5_000)), (2, ms(10_000))] {
        let claimed = place.claim("w", now).await.unwrap();
        assert_eq!(claimed.lease.attempt, attempt);
        let down = failure(FailureClass::SourceDown, true);
        let state = place
            .store
            .end_attempt(
                &lease("a", "w", attempt),
                &Ending::Failed {
                    failure: down,
                    jitter: 0.0,
                },
                now,
            )
            .await
            .unwrap();
        assert_eq!(state, Some(RunState::Queued));
        let row = place.run("a").await;
        assert_eq!((row.fails, row.not_before), (attempt, now + wait));
        now += wait;
    }
    place.claim("w", now).await.unwrap();
    let down = failure(FailureClass::SourceDown, true);
    let state = place
        .store
        .end_attempt(
            &lease("a", "w", 3),
            &Ending::Failed {
                failure: down,
                jitter: 0.0,
            },
            now,
        )
        .await
        .unwrap();
    assert_eq!(state, Some(RunState::Failed));
    let row = place.run("a").await;
    assert_eq!(row.error_code.as_deref(), Some("source_down"));
    assert_eq!(row.error_chain.as_deref(), Some("a: b: c"));
    assert_eq!((row.crashes, row.finished_at), (0, Some(now)));
    invariants::check(&place).await;
}

async fn a_permanent_failure_is_final_and_a_time_out_comes_back_once(db: Db) {
    let place = Place::new(db).await;
    for (id, class, transient, states) in [
        ("a", FailureClass::UserSql, false, vec![RunState::Failed]),
        (
            "b",
            FailureClass::SourceTimeout,
            true,
            vec![RunState::Queued, RunState::Failed],
        ),
    ] {
        place.queue(run(id, "kim", "shop")).await;
        for (index, expected) in states.into_iter().enumerate() {
            let now = NOW + ms(100_000 * index as i64);
            let claimed = place.claim("w", now).await.unwrap();
            let state = place
                .store
                .end_attempt(
                    &lease(id, "w", claimed.lease.attempt),
                    &Ending::Failed {
                        failure: failure(class, transient),
                        jitter: 0.0,
                    },
                    now,
                )
                .await
                .unwrap();
            assert_eq!(state, Some(expected), "{id}");
        }
    }
    invariants::check(&place).await;
}

/// C5: a poison run stops at the second crash, with the class of its crash.
async fn a_run_that_kills_its_worker_twice_is_given_up(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    for expected in [RunState::Queued, RunState::Failed] {
        let claimed = place.claim("w", NOW).await.unwrap();
        let state = place
            .store
            .end_attempt(
                &lease("a", "w", claimed.lease.attempt),
                &Ending::Crashed {
                    failure: failure(FailureClass::Memory, false),
                },
                NOW,
            )
            .await
            .unwrap();
        assert_eq!(state, Some(expected));
    }
    let row = place.run("a").await;
    assert_eq!((row.crashes, row.fails, row.attempt), (2, 0, 2));
    assert_eq!(row.error_code.as_deref(), Some("memory"));
    assert_eq!(
        place.story("a").await,
        ["queued", "claimed", "worker_lost", "claimed", "failed"]
    );
    invariants::check(&place).await;
}

/// C5: going away counts as neither.
async fn an_interrupted_run_comes_back_as_if_nothing_had_happened(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    for attempt in 1..=5 {
        let claimed = place.claim("w", NOW).await.unwrap();
        assert_eq!(claimed.lease.attempt, attempt);
        let state = place
            .store
            .end_attempt(&lease("a", "w", attempt), &Ending::Interrupted, NOW)
            .await
            .unwrap();
        assert_eq!(state, Some(RunState::Queued));
    }
    let row = place.run("a").await;
    assert_eq!((row.fails, row.crashes, row.attempt), (0, 0, 5));
    invariants::check(&place).await;
}

async fn a_success_after_a_failure_forgets_the_error(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    place.claim("w", NOW).await.unwrap();
    place
        .store
        .end_attempt(
            &lease("a", "w", 1),
            &Ending::Failed {
                failure: failure(FailureClass::SourceDown, true),
                jitter: 0.0,
            },
            NOW,
        )
        .await
        .unwrap();
    let claimed = place.claim("w", NOW + ms(5_000)).await.unwrap();
    place
        .store
        .finish(finish(&claimed, NOW + ms(6_000)))
        .await
        .unwrap();
    let row = place.run("a").await;
    assert_eq!(
        (&row.error_code, &row.error_text, &row.error_chain),
        (&None, &None, &None)
    );
    assert_eq!(
        (row.started_at, row.claimed_at),
        (Some(NOW), Some(NOW + ms(5_000)))
    );
}

async fn the_database_itself_refuses_to_rewrite_history(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    place.store.finish(finish(&claimed, NOW)).await.unwrap();
    let mut connection = place.connect().await;
    for (sql, message) in [
        (
            "UPDATE runs SET state = 'failed'",
            "a finished run never changes",
        ),
        (
            "UPDATE run_events SET kind = 'failed'",
            "an event never changes",
        ),
        (
            "INSERT INTO run_events (run_id, seq, attempt, at_ms, kind) VALUES ('a', 9, 1, 0, 'failed')",
            match db {
                Db::Sqlite => "UNIQUE constraint failed",
                Db::Postgres => "run_events_one_end",
            },
        ),
    ] {
        let error = sqlx::query(sql)
            .execute(&mut connection)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{sql}: {error}");
    }
}

async fn a_message_is_taken_once_and_a_crash_leaves_it_unsure(db: Db) {
    let place = Place::new(db).await;
    for id in ["a", "b"] {
        place.queue(run(id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        place.store.finish(finish(&claimed, NOW)).await.unwrap();
    }
    let store = &place.store;
    let first = store.take_message(&"m".into(), NOW).await.unwrap().unwrap();
    let second = store.take_message(&"m".into(), NOW).await.unwrap().unwrap();
    assert!(
        store
            .take_message(&"m".into(), NOW)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .settle_message(&first, MessageState::Sent, "250 ok", NOW)
            .await
            .unwrap()
    );
    assert!(
        !store
            .settle_message(&first, MessageState::Failed, "550", NOW)
            .await
            .unwrap()
    );
    let place = place.restart().await;
    take_over(&place.store).await;
    let state = async |run: &str| place.store.messages(&run.into()).await.unwrap()[0].state;
    assert_eq!(state(&first.run_id).await, MessageState::Sent);
    assert_eq!(state(&second.run_id).await, MessageState::Unsure);
}
