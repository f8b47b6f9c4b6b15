//! What a store and a network can do to us.

use std::error::Error;
use std::time::Duration;

use bucket::{Bucket, Fault, Manners};
use files::{Files, FilesError, Kind, Put, Secret, Settings};
use futures::TryStreamExt;

use super::{LARGE, Room, counted, key, parts_left, settings};

/// How long to wait where nothing will come: enough for a part of a large file on a busy machine.
const HURRY: Duration = Duration::from_secs(4);

async fn room_for(fault: Fault) -> Room {
    match fault {
        Fault::Silence | Fault::NoReply => Room::in_a_hurry(HURRY).await,
        _ => Room::in_bucket().await,
    }
}

/// Asked often enough, it worked, and the object is what it should be.
async fn stores_in_spite_of(
    fault: Fault,
    times: usize,
    method: &'static str,
    part: &'static str,
    bytes: &[u8],
) -> Put {
    let room = room_for(fault).await;
    room.bucket().fail(fault, times, method, part);
    let put = room.put(&key("a.xlsx"), bytes).await;
    let requests = room.bucket().requests();
    assert_eq!(room.bucket().faults_left(), 0, "{requests:?}");
    let put =
        put.unwrap_or_else(|error| panic!("{fault:?} {method} {part}: {error:?} {requests:?}"));
    assert!(room.whole(&key("a.xlsx")).await.unwrap() == bytes);
    put
}

/// It did not work, nothing partial is visible, and nobody asked for ever.
async fn fails_with(
    kind: Kind,
    fault: Fault,
    method: &'static str,
    part: &'static str,
    bytes: &[u8],
) -> FilesError {
    let room = match fault {
        Fault::Silence => Room::in_a_hurry(Duration::from_millis(300)).await,
        _ => Room::in_bucket().await,
    };
    room.bucket().fail(fault, usize::MAX, method, part);
    let error = room.put(&key("a.xlsx"), bytes).await.unwrap_err();
    assert_eq!(*error.kind(), kind, "{error:?}");
    let tried = room.bucket().requests().len();
    assert!(tried < 40, "tried {tried} times");
    assert!(!room.bucket().path(key("a.xlsx").as_str()).exists());
    error
}

#[tokio::test]
async fn a_store_with_a_fault_of_its_own_is_asked_again() {
    for status in [500, 503, 429] {
        assert_eq!(
            stores_in_spite_of(Fault::Answer(status), 2, "PUT", "a.xlsx", b"cells").await,
            Put::Stored
        );
    }
}

#[tokio::test]
async fn a_large_file_survives_faults_at_every_step() {
    let bytes = counted(LARGE);
    for (method, part) in [
        ("POST", "uploads="),
        ("PUT", "partNumber=2"),
        ("POST", "uploadId="),
    ] {
        for (fault, times) in [
            (Fault::Answer(503), 2),
            (Fault::Cut, 2),
            (Fault::Silence, 1),
        ] {
            let put = stores_in_spite_of(fault, times, method, part, &bytes).await;
            assert_eq!(put, Put::Stored, "{fault:?} {method} {part}");
        }
    }
}

#[tokio::test]
async fn the_lost_reply_of_a_put_is_settled_by_looking() {
    for fault in [Fault::LostReply, Fault::NoReply] {
        let put = stores_in_spite_of(fault, 1, "PUT", "a.xlsx", b"cells").await;
        assert_eq!(put, Put::AlreadyThere, "{fault:?}");
    }
}

#[tokio::test]
async fn the_lost_reply_of_a_completion_is_settled_by_looking() {
    for fault in [Fault::LostReply, Fault::NoReply] {
        let put = stores_in_spite_of(fault, 1, "POST", "uploadId=", &counted(LARGE)).await;
        assert_eq!(put, Put::AlreadyThere, "{fault:?}");
    }
}

#[tokio::test]
async fn the_lost_reply_of_a_part_costs_one_more_request() {
    let put = stores_in_spite_of(Fault::LostReply, 2, "PUT", "partNumber=1", &counted(LARGE)).await;
    assert_eq!(put, Put::Stored);
}

