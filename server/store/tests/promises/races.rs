//! Several handles on one PostgreSQL, as several processes have: nothing in memory is shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use store::{
    CancelOutcome, ClaimLimits, Enqueued, Finished, Fired, MessageState, NewPerson, NewRun,
    NewSchedule, RunState, Store, StoreError,
};

use crate::invariants;
use crate::place::{Db, MINUTE, NO_LIMITS, NOW, Place, finish, ms, run};

async fn handles(place: &Place, count: usize) -> Vec<Store> {
    let mut handles = Vec::new();
    for _ in 0..count {
        handles.push(place.open().await);
    }
    handles
}

/// Looks at every claim from inside the database, in the claiming transaction: what is running then
/// is counted by PostgreSQL itself and the most is kept.
const WATCH: &str = "
    CREATE TABLE peaks (what TEXT PRIMARY KEY, most BIGINT NOT NULL);
    CREATE FUNCTION watch() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO peaks
        SELECT 'source ' || s.source_id, COUNT(*) FROM runs r JOIN run_sources s ON s.run_id = r.id
         WHERE r.state = 'running' GROUP BY s.source_id
        UNION ALL
        SELECT 'user ' || user_id, COUNT(*) FROM runs WHERE state = 'running' GROUP BY user_id
        UNION ALL
        SELECT 'memory ' || worker, SUM(memory_mb) FROM runs WHERE state = 'running' GROUP BY worker
      ON CONFLICT (what) DO UPDATE SET most = GREATEST(peaks.most, excluded.most);
      RETURN NULL;
    END;
    $$;
    CREATE TRIGGER watch AFTER UPDATE ON runs FOR EACH ROW
      WHEN (NEW.state = 'running' AND OLD.state = 'queued') EXECUTE FUNCTION watch();";

/// C7: six processes with two claimers each.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn processes_that_race_never_exceed_a_limit_and_never_claim_twice() {
    let place = Place::new(Db::Postgres).await;
    place.change(WATCH).await;
    place.number_events().await;
    let sources = [
        ("a".to_owned(), 1),
        ("b".to_owned(), 2),
        ("c".to_owned(), 3),
    ];
    place.store.sync_sources(&sources).await.unwrap();
    let runs = 240;
    for index in 0..runs {
        let source = ["a", "b", "c"][index % 3];
        let user = ["kim", "lee", "park", "choi"][(index / 3) % 4];
        let more_sources = match index % 5 {
            0 => vec!["a".to_owned(), "b".to_owned()],
            _ => Vec::new(),
        };
        place
            .queue(NewRun {
                memory_mb: [100, 300, 500, 900][index % 4],
                more_sources,
                ..run(&format!("r{index:03}"), user, source)
            })
            .await;
    }
    let limits = ClaimLimits {
        memory_mb: 1_000,
        per_user: 2,
    };
    let left = Arc::new(AtomicI64::new(runs as i64));
    let mut claimers = Vec::new();
    for (number, store) in handles(&place, 6).await.into_iter().enumerate() {
        for _ in 0..2 {
            let (store, left) = (store.clone(), left.clone());
            claimers.push(tokio::spawn(async move {
                let worker = format!("w{number}");
                while left.load(Ordering::Relaxed) > 0 {
                    if let Some(claimed) = store
                        .claim(&worker.as_str().into(), limits, NOW)
                        .await
                        .unwrap()
                    {
                        let done = store.finish(finish(&claimed, NOW)).await.unwrap();
                        assert_eq!(done, Finished::Done);
                        left.fetch_sub(1, Ordering::Relaxed);
                    }
                }
            }));
        }
    }
    for claimer in claimers {
        claimer.await.unwrap();
    }
    let once = "SELECT COUNT(*) FROM runs WHERE state = 'succeeded' AND attempt = 1";
    assert_eq!(place.count(once).await, runs as i64);
    let claims = "SELECT COUNT(*) FROM run_events WHERE kind = 'claimed'";
    assert_eq!(place.count(claims).await, runs as i64);
    let above = "SELECT COUNT(*) FROM peaks
        WHERE most > CASE what WHEN 'source a' THEN 1 WHEN 'source b' THEN 2 WHEN 'source c' THEN 3
                               ELSE CASE WHEN what LIKE 'user %' THEN 2 ELSE 1000 END END";
    assert_eq!(place.count(above).await, 0);
    // The watcher has watched: every limit was reached.
    let reached = "SELECT COUNT(*) FROM peaks WHERE what LIKE 'source %' OR what LIKE 'user %'";
    assert_eq!(place.count(reached).await, 7);
    let peaks = invariants::peaks(&place).await;
    assert!(peaks.users.values().all(|most| *most <= 2), "{peaks:?}");
    invariants::check(&place).await;
}

