//! Everything at once, by seed: visitors, several processes, and all faults that real life has.
//!
//! `make test` runs it for some seconds, so that it cannot rot. `make soak` runs the same for
//! `SOAK_MINUTES`, half of the time on each database. A seed draws the same faults in the same order;
//! when each comes is up to the machine.

mod monkey;
mod people;

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use bucket::Bucket;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Row};
use testbed::Database;

use super::invariants;
use super::own::{Db, Own, eventually};
use super::shop::write_report;
use super::visitor::{JANUARY, Visitor};
use monkey::Monkey;
use people::Person;

super::own::on_both!(nothing_is_lost_or_doubled_whatever_happens);

/// Between two quiet moments of a long soak, in which everything is checked.
const ROUND: Duration = Duration::from_secs(60);
/// A round within `make test`.
const SHORT: Duration = Duration::from_secs(6);
/// People who use it at the same time.
const PEOPLE: usize = 5;
/// What may fail while things are broken.
const EXPLAINED: [&str; 4] = ["worker_lost", "storage", "source_down", "cancelled"];

/// A statement that takes its time, at a database that knows who is there.
const SLOW: &str = r#"/*--- report
title = "Slow"

[access]
run = ["sales"]

[params.rows]
type    = "integer"
label   = "Rows"
default = 100
---*/

-- name: numbers
-- source: pg
SELECT n, 'row ' || n AS name
  FROM generate_series(1, CAST(:rows AS int)) AS n
 WHERE CAST(pg_sleep(0.005) AS text) = '';

/*--- workbook
[[sheet]]
name  = "Numbers"
query = "numbers"
---*/
"#;

/// Small, seeded, and the same everywhere.
pub struct Dice(u64);

