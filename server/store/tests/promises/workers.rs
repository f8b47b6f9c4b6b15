//! Workers as they see each other, and the queue and the sources as administrators see them.

use jiff::{SignedDuration, Timestamp};
use store::{
    Ending, Fired, NewRun, NewSchedule, NewWorker, RunState, StoreError, UpcomingFire, WorkerBeat,
    WorkerName, WorkerRow,
};

use crate::invariants;
use crate::place::{Db, NOW, Place, finish, lease, ms, run};

crate::place::on_both!(
    [
        a_worker_is_listed_from_its_start_to_its_end_and_known_for_ever,
        a_beat_moves_the_counter_and_brings_the_wish_to_drain,
        only_a_worker_that_has_not_beaten_since_is_lost_and_one_that_beats_is_back,
        a_draining_worker_claims_nothing_and_finishes_what_it_has,
        a_worker_that_is_not_there_cannot_be_drained,
        a_run_remembers_who_had_it_last_also_when_it_is_over,
        memory_is_counted_as_the_claim_counts_it,
        the_queue_says_of_every_run_what_the_run_says_of_itself,
        upcoming_fires_come_soonest_first_and_only_those_that_will_be,
    ],
    four_threads: []
);

/// A day, milliseconds.
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn worker(name: &str) -> NewWorker {
    NewWorker {
        name: name.into(),
        host: "reports-1".to_owned(),
        pid: 4_711,
        version: "0.1.0".to_owned(),
        memory_mb: 1_000,
    }
}

async fn register(place: &Place, name: &str, now: Timestamp) {
    place
        .store
        .register_worker(&worker(name), now)
        .await
        .unwrap();
}

async fn workers(place: &Place) -> Vec<WorkerRow> {
    place.store.workers(NOW).await.unwrap()
}

async fn names(place: &Place) -> Vec<WorkerName> {
    workers(place)
        .await
        .into_iter()
        .map(|row| row.name)
        .collect()
}

async fn a_worker_is_listed_from_its_start_to_its_end_and_known_for_ever(db: Db) {
    let place = Place::new(db).await;
    register(&place, "second", NOW + ms(1)).await;
    register(&place, "first", NOW).await;
    assert_eq!(names(&place).await, ["first", "second"]);
    let row = place.store.worker(&"first".into()).await.unwrap().unwrap();
    assert_eq!(
        (row.host.as_str(), row.pid, row.version.as_str()),
        ("reports-1", 4_711, "0.1.0")
    );
    assert_eq!(
        (
            row.memory_mb,
            row.memory_given_mb,
            row.started_at,
            row.beat_at
        ),
        (1_000, 0, NOW, NOW)
    );
    place
        .store
        .end_worker(&"first".into(), NOW + ms(2))
        .await
        .unwrap();
    assert_eq!(names(&place).await, ["second"]);
    let row = place.store.worker(&"first".into()).await.unwrap().unwrap();
    assert_eq!((row.ended_at, row.lost_at), (Some(NOW + ms(2)), None));
    assert_eq!(place.store.worker(&"third".into()).await.unwrap(), None);
    // A name is new at every start.
    assert!(
        place
            .store
            .register_worker(&worker("first"), NOW)
            .await
            .is_err()
    );
}

async fn a_beat_moves_the_counter_and_brings_the_wish_to_drain(db: Db) {
    let place = Place::new(db).await;
    register(&place, "w", NOW).await;
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    let beaten = heartbeats
        .beat_worker(&"w".into(), NOW + ms(5_000))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((beaten.beat, beaten.drain_at), (1, None));
    place
        .store
        .drain_worker(&"w".into(), true, NOW + ms(6_000))
        .await
        .unwrap();
    // Asking again does not begin anew.
    place
        .store
        .drain_worker(&"w".into(), true, NOW + ms(7_000))
        .await
        .unwrap();
    let beaten = heartbeats
        .beat_worker(&"w".into(), NOW + ms(10_000))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((beaten.beat, beaten.drain_at), (2, Some(NOW + ms(6_000))));
    assert_eq!(workers(&place).await[0].beat_at, NOW + ms(10_000));
    place
        .store
        .drain_worker(&"w".into(), false, NOW + ms(11_000))
        .await
        .unwrap();
    let beaten = heartbeats
        .beat_worker(&"w".into(), NOW + ms(15_000))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(beaten.drain_at, None);
    assert_eq!(
        heartbeats
            .beat_worker(&"unknown".into(), NOW)
            .await
            .unwrap(),
        None
    );
}

