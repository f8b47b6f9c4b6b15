//! `cache`: an answer is used again for so long, and only when it is the same answer, unharmed.

use std::fs;

use crate::harness::Shop;

const CACHED: &str = r#"/*--- report
title = "Regions"

[params.least]
label = "Least"
type = "integer"
default = 0
---*/

-- name: orders
-- source: shop
-- cache: 1 hour
SELECT id, total_cents FROM orders WHERE total_cents >= :least ORDER BY id;
"#;

#[tokio::test]
async fn an_answer_is_used_again_within_its_time_and_read_again_after_it() {
    let shop = Shop::usual().await;
    let first = shop.execute(CACHED, &[]).await.unwrap();
    assert!(!first.blocks[0].from_stage);
    shop.run("DELETE FROM orders WHERE id = 1").await;

    let second = shop.execute(CACHED, &[]).await.unwrap();
    assert!(second.blocks[0].from_stage);
    assert_eq!(second.file.rows, 6);
    assert_eq!(second.data_time, first.data_time);

    let later = shop.execute_later(CACHED, &[]).await.unwrap();
    assert!(!later.blocks[0].from_stage);
    assert_eq!(later.file.rows, 5);
}

#[tokio::test]
async fn runs_at_the_same_time_may_keep_the_same_answer() {
    let shop = Shop::usual().await;
    let all = futures::future::join_all((0..4).map(|_| shop.execute(CACHED, &[]))).await;
    assert!(
        all.into_iter()
            .all(|outcome| outcome.unwrap().blocks[0].rows_staged == 6)
    );
    assert!(
        shop.execute(CACHED, &[]).await.unwrap().blocks[0].from_stage,
        "one of the four was kept"
    );
}

#[tokio::test]
async fn other_values_never_share_an_answer() {
    let shop = Shop::usual().await;
    shop.execute(CACHED, &[]).await.unwrap();
    let other = shop.execute(CACHED, &[("least", "1000")]).await.unwrap();
    assert!(!other.blocks[0].from_stage);
    assert_eq!(other.file.rows, 2);
    assert!(shop.execute(CACHED, &[]).await.unwrap().blocks[0].from_stage);
}

#[tokio::test]
async fn without_the_key_every_run_reads_again() {
    let shop = Shop::usual().await;
    let text = CACHED.replace("-- cache: 1 hour\n", "");
    shop.execute(&text, &[]).await.unwrap();
    shop.run("DELETE FROM orders WHERE id = 1").await;
    let again = shop.execute(&text, &[]).await.unwrap();
    assert!(!again.blocks[0].from_stage);
    assert_eq!(again.file.rows, 5);
    assert!(!shop.stage().join("kept").exists());
}

#[tokio::test]
async fn a_damaged_answer_is_read_again_and_replaced() {
    let shop = Shop::usual().await;
    for damage in [flip_a_byte, cut_the_end, remove_the_rows, spoil_the_note] {
        shop.execute(CACHED, &[]).await.unwrap();
        let kept = shop.stage().join("kept");
        damage(&kept);
        let after = shop.execute(CACHED, &[]).await.unwrap();
        assert!(!after.blocks[0].from_stage);
        assert_eq!(after.file.rows, 6);
        assert!(shop.execute(CACHED, &[]).await.unwrap().blocks[0].from_stage);
    }
}

#[tokio::test]
async fn answers_nobody_may_use_any_more_are_removed() {
    let shop = Shop::usual().await;
    let brief = CACHED.replace("1 hour", "1 second");
    shop.execute(&brief, &[]).await.unwrap();
    let kept = shop.stage().join("kept");
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 2);
    let note = fs::read_to_string(only(&kept, "json")).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(&note).unwrap();
    old["expires"] = "2020-01-01T00:00:00Z".into();
    fs::write(only(&kept, "json"), old.to_string()).unwrap();
    shop.execute(
        &brief
            .replace("total_cents FROM", "total_cents, note FROM")
            .replace("-- cache: 1 second\n", ""),
        &[],
    )
    .await
    .unwrap();
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 0);
}

fn only(folder: &std::path::Path, extension: &str) -> std::path::PathBuf {
    let mut paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    paths
        .find(|path| path.extension().is_some_and(|found| found == extension))
        .unwrap()
}

fn flip_a_byte(kept: &std::path::Path) {
    let path = only(kept, "parquet");
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 0x40;
    fs::write(&path, bytes).unwrap();
}

fn cut_the_end(kept: &std::path::Path) {
    let path = only(kept, "parquet");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
}

fn remove_the_rows(kept: &std::path::Path) {
    fs::remove_file(only(kept, "parquet")).unwrap();
}

fn spoil_the_note(kept: &std::path::Path) {
    fs::write(only(kept, "json"), "{}").unwrap();
}