impl Dice {
    /// The throws of one player under a seed.
    pub fn new(seed: u64, player: u64) -> Self {
        let mut dice = Self(seed ^ player.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        dice.below(2);
        dice
    }

    pub fn below(&mut self, limit: usize) -> usize {
        // Numbers of Knuth's MMIX generator.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// How long it takes, from the environment.
struct Plan {
    seed: u64,
    time: Duration,
    round: Duration,
}

impl Plan {
    fn read() -> Self {
        let number = |name: &str| {
            let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
            let number = text.parse::<u64>();
            Some(number.unwrap_or_else(|_| panic!("{name} is not a whole number: {text}")))
        };
        let by_chance = || {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            u64::from(now.unwrap().subsec_nanos())
        };
        let long = number("SOAK_MINUTES").map(|minutes| Duration::from_secs(minutes * 60) / 2);
        Self {
            seed: number("SOAK_SEED").unwrap_or_else(by_chance),
            time: long.unwrap_or(SHORT),
            round: long.map_or(SHORT, |long| long.min(ROUND)),
        }
    }
}

async fn nothing_is_lost_or_doubled_whatever_happens(db: Db) {
    let Plan { seed, time, round } = Plan::read();
    println!("SOAK_SEED={seed} on {db:?}, for {} s", time.as_secs());
    let bucket = Bucket::start().await.unwrap();
    let (own, source) = place(db, &bucket).await;
    let mut monkey = Monkey::new(&own, &bucket, Dice::new(seed, 0));
    let mut people: Vec<Person> = (0..PEOPLE)
        .map(|number| Person::new(number, Dice::new(seed, 1 + number as u64)))
        .collect();
    let begun = Instant::now();
    while begun.elapsed() < time {
        let ends = Instant::now() + round;
        let using: Vec<_> = people
            .drain(..)
            .map(|person| tokio::spawn(person.use_it(monkey.addresses(), ends)))
            .collect();
        monkey.play(ends).await;
        for person in using {
            people.push(person.await.unwrap());
        }
        monkey.rest();
        settle(&own, &monkey).await;
        println!("{db:?}: {} · {}", told(&own).await, monkey.told());
        for person in &people {
            assert_eq!(person.wrong, [""; 0], "seed {seed}");
        }
        check(&own, &source, &bucket, &people).await;
    }
    monkey.end();
}

/// Own tables by `db`, files in a bucket, and a source that knows who is there.
async fn place(db: Db, bucket: &Bucket) -> (Own, Database) {
    let source = testbed::postgres().database().unwrap();
    let mut own = Own::new(db).await;
    own.place.configure(&format!(
        "[files]\nbucket = \"{}\"\nendpoint = \"{}\"\n[sources.pg]\nurl = \"{}\"\n",
        bucket.name(),
        bucket.endpoint(),
        source.reader
    ));
    own.place
        .set("DIGGER_FILES_ACCESS_KEY_ID", bucket.access_key_id());
    own.place
        .set("DIGGER_FILES_SECRET_ACCESS_KEY", bucket.secret_access_key());
    own.place.set("DIGGER_FILES_ANSWER_MS", "1000");
    write_report(&own.place.path("queries"), "sales/slow", SLOW);
    (own, source)
}

/// Waits until nothing is queued or running any more. What waits for its next try is cancelled: it
/// may wait for minutes.
async fn settle(own: &Own, monkey: &Monkey<'_>) {
    let admin = Visitor::signed_in(&monkey.addresses().get(0), "admin").await;
    let open: Vec<String> =
        sqlx::query_scalar("SELECT id FROM runs WHERE state IN ('queued', 'running') ORDER BY id")
            .fetch_all(&mut own.tables().await)
            .await
            .unwrap();
    for run in open {
        admin.post(&format!("/runs/{run}/cancel"), &[]).await;
    }
    eventually("every run is over", async || {
        let open = "SELECT COUNT(*) FROM runs WHERE state IN ('queued', 'running')";
        (own.count(open).await == 0).then_some(())
    })
    .await;
    // It works as if nothing had happened, and whoever works next tidies up after those that died. The
    // child of a killed process may still be dying, so that a later one does.
    let left = own.place.data().join("stage/runs");
    eventually("I10: no job has left a folder", async || {
        let done = own.count("SELECT COUNT(*) FROM runs").await.to_string();
        let fields = [JANUARY[0], ("params[minimum]", &*done)];
        let run = admin.start("sales/by_region", &fields).await;
        assert_eq!(admin.finished(&run).await["state"], "succeeded");
        let mut folders = std::fs::read_dir(&left).unwrap();
        folders.next().is_none().then_some(())
    })
    .await;
}

async fn check(own: &Own, source: &Database, bucket: &Bucket, people: &[Person]) {
    let mut tables = own.tables().await;
    // C1: what was promised to somebody is there.
    let known: Vec<String> = sqlx::query_scalar("SELECT id FROM runs")
        .fetch_all(&mut tables)
        .await
        .unwrap();
    let known: BTreeSet<&String> = known.iter().collect();
    for run in people.iter().flat_map(|person| &person.runs) {
        assert!(known.contains(run), "C1: the run {run} is lost");
    }
    let failed = sqlx::query(
        "SELECT id, error_code, error_chain FROM runs WHERE state = 'failed' ORDER BY id",
    )
    .fetch_all(&mut tables)
    .await
    .unwrap();
    for run in failed {
        let code: String = run.get("error_code");
        let why: Option<String> = run.get("error_chain");
        let id: String = run.get("id");
        assert!(EXPLAINED.contains(&&*code), "{id} failed: {code}: {why:?}");
    }
    collect(own, bucket).await;
    invariants::check_with(own, &bucket.path(""), 2).await;
    // I9: nothing of ours works at the source any more.
    let mut administrator: PgConnection =
        PgConnectOptions::from_url(&source.administrator.parse().unwrap())
            .unwrap()
            .connect()
            .await
            .unwrap();
    eventually("I9: the source has no statement of ours", async || {
        let active: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity
              WHERE datname = $1 AND usename = $1 || '_r' AND state <> 'idle'",
        )
        .bind(&source.name)
        .fetch_one(&mut administrator)
        .await
        .unwrap();
        (active == 0).then_some(())
    })
    .await;
}

/// The product's own collection, without the day it gives to what is on its way: nothing is.
async fn collect(own: &Own, bucket: &Bucket) {
    use files::{BucketSettings, Files, Inventory, Key, Secret, Settings};
    let mut settings = BucketSettings::new(
        bucket.name(),
        Secret::new(bucket.access_key_id()),
        Secret::new(bucket.secret_access_key()),
    );
    settings.endpoint = Some(bucket.endpoint());
    let files = Files::open(&Settings::Bucket(Box::new(settings))).unwrap();
    let inventory = Inventory::take(&files, &Key::new("results").unwrap())
        .await
        .unwrap();
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT storage_key, bytes FROM artifacts")
        .fetch_all(&mut own.tables().await)
        .await
        .unwrap();
    let rows = rows.into_iter().map(|(key, bytes)| files::Row {
        key,
        bytes: bytes as u64,
    });
    let collected = inventory
        .settle(&files, rows.collect(), Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(collected.missing, [], "I2");
    assert!(!collected.is_suspicious);
    if !collected.deleted.is_empty() {
        println!("{} files without a row collected", collected.deleted.len());
    }
}

/// Runs by their state.
async fn told(own: &Own) -> String {
    let states: Vec<(String, i64)> =
        sqlx::query_as("SELECT state, COUNT(*) FROM runs GROUP BY state ORDER BY state")
            .fetch_all(&mut own.tables().await)
            .await
            .unwrap();
    let states = states
        .iter()
        .map(|(state, count)| format!("{count} {state}"));
    states.collect::<Vec<_>>().join(", ")
}