#[tokio::test]
async fn a_lost_reply_is_settled_by_the_bytes_where_metadata_is_lost() {
    let manners = Manners {
        keeps_metadata: false,
        ..Manners::default()
    };
    let room = Room::with(manners, |_| ()).await;
    assert_eq!(
        room.put(&key("a.xlsx"), b"cells").await.unwrap(),
        Put::Stored
    );
    assert_eq!(
        room.put(&key("a.xlsx"), b"cells").await.unwrap(),
        Put::AlreadyThere
    );
    let error = room.put(&key("a.xlsx"), b"other").await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Taken);
}

#[tokio::test]
async fn a_lost_reply_never_hides_that_somebody_else_was_first() {
    let room = Room::in_bucket().await;
    for (name, large) in [("a.xlsx", false), ("b.xlsx", true)] {
        let bytes = |seed: u8| {
            if large {
                vec![seed; LARGE]
            } else {
                vec![seed; 5]
            }
        };
        room.put(&key(name), &bytes(1)).await.unwrap();
        room.bucket().fail(Fault::LostReply, 1, "PUT", "a.xlsx");
        let error = room.put(&key(name), &bytes(2)).await.unwrap_err();
        assert_eq!(*error.kind(), Kind::Taken, "{name}");
        assert!(room.whole(&key(name)).await.unwrap() == bytes(1), "{name}");
    }
}

#[tokio::test]
async fn a_large_upload_that_comes_second_replaces_nothing() {
    let room = Room::in_bucket().await;
    room.put(&key("a.xlsx"), b"first").await.unwrap();
    // The key seems free when the upload begins, as when two begin at the same time.
    room.bucket().fail(Fault::Answer(404), 1, "HEAD", "a.xlsx");
    let error = room.put(&key("a.xlsx"), &counted(LARGE)).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Taken);
    let requests = room.bucket().requests();
    let is_completion =
        |request: &&String| request.starts_with("POST") && request.contains("uploadId=");
    assert_eq!(
        requests.iter().filter(is_completion).count(),
        1,
        "{requests:?}"
    );
    assert_eq!(room.whole(&key("a.xlsx")).await.unwrap(), b"first");
    assert_eq!(parts_left(&room), 0);
}

#[tokio::test]
async fn a_store_that_stays_busy_is_given_up_for_now() {
    let error = fails_with(Kind::Busy, Fault::Answer(503), "PUT", "a.xlsx", b"cells").await;
    assert!(error.kind().can_pass());
    assert!(error.source().unwrap().to_string().contains("503"));
    let bytes = counted(LARGE);
    fails_with(
        Kind::Busy,
        Fault::Answer(500),
        "PUT",
        "partNumber=3",
        &bytes,
    )
    .await;
    fails_with(Kind::Busy, Fault::Answer(500), "POST", "uploadId=", &bytes).await;
}