/// C9: five processes, a thousand fires.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_schedulers_fire_a_thousand_times_once_each() {
    let place = Place::new(Db::Postgres).await;
    let fires = 1_000;
    place
        .store
        .create_schedule(&NewSchedule {
            id: "hourly".to_owned(),
            report_id: "sales/daily".to_owned(),
            owner_id: "kim".into(),
            spec: "{}".to_owned(),
            zone: "Asia/Seoul".to_owned(),
            next_fire_at: Some(NOW),
        })
        .await
        .unwrap();
    let mut schedulers = Vec::new();
    for (number, store) in handles(&place, 5).await.into_iter().enumerate() {
        schedulers.push(tokio::spawn(async move {
            let mut fired = 0;
            for fire in 0..fires {
                let at = NOW + ms(fire * 1_000);
                let id = format!("r{fire:04}-{number}");
                let outcome = store
                    .fire(
                        "hourly",
                        at,
                        Some(at + ms(1_000)),
                        run(&id, "kim", "shop"),
                        &"w".into(),
                    )
                    .await
                    .unwrap();
                fired += i64::from(outcome == Fired::Queued);
            }
            fired
        }));
    }
    let mut fired = 0;
    for scheduler in schedulers {
        fired += scheduler.await.unwrap();
    }
    // Whoever is behind finds a fire gone, and nobody can be ahead of all: each time is fired.
    assert_eq!(fired, fires);
    let times = "SELECT COUNT(DISTINCT fire_ms) FROM runs";
    assert_eq!(place.count(times).await, fires);
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, fires);
    assert_eq!(place.count("SELECT revision FROM schedules").await, fires);
    invariants::check(&place).await;
}

