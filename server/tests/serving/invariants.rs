//! What must hold after every fault, checked past the product: on a plain connection to its tables,
//! in its store of files and in its folders. The numbers are those of docs/run-lifecycle.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::digger::files_below;
use super::own::{Own, eventually};

/// Runs one person may have at the same time, unless a test says otherwise.
const PER_PERSON: i64 = 2;

/// Checks everything once nothing runs any more; files are in the data directory.
pub async fn check(own: &Own) {
    check_with(own, &own.place.data(), PER_PERSON).await;
}

/// The same, with the folder that holds `results`, and the runs one person may have.
pub async fn check_with(own: &Own, files: &Path, per_person: i64) {
    // I6: no run is without a living worker for long; here none is left at all.
    eventually("no run is running", async || {
        let running = "SELECT COUNT(*) FROM runs WHERE state = 'running'";
        (own.count(running).await == 0).then_some(())
    })
    .await;
    tables(own).await;
    limits(own, per_person).await;
    objects(own, files).await;
    folders(own).await;
}

/// I1, I2, I8: the tables by themselves.
async fn tables(own: &Own) {
    let mut connection = own.tables().await;
    if !own.is_shared() {
        let integrity: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(integrity, "ok");
    }
    let violations = [
        (
            "I1: a finished run has exactly one ending event, of its own kind",
            "SELECT r.id FROM runs r
              WHERE r.finished_ms IS NOT NULL
                AND ((SELECT COUNT(*) FROM run_events e
                       WHERE e.run_id = r.id AND e.kind IN ('succeeded', 'failed', 'cancelled')) <> 1
                  OR NOT EXISTS (SELECT 1 FROM run_events e WHERE e.run_id = r.id AND e.kind = r.state))",
        ),
        (
            "I1: an unfinished run has no ending event",
            "SELECT r.id FROM runs r JOIN run_events e ON e.run_id = r.id
              WHERE r.finished_ms IS NULL AND e.kind IN ('succeeded', 'failed', 'cancelled')",
        ),
        (
            "I2: a run has its file and its outcome exactly when it has succeeded",
            "SELECT r.id FROM runs r
              WHERE (r.state = 'succeeded') <> (1 = (SELECT COUNT(*) FROM artifacts a WHERE a.run_id = r.id))
                 OR (r.state = 'succeeded') <> EXISTS (SELECT 1 FROM run_outcomes o WHERE o.run_id = r.id)",
        ),
        (
            "I8: a run has been claimed as often as its attempt says",
            "SELECT r.id FROM runs r
              WHERE r.attempt <> (SELECT COUNT(*) FROM run_events e
                                   WHERE e.run_id = r.id AND e.kind = 'claimed')",
        ),
        (
            "I8: attempts never go back",
            "SELECT later.run_id FROM run_events later
               JOIN run_events earlier ON earlier.run_id = later.run_id AND earlier.seq < later.seq
              WHERE later.attempt < earlier.attempt",
        ),
        (
            "I8: files belong to the attempt that finished",
            "SELECT a.run_id FROM artifacts a JOIN runs r ON r.id = a.run_id
              WHERE a.storage_key NOT LIKE 'results/' || r.id || '/' || r.attempt || '/%'",
        ),
        (
            // A run that went back to the queue may be cancelled there, or expire.
            "C2: an attempt ends once",
            "SELECT run_id FROM run_events
              WHERE kind IN ('succeeded', 'failed', 'cancelled', 'retry', 'interrupted', 'worker_lost')
                AND attempt > 0
              GROUP BY run_id, attempt
             HAVING SUM(CASE WHEN kind IN ('retry', 'interrupted', 'worker_lost') THEN 1 ELSE 0 END) > 1
                 OR SUM(CASE WHEN kind = 'succeeded' THEN 1 ELSE 0 END) = 1 AND COUNT(*) > 1",
        ),
        (
            "C5: crashes are counted, and nothing else counts as one",
            "SELECT r.id FROM runs r
              WHERE r.crashes < (SELECT COUNT(*) FROM run_events e
                                  WHERE e.run_id = r.id AND e.kind = 'worker_lost')
                 OR r.crashes > r.max_crashes",
        ),
    ];
    for (promise, sql) in violations {
        let broken: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let mut stories = Vec::new();
        for run in &broken {
            stories.push((run, own.story(run).await));
        }
        assert!(broken.is_empty(), "{promise}: {stories:#?}");
    }
}

