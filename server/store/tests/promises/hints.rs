//! Changes that one process makes and another hears of.

use store::{Change, NewRun};
use tokio::sync::broadcast::Receiver;

use crate::place::{Db, NOW, Place, finish, run};

/// Waits until a change is heard; the harness ends a test that waits for ever.
async fn hear(changes: &mut Receiver<Change>, wanted: &Change) {
    while changes.recv().await.unwrap() != *wanted {}
}

/// Listens, and returns when it is sure to hear: a handle says so by its first hint.
async fn listening(store: &store::Store) -> Receiver<Change> {
    let mut changes = store.changes();
    hear(&mut changes, &Change::Queued).await;
    changes
}

#[tokio::test]
async fn another_process_hears_what_was_committed() {
    let place = Place::new(Db::Postgres).await;
    let other = place.open().await;
    let mut changes = listening(&other).await;
    place.queue(run("a", "kim", "shop")).await;
    assert_eq!(changes.recv().await.unwrap(), Change::Run("a".into()));
    assert_eq!(changes.recv().await.unwrap(), Change::Queued);
    let claimed = place.claim("w", NOW).await.unwrap();
    assert_eq!(changes.recv().await.unwrap(), Change::Run("a".into()));
    place
        .store
        .cancel(&"a".into(), &"kim".into(), NOW)
        .await
        .unwrap();
    assert_eq!(changes.recv().await.unwrap(), Change::Run("a".into()));
    place.store.finish(finish(&claimed, NOW)).await.unwrap();
    assert_eq!(changes.recv().await.unwrap(), Change::Run("a".into()));
    assert_eq!(changes.recv().await.unwrap(), Change::Queued);
}

#[tokio::test]
async fn what_was_undone_is_not_told_and_nobody_hears_themselves_twice() {
    let place = Place::new(Db::Postgres).await;
    let other = place.open().await;
    let mut own = listening(&place.store).await;
    let mut changes = listening(&other).await;
    place.queue(run("a", "kim", "shop")).await;
    assert!(place.store.enqueue(run("a", "lee", "shop")).await.is_err());
    place.queue(run("b", "kim", "shop")).await;
    // A third one speaks last: both hear it after everything before.
    let third = place.open().await;
    third.enqueue(run("c", "lee", "shop")).await.unwrap();
    for (listener, heard) in [(&mut own, ["a", "b", "c"]), (&mut changes, ["a", "b", "c"])] {
        for id in heard {
            assert_eq!(listener.recv().await.unwrap(), Change::Run(id.into()));
            assert_eq!(listener.recv().await.unwrap(), Change::Queued);
        }
    }
}

/// PostgreSQL refuses a notification of 8,000 bytes and more, and with it the transaction.
#[tokio::test]
async fn an_id_too_long_to_tell_does_no_harm() {
    let place = Place::new(Db::Postgres).await;
    let id = "x".repeat(10_000);
    place
        .queue(NewRun {
            id: id.as_str().into(),
            ..run("", "kim", "shop")
        })
        .await;
    assert_eq!(place.run(&id).await.id, id);
}
