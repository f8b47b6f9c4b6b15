use store::{Store, StoreError};

use crate::place::{Db, Place, connect, run};

#[tokio::test]
async fn a_second_opener_is_told_who_works_there() {
    let place = Place::new(Db::Sqlite).await;
    let error = Store::open(place.folder()).await.unwrap_err();
    let StoreError::InUse { holder, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(holder.pid, std::process::id());
    let message = error.to_string();
    assert!(message.starts_with("the data directory "), "{message}");
    assert!(message.contains(&format!("is in use by process {} on ", std::process::id())));
    assert!(message.ends_with("stop that process first, or give this one a directory of its own"));
}

#[tokio::test]
async fn a_closed_store_lets_the_next_one_in() {
    let place = Place::new(Db::Sqlite).await;
    place.queue(run("a", "kim", "shop")).await;
    let place = place.restart().await;
    assert_eq!(place.run("a").await.id, "a");
}

#[tokio::test]
async fn the_heartbeat_connection_keeps_the_directory() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let heartbeats = store.heartbeat_connection().await.unwrap();
    drop(store);
    assert!(matches!(
        Store::open(folder.path()).await,
        Err(StoreError::InUse { .. })
    ));
    drop(heartbeats);
    assert!(Store::open(folder.path()).await.is_ok());
}

#[tokio::test]
async fn a_left_lock_file_means_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("digger.lock"),
        "{\"pid\":1,\"host\":\"x\",\"started_ms\":0}",
    )
    .unwrap();
    assert!(Store::open(folder.path()).await.is_ok());
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let known = store.schema_version().await.unwrap();
    store.close().await;
    drop(store);
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, x'00', 1)",
    )
    .execute(&mut connect(folder.path()).await)
    .await
    .unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    let StoreError::Newer {
        found, known: ours, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((*found, *ours), (9999, known));
    assert!(
        error
            .to_string()
            .contains(&format!("(schema 9999, this one knows {known})"))
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_damaged() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("digger.sqlite"),
        "Dear diary, ".repeat(1000),
    )
    .unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("is damaged or not a Digger database; restore it")
    );
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("data")).await.unwrap_err();
    assert!(matches!(error, StoreError::Directory { .. }), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("let this user write there, or name another one")
    );
}

#[tokio::test]
async fn the_file_is_as_safe_as_sqlite_makes_it() {
    let place = Place::new(Db::Sqlite).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut connect(place.folder()).await)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    place.store.check_writing().await.unwrap();
    assert_eq!(place.count("SELECT n FROM claim_gate").await, 1);
}
