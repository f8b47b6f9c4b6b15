//! What both forms promise.

use std::collections::BTreeMap;

use bucket::Manners;
use files::{Content, Inventory, Key, Kind, Put, Row};
use futures::TryStreamExt;
use jiff::Timestamp;

use super::{DAY, LARGE, Room, counted, key};

/// The same test on a folder, in a bucket, and in a part of a shared bucket.
macro_rules! on_both_forms {
    ($($test:ident)*) => {
        mod in_folder {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Room::in_folder()).await;
            })*
        }
        mod in_bucket {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Room::in_bucket().await).await;
            })*
        }
        mod in_part_of_a_bucket {
            $(#[tokio::test]
            async fn $test() {
                let change = |settings: &mut files::BucketSettings| {
                    settings.prefix = Some("digger/매출".to_owned());
                };
                super::$test(super::Room::with(super::Manners::default(), change).await).await;
            })*
        }
    };
}

on_both_forms! {
    a_file_is_there_whole_and_with_its_size
    a_large_file_is_there_whole
    an_empty_file_is_a_file
    any_range_of_bytes_can_be_read
    names_keep_every_letter
    a_file_is_never_replaced
    storing_the_same_bytes_again_has_succeeded
    what_is_not_what_was_proven_is_not_stored
    a_deleted_file_is_gone_and_deleting_again_is_as_good
    a_missing_file_says_so
    only_objects_below_the_folder_are_listed
    a_check_leaves_nothing_behind
    garbage_goes_and_what_is_missing_is_reported
    a_store_of_another_installation_is_left_alone
}

async fn a_file_is_there_whole_and_with_its_size(room: Room) {
    let before = room.files.check().await.unwrap().now;
    assert_eq!(
        room.put(&key("a.xlsx"), b"cells").await.unwrap(),
        Put::Stored
    );
    let object = room.files.head(&key("a.xlsx")).await.unwrap().unwrap();
    assert_eq!(
        (object.key.as_str(), object.bytes),
        ("results/run_1/1/a.xlsx", 5)
    );
    // Some stores count whole seconds.
    assert!(object.modified.as_second() >= before.as_second());
    assert_eq!(room.whole(&key("a.xlsx")).await.unwrap(), b"cells");
}

async fn a_large_file_is_there_whole(room: Room) {
    let bytes = counted(LARGE);
    assert_eq!(
        room.put(&key("large.xlsx"), &bytes).await.unwrap(),
        Put::Stored
    );
    assert!(room.whole(&key("large.xlsx")).await.unwrap() == bytes);
    assert_eq!(
        room.put(&key("large.xlsx"), &bytes).await.unwrap(),
        Put::AlreadyThere
    );
    let error = room
        .put(&key("large.xlsx"), &counted(LARGE + 1))
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), Kind::Taken);
    assert!(room.whole(&key("large.xlsx")).await.unwrap() == bytes);
}

async fn an_empty_file_is_a_file(room: Room) {
    room.put(&key("empty.csv"), b"").await.unwrap();
    let object = room.files.head(&key("empty.csv")).await.unwrap().unwrap();
    assert_eq!(object.bytes, 0);
    assert_eq!(room.whole(&key("empty.csv")).await.unwrap(), b"");
}

async fn any_range_of_bytes_can_be_read(room: Room) {
    let bytes = counted(200_001);
    room.put(&key("a.xlsx"), &bytes).await.unwrap();
    for wish in [
        0..1,
        0..200_001,
        65_535..65_537,
        65_536..131_072,
        200_000..200_001,
        7..7,
        199_000..900_000,
        300_000..400_000,
    ] {
        let reading = room.files.read(&key("a.xlsx"), wish.clone()).await.unwrap();
        let first = usize::try_from(wish.start).unwrap().min(bytes.len());
        let end = usize::try_from(wish.end).unwrap().min(bytes.len());
        assert_eq!(reading.bytes, 200_001);
        assert_eq!(reading.range, first as u64..end as u64, "{wish:?}");
        let pieces: Vec<bytes::Bytes> = reading.pieces.try_collect().await.unwrap();
        assert!(pieces.concat() == bytes[first..end], "{wish:?}");
    }
}

