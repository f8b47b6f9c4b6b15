use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lang::FailureClass;
use store::{ClaimLimits, Ending, NewRun, RESERVE_AFTER, RunState};

use crate::invariants;
use crate::place::{Db, NO_LIMITS, NOW, Place, failure, finish, lease, ms, run};

crate::place::on_both!(
    [a_claim_raises_the_attempt_and_tells_the_whole_row,
     a_run_over_several_sources_counts_at_each,
     a_paused_source_waits_and_its_runs_say_so,
     the_second_user_starts_within_one_turn,
     the_least_loaded_user_goes_first_then_priority_then_age,
     a_big_run_does_not_starve,
     a_run_larger_than_the_whole_budget_gets_all_of_it,
     a_run_waits_for_its_time,
     an_idle_worker_writes_nothing],
    four_threads: [no_limit_is_ever_exceeded_by_racing_claimers]
);

async fn a_claim_raises_the_attempt_and_tells_the_whole_row(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w1", NOW + ms(10)).await.unwrap();
    assert_eq!(
        (claimed.lease.run.as_str(), claimed.lease.attempt),
        ("a", 1)
    );
    assert_eq!(claimed.run, place.run("a").await);
    assert_eq!(claimed.run.state, RunState::Running);
    assert_eq!(claimed.run.worker.as_deref(), Some("w1"));
    assert_eq!(claimed.run.step, Some(store::Step::Connecting));
    assert_eq!(claimed.run.started_at, Some(NOW + ms(10)));
    assert_eq!(claimed.run.heartbeat, 1);
    assert!(place.claim("w1", NOW + ms(10)).await.is_none());
    assert_eq!(place.story("a").await, ["queued", "claimed"]);
}

/// C7: sixteen claimers race for runs of three sources and four users.
async fn no_limit_is_ever_exceeded_by_racing_claimers(db: Db) {
    let place = Place::new(db).await;
    let sources = [
        ("a".to_owned(), 1),
        ("b".to_owned(), 2),
        ("c".to_owned(), 3),
    ];
    place.number_events().await;
    place.store.sync_sources(&sources).await.unwrap();
    let runs = 160;
    for index in 0..runs {
        let source = ["a", "b", "c"][index % 3];
        let user = ["kim", "lee", "park", "choi"][(index / 3) % 4];
        let memory_mb = [100, 300, 500, 900][index % 4];
        place
            .queue(NewRun {
                memory_mb,
                ..run(&format!("r{index:03}"), user, source)
            })
            .await;
    }
    let limits = ClaimLimits {
        memory_mb: 1_000,
        per_user: 2,
    };
    let clock = Arc::new(AtomicI64::new(0));
    let claimers = (0..16).map(|claimer| {
        let (store, clock) = (place.store.clone(), clock.clone());
        tokio::spawn(async move {
            // Two workers with eight claimers each: memory is counted per worker.
            let worker = format!("w{}", claimer % 2);
            loop {
                let now = NOW + ms(clock.fetch_add(1, Ordering::Relaxed));
                match store
                    .claim(&worker.as_str().into(), limits, now)
                    .await
                    .unwrap()
                {
                    Some(claimed) => {
                        tokio::task::yield_now().await;
                        store.finish(finish(&claimed, now)).await.unwrap();
                    }
                    None => {
                        let page = store::Page {
                            limit: 1,
                            ..Default::default()
                        };
                        let waiting = store::RunFilter {
                            states: vec![RunState::Queued],
                            ..Default::default()
                        };
                        if store.runs(&waiting, &page).await.unwrap().0.is_empty() {
                            return;
                        }
                        tokio::task::yield_now().await;
                    }
                }
            }
        })
    });
    for claimer in claimers.collect::<Vec<_>>() {
        claimer.await.unwrap();
    }
    let done = "SELECT COUNT(*) FROM runs WHERE state = 'succeeded' AND attempt = 1";
    assert_eq!(place.count(done).await, runs as i64);
    let peaks = invariants::peaks(&place).await;
    for (source, limit) in [("a", 1), ("b", 2), ("c", 3)] {
        assert!(peaks.sources[source] <= limit, "{peaks:?}");
    }
    assert!(peaks.users.values().all(|most| *most <= 2), "{peaks:?}");
    assert!(
        peaks.memory.values().all(|most| *most <= 1_000),
        "{peaks:?}"
    );
    invariants::check(&place).await;
}

