//! The forecast beside the claim itself: what is foreseen is what happens, on both databases.

use store::{ClaimLimits, Claimed, Finish, Location, NewRun, RunState, Store};

use super::*;

const MINUTE: Duration = Duration::from_mins(1);
const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
const PER_USER: i64 = 2;
const SLOTS: i64 = 4;
const MEMORY_MB: i64 = 256;
const SOURCES: [(&str, u32); 3] = [("shop", 2), ("erp", 1), ("crm", 3)];

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[tokio::test]
async fn runs_start_when_it_was_foreseen_on_sqlite() {
    for seed in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        play(&store, seed).await;
    }
}

#[tokio::test]
async fn runs_start_when_it_was_foreseen_on_postgres() {
    for seed in 8..12 {
        let database = testbed::postgres().database().unwrap();
        let place = Location::parse(&database.writer).unwrap();
        let store = Store::connect(&place).await.unwrap();
        play(&store, seed).await;
        store.close().await;
    }
}

async fn play(store: &Store, seed: u64) {
    let mut dice = Dice(seed);
    let sources = SOURCES.map(|(name, most)| (name.to_owned(), most));
    store.sync_sources(&sources).await.unwrap();
    let mut lasts = HashMap::new();
    for number in 0..20 {
        let id = format!("r{number:02}");
        let first = dice.below(3) as usize;
        let other = dice.below(6) as usize;
        let more = SOURCES.get(other).filter(|_| other != first);
        let run = NewRun {
            id: id.as_str().into(),
            source_id: SOURCES[first].0.to_owned(),
            more_sources: more
                .map(|(name, _)| (*name).to_owned())
                .into_iter()
                .collect(),
            user_id: ["kim", "lee", "park"][dice.below(3) as usize].into(),
            priority: i64::from(dice.below(4) == 0),
            memory_mb: MEMORY_MB,
            now: NOW - MINUTE * dice.below(60) as u32,
            ..NewRun::default()
        };
        store.enqueue(run).await.unwrap();
        lasts.insert(id, MINUTE * (1 + dice.below(9) as u32));
    }
    // Some are under way already.
    let mut ends = Vec::new();
    for number in 1..=dice.below(4) {
        let at = NOW - MINUTE + Duration::from_millis(number);
        let claimed = claim(store, at).await.unwrap();
        ends.push((NOW + lasts[claimed.lease.run.as_str()], claimed));
    }

    let foreseen = queue(store, &lasts).await.starts();
    let mut started = HashMap::new();
    let mut now = NOW;
    loop {
        while let Some(claimed) = claim(store, now).await {
            started.insert(claimed.lease.run.to_string(), now);
            ends.push((now + lasts[claimed.lease.run.as_str()], claimed));
        }
        let Some(next) = ends.iter().map(|(at, _)| *at).min() else {
            break;
        };
        now = next;
        for (_, claimed) in ends.extract_if(.., |(at, _)| *at == now) {
            let finish = Finish {
                lease: claimed.lease,
                now,
                outcome_json: "{}".to_owned(),
                ..Finish::default()
            };
            store.finish(finish).await.unwrap();
        }
    }
    assert!(started.len() >= 16, "seed {seed}");
    assert_eq!(foreseen, started, "seed {seed}");
}

async fn claim(store: &Store, now: Timestamp) -> Option<Claimed> {
    let limits = ClaimLimits {
        memory_mb: SLOTS * MEMORY_MB,
        per_user: PER_USER,
    };
    store.claim(&"w".into(), limits, now).await.unwrap()
}

/// The queue as the tables have it.
async fn queue(store: &Store, lasts: &HashMap<String, Duration>) -> Queue {
    let mut sources: HashMap<String, Vec<String>> = HashMap::new();
    for (run, source) in store.sources_of_open_runs().await.unwrap() {
        sources.entry(run.into()).or_default().push(source);
    }
    let mut queue = Queue {
        now: NOW,
        per_user: PER_USER as usize,
        slots: SLOTS as usize,
        ..Queue::default()
    };
    for lane in store.lanes().await.unwrap() {
        let limit = SourceLimit {
            max_running: lane.max_running as usize,
            is_paused: lane.paused,
        };
        queue.lanes.insert(lane.id, limit);
    }
    for run in store.open_runs().await.unwrap() {
        let (id, user) = (run.id.to_string(), run.user_id.to_string());
        let sources = sources.remove(&id).unwrap();
        let lasts_for = Some(lasts[&id]);
        if run.state == RunState::Running {
            queue.running.push(RunningRun {
                user,
                sources,
                rest: lasts_for,
            });
            continue;
        }
        queue.waiting.push(Waiting {
            id,
            user,
            sources,
            priority: run.priority,
            created_at: run.created_at,
            not_before: run.not_before,
            served_at: run.served_at,
            lasts: lasts_for,
        });
    }
    queue
}
