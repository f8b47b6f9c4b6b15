//! Random walks over the whole state machine, with workers that die, wake up and repeat themselves, and
//! with replies that are lost: what was asked for has happened, and whoever asked believes it has not.

use lang::FailureClass;
use store::{Beat, ClaimLimits, Claimed, Ending, Enqueued, NewRun, Observed, Step};

use crate::invariants;
use crate::place::{Db, NOW, Place, failure, finish, ms, run};

crate::place::on_both!(
    [no_order_of_events_breaks_an_invariant],
    four_threads: []
);

/// Small, seeded, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // Numbers of Knuth's MMIX generator.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

async fn no_order_of_events_breaks_an_invariant(db: Db) {
    let mut shared = 0;
    for seed in [1, 2, 3] {
        shared += walk(db, seed).await;
    }
    assert!(shared > 5, "{shared}");
}

/// Returns how often people joined or left a run of others.
async fn walk(db: Db, seed: u64) -> i64 {
    let place = Place::new(db).await;
    place.number_events().await;
    let store = &place.store;
    store
        .sync_sources(&[("a".to_owned(), 2), ("b".to_owned(), 1)])
        .await
        .unwrap();
    let mut heartbeats = store.heartbeat_connection().await.unwrap();
    let limits = ClaimLimits {
        memory_mb: 1_000,
        per_user: 2,
    };
    println!("seed {seed} on {db:?}");
    let mut dice = Dice(seed);
    let (mut lost_replies, mut joined) = (0, 0);
    // Claims are never forgotten, so lost ones come back as zombies.
    let mut claims = Vec::<Claimed>::new();
    let (mut now, mut runs) = (NOW, 0);
    let mut promised = Vec::<String>::new();
    for _ in 0..400 {
        now += ms(dice.below(20_000) as i64);
        let claim = (!claims.is_empty()).then(|| claims[dice.below(claims.len())].clone());
        // Whoever got no reply asks the same again.
        let is_lost = dice.below(4) == 0;
        lost_replies += i64::from(is_lost);
        let action = dice.below(10);
        match (action, claim) {
            (0 | 1, _) => {
                let user = ["kim", "lee", "park"][dice.below(3)];
                let source = ["a", "b"][dice.below(2)];
                // What is asked for by several is shared.
                let dedup_key = (dice.below(3) == 0).then(|| "k".to_owned());
                let asked = NewRun {
                    dedup_key,
                    memory_mb: [100, 600][dice.below(2)],
                    expires_at: (dice.below(4) == 0).then_some(now + ms(60_000)),
                    now,
                    ..run(&format!("r{runs}"), user, source)
                };
                runs += 1;
                let again = NewRun {
                    id: format!("{}-again", asked.id).into(),
                    ..asked.clone()
                };
                let has_key = asked.dedup_key.is_some();
                let first = store.enqueue(asked).await.unwrap();
                promised.push(first.id().to_string());
                joined += i64::from(matches!(first, Enqueued::Already(_)));
                if is_lost {
                    let second = store.enqueue(again).await.unwrap();
                    promised.push(second.id().to_string());
                    // A second click joins the run the first one made, or joined.
                    assert_eq!(has_key, second.id() == first.id(), "seed {seed}");
                    joined += i64::from(has_key);
                }
            }
            (2 | 3, _) => {
                let worker = ["v", "w"][dice.below(2)];
                let claimed = store.claim(&worker.into(), limits, now).await.unwrap();
                // A worker that never learns of its claim: nobody works on the run.
                claims.extend(claimed.filter(|_| !is_lost));
            }
            (4, Some(claim)) => {
                let beat = Beat {
                    step: Some(Step::FetchingRows),
                    now,
                    ..Beat::default()
                };
                heartbeats.beat(&claim.lease, beat).await.unwrap();
            }
            (5, Some(claim)) => {
                let answer = store.finish(finish(&claim, now)).await.unwrap();
                if is_lost {
                    let again = store.finish(finish(&claim, now + ms(1))).await.unwrap();
                    assert_eq!(again, answer, "seed {seed}");
                }
            }
            (6 | 7, Some(claim)) => {
                let ending = match (action, dice.below(3)) {
                    (6, _) => Ending::Failed {
                        failure: failure(FailureClass::SourceDown, dice.below(2) == 0),
                        jitter: 0.5,
                    },
                    (_, 0) => Ending::Interrupted,
                    (_, 1) => Ending::Crashed {
                        failure: failure(FailureClass::Memory, false),
                    },
                    _ => Ending::Cancelled {
                        source_confirmed: false,
                    },
                };
                let end = async || store.end_attempt(&claim.lease, &ending, now).await.unwrap();
                end().await;
                if is_lost {
                    assert_eq!(end().await, None, "seed {seed}");
                }
            }
            (8, Some(claim)) => match dice.below(3) {
                0 => drop(
                    store
                        .cancel(&claim.lease.run, &"kim".into(), now)
                        .await
                        .unwrap(),
                ),
                _ => {
                    let who = ["kim", "lee", "park"][dice.below(3)];
                    store
                        .leave(&claim.lease.run, &who.into(), now)
                        .await
                        .unwrap();
                }
            },
            _ => {
                store.expire(now).await.unwrap();
                let running = store.running().await.unwrap();
                if !running.is_empty() {
                    let one = &running[dice.below(running.len())];
                    // Sometimes the observation is old.
                    let heartbeat = one.heartbeat - dice.below(2) as i64;
                    let seen = Observed {
                        id: one.lease.run.clone(),
                        attempt: one.lease.attempt,
                        heartbeat,
                    };
                    let seen = [seen];
                    store.lost(&seen, now).await.unwrap();
                    if is_lost {
                        assert_eq!(store.lost(&seen, now).await.unwrap(), [], "seed {seed}");
                    }
                }
            }
        }
    }
    assert!(lost_replies > 50 && joined > 5, "seed {seed}: {joined}");
    // C1: whoever was told of a run finds it, once.
    for id in &promised {
        let row = store.run(&id.as_str().into()).await.unwrap();
        assert!(row.is_some(), "seed {seed}: {id} is lost");
    }
    invariants::check(&place).await;
    let peaks = invariants::peaks(&place).await;
    assert!(
        peaks.sources["a"] <= 2 && peaks.sources["b"] <= 1,
        "seed {seed}: {peaks:?}"
    );
    assert!(
        peaks.users.values().all(|most| *most <= 2),
        "seed {seed}: {peaks:?}"
    );
    assert!(
        peaks.memory.values().all(|most| *most <= 1_000),
        "seed {seed}: {peaks:?}"
    );
    assert!(
        place
            .count("SELECT COUNT(*) FROM runs WHERE finished_ms IS NOT NULL")
            .await
            > 20
    );
    let shared = place
        .count("SELECT COUNT(*) FROM run_events WHERE kind IN ('shared', 'left')")
        .await;
    // On one walk few may meet; over all of them many do.
    shared
}
