//! What must hold at every moment, checked past the store on a plain connection.

use sqlx::Row;

use crate::place::Home;

/// Panics with every violation found.
pub async fn check(home: &Home) {
    let mut connection = home.connect().await;
    if !home.is_shared() {
        let integrity: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(integrity, "ok");
    }
    let violations = [
        (
            "a finished run has exactly one ending event, of its own kind",
            "SELECT r.id FROM runs r
              WHERE r.finished_ms IS NOT NULL
                AND (SELECT COUNT(*) FROM run_events e
                      WHERE e.run_id = r.id AND e.kind IN ('succeeded', 'failed', 'cancelled')
                        AND e.kind = r.state) <> 1",
        ),
        (
            "an unfinished run has no ending event",
            "SELECT r.id FROM runs r JOIN run_events e ON e.run_id = r.id
              WHERE r.finished_ms IS NULL AND e.kind IN ('succeeded', 'failed', 'cancelled')",
        ),
        (
            "the last event tells the state, whoever came and went",
            "SELECT r.id || ' ' || r.state || ' ' || e.kind
               FROM runs r
               JOIN run_events e ON e.run_id = r.id
                AND e.seq = (SELECT MAX(seq) FROM run_events
                              WHERE run_id = r.id AND kind NOT IN ('shared', 'left'))
              WHERE NOT CASE r.state
                      WHEN 'queued' THEN e.kind IN ('queued', 'retry', 'interrupted', 'worker_lost')
                      WHEN 'running' THEN e.kind IN ('claimed', 'stage', 'cancel_asked')
                      ELSE e.kind = r.state END",
        ),
        (
            "a run has its files, its outcome and its messages exactly when it has succeeded",
            "SELECT r.id FROM runs r
              WHERE (r.state = 'succeeded') <> EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id)
                 OR (r.state = 'succeeded') <> EXISTS (SELECT 1 FROM run_outcomes o WHERE o.run_id = r.id)
                 OR (r.state = 'succeeded') <> EXISTS (SELECT 1 FROM outbox m WHERE m.run_id = r.id)",
        ),
        (
            "a run has been claimed as often as its attempt says",
            "SELECT r.id FROM runs r
              WHERE r.attempt <> (SELECT COUNT(*) FROM run_events e
                                   WHERE e.run_id = r.id AND e.kind = 'claimed')",
        ),
        (
            "a run remembers who has it",
            "SELECT r.id FROM runs r
              WHERE r.state = 'running' AND (r.worker IS NULL OR r.worker <> r.owner)",
        ),
        (
            "attempts never go back",
            "SELECT later.run_id FROM run_events later
               JOIN run_events earlier ON earlier.run_id = later.run_id AND earlier.seq < later.seq
              WHERE later.attempt < earlier.attempt",
        ),
        (
            "files belong to the attempt that finished",
            "SELECT a.run_id FROM artifacts a JOIN runs r ON r.id = a.run_id
              WHERE a.storage_key NOT LIKE 'results/' || r.id || '/' || r.attempt || '/%'",
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
    for (promise, sql) in violations {
        let broken: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!(broken, [""; 0], "{promise}");
    }
}

/// Replays all events in the order they were written and returns the most runs ever running per
/// source, per user, and the most memory per owner.
pub async fn peaks(home: &Home) -> Peaks {
    let mut connection = home.connect().await;
    let events = sqlx::query(
        "SELECT e.run_id, e.kind, r.source_id, r.user_id, r.memory_mb,
                e.data
           FROM run_events e JOIN runs r ON r.id = e.run_id
          ORDER BY e.rowid",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut peaks = Peaks::default();
    let mut now = Peaks::default();
    let mut owners = std::collections::BTreeMap::<String, String>::new();
    for event in events {
        let run: String = event.get("run_id");
        let (source, user): (String, String) = (event.get("source_id"), event.get("user_id"));
        let memory: i64 = event.get("memory_mb");
        let step = match event.get::<String, _>("kind").as_str() {
            "claimed" => {
                let data: serde_json::Value = serde_json::from_str(event.get("data")).unwrap();
                owners.insert(run.clone(), data["owner"].as_str().unwrap().to_owned());
                1
            }
            "stage" | "cancel_asked" | "queued" | "shared" | "left" => continue,
            _ if owners.contains_key(&run) => -1,
            _ => continue,
        };
        let owner = owners[&run].clone();
        if step < 0 {
            owners.remove(&run);
        }
        add(&mut now.sources, &mut peaks.sources, source, step);
        add(&mut now.users, &mut peaks.users, user, step);
        add(&mut now.memory, &mut peaks.memory, owner, step * memory);
    }
    peaks
}

type Counts = std::collections::BTreeMap<String, i64>;

#[derive(Default, Debug)]
pub struct Peaks {
    pub sources: Counts,
    pub users: Counts,
    pub memory: Counts,
}

fn add(now: &mut Counts, peaks: &mut Counts, name: String, by: i64) {
    let current = now.entry(name.clone()).or_default();
    *current += by;
    let peak = peaks.entry(name).or_default();
    *peak = (*peak).max(*current);
}
