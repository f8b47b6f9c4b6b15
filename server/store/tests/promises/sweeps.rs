use store::{Beat, NewRun, Observed, RunState, Running};

use crate::invariants;
use crate::place::{Db, NOW, Place, finish, lease, ms, run, take_over};

crate::place::on_both!(
    [a_run_that_has_beaten_since_is_left_alone,
     two_sweepers_take_a_run_once,
     what_the_last_process_left_is_taken_at_the_start,
     a_run_whose_time_is_over_fails_as_expired,
     a_run_past_its_time_is_not_claimed_before_the_sweep],
    four_threads: []
);

fn observed(running: &Running) -> Observed {
    Observed {
        id: running.lease.run.clone(),
        attempt: running.lease.attempt,
        heartbeat: running.heartbeat,
    }
}

async fn a_run_that_has_beaten_since_is_left_alone(db: Db) {
    let place = Place::new(db).await;
    for id in ["alive", "dead"] {
        place.queue(run(id, "kim", "shop")).await;
        place.claim("w", NOW).await.unwrap();
    }
    let seen: Vec<Observed> = place
        .store
        .running()
        .await
        .unwrap()
        .iter()
        .map(observed)
        .collect();
    assert_eq!(seen.len(), 2);
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    let beat = Beat {
        db_session: Some("pg:1@2".to_owned()),
        now: NOW,
        ..Beat::default()
    };
    heartbeats
        .beat(&lease("alive", "w", 1), beat)
        .await
        .unwrap()
        .unwrap();
    let swept = place.store.lost(&seen, NOW + ms(60_000)).await.unwrap();
    assert_eq!(
        swept.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(),
        ["dead"]
    );
    assert_eq!(place.run("alive").await.state, RunState::Running);
    let dead = place.run("dead").await;
    assert_eq!(
        (dead.state, dead.crashes, dead.attempt),
        (RunState::Queued, 1, 1)
    );
    // Observing the same again finds nothing to take.
    assert!(
        place
            .store
            .lost(&seen, NOW + ms(60_000))
            .await
            .unwrap()
            .is_empty()
    );
    invariants::check(&place).await;
}

async fn two_sweepers_take_a_run_once(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    place.claim("w", NOW).await.unwrap();
    let seen: Vec<Observed> = place
        .store
        .running()
        .await
        .unwrap()
        .iter()
        .map(observed)
        .collect();
    let sweepers = (0..8).map(|_| {
        let (store, seen) = (place.store.clone(), seen.clone());
        tokio::spawn(async move { store.lost(&seen, NOW).await.unwrap().len() })
    });
    let mut taken = 0;
    for sweeper in sweepers.collect::<Vec<_>>() {
        taken += sweeper.await.unwrap();
    }
    assert_eq!(taken, 1);
    assert_eq!(place.run("a").await.crashes, 1);
}

/// C4, C5: after a restart nothing is stranded, and a poison run stops.
async fn what_the_last_process_left_is_taken_at_the_start(db: Db) {
    let mut place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    for expected in [RunState::Queued, RunState::Failed] {
        place.claim("w", NOW).await.unwrap();
        place = place.restart().await;
        let swept = take_over(&place.store).await;
        assert_eq!(swept[0].state, expected);
        assert!(place.store.running().await.unwrap().is_empty());
    }
    let row = place.run("a").await;
    assert_eq!(
        (row.error_code.as_deref(), row.crashes),
        (Some("worker_lost"), 2)
    );
    let told = row.told().unwrap().message;
    for part in [Some(told.what), told.affected, told.advice] {
        assert!(part.is_some_and(|part| part.ko.is_some() && part.en.is_some()));
    }
    assert!(take_over(&place.store).await.is_empty());
    invariants::check(&place).await;
}

async fn a_run_whose_time_is_over_fails_as_expired(db: Db) {
    let place = Place::new(db).await;
    place
        .queue(NewRun {
            expires_at: Some(NOW + ms(100)),
            ..run("a", "kim", "shop")
        })
        .await;
    place.queue(run("b", "kim", "shop")).await;
    assert!(place.store.expire(NOW + ms(99)).await.unwrap().is_empty());
    assert_eq!(place.store.expire(NOW + ms(100)).await.unwrap(), ["a"]);
    assert!(place.store.expire(NOW + ms(100)).await.unwrap().is_empty());
    let row = place.run("a").await;
    assert_eq!(
        (row.state, row.error_code.as_deref()),
        (RunState::Failed, Some("expired"))
    );
    assert_eq!(
        place.claim("w", NOW + ms(200)).await.unwrap().lease.run,
        "b"
    );
    invariants::check(&place).await;
}

async fn a_run_past_its_time_is_not_claimed_before_the_sweep(db: Db) {
    let place = Place::new(db).await;
    place
        .queue(NewRun {
            expires_at: Some(NOW + ms(100)),
            ..run("a", "kim", "shop")
        })
        .await;
    assert!(place.claim("w", NOW + ms(100)).await.is_none());
    place.queue(run("b", "kim", "shop")).await;
    let claimed = place.claim("w", NOW + ms(100)).await.unwrap();
    assert_eq!(claimed.lease.run, "b");
    place
        .store
        .finish(finish(&claimed, NOW + ms(100)))
        .await
        .unwrap();
}
