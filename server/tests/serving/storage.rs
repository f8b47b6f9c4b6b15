//! Finished files in a bucket of a real S3-compatible server, and what its faults do to runs.

use bucket::{Bucket, Fault};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, RANGE};

use super::digger::{Place, files_below};
use super::invariants;
use super::own::{Db, Own};
use super::visitor::{JANUARY, Visitor};

super::own::on_both!(
    a_bucket_with_faults_loses_and_doubles_nothing,
    a_bucket_that_is_away_for_a_whole_attempt_is_tried_again,
    a_full_bucket_fails_the_run_in_human_words,
    a_bucket_that_refuses_fails_the_run_and_is_not_ready,
);

/// A place whose finished files go into a bucket.
async fn place_with(db: Db, bucket: &Bucket, secret: &str) -> Own {
    let mut own = Own::new(db).await;
    let place = &mut own.place;
    place.configure(&format!(
        "[files]\nbucket = \"{}\"\nendpoint = \"{}\"\nprefix = \"sales\"\n",
        bucket.name(),
        bucket.endpoint()
    ));
    place.set("DIGGER_FILES_ACCESS_KEY_ID", bucket.access_key_id());
    place.set("DIGGER_FILES_SECRET_ACCESS_KEY", secret);
    place.set("DIGGER_FILES_ANSWER_MS", "2000");
    own
}

fn stored(bucket: &Bucket) -> usize {
    files_below(&bucket.path("sales/results")).len()
}

/// Whether no attempt has left anything on this machine; a worker's lock is none's.
fn works_on_nothing(place: &Place) -> bool {
    files_below(&place.data().join("attempts"))
        .iter()
        .all(|file| file.extension().is_some_and(|kind| kind == "lock"))
}

#[tokio::test]
async fn a_file_in_a_bucket_is_downloaded_whole_and_in_part() {
    let bucket = Bucket::start().await.unwrap();
    let own = place_with(Db::Sqlite, &bucket, bucket.secret_access_key()).await;
    let place = &own.place;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    assert_eq!(stored(&bucket), 1);
    // Nothing is left on this machine.
    assert!(works_on_nothing(place));
    assert!(files_below(&place.data().join("results")).is_empty());

    let seen = kim.run(&run).await;
    let href = seen["result"]["files"][0]["href"]
        .as_str()
        .unwrap()
        .to_owned();
    let whole = kim.get(&href).await.bytes().await.unwrap();
    let name = files_below(&bucket.path("sales/results")).remove(0);
    let object = std::fs::read(bucket.path("sales/results").join(name)).unwrap();
    assert_eq!(whole, object);
    let part = kim.http.get(kim.url(&href)).header(RANGE, "bytes=10-19");
    let part = part.send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(
        part.headers()[CONTENT_RANGE],
        format!("bytes 10-19/{}", whole.len())
    );
    assert_eq!(part.bytes().await.unwrap(), whole[10..20]);
}

async fn a_bucket_with_faults_loses_and_doubles_nothing(db: Db) {
    let bucket = Bucket::start().await.unwrap();
    let own = place_with(db, &bucket, bucket.secret_access_key()).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for fault in [
        Fault::Answer(500),
        Fault::Answer(503),
        Fault::Silence,
        Fault::LostReply,
    ] {
        let before = stored(&bucket);
        bucket.fail(fault, 1, "PUT", "results/");
        let run = kim.start("sales/by_region", &JANUARY).await;
        assert_eq!(kim.finished(&run).await["state"], "succeeded", "{fault:?}");
        assert_eq!(bucket.faults_left(), 0, "{fault:?}");
        assert_eq!(stored(&bucket), before + 1, "{fault:?}");
    }
    invariants::check_with(&own, &bucket.path("sales"), 2).await;
}

/// Every try of an attempt fails: the run waits for its next one, and nobody sees half a file.
async fn a_bucket_that_is_away_for_a_whole_attempt_is_tried_again(db: Db) {
    let bucket = Bucket::start().await.unwrap();
    let own = place_with(db, &bucket, bucket.secret_access_key()).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    bucket.fail(Fault::Answer(500), 1_000, "PUT", "results/");
    let run = kim.start("sales/by_region", &JANUARY).await;
    let seen = own
        .until(&run, "waiting for its next try", |run| run.fails == 1)
        .await;
    assert_eq!(seen.error_code.as_deref(), Some("storage"));
    bucket.heal();
    assert_eq!(stored(&bucket), 0);
    assert!(kim.run(&run).await["result"].is_null());
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    assert_eq!(own.run(&run).await.attempt, 2);
    invariants::check_with(&own, &bucket.path("sales"), 2).await;
}

async fn a_full_bucket_fails_the_run_in_human_words(db: Db) {
    let bucket = Bucket::start().await.unwrap();
    let own = place_with(db, &bucket, bucket.secret_access_key()).await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    bucket.fail(Fault::Answer(507), 1, "PUT", "results/");
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "failed");
    let error = kim.run(&run).await["error"].clone();
    assert_eq!(error["class"], "disk");
    let words = error.to_string();
    assert!(words.contains("남은 공간이 없어"), "{words}");
    assert_eq!(stored(&bucket), 0);
    // It recovers by itself.
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    invariants::check_with(&own, &bucket.path("sales"), 2).await;
}

async fn a_bucket_that_refuses_fails_the_run_and_is_not_ready(db: Db) {
    let bucket = Bucket::start().await.unwrap();
    let own = place_with(db, &bucket, "hunter2").await;
    let digger = own.place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let ready = kim.get("/readyz").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.text().await.unwrap(), "files cannot be stored\n");
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "failed");
    let seen = kim.run(&run).await;
    assert_eq!(seen["error"]["class"], "storage");
    assert!(!seen.to_string().contains("hunter2"));
    assert!(works_on_nothing(&own.place));
}

#[tokio::test]
async fn a_file_that_was_damaged_in_its_bucket_is_not_sent() {
    let bucket = Bucket::start().await.unwrap();
    let own = place_with(Db::Sqlite, &bucket, bucket.secret_access_key()).await;
    let place = &own.place;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let folder = bucket.path("sales/results");
    let name = files_below(&folder).remove(0);
    let file = std::fs::File::options()
        .write(true)
        .open(folder.join(name))
        .unwrap();
    file.set_len(10).unwrap();
    let seen = kim.run(&run).await;
    let href = seen["result"]["files"][0]["href"].as_str().unwrap();
    assert_eq!(kim.get(href).await.status(), StatusCode::NOT_FOUND);
}
