//! Uploads in parts that nobody completed.

use bucket::{Fault, Manners};
use files::{Key, Unfinished};
use jiff::{SignedDuration, Timestamp};

use super::{LARGE, Room, counted, parts_left};

/// Uploads that were begun and can no longer be given up, as after a power cut.
async fn abandon(room: &Room, uploads: usize) {
    room.bucket()
        .fail(Fault::Answer(403), uploads, "PUT", "partNumber=1");
    room.bucket()
        .fail(Fault::Answer(403), uploads, "DELETE", "uploadId=");
    for upload in 0..uploads {
        let key = Key::of_result("run 1+1=매", 1, &upload.to_string()).unwrap();
        room.put(&key, &counted(LARGE)).await.unwrap_err();
    }
    assert_eq!(room.bucket().faults_left(), 0);
}

#[tokio::test]
async fn old_uploads_are_given_up_over_all_pages_of_their_list() {
    for prefix in [None, Some("digger/x".to_owned())] {
        let room = Room::with(Manners::default(), |settings| settings.prefix = prefix).await;
        abandon(&room, 5).await;
        let now = Timestamp::now();
        let hour = SignedDuration::from_hours(1);
        let young = room.files.remove_unfinished(now - hour).await.unwrap();
        assert_eq!(young, Unfinished::default());
        let old = room.files.remove_unfinished(now + hour).await.unwrap();
        assert_eq!((old.removed, old.needs_rule), (5, false));
        assert_eq!(parts_left(&room), 0);
        let again = room.files.remove_unfinished(now + hour).await.unwrap();
        assert_eq!(again, Unfinished::default());
    }
}

#[tokio::test]
async fn uploads_of_others_in_the_same_bucket_are_left_alone() {
    let room = Room::in_bucket().await;
    abandon(&room, 1).await;
    let theirs = files::BucketSettings {
        prefix: Some("digger".to_owned()),
        ..super::settings(room.bucket())
    };
    let theirs = files::Files::open(&files::Settings::Bucket(Box::new(theirs))).unwrap();
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    assert_eq!(
        theirs.remove_unfinished(later).await.unwrap(),
        Unfinished::default()
    );
    assert_eq!(
        room.files.remove_unfinished(later).await.unwrap().removed,
        1
    );
}

#[tokio::test]
async fn where_uploads_cannot_be_listed_a_rule_is_asked_for() {
    let manners = Manners {
        lists_uploads: false,
        ..Manners::default()
    };
    let room = Room::with(manners, |_| ()).await;
    let gone = room
        .files
        .remove_unfinished(Timestamp::now())
        .await
        .unwrap();
    assert_eq!((gone.removed, gone.needs_rule), (0, true));
}