async fn only_a_worker_that_has_not_beaten_since_is_lost_and_one_that_beats_is_back(db: Db) {
    let place = Place::new(db).await;
    register(&place, "alive", NOW).await;
    register(&place, "dead", NOW).await;
    let seen = place.store.living_workers().await.unwrap();
    assert_eq!(seen.len(), 2);
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    heartbeats
        .beat_worker(&"alive".into(), NOW + ms(1))
        .await
        .unwrap();
    let lost = place
        .store
        .lose_workers(&seen, NOW + ms(60_000))
        .await
        .unwrap();
    assert_eq!(lost, ["dead"]);
    // Observing the same again finds nothing.
    let again = place
        .store
        .lose_workers(&seen, NOW + ms(60_000))
        .await
        .unwrap();
    assert_eq!(again, [""; 0]);
    assert_eq!(
        place.store.living_workers().await.unwrap(),
        [WorkerBeat {
            name: "alive".into(),
            beat: 1
        }]
    );
    // Shown for a while, after the living.
    assert_eq!(names(&place).await, ["alive", "dead"]);
    assert_eq!(workers(&place).await[1].lost_at, Some(NOW + ms(60_000)));
    let later = place.store.workers(NOW + ms(60_001)).await.unwrap();
    assert_eq!(later.len(), 1);

    heartbeats
        .beat_worker(&"dead".into(), NOW + ms(61_000))
        .await
        .unwrap()
        .unwrap();
    let back = place.store.worker(&"dead".into()).await.unwrap().unwrap();
    assert_eq!((back.ended_at, back.lost_at), (None, None));
    // Whoever said that it ends does not come back by a late beat.
    place
        .store
        .end_worker(&"dead".into(), NOW + ms(62_000))
        .await
        .unwrap();
    assert_eq!(
        heartbeats
            .beat_worker(&"dead".into(), NOW + ms(63_000))
            .await
            .unwrap(),
        None
    );
    assert_eq!(names(&place).await, ["alive"]);
}

