//! What must hold after every fault, checked past the product: on a plain connection to its tables,
//! in its store of files and in its folders. The numbers are those of docs/run-lifecycle.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::digger::files_below;
use super::own::{Own, eventually};
use super::violations;

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
    let mut broken = violations::broken(&mut connection).await;
    let files: Vec<String> =
        sqlx::query_scalar("SELECT run_id FROM artifacts GROUP BY run_id HAVING COUNT(*) <> 1")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    if !files.is_empty() {
        broken.push(("I2: a run has one file", files));
    }
    let mut stories = Vec::new();
    for run in broken.iter().flat_map(|(_, runs)| runs) {
        // Some promises are broken by more than a run, and name it first.
        let run = run.split(' ').next().unwrap();
        stories.push((run, own.story(run).await));
    }
    assert!(broken.is_empty(), "{broken:#?} {stories:#?}");
}

/// I5: no limit was exceeded at any moment.
async fn limits(own: &Own, per_person: i64) {
    let mut connection = own.tables().await;
    let peaks = violations::peaks(&mut connection).await;
    let mut most = async |sql: &'static str| -> BTreeMap<String, i64> {
        let limits: Vec<(String, i64)> = sqlx::query_as(sql)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        limits.into_iter().collect()
    };
    let sources = most("SELECT id, max_running FROM sources").await;
    let memory = most("SELECT name, memory_mb FROM workers").await;
    for (source, peak) in peaks.sources {
        let limit = sources[&source];
        assert!(peak <= limit, "I5: {peak} of {limit} runs at {source}");
    }
    for (user, peak) in peaks.users {
        assert!(
            peak <= per_person,
            "I5: {peak} of {per_person} runs of {user}"
        );
    }
    for (worker, peak) in peaks.memory {
        let limit = memory[&worker];
        assert!(peak <= limit, "I5: {peak} of {limit} MB in {worker}");
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