#[tokio::test]
async fn a_store_that_keeps_silent_is_given_up_for_now() {
    let error = fails_with(Kind::Timeout, Fault::Silence, "PUT", "a.xlsx", b"cells").await;
    assert!(error.kind().can_pass());
    assert!(
        error.to_string().contains("did not answer in time"),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_that_always_breaks_is_given_up_for_now() {
    let error = fails_with(Kind::Unreachable, Fault::Cut, "PUT", "a.xlsx", b"cells").await;
    assert!(error.kind().can_pass());
}

#[tokio::test]
async fn a_full_store_says_so() {
    let error = fails_with(Kind::Full, Fault::Answer(507), "PUT", "a.xlsx", b"cells").await;
    assert!(!error.kind().can_pass());
    assert!(error.to_string().contains("no space is left"), "{error}");
}

#[tokio::test]
async fn a_failed_upload_in_parts_leaves_no_parts() {
    let room = Room::in_bucket().await;
    room.bucket()
        .fail(Fault::Answer(500), 3, "PUT", "partNumber=2");
    room.put(&key("a.xlsx"), &counted(LARGE)).await.unwrap_err();
    assert_eq!(parts_left(&room), 0);
}

#[tokio::test]
async fn a_download_goes_on_after_the_connection_broke() {
    let room = Room::in_bucket().await;
    let bytes = counted(LARGE);
    room.put(&key("a.xlsx"), &bytes).await.unwrap();
    room.bucket().fail(Fault::HalfReply, 2, "GET", "a.xlsx");
    assert!(room.whole(&key("a.xlsx")).await.unwrap() == bytes);
    assert_eq!(room.bucket().faults_left(), 0);
}

#[tokio::test]
async fn a_download_that_cannot_go_on_ends_in_an_error() {
    let room = Room::in_bucket().await;
    room.put(&key("a.xlsx"), &counted(LARGE)).await.unwrap();
    room.bucket().fail(Fault::HalfReply, 1, "GET", "a.xlsx");
    room.bucket()
        .fail(Fault::Answer(503), usize::MAX, "GET", "a.xlsx");
    let error = room.whole(&key("a.xlsx")).await.unwrap_err();
    assert!(error.kind().can_pass(), "{error:?}");
}

#[tokio::test]
async fn a_silent_download_ends_in_time() {
    let room = Room::in_a_hurry(Duration::from_secs(1)).await;
    room.put(&key("a.xlsx"), b"cells").await.unwrap();
    room.bucket()
        .fail(Fault::Silence, usize::MAX, "GET", "a.xlsx");
    let error = room.whole(&key("a.xlsx")).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Timeout);
}

#[tokio::test]
async fn a_file_that_became_shorter_is_not_sent_as_if_it_were_whole() {
    let room = Room::in_folder();
    room.put(&key("a.xlsx"), &counted(200_000)).await.unwrap();
    let mut reading = room.files.read(&key("a.xlsx"), 0..200_000).await.unwrap();
    reading.pieces.try_next().await.unwrap().unwrap();
    let path = room.desk.path().join("store").join(key("a.xlsx").as_str());
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_len(100_000).unwrap();
    let rest: Result<Vec<_>, FilesError> = reading.pieces.try_collect().await;
    assert_eq!(*rest.unwrap_err().kind(), Kind::Changed);
}

#[tokio::test]
async fn wrong_credentials_are_refused_and_never_repeated() {
    for change in [
        |settings: &mut files::BucketSettings| settings.secret_access_key = Secret::new("hunter2"),
        |settings: &mut files::BucketSettings| settings.access_key_id = Secret::new("hunter2"),
        |settings: &mut files::BucketSettings| settings.bucket = "nothing-here".to_owned(),
    ] {
        let room = Room::with(Manners::default(), change).await;
        for error in [
            room.files.check().await.unwrap_err(),
            room.put(&key("a.xlsx"), b"cells").await.unwrap_err(),
        ] {
            assert_eq!(*error.kind(), Kind::Refused, "{error:?}");
            assert!(!error.kind().can_pass());
            assert!(
                error.to_string().contains("check its access key"),
                "{error}"
            );
            let shown = format!("{error:?} {:?} {}", room.files, error.source().unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_store_that_is_not_there_cannot_be_reached() {
    let bucket = Bucket::start().await.unwrap();
    let settings = Settings::Bucket(Box::new(settings(&bucket)));
    drop(bucket);
    let files = Files::open(&settings).unwrap();
    let error = files.check().await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Unreachable, "{error:?}");
    assert!(error.to_string().contains("check its endpoint"), "{error}");
    let error = files.head(&key("a.xlsx")).await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Unreachable, "{error:?}");
}

#[tokio::test]
async fn a_store_that_replaces_objects_is_not_fit() {
    let manners = Manners {
        honours_conditions: false,
        ..Manners::default()
    };
    let room = Room::with(manners, |_| ()).await;
    let error = room.files.check().await.unwrap_err();
    assert_eq!(*error.kind(), Kind::Unsupported);
    assert!(error.to_string().contains("If-None-Match"), "{error}");
}

#[tokio::test]
async fn a_check_that_fails_leaves_nothing_behind() {
    let room = Room::in_bucket().await;
    room.bucket().fail(Fault::Answer(500), 3, "GET", "health/");
    assert_eq!(*room.files.check().await.unwrap_err().kind(), Kind::Busy);
    let health = room.bucket().path("health");
    assert_eq!(std::fs::read_dir(health).unwrap().count(), 0);
}