async fn a_draining_worker_claims_nothing_and_finishes_what_it_has(db: Db) {
    let place = Place::new(db).await;
    register(&place, "w", NOW).await;
    place.queue(run("has", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    place
        .store
        .drain_worker(&"w".into(), true, NOW + ms(1))
        .await
        .unwrap();
    place.queue(run("next", "lee", "shop")).await;
    assert_eq!(place.claim("w", NOW + ms(2)).await, None);
    place
        .store
        .finish(finish(&claimed, NOW + ms(3)))
        .await
        .unwrap();
    assert_eq!(place.run("has").await.state, RunState::Succeeded);
    assert_eq!(place.claim("w", NOW + ms(4)).await, None);
    // Another one takes it; and so may this one again.
    assert_eq!(
        place.claim("other", NOW + ms(5)).await.unwrap().lease.run,
        "next"
    );
    place.queue(run("last", "lee", "erp")).await;
    place
        .store
        .drain_worker(&"w".into(), false, NOW + ms(6))
        .await
        .unwrap();
    assert_eq!(
        place.claim("w", NOW + ms(7)).await.unwrap().lease.run,
        "last"
    );
    invariants::check(&place).await;
}

async fn a_worker_that_is_not_there_cannot_be_drained(db: Db) {
    let place = Place::new(db).await;
    register(&place, "ended", NOW).await;
    place
        .store
        .end_worker(&"ended".into(), NOW + ms(1))
        .await
        .unwrap();
    for name in ["ended", "never"] {
        for wish in [true, false] {
            let error = place
                .store
                .drain_worker(&name.into(), wish, NOW + ms(2))
                .await
                .unwrap_err();
            assert!(
                matches!(&error, StoreError::Missing { what: "worker", value } if value == name),
                "{error}"
            );
        }
    }
}

async fn a_run_remembers_who_had_it_last_also_when_it_is_over(db: Db) {
    let place = Place::new(db).await;
    register(&place, "one", NOW).await;
    register(&place, "two", NOW).await;
    place.queue(run("a", "kim", "shop")).await;
    assert_eq!(place.run("a").await.last_worker, None);
    let claimed = place.claim("one", NOW).await.unwrap();
    assert_eq!(claimed.run.last_worker.as_deref(), Some("one"));
    place
        .store
        .end_attempt(
            &lease(&claimed.lease.run, "one", 1),
            &Ending::Interrupted,
            NOW + ms(1),
        )
        .await
        .unwrap();
    assert_eq!(place.run("a").await.last_worker.as_deref(), Some("one"));
    let claimed = place.claim("two", NOW + ms(2)).await.unwrap();
    place
        .store
        .finish(finish(&claimed, NOW + ms(3)))
        .await
        .unwrap();
    let over = place.run("a").await;
    assert_eq!(
        (over.worker.as_deref(), over.last_worker.as_deref()),
        (None, Some("two"))
    );
}

async fn memory_is_counted_as_the_claim_counts_it(db: Db) {
    let place = Place::new(db).await;
    register(&place, "w", NOW).await;
    for (id, memory_mb) in [("small", 300), ("huge", 5_000)] {
        let asked = NewRun {
            memory_mb,
            ..run(id, id, "shop")
        };
        place.queue(asked).await;
        place.claim("w", NOW).await.unwrap();
    }
    // A run larger than the whole budget gets the whole budget.
    assert_eq!(workers(&place).await[0].memory_given_mb, 1_300);
}

async fn the_queue_says_of_every_run_what_the_run_says_of_itself(db: Db) {
    let place = Place::new(db).await;
    place
        .store
        .sync_sources(&[
            ("shop".to_owned(), 1),
            ("erp".to_owned(), 2),
            ("crm".to_owned(), 2),
        ])
        .await
        .unwrap();
    let asked = [
        ("runs", "kim", "shop", vec![]),
        ("full", "lee", "shop", vec![]),
        ("free", "choi", "erp", vec![]),
        ("both", "park", "erp", vec!["shop".to_owned()]),
        ("paused", "han", "crm", vec!["shop".to_owned()]),
        ("same", "kim", "erp", vec![]),
    ];
    for (at, (id, user, source, more)) in asked.into_iter().enumerate() {
        let asked = NewRun {
            more_sources: more,
            now: NOW + ms(at as i64),
            ..run(id, user, source)
        };
        place.queue(asked).await;
    }
    place.claim("w", NOW + ms(10)).await.unwrap();
    place.store.pause_source("crm", true).await.unwrap();

    let queue = place.store.queue(50).await.unwrap();
    let ids: Vec<&str> = queue.iter().map(|row| row.id.as_str()).collect();
    // Whoever has a run already comes last.
    assert_eq!(ids, ["full", "free", "both", "paused", "same"]);
    for row in &queue {
        let own = place.store.queue_place(&row.id).await.unwrap().unwrap();
        assert_eq!(row.place, own, "{}", row.id);
    }
    let place_of = |id: &str| queue.iter().find(|row| row.id == id).unwrap().place.clone();
    assert_eq!(place_of("full").place, 1);
    assert_eq!(place_of("free").place, 1);
    // Behind the one on the shop and the one on the ERP.
    assert_eq!(place_of("both").place, 3);
    assert_eq!(place_of("both").source_id, "shop");
    assert!(place_of("paused").source_paused);
    assert_eq!(place_of("same").user_running, 1);
    assert_eq!(place.store.queue(2).await.unwrap().len(), 2);
    assert_eq!(place.store.queued().await.unwrap(), 5);

    let lanes = place.store.lanes().await.unwrap();
    let lanes: Vec<(&str, i64, i64, i64, bool)> = lanes
        .iter()
        .map(|lane| {
            (
                lane.id.as_str(),
                lane.running,
                lane.max_running,
                lane.queued,
                lane.paused,
            )
        })
        .collect();
    assert_eq!(
        lanes,
        [
            ("crm", 0, 2, 1, true),
            ("erp", 0, 2, 3, false),
            ("shop", 1, 1, 3, false)
        ]
    );
    let reads = place.store.sources_of_open_runs().await.unwrap();
    let of_both: Vec<&str> = reads
        .iter()
        .filter(|(run, _)| run == "both")
        .map(|(_, source)| source.as_str())
        .collect();
    assert_eq!(of_both, ["erp", "shop"]);
}

async fn upcoming_fires_come_soonest_first_and_only_those_that_will_be(db: Db) {
    let place = Place::new(db).await;
    for (id, at) in [
        ("tomorrow", Some(NOW + DAY)),
        ("noon", Some(NOW + ms(1_000))),
        ("morning", Some(NOW + ms(500))),
        ("never", None),
    ] {
        let schedule = NewSchedule {
            id: id.to_owned(),
            report_id: "sales/daily".to_owned(),
            owner_id: "kim".into(),
            spec: "{}".to_owned(),
            zone: "Asia/Seoul".to_owned(),
            next_fire_at: at,
        };
        place.store.create_schedule(&schedule).await.unwrap();
    }
    let fires = place.store.upcoming_fires(NOW + DAY).await.unwrap();
    let fires: Vec<(&str, Timestamp, &str)> = fires
        .iter()
        .map(|fire| (fire.schedule.as_str(), fire.at, fire.zone.as_str()))
        .collect();
    assert_eq!(
        fires,
        [
            ("morning", NOW + ms(500), "Asia/Seoul"),
            ("noon", NOW + ms(1_000), "Asia/Seoul")
        ]
    );

    // And each says where it was fired last.
    register(&place, "one", NOW).await;
    let next = Some(NOW + ms(2_000));
    let one = "one".into();
    let fired = place
        .store
        .fire("noon", NOW + ms(1_000), next, run("a", "kim", "shop"), &one);
    assert_eq!(fired.await.unwrap(), Fired::Queued);
    let fires = place.store.upcoming_fires(NOW + DAY).await.unwrap();
    let fired_by = |fire: &UpcomingFire| (fire.at, fire.last_host.clone(), fire.last_pid);
    assert_eq!(
        fires.iter().map(fired_by).collect::<Vec<_>>(),
        [
            (NOW + ms(500), None, None),
            (NOW + ms(2_000), Some("reports-1".to_owned()), Some(4_711))
        ]
    );
}