async fn a_run_over_several_sources_counts_at_each(db: Db) {
    let place = Place::new(db).await;
    let sources = [("shop".to_owned(), 1), ("crm".to_owned(), 1)];
    place.store.sync_sources(&sources).await.unwrap();
    let both = NewRun {
        more_sources: vec!["crm".to_owned()],
        ..run("both", "kim", "shop")
    };
    place.queue(both).await;
    place.queue(run("crm", "lee", "crm")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    assert_eq!(claimed.lease.run, "both");
    assert!(place.claim("w", NOW).await.is_none());
    place.store.finish(finish(&claimed, NOW)).await.unwrap();
    assert_eq!(place.claim("w", NOW).await.unwrap().lease.run, "crm");
}

async fn a_paused_source_waits_and_its_runs_say_so(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    place.store.pause_source("shop", true).await.unwrap();
    assert!(place.claim("w", NOW).await.is_none());
    let stands = place.store.queue_place(&"a".into()).await.unwrap().unwrap();
    assert!(stands.source_paused);
    place.store.pause_source("shop", false).await.unwrap();
    assert_eq!(place.claim("w", NOW).await.unwrap().lease.run, "a");
    assert!(place.store.pause_source("shp", true).await.is_err());
}

/// C8: two hundred of one user do not keep another waiting longer than one turn.
async fn the_second_user_starts_within_one_turn(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 1)])
        .await
        .unwrap();
    for index in 0..200 {
        place
            .queue(run(&format!("a{index:03}"), "kim", "shop"))
            .await;
    }
    let first = place.claim("w", NOW).await.unwrap();
    assert_eq!(first.lease.run, "a000");
    place
        .queue(NewRun {
            now: NOW + ms(5_000),
            ..run("b", "lee", "shop")
        })
        .await;
    place
        .store
        .finish(finish(&first, NOW + ms(6_000)))
        .await
        .unwrap();
    assert_eq!(
        place
            .store
            .queue_place(&"b".into())
            .await
            .unwrap()
            .unwrap()
            .place,
        1
    );
    let second = place.claim("w", NOW + ms(6_000)).await.unwrap();
    assert_eq!(second.lease.run, "b");
    place
        .store
        .finish(finish(&second, NOW + ms(7_000)))
        .await
        .unwrap();
    assert_eq!(
        place.claim("w", NOW + ms(7_000)).await.unwrap().lease.run,
        "a001"
    );
}

async fn the_least_loaded_user_goes_first_then_priority_then_age(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 100)])
        .await
        .unwrap();
    let queue = [
        NewRun {
            now: NOW,
            ..run("kim-old", "kim", "shop")
        },
        NewRun {
            now: NOW + ms(1),
            ..run("kim-new", "kim", "shop")
        },
        NewRun {
            now: NOW + ms(2),
            priority: 5,
            ..run("kim-urgent", "kim", "shop")
        },
        NewRun {
            now: NOW + ms(3),
            ..run("lee-late", "lee", "shop")
        },
    ];
    for run in queue {
        place.queue(run).await;
    }
    let mut order = Vec::new();
    while let Some(claimed) = place.claim("w", NOW + ms(10)).await {
        order.push(claimed.lease.run);
    }
    assert_eq!(order, ["kim-urgent", "lee-late", "kim-old", "kim-new"]);
}

/// C8: a big run may be passed for ten minutes, then the memory is kept for it.
async fn a_big_run_does_not_starve(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 100)])
        .await
        .unwrap();
    let limits = ClaimLimits {
        memory_mb: 1_024,
        per_user: 10,
    };
    let claim = async |now| place.store.claim(&"w".into(), limits, now).await.unwrap();
    let small = |id: &str, user: &str, now| NewRun {
        memory_mb: 300,
        now,
        ..run(id, user, "shop")
    };

    place.queue(small("s1", "kim", NOW)).await;
    let first = claim(NOW).await.unwrap();
    place
        .queue(NewRun {
            memory_mb: 900,
            ..run("big", "lee", "shop")
        })
        .await;
    place.queue(small("s2", "park", NOW + ms(1))).await;
    // It does not fit beside the first one; for now a smaller one passes it.
    let second = claim(NOW + ms(2)).await.unwrap();
    assert_eq!(second.lease.run, "s2");
    place.queue(small("s3", "choi", NOW + ms(3))).await;
    let waited = NOW + RESERVE_AFTER;
    assert!(claim(waited).await.is_none());
    place.store.finish(finish(&first, waited)).await.unwrap();
    assert!(claim(waited).await.is_none());
    place.store.finish(finish(&second, waited)).await.unwrap();
    assert_eq!(claim(waited).await.unwrap().lease.run, "big");
    assert!(claim(waited).await.is_none());
}

async fn a_run_larger_than_the_whole_budget_gets_all_of_it(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 100)])
        .await
        .unwrap();
    let limits = ClaimLimits {
        memory_mb: 1_000,
        per_user: 10,
    };
    place
        .queue(NewRun {
            memory_mb: 5_000,
            ..run("huge", "kim", "shop")
        })
        .await;
    place
        .queue(NewRun {
            memory_mb: 1,
            ..run("tiny", "lee", "shop")
        })
        .await;
    assert_eq!(
        place
            .store
            .claim(&"w".into(), limits, NOW)
            .await
            .unwrap()
            .unwrap()
            .lease
            .run,
        "huge"
    );
    assert!(
        place
            .store
            .claim(&"w".into(), limits, NOW)
            .await
            .unwrap()
            .is_none()
    );
    // Another worker has its own budget.
    assert_eq!(
        place
            .store
            .claim(&"v".into(), limits, NOW)
            .await
            .unwrap()
            .unwrap()
            .lease
            .run,
        "tiny"
    );
}

async fn a_run_waits_for_its_time(db: Db) {
    let place = Place::new(db).await;
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    let down = failure(FailureClass::SourceDown, true);
    place
        .store
        .end_attempt(
            &lease("a", "w", claimed.lease.attempt),
            &Ending::Failed {
                failure: down,
                jitter: 0.0,
            },
            NOW,
        )
        .await
        .unwrap();
    assert!(place.claim("w", NOW + ms(4_999)).await.is_none());
    assert_eq!(
        place
            .claim("w", NOW + ms(5_000))
            .await
            .unwrap()
            .lease
            .attempt,
        2
    );
}

async fn an_idle_worker_writes_nothing(db: Db) {
    let place = Place::new(db).await;
    for _ in 0..10 {
        assert!(
            place
                .store
                .claim(&"w".into(), NO_LIMITS, NOW)
                .await
                .unwrap()
                .is_none()
        );
    }
    assert_eq!(place.count("SELECT n FROM claim_gate").await, 0);
}
