//! Random walks over the whole state machine, with workers that die, wake up and repeat themselves.

use store::{Beat, ClaimLimits, Claimed, NewRun, Observed};

use crate::invariants;
use crate::place::{Db, NOW, Place, failure, finish, run};

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
    for seed in [1, 2, 3] {
        walk(db, seed).await;
    }
}

async fn walk(db: Db, seed: u64) {
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
    let mut dice = Dice(seed);
    // Claims are never forgotten, so lost ones come back as zombies.
    let mut claims = Vec::<Claimed>::new();
    let (mut now, mut runs) = (NOW, 0);
    for _ in 0..400 {
        now += dice.below(20_000) as i64;
        let claim = (!claims.is_empty()).then(|| claims[dice.below(claims.len())].clone());
        match (dice.below(10), claim) {
            (0 | 1, _) => {
                let user = ["kim", "lee", "park"][dice.below(3)];
                let source = ["a", "b"][dice.below(2)];
                // What is asked for by several is shared.
                let dedup_key = (dice.below(3) == 0).then(|| format!("k{}", dice.below(2)));
                let asked = NewRun {
                    dedup_key,
                    memory_mb: [100, 600][dice.below(2)],
                    expires_ms: (dice.below(4) == 0).then_some(now + 60_000),
                    now,
                    ..run(&format!("r{runs}"), user, source)
                };
                runs += 1;
                store.enqueue(asked).await.unwrap();
            }
            (2 | 3, _) => {
                let owner = ["v", "w"][dice.below(2)];
                claims.extend(store.claim(owner, limits, now).await.unwrap());
            }
            (4, Some(claim)) => {
                let beat = Beat {
                    stage: Some("fetching_rows".to_owned()),
                    now,
                    ..Beat::default()
                };
                heartbeats
                    .beat(&claim.id, &claim.owner, claim.attempt, beat)
                    .await
                    .unwrap();
            }
            (5, Some(claim)) => drop(store.finish(finish(&claim, now)).await.unwrap()),
            (6, Some(claim)) => {
                let broken = failure("source_down", dice.below(2) == 0);
                store
                    .fail(&claim.id, &claim.owner, claim.attempt, broken, now, 0.5)
                    .await
                    .unwrap();
            }
            (7, Some(claim)) => match dice.below(3) {
                0 => drop(
                    store
                        .drain(&claim.id, &claim.owner, claim.attempt, now)
                        .await
                        .unwrap(),
                ),
                1 => {
                    let broken = failure("memory", false);
                    store
                        .crashed(&claim.id, &claim.owner, claim.attempt, broken, now)
                        .await
                        .unwrap();
                }
                _ => {
                    store
                        .cancelled(&claim.id, &claim.owner, claim.attempt, false, now)
                        .await
                        .unwrap();
                }
            },
            (8, Some(claim)) => match dice.below(3) {
                0 => drop(store.cancel(&claim.id, "kim", now).await.unwrap()),
                _ => {
                    let who = ["kim", "lee", "park"][dice.below(3)];
                    store.leave(&claim.id, who, now).await.unwrap();
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
                        id: one.id.clone(),
                        attempt: one.attempt,
                        heartbeat,
                    };
                    store.lost(&[seen], now).await.unwrap();
                }
            }
        }
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
    assert!(
        place
            .count("SELECT COUNT(*) FROM run_events WHERE kind IN ('shared', 'left')")
            .await
            > 5
    );
}
