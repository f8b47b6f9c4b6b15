//! What needs to reach into the connections: full disks, read-only files, held locks.

use super::*;
use crate::{Beat, Lease, NewPerson, NewRun, Step};

async fn pragma(store: &Store, statement: &'static str) {
    sqlx::raw_sql(statement)
        .execute(&store.inner.pools.writer)
        .await
        .unwrap();
}

async fn on_server(database: &testbed::Database) -> Store {
    let place = Location::parse(&database.writer).unwrap();
    Store::connect(&place).await.unwrap()
}

fn run(id: String) -> NewRun {
    NewRun {
        id: id.into(),
        source_id: "shop".to_owned(),
        ..NewRun::default()
    }
}

#[tokio::test]
async fn a_full_disk_changes_nothing_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    // SQLite's own limit answers with the same code as a disk without space.
    pragma(&store, "PRAGMA max_page_count = 1").await;
    let person = NewPerson {
        name: "x".repeat(1 << 20),
        login: "x".to_owned(),
        ..NewPerson::default()
    };
    let error = store.create_person(person).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("cannot create a person: the disk that holds ")
    );
    assert!(
        error
            .to_string()
            .ends_with("is full; free some space, nothing was changed")
    );
    assert_eq!(store.people_count().await.unwrap(), 0);
    pragma(&store, "PRAGMA max_page_count = 1000000").await;
    store.enqueue(run("a".to_owned())).await.unwrap();
}

#[tokio::test]
async fn a_heartbeat_that_failed_once_beats_again() {
    let folder = tempfile::tempdir().unwrap();
    heartbeats(Store::open(folder.path()).await.unwrap()).await;
}

#[tokio::test]
async fn a_heartbeat_that_failed_once_beats_again_on_postgres() {
    let database = testbed::postgres().database().unwrap();
    heartbeats(on_server(&database).await).await;
}

async fn heartbeats(store: Store) {
    store.enqueue(run("a".to_owned())).await.unwrap();
    let limits = crate::ClaimLimits {
        memory_mb: 1_000,
        per_user: 1,
    };
    store
        .claim(&"w".into(), limits, jiff::Timestamp::UNIX_EPOCH)
        .await
        .unwrap()
        .unwrap();
    let lease = Lease {
        run: "a".into(),
        worker: "w".into(),
        attempt: 1,
    };
    let mut heartbeats = store.heartbeat_connection().await.unwrap();
    let mut other = store.connection().await.unwrap();
    sqlx::raw_sql("DROP TABLE run_events")
        .execute(&mut other)
        .await
        .unwrap();
    let at = |step| Beat {
        step: Some(step),
        ..Beat::default()
    };
    assert!(heartbeats.beat(&lease, at(Step::Connecting)).await.is_err());
    assert!(
        heartbeats
            .beat(&lease, Beat::default())
            .await
            .unwrap()
            .is_some()
    );
    // Nothing of the failed beat is left.
    assert_eq!(store.run(&"a".into()).await.unwrap().unwrap().heartbeat, 2);
}

#[tokio::test]
async fn a_read_only_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    pragma(&store, "PRAGMA query_only = ON").await;
    let error = store.enqueue(run("a".to_owned())).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("it is read-only for this user; give write permission")
    );
}

#[tokio::test]
async fn a_held_writer_lock_is_waited_for_and_then_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut other = store.connection().await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    pragma(&store, "PRAGMA busy_timeout = 50").await;
    let error = store.enqueue(run("a".to_owned())).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    assert!(error.is_transient());

    pragma(&store, "PRAGMA busy_timeout = 10000").await;
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.enqueue(run("a".to_owned())).await }
    });
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn readers_can_not_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let error = sqlx::query("UPDATE claim_gate SET n = 7")
        .execute(&store.inner.pools.readers)
        .await;
    assert!(error.is_err());
}

#[tokio::test]
async fn a_write_given_up_half_way_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    give_up(Store::open(folder.path()).await.unwrap(), 12).await;
}

#[tokio::test]
async fn a_write_given_up_half_way_is_undone_on_postgres() {
    let database = testbed::postgres().database().unwrap();
    // Each answer of the server is another point.
    give_up(on_server(&database).await, 60).await;
}

async fn give_up(store: Store, points: usize) {
    // Dropped at every point a future can be dropped at.
    for polls in 0..points {
        let mut writing = Box::pin(store.enqueue(run(format!("r{polls}"))));
        for _ in 0..polls {
            let waker = std::task::Waker::noop();
            let mut context = std::task::Context::from_waker(waker);
            if writing.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(writing);
        store.check_writing().await.unwrap();
    }
    let half: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM runs r
          WHERE NOT EXISTS (SELECT 1 FROM run_events e WHERE e.run_id = r.id)
             OR NOT EXISTS (SELECT 1 FROM run_sources s WHERE s.run_id = r.id)",
    )
    .fetch_one(&store.inner.pools.readers)
    .await
    .unwrap();
    assert_eq!(half, 0);
}