type Counts = BTreeMap<String, i64>;

/// I5: all events in the order they were written, and no limit exceeded at any of them.
async fn limits(own: &Own, per_person: i64) {
    let mut connection = own.tables().await;
    let mut most = Counts::new();
    for row in sqlx::query(
        "SELECT 'source ' || id AS what, max_running AS most FROM sources
          UNION ALL SELECT 'memory ' || name, memory_mb FROM workers",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap()
    {
        most.insert(row.get("what"), row.get("most"));
    }
    let mut sources = BTreeMap::<String, Vec<String>>::new();
    for row in sqlx::query("SELECT run_id, source_id FROM run_sources")
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let source: String = row.get("source_id");
        sources.entry(row.get("run_id")).or_default().push(source);
    }
    let events = sqlx::query(
        "SELECT e.run_id, e.kind, e.data, r.user_id, r.memory_mb
           FROM run_events e JOIN runs r ON r.id = e.run_id
          ORDER BY e.rowid",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut now = Counts::new();
    let mut owners = BTreeMap::<String, String>::new();
    for event in events {
        let run: String = event.get("run_id");
        let step = match event.get::<String, _>("kind").as_str() {
            "claimed" => {
                let data: serde_json::Value =
                    serde_json::from_str(&event.get::<String, _>("data")).unwrap();
                owners.insert(run.clone(), data["owner"].as_str().unwrap().to_owned());
                1
            }
            "stage" | "cancel_asked" | "queued" => continue,
            _ if owners.contains_key(&run) => -1,
            _ => continue,
        };
        let owner = owners[&run].clone();
        if step < 0 {
            owners.remove(&run);
        }
        let user: String = event.get("user_id");
        let memory: i64 = event.get("memory_mb");
        let mut counted = vec![
            (format!("user {user}"), step, per_person),
            (
                format!("memory {owner}"),
                step * memory,
                most[&format!("memory {owner}")],
            ),
        ];
        for source in sources.get(&run).into_iter().flatten() {
            let what = format!("source {source}");
            let limit = most[&what];
            counted.push((what, step, limit));
        }
        for (what, by, limit) in counted {
            let count = now.entry(what.clone()).or_default();
            *count += by;
            assert!(
                by < 0 || *count <= limit,
                "I5: {what} is {count} of {limit} at a claim of {run}"
            );
        }
    }
}

/// I2, I3: every row's object is there with its checksum, and no object is without a row. What lost
/// attempts stored is removed by whoever took their runs, so that is waited for.
async fn objects(own: &Own, files: &Path) {
    let rows: Vec<(String, i64, String)> =
        sqlx::query_as("SELECT storage_key, bytes, sha256 FROM artifacts")
            .fetch_all(&mut own.tables().await)
            .await
            .unwrap();
    for (key, bytes, sha256) in &rows {
        let object = std::fs::read(files.join(key))
            .unwrap_or_else(|error| panic!("I2: the object {key} is missing: {error}"));
        assert_eq!(object.len() as i64, *bytes, "I2: {key}");
        assert_eq!(hex::encode(Sha256::digest(&object)), *sha256, "I2: {key}");
    }
    let named: BTreeSet<String> = rows.into_iter().map(|(key, ..)| key).collect();
    let mut unnamed = Vec::new();
    eventually("I3: no object is without a row", async || {
        unnamed = stored(files)
            .into_iter()
            .filter(|key| !named.contains(key))
            .collect();
        unnamed.is_empty().then_some(())
    })
    .await;
}

/// Keys of all results, as the store of files has them on its disk.
pub fn stored(files: &Path) -> Vec<String> {
    let below = files_below(&files.join("results"));
    let keys = below
        .iter()
        .map(|file| format!("results/{}", file.display()));
    keys.collect()
}

/// I10: attempts have left nothing on this machine, and half a file is nowhere.
async fn folders(own: &Own) {
    let data = own.place.data();
    eventually("I10: no attempt has left a file", async || {
        let attempts = files_below(&data.join("attempts"));
        let is_empty = attempts
            .iter()
            .all(|file| file.extension().is_some_and(|kind| kind == "lock"))
            && files_below(&data.join("incoming")).is_empty();
        is_empty.then_some(())
    })
    .await;
}
