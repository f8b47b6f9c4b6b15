//! What only a folder has.

use std::sync::Arc;

use files::{Files, Key, Kind, Put, Settings};
use jiff::{SignedDuration, Timestamp};

use super::{Room, counted, key};

fn left(room: &Room) -> usize {
    let incoming = room.desk.path().join("store").join("incoming");
    std::fs::read_dir(incoming).unwrap().count()
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_says_which() {
    let desk = tempfile::tempdir().unwrap();
    let file = desk.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Files::open(&Settings::Folder(file.join("store"))).unwrap_err();
    assert!(
        error.to_string().contains(&file.display().to_string()),
        "{error}"
    );
    let error = Files::open(&Settings::Folder(std::path::PathBuf::new())).unwrap_err();
    assert!(matches!(error.kind(), Kind::Settings(problems) if problems.len() == 1));
}

#[tokio::test]
async fn no_folder_stays_when_its_last_file_went() {
    let room = Room::in_folder();
    room.put(&key("a.xlsx"), b"cells").await.unwrap();
    let next = Key::of_result("run_1", 2, "a.xlsx").unwrap();
    room.put(&next, b"cells").await.unwrap();
    let run = room.desk.path().join("store/results/run_1");
    room.files.delete(&key("a.xlsx")).await.unwrap();
    assert!(!run.join("1").exists() && run.join("2").exists());
    room.files.delete(&next).await.unwrap();
    assert!(!run.exists());
    assert_eq!(left(&room), 0);
}

#[tokio::test]
async fn nothing_is_copied_within_a_file_system() {
    use std::os::unix::fs::MetadataExt;
    let room = Room::in_folder();
    let (path, content) = room.finished("finished", b"cells");
    room.files
        .put(&key("a.xlsx"), &path, &content)
        .await
        .unwrap();
    let stored = room.desk.path().join("store").join(key("a.xlsx").as_str());
    let inode = |path| std::fs::metadata(path).unwrap().ino();
    assert_eq!(inode(&path), inode(&stored));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_stored_and_whole() {
    let room = Arc::new(Room::in_folder());
    let candidates: Vec<_> = (1..=8)
        .map(|n| (n, room.finished(&n.to_string(), &counted(100_000 + n))))
        .collect();
    let mut putting = tokio::task::JoinSet::new();
    for (n, (path, content)) in candidates {
        let room = Arc::clone(&room);
        putting.spawn(async move { (n, room.files.put(&key("a.xlsx"), &path, &content).await) });
    }
    let mut stored = Vec::new();
    while let Some(put) = putting.join_next().await {
        match put.unwrap() {
            (n, Ok(Put::Stored)) => stored.push(n),
            (_, Err(error)) => assert_eq!(*error.kind(), Kind::Taken),
            (n, Ok(Put::AlreadyThere)) => panic!("{n} is not what is stored"),
        }
    }
    assert_eq!(stored.len(), 1);
    assert!(room.whole(&key("a.xlsx")).await.unwrap() == counted(100_000 + stored[0]));
    assert_eq!(left(&room), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn storing_beside_deleting_always_finds_its_folder() {
    let room = Arc::new(Room::in_folder());
    let mut working = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let room = Arc::clone(&room);
        working.spawn(async move {
            let own = key(&format!("{worker}.xlsx"));
            let (path, content) = room.finished(&worker.to_string(), b"cells");
            for _ in 0..50 {
                room.files.put(&own, &path, &content).await.unwrap();
                room.files.delete(&own).await.unwrap();
            }
        });
    }
    while let Some(worked) = working.join_next().await {
        worked.unwrap();
    }
    assert!(!room.desk.path().join("store/results").exists());
}

#[tokio::test]
async fn temporary_files_go_when_they_are_old() {
    let room = Room::in_folder();
    let incoming = room.desk.path().join("store/incoming");
    let now = Timestamp::now();
    for (name, hours) in [("part-old", 25), ("part-young", 23)] {
        let file = std::fs::File::create(incoming.join(name)).unwrap();
        let modified = now - SignedDuration::from_hours(hours);
        file.set_modified(modified.into()).unwrap();
    }
    let before = now - SignedDuration::from_hours(24);
    let gone = room.files.remove_unfinished(before).await.unwrap();
    assert_eq!((gone.removed, gone.needs_rule), (1, false));
    assert!(incoming.join("part-young").exists() && !incoming.join("part-old").exists());
}