async fn names_keep_every_letter(room: Room) {
    let names = [
        "매출 100% (1월).xlsx",
        "a+b&c='d'~#x?y=1.csv",
        "Ünïcode \"q\" <b>.csv",
        "a b.csv",
        "%41.csv",
    ];
    for (at, name) in names.into_iter().enumerate() {
        room.put(&key(name), &counted(at)).await.unwrap();
    }
    let folder = Key::new("results").unwrap();
    let listed: BTreeMap<String, u64> = room
        .files
        .list(&folder)
        .map_ok(|object| (object.key.to_string(), object.bytes))
        .try_collect()
        .await
        .unwrap();
    let wanted = names.into_iter().enumerate();
    let wanted: BTreeMap<String, u64> = wanted
        .map(|(at, name)| (key(name).to_string(), at as u64))
        .collect();
    assert_eq!(listed, wanted);
    for (at, name) in names.into_iter().enumerate() {
        assert_eq!(room.whole(&key(name)).await.unwrap(), counted(at), "{name}");
        room.files.delete(&key(name)).await.unwrap();
        assert_eq!(room.files.head(&key(name)).await.unwrap(), None, "{name}");
    }
}

async fn a_file_is_never_replaced(room: Room) {
    room.put(&key("a.xlsx"), b"first").await.unwrap();
    for second in [&b"other"[..], b"longer than it"] {
        let error = room.put(&key("a.xlsx"), second).await.unwrap_err();
        assert_eq!(*error.kind(), Kind::Taken);
        assert!(
            error.to_string().contains("results/run_1/1/a.xlsx"),
            "{error}"
        );
    }
    assert_eq!(room.whole(&key("a.xlsx")).await.unwrap(), b"first");
}

async fn storing_the_same_bytes_again_has_succeeded(room: Room) {
    assert_eq!(
        room.put(&key("a.xlsx"), b"cells").await.unwrap(),
        Put::Stored
    );
    assert_eq!(
        room.put(&key("a.xlsx"), b"cells").await.unwrap(),
        Put::AlreadyThere
    );
}

async fn what_is_not_what_was_proven_is_not_stored(room: Room) {
    for size in [5, LARGE] {
        let (path, mut content) = room.finished("finished", &counted(size));
        content.sha256 = Content::of_bytes(b"other").sha256;
        let error = room
            .files
            .put(&key("a.xlsx"), &path, &content)
            .await
            .unwrap_err();
        assert_eq!(*error.kind(), Kind::Changed);
        let (_, mut content) = room.finished("finished", &counted(size));
        content.bytes += 1;
        let error = room
            .files
            .put(&key("a.xlsx"), &path, &content)
            .await
            .unwrap_err();
        assert_eq!(*error.kind(), Kind::Changed);
        assert_eq!(room.files.head(&key("a.xlsx")).await.unwrap(), None);
    }
    let gone = room.desk.path().join("gone");
    let error = room
        .files
        .put(&key("a.xlsx"), &gone, &Content::of_bytes(b""))
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), Kind::Changed);
}

async fn a_deleted_file_is_gone_and_deleting_again_is_as_good(room: Room) {
    room.put(&key("a.xlsx"), b"cells").await.unwrap();
    room.put(&key("b.xlsx"), b"other").await.unwrap();
    room.files.delete(&key("a.xlsx")).await.unwrap();
    room.files.delete(&key("a.xlsx")).await.unwrap();
    assert_eq!(room.files.head(&key("a.xlsx")).await.unwrap(), None);
    assert_eq!(room.whole(&key("b.xlsx")).await.unwrap(), b"other");
    assert_eq!(
        room.put(&key("a.xlsx"), b"again").await.unwrap(),
        Put::Stored
    );
}

