//! C11: machines whose clocks are hours apart, or jump. Nothing they decide compares two of them.

use jiff::SignedDuration;
use lang::FailureClass;
use store::{Ending, NewRun, Observed, RunState};

use crate::invariants;
use crate::place::{Db, NOW, Place, failure, finish, lease, ms, run};

crate::place::on_both!(
    [
        a_run_goes_its_way_while_every_clock_says_something_else,
        a_run_is_claimed_at_once_whatever_clock_queued_it,
        a_living_worker_keeps_its_run_however_far_its_clock_is_off,
    ],
    four_threads: []
);

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Two hours ahead, two hours behind, a year behind.
const JUMPS: [SignedDuration; 4] = [
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(-2),
    SignedDuration::from_hours(-8_760),
    SignedDuration::ZERO,
];

async fn a_run_goes_its_way_while_every_clock_says_something_else(db: Db) {
    let place = Place::new(db).await;
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    for (number, jump) in JUMPS.into_iter().enumerate() {
        let id = format!("r{number}");
        place.queue(run(&id, "kim", "shop")).await;
        let claimed = place.claim("w", NOW + jump).await.unwrap();
        assert_eq!(claimed.lease.run, id);
        let beat = store::Beat {
            now: NOW - jump,
            ..Default::default()
        };
        let beaten = heartbeats
            .beat(&lease(&id, "w", claimed.lease.attempt), beat)
            .await;
        assert!(beaten.unwrap().is_some());
        let done = place.store.finish(finish(&claimed, NOW - 2 * jump)).await;
        assert_eq!(done.unwrap(), store::Finished::Done);
        assert_eq!(place.story(&id).await, ["queued", "claimed", "succeeded"]);
    }
    invariants::check(&place).await;
}

async fn a_run_is_claimed_at_once_whatever_clock_queued_it(db: Db) {
    let place = Place::new(db).await;
    let ahead = NewRun {
        now: NOW + 2 * HOUR,
        ..run("ahead", "kim", "shop")
    };
    place.queue(ahead).await;
    let claimed = place.claim("w", NOW).await.expect("it is due");
    // Handed back, and lost, by machines that are ahead as well: neither makes it wait.
    place
        .store
        .end_attempt(
            &lease("ahead", "w", claimed.lease.attempt),
            &Ending::Interrupted,
            NOW + 3 * HOUR,
        )
        .await
        .unwrap();
    let claimed = place.claim("w", NOW).await.expect("it is due again");
    let seen = Observed {
        id: claimed.lease.run.clone(),
        attempt: claimed.lease.attempt,
        heartbeat: claimed.run.heartbeat,
    };
    let swept = place.store.lost(&[seen], NOW + 4 * HOUR).await.unwrap();
    assert_eq!(swept[0].state, RunState::Queued);
    let claimed = place.claim("w", NOW).await.expect("and again");
    // One that has failed waits, as it should.
    let broken = failure(FailureClass::SourceDown, true);
    place
        .store
        .end_attempt(
            &lease("ahead", "w", claimed.lease.attempt),
            &Ending::Failed {
                failure: broken,
                jitter: 0.0,
            },
            NOW,
        )
        .await
        .unwrap();
    assert!(place.claim("w", NOW).await.is_none());
    assert!(place.claim("w", NOW + ms(5_000)).await.is_some());
    invariants::check(&place).await;
}

/// Beats are counted, not dated: one that beats cannot be taken, and one that does not is taken by
/// whoever saw that, whatever either clock says.
async fn a_living_worker_keeps_its_run_however_far_its_clock_is_off(db: Db) {
    let place = Place::new(db).await;
    let mut heartbeats = place.store.heartbeat_connection().await.unwrap();
    place.queue(run("a", "kim", "shop")).await;
    let claimed = place.claim("w", NOW).await.unwrap();
    for jump in JUMPS {
        let running = place.store.running().await.unwrap().remove(0);
        let seen = Observed {
            id: running.lease.run,
            attempt: running.lease.attempt,
            heartbeat: running.heartbeat,
        };
        let beat = store::Beat {
            now: NOW - 10 * HOUR + jump,
            ..Default::default()
        };
        heartbeats
            .beat(&lease("a", "w", claimed.lease.attempt), beat)
            .await
            .unwrap()
            .unwrap();
        let swept = place.store.lost(&[seen], NOW + jump).await.unwrap();
        assert_eq!(swept, []);
    }
    let running = place.store.running().await.unwrap().remove(0);
    let still = Observed {
        id: running.lease.run,
        attempt: running.lease.attempt,
        heartbeat: running.heartbeat,
    };
    let swept = place.store.lost(&[still], NOW - 10 * HOUR).await.unwrap();
    assert_eq!(swept.len(), 1);
    invariants::check(&place).await;
}