/// Cancelled by one process and finished by another, two hundred times.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancel_elsewhere_that_races_a_finish_leaves_one_ending() {
    let place = Place::new(Db::Postgres).await;
    let other = place.open().await;
    let (mut done, mut stopped) = (0, 0);
    for index in 0..200 {
        let id = format!("r{index:03}");
        place.queue(run(&id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        let (run, kim) = (id.as_str().into(), "kim".into());
        let (finishing, cancelling) = tokio::join!(
            place.store.finish(finish(&claimed, NOW)),
            other.cancel(&run, &kim, NOW)
        );
        match (finishing.unwrap(), cancelling.unwrap()) {
            (Finished::Done, CancelOutcome::AlreadyFinished(RunState::Succeeded)) => done += 1,
            (Finished::Cancelled, CancelOutcome::Asked) => stopped += 1,
            other => panic!("{id}: {other:?}"),
        }
    }
    assert_eq!(done + stopped, 200);
    assert_eq!(place.count("SELECT COUNT(*) FROM outbox").await, done);
    invariants::check(&place).await;
}

/// A queued run that is cancelled by one process and claimed by another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancel_that_races_a_claim_is_heard_either_way() {
    let place = Place::new(Db::Postgres).await;
    let other = place.open().await;
    for index in 0..100 {
        let id = format!("r{index:03}");
        place.queue(run(&id, "kim", "shop")).await;
        let (run, kim, worker) = (id.as_str().into(), "kim".into(), "w".into());
        let (claim, cancel) = tokio::join!(
            place.store.claim(&worker, NO_LIMITS, NOW),
            other.cancel(&run, &kim, NOW)
        );
        match (claim.unwrap(), cancel.unwrap()) {
            (None, CancelOutcome::AtOnce) => {}
            (Some(claimed), CancelOutcome::Asked) => {
                let done = place.store.finish(finish(&claimed, NOW)).await.unwrap();
                assert_eq!(done, Finished::Cancelled);
            }
            other => panic!("{id}: {other:?}"),
        }
        assert_eq!(place.run(&id).await.state, RunState::Cancelled);
    }
    invariants::check(&place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn counters_that_processes_share_are_exact() {
    let place = Place::new(Db::Postgres).await;
    let mut hitting = Vec::new();
    for store in handles(&place, 5).await {
        hitting.push(tokio::spawn(async move {
            let mut counts = Vec::new();
            for _ in 0..40 {
                counts.push(store.hit("signin:kim", MINUTE, NOW).await.unwrap());
            }
            counts
        }));
    }
    let mut counts = Vec::new();
    for hits in hitting {
        counts.extend(hits.await.unwrap());
    }
    counts.sort_unstable();
    // Every hit had a number of its own.
    assert_eq!(counts, (1..=200).collect::<Vec<_>>());
}

/// Many clicks at once, in five processes, never make more runs than somebody may have.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_runs_are_open_than_may_be() {
    let place = Place::new(Db::Postgres).await;
    let mut clicking = Vec::new();
    for (number, store) in handles(&place, 5).await.into_iter().enumerate() {
        clicking.push(tokio::spawn(async move {
            let (mut made, mut refused) = (0, 0);
            for click in 0..20 {
                let asked = NewRun {
                    most_open: Some(30),
                    ..run(&format!("r{number}-{click}"), "kim", "shop")
                };
                match store.enqueue(asked).await {
                    Ok(_) => made += 1,
                    Err(StoreError::TooManyOpen { limit: 30 }) => refused += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            (made, refused)
        }));
    }
    let (mut made, mut refused) = (0, 0);
    for clicks in clicking {
        let (more, others) = clicks.await.unwrap();
        made += more;
        refused += others;
    }
    assert_eq!((made, refused), (30, 70));
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, 30);
    // Another person is not concerned.
    let other = NewRun {
        most_open: Some(30),
        ..run("other", "lee", "shop")
    };
    place.store.enqueue(other).await.unwrap();
    invariants::check(&place).await;
}

/// A double click that reaches five processes, while the run it makes begins and ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_is_one_run_at_a_time() {
    let place = Place::new(Db::Postgres).await;
    let mut clicking = Vec::new();
    for (number, store) in handles(&place, 5).await.into_iter().enumerate() {
        clicking.push(tokio::spawn(async move {
            let mut made = 0;
            for click in 0..30 {
                let asked = NewRun {
                    dedup_key: Some("k".to_owned()),
                    more_sources: vec![format!("x{click}"), format!("y{}", click % 7)],
                    ..run(&format!("r{number}-{click}"), "kim", "shop")
                };
                match store.enqueue(asked).await.unwrap() {
                    Enqueued::New(_) => made += 1,
                    Enqueued::Already(id) => {
                        store.cancel(&id, &"kim".into(), NOW).await.unwrap();
                    }
                }
            }
            made
        }));
    }
    let mut made = 0;
    for clicks in clicking {
        made += clicks.await.unwrap();
    }
    assert_eq!(place.count("SELECT COUNT(*) FROM runs").await, made);
    assert!(made > 1, "{made}");
    invariants::check(&place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_set_up_pages_make_one_administrator() {
    let place = Place::new(Db::Postgres).await;
    let mut racing = Vec::new();
    for (number, store) in handles(&place, 6).await.into_iter().enumerate() {
        racing.push(tokio::spawn(async move {
            let person = NewPerson {
                login: format!("p{number}"),
                name: "관리자".to_owned(),
                groups: vec!["sales".to_owned(), "finance".to_owned()],
                ..NewPerson::default()
            };
            let demo = NewPerson {
                login: "demo".to_owned(),
                ..person.clone()
            };
            let first = store.create_first_person(person).await.unwrap().is_some();
            store.upsert_demo_person(demo).await.unwrap();
            first
        }));
    }
    let mut first = 0;
    for racer in racing {
        first += usize::from(racer.await.unwrap());
    }
    assert_eq!(first, 1);
    assert_eq!(place.store.people_count().await.unwrap(), 2);
}

/// C10: every message is taken by one sender, and the sender of none is kept waiting by another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_message_goes_to_one_of_several_senders() {
    let place = Place::new(Db::Postgres).await;
    for index in 0..60 {
        place.queue(run(&format!("r{index}"), "kim", "shop")).await;
        let claimed = place.claim("w", NOW).await.unwrap();
        place.store.finish(finish(&claimed, NOW)).await.unwrap();
    }
    let mut sending = Vec::new();
    for (number, store) in handles(&place, 5).await.into_iter().enumerate() {
        sending.push(tokio::spawn(async move {
            let worker = format!("m{number}");
            let mut sent = Vec::new();
            while let Some(message) = store
                .take_message(&worker.as_str().into(), NOW)
                .await
                .unwrap()
            {
                assert!(
                    store
                        .settle_message(&message, MessageState::Sent, "250 ok", NOW)
                        .await
                        .unwrap()
                );
                sent.push(message.id);
            }
            sent
        }));
    }
    let mut sent = Vec::new();
    for sender in sending {
        sent.extend(sender.await.unwrap());
    }
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 60);
    let once = "SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND attempt = 1";
    assert_eq!(place.count(once).await, 60);
}

/// C4: several sweepers that saw the same, in different orders.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_sweepers_take_each_run_once() {
    let place = Place::new(Db::Postgres).await;
    place
        .store
        .sync_sources(&[("shop".to_owned(), 100)])
        .await
        .unwrap();
    for index in 0..40 {
        let expires_at = Some(NOW + ms(1_000_000));
        let asked = NewRun {
            expires_at,
            ..run(&format!("r{index:02}"), "kim", "shop")
        };
        place.queue(asked).await;
        if index % 2 == 0 {
            place.claim("w", NOW).await.unwrap();
        }
    }
    let mut seen: Vec<store::Observed> = place
        .store
        .running()
        .await
        .unwrap()
        .into_iter()
        .map(|run| store::Observed {
            id: run.lease.run,
            attempt: run.lease.attempt,
            heartbeat: run.heartbeat,
        })
        .collect();
    let mut sweeping = Vec::new();
    for store in handles(&place, 4).await {
        seen.rotate_left(7);
        seen.reverse();
        let seen = seen.clone();
        sweeping.push(tokio::spawn(async move {
            let taken = store.lost(&seen, NOW).await.unwrap().len();
            (
                taken,
                store.expire(NOW + ms(1_000_000)).await.unwrap().len(),
            )
        }));
    }
    let (mut taken, mut expired) = (0, 0);
    for sweeper in sweeping {
        let (lost, late) = sweeper.await.unwrap();
        taken += lost;
        expired += late;
    }
    assert_eq!((taken, expired), (20, 40));
    invariants::check(&place).await;
}