async fn a_missing_file_says_so(room: Room) {
    assert_eq!(room.files.head(&key("a.xlsx")).await.unwrap(), None);
    let error = room.whole(&key("a.xlsx")).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Missing);
    assert_eq!(
        error.to_string(),
        "cannot read results/run_1/1/a.xlsx: there is no such file in the store"
    );
}

async fn only_objects_below_the_folder_are_listed(room: Room) {
    room.put(&key("a.xlsx"), b"cells").await.unwrap();
    room.put(&Key::new("results2/a.xlsx").unwrap(), b"cells")
        .await
        .unwrap();
    let list = |folder: &str| room.files.list(&Key::new(folder).unwrap());
    let found: Vec<_> = list("results").try_collect().await.unwrap();
    let keys: Vec<&str> = found.iter().map(|object| object.key.as_str()).collect();
    assert_eq!(keys, ["results/run_1/1/a.xlsx"]);
    assert!(list("nothing").try_next().await.unwrap().is_none());
}

async fn a_check_leaves_nothing_behind(room: Room) {
    room.files.check().await.unwrap();
    let health = Key::new("health").unwrap();
    assert!(room.files.list(&health).try_next().await.unwrap().is_none());
}

fn row(key: &Key, bytes: u64) -> Row {
    Row {
        key: key.to_string(),
        bytes,
    }
}

async fn garbage_goes_and_what_is_missing_is_reported(room: Room) {
    let results = Key::new("results").unwrap();
    for name in ["kept", "short", "orphan"] {
        room.put(&key(name), b"cells").await.unwrap();
    }
    let proof = Key::new("health/left").unwrap();
    room.put(&proof, b"left").await.unwrap();
    let young = Inventory::take(&room.files, &results).await.unwrap();
    let late = Inventory {
        now: young.now + DAY * 2,
        objects: young.objects.clone(),
    };
    // Stored after the inventory was taken, so it is not missing.
    room.put(&key("late"), b"cells").await.unwrap();
    let rows = || {
        vec![
            row(&key("kept"), 5),
            row(&key("short"), 6),
            row(&key("gone"), 5),
            row(&key("late"), 5),
            Row {
                key: "../no key".to_owned(),
                bytes: 1,
            },
        ]
    };
    let missing = vec![
        row(&key("gone"), 5),
        Row {
            key: "../no key".to_owned(),
            bytes: 1,
        },
    ];

    let collected = young.settle(&room.files, rows(), DAY).await.unwrap();
    assert_eq!(collected.deleted, []);
    assert_eq!(collected.missing, missing);
    assert_eq!(collected.changed, [(row(&key("short"), 6), 5)]);
    assert!(room.files.head(&proof).await.unwrap().is_some());

    // Two processes at the same time do no harm to each other.
    let (one, two) = tokio::join!(
        late.clone().settle(&room.files, rows(), DAY),
        late.settle(&room.files, rows(), DAY),
    );
    for collected in [one.unwrap(), two.unwrap()] {
        let deleted: Vec<_> = collected.deleted.iter().map(|object| &object.key).collect();
        assert_eq!(deleted, [&key("orphan")]);
        assert_eq!(collected.missing, missing);
    }
    assert_eq!(room.files.head(&key("orphan")).await.unwrap(), None);
    assert_eq!(room.files.head(&proof).await.unwrap(), None);
    assert_eq!(room.whole(&key("kept")).await.unwrap(), b"cells");
}

async fn a_store_of_another_installation_is_left_alone(room: Room) {
    for name in 0..20 {
        room.put(&key(&name.to_string()), b"cells").await.unwrap();
    }
    let mut inventory = Inventory::take(&room.files, &Key::new("results").unwrap())
        .await
        .unwrap();
    inventory.now = "2100-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let collected = inventory
        .settle(&room.files, Vec::new(), DAY)
        .await
        .unwrap();
    assert!(collected.is_suspicious);
    assert_eq!(collected.deleted, []);
    assert!(room.files.head(&key("0")).await.unwrap().is_some());
}
