//! What must hold in the tables at every moment, asked past the store on a plain connection. The tests of
//! the store and those of whole processes read this one file; the numbers are those of
//! docs/run-lifecycle.md.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::{AnyConnection, Row};

/// What every run keeps to, and a statement that lists those that do not.
const PROMISES: [(&str, &str); 14] = [
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
        "I1: the last event tells the state, whoever came and went",
        "SELECT r.id || ' ' || r.state || ' ' || e.kind
           FROM runs r
           JOIN run_events e ON e.run_id = r.id
            AND e.seq = (SELECT MAX(seq) FROM run_events
                          WHERE run_id = r.id AND kind NOT IN ('shared', 'left'))
          WHERE NOT CASE r.state
                  WHEN 'queued' THEN e.kind IN ('queued', 'retry', 'interrupted', 'worker_lost')
                  WHEN 'running' THEN e.kind IN ('claimed', 'step', 'cancel_asked')
                  ELSE e.kind = r.state END",
    ),
    (
        "I2: a run has its files and its outcome exactly when it has succeeded",
        "SELECT r.id FROM runs r
          WHERE (r.state = 'succeeded') <> EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id)
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
    (
        "a run remembers who has it",
        "SELECT r.id FROM runs r
          WHERE r.state = 'running' AND (r.last_worker IS NULL OR r.last_worker <> r.worker)",
    ),
    (
        "every run has its sources",
        "SELECT r.id FROM runs r
          WHERE NOT EXISTS (SELECT 1 FROM run_sources s
                             WHERE s.run_id = r.id AND s.source_id = r.source_id)",
    ),
    (
        "every run has an owner, and whoever asked first is one",
        "SELECT r.id FROM runs r
          WHERE NOT EXISTS (SELECT 1 FROM run_owners o
                             WHERE o.run_id = r.id AND o.user_id = r.user_id)",
    ),
    (
        "somebody wants every run that is under way and not asked to stop",
        "SELECT r.id FROM runs r
          WHERE r.state IN ('queued', 'running') AND r.cancel_ms IS NULL
            AND NOT EXISTS (SELECT 1 FROM run_owners o
                             WHERE o.run_id = r.id AND o.left_ms IS NULL)",
    ),
    (
        "coming and going are told one after the other",
        "SELECT o.run_id || ' ' || o.user_id FROM run_owners o
           JOIN runs r ON r.id = o.run_id
          WHERE r.user_id <> o.user_id
            AND o.since_ms < COALESCE(r.finished_ms, o.since_ms + 1)
            AND (SELECT COUNT(*) FROM run_events e WHERE e.run_id = o.run_id
                  AND e.kind = 'shared' AND e.data LIKE '%\"' || o.user_id || '\"%')
              - (SELECT COUNT(*) FROM run_events e WHERE e.run_id = o.run_id
                  AND e.kind = 'left' AND e.data LIKE '%\"' || o.user_id || '\"%')
              <> CASE WHEN o.left_ms IS NULL THEN 1 ELSE 0 END",
    ),
];

/// Every promise that is broken, with the runs that break it.
pub async fn broken(connection: &mut AnyConnection) -> Vec<(&'static str, Vec<String>)> {
    let mut broken = Vec::new();
    if connection.backend_name() == "SQLite" {
        let integrity = "PRAGMA integrity_check";
        let answer: Vec<String> = sqlx::query_scalar(integrity)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        if answer != ["ok"] {
            broken.push((integrity, answer));
        }
    }
    for (promise, sql) in PROMISES {
        let runs: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        if !runs.is_empty() {
            broken.push((promise, runs));
        }
    }
    broken
}

type Counts = BTreeMap<String, i64>;

/// The most runs ever running per source and per user, and the most memory per worker.
#[derive(Default, Debug)]
pub struct Peaks {
    pub sources: Counts,
    pub users: Counts,
    pub memory: Counts,
}

/// I5: replays all events in the order in which they were written.
pub async fn peaks(connection: &mut AnyConnection) -> Peaks {
    let mut sources = BTreeMap::<String, Vec<String>>::new();
    for row in sqlx::query("SELECT run_id, source_id FROM run_sources")
        .fetch_all(&mut *connection)
        .await
        .unwrap()
    {
        let run = sources.entry(row.get("run_id")).or_default();
        run.push(row.get("source_id"));
    }
    let events = sqlx::query(
        "SELECT e.run_id, e.kind, e.data, r.user_id, r.memory_mb
           FROM run_events e JOIN runs r ON r.id = e.run_id
          ORDER BY e.rowid",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let (mut peaks, mut now) = (Peaks::default(), Peaks::default());
    let mut workers = BTreeMap::<String, String>::new();
    for event in events {
        let run: String = event.get("run_id");
        let (worker, step) = match event.get::<String, _>("kind").as_str() {
            "claimed" => {
                let data: Value = serde_json::from_str(event.get("data")).unwrap();
                let worker = data["worker"].as_str().unwrap().to_owned();
                workers.insert(run.clone(), worker.clone());
                (worker, 1)
            }
            "step" | "cancel_asked" | "queued" | "shared" | "left" => continue,
            // Every other event ends an attempt, or what was only queued.
            _ => match workers.remove(&run) {
                Some(worker) => (worker, -1),
                None => continue,
            },
        };
        for source in sources.get(&run).into_iter().flatten() {
            add(&mut now.sources, &mut peaks.sources, source.clone(), step);
        }
        let memory: i64 = event.get("memory_mb");
        add(&mut now.users, &mut peaks.users, event.get("user_id"), step);
        add(&mut now.memory, &mut peaks.memory, worker, step * memory);
    }
    peaks
}

fn add(now: &mut Counts, peaks: &mut Counts, name: String, by: i64) {
    let current = now.entry(name.clone()).or_default();
    *current += by;
    let peak = peaks.entry(name).or_default();
    *peak = (*peak).max(*current);
}
