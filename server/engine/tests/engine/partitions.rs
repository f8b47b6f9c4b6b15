//! `partition`: closed partitions are read once, and never serve what they are not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::{EngineError, Inventory, KeptAs, Outcome, execute};
use tokio_util::sync::CancellationToken;

use crate::harness::{Shop, report, sheet};

/// Seoul's 20 March: January and February are closed, March is not.
const MARCH: &str = "2026-03-20T00:00:00Z";

const WINTER: (&str, &str) = ("period", "2025-11-01 .. 2026-04-01");

const MONTHLY: &str = r#"/*--- report
title = "Orders"
timezone = "Asia/Seoul"

[params.period]
label = "Days"
type = "period"
default = "previous month"
---*/

-- name: orders
-- source: shop
-- partition: ordered_at by month over period lookback 3 days
SELECT id, ordered_at, region_code, total_cents, price FROM orders
WHERE ordered_at >= :partition.from AND ordered_at < :partition.until
ORDER BY id;

-- name: by_region
-- engine: polars
SELECT region_code, SUM(total_cents) AS total, COUNT(*) AS orders
FROM orders GROUP BY region_code ORDER BY region_code;

/*--- workbook
[[sheet]]
name = "Orders"
query = "orders"

[[sheet]]
name = "Regions"
query = "by_region"
---*/
"#;

async fn run(shop: &Shop, text: &str) -> Outcome {
    shop.execute_at(MARCH, text, &[WINTER]).await.unwrap()
}

fn column(outcome: &Outcome, place: usize) -> Vec<String> {
    let (_, rows) = sheet(outcome, "Orders");
    rows.into_iter().map(|mut row| row.remove(place)).collect()
}

#[tokio::test]
async fn closed_partitions_are_read_once_and_the_open_one_every_time() {
    let shop = Shop::usual().await;
    let first = run(&shop, MONTHLY).await;
    let orders = &first.blocks[0];
    assert_eq!((orders.partitions, orders.partitions_kept), (5, 0));
    assert_eq!((orders.rows_staged, orders.rows_now), (6, 6));
    assert_eq!(column(&first, 0), ["1", "2", "3", "4", "5", "6"]);

    shop.run("UPDATE orders SET total_cents = total_cents + 1000")
        .await;
    let second = run(&shop, MONTHLY).await;
    let orders = &second.blocks[0];
    assert_eq!((orders.partitions, orders.partitions_kept), (5, 4));
    assert_eq!((orders.rows_staged, orders.rows_now), (6, 1));
    assert!(!orders.from_stage);
    assert!(
        orders
            .kept_since
            .is_some_and(|since| since <= second.data_time)
    );
    assert_eq!(
        column(&second, 3),
        ["1250", "99", "100000", "333", "1", "1777"],
        "only March is read again"
    );
    // What Polars adds up is what the sheet shows.
    let (_, regions) = sheet(&second, "Regions");
    assert_eq!(regions[0], ["11", "3126", "3"]);
}

#[tokio::test]
async fn a_file_of_partitions_is_the_databases_own_answer() {
    let shop = Shop::usual().await;
    for unit in ["hour", "day", "week", "month"] {
        let text = MONTHLY.replace("by month", &format!("by {unit}"));
        for _ in 0..2 {
            let outcome = shop
                .execute_at(MARCH, &text, &[("period", "2026-01-03 .. 2026-03-05")])
                .await
                .unwrap();
            let (_, rows) = sheet(&outcome, "Regions");
            let expected = shop
                .answer(
                    "SELECT region_code, CAST(SUM(total_cents) AS TEXT), CAST(COUNT(*) AS TEXT)
                     FROM orders WHERE ordered_at >= '2026-01-03' AND ordered_at < '2026-03-05'
                     GROUP BY region_code ORDER BY region_code",
                )
                .await;
            assert_eq!(rows, expected, "{unit}");
        }
    }
}

#[tokio::test]
async fn another_period_uses_the_partitions_it_has_in_common() {
    let shop = Shop::usual().await;
    shop.execute_at(MARCH, MONTHLY, &[("period", "2026-01-01 .. 2026-02-01")])
        .await
        .unwrap();
    let longer = shop
        .execute_at(MARCH, MONTHLY, &[("period", "2026-01-01 .. 2026-03-01")])
        .await
        .unwrap();
    let orders = &longer.blocks[0];
    assert_eq!((orders.partitions, orders.partitions_kept), (2, 1));
    assert_eq!(orders.rows_staged, 5);
    // Half a month is not that month.
    let half = shop
        .execute_at(MARCH, MONTHLY, &[("period", "2026-01-01 .. 2026-01-16")])
        .await
        .unwrap();
    assert_eq!(half.blocks[0].partitions_kept, 0);
    assert_eq!(half.blocks[0].rows_staged, 1);
}

#[tokio::test]
async fn without_lookback_every_run_reads_all_and_keeps_nothing() {
    let shop = Shop::usual().await;
    let text = MONTHLY.replace(" lookback 3 days", "");
    run(&shop, &text).await;
    shop.run("UPDATE orders SET total_cents = 7").await;
    let again = run(&shop, &text).await;
    assert_eq!(again.blocks[0].partitions_kept, 0);
    assert!(column(&again, 3).iter().all(|total| total == "7"));
    assert!(Inventory::below(&shop.stage()).files().unwrap().is_empty());
}

#[tokio::test]
async fn one_viewers_rows_never_serve_another() {
    let text = MONTHLY
        .replace(
            "---*/\n\n-- name: orders",
            "[params.regions]\ntype = \"choices\"\nfrom = \"viewer.regions\"\n---*/\n\n-- name: orders",
        )
        .replace("ORDER BY id", "AND region_code = ANY(:regions) ORDER BY id");
    let shop = Shop::usual().await;
    let run_as = async |regions: &[&str]| {
        let report = report(&text);
        let mut job = shop.job_as(
            &report,
            &[WINTER],
            &BTreeMap::from([(
                "regions".to_owned(),
                regions.iter().map(|region| (*region).to_owned()).collect(),
            )]),
        );
        job.run.started = MARCH.parse().unwrap();
        execute(job, &|_| (), CancellationToken::new())
            .await
            .unwrap()
    };
    let seoul = run_as(&["11"]).await;
    assert_eq!(column(&seoul, 0), ["1", "2", "6"]);
    let busan = run_as(&["26"]).await;
    assert_eq!(busan.blocks[0].partitions_kept, 0);
    assert_eq!(column(&busan, 0), ["3", "4"]);
    let both = run_as(&["11", "26"]).await;
    assert_eq!(both.blocks[0].partitions_kept, 0);
    assert_eq!(column(&both, 0), ["1", "2", "3", "4", "6"]);
    let again = run_as(&["11"]).await;
    assert_eq!(again.blocks[0].partitions_kept, 4);
    assert_eq!(column(&again, 0), ["1", "2", "6"]);
}

#[tokio::test]
async fn a_damaged_partition_is_read_again_and_only_it() {
    for damage in [
        flip_a_byte,
        cut_the_end,
        remove_the_rows,
        spoil_the_manifest,
    ] {
        let shop = Shop::usual().await;
        run(&shop, MONTHLY).await;
        damage(&shop.stage().join("kept"), "2026-02");
        shop.run("UPDATE orders SET total_cents = 5").await;
        let after = run(&shop, MONTHLY).await;
        assert_eq!(after.blocks[0].partitions_kept, 3);
        assert_eq!(
            column(&after, 3),
            ["1250", "99", "5", "5", "5", "5"],
            "January is kept, February and March are new"
        );
        let sound = run(&shop, MONTHLY).await;
        assert_eq!(sound.blocks[0].partitions_kept, 4);
    }
}

#[tokio::test]
async fn a_column_that_changes_its_type_is_named_with_both_partitions() {
    let shop = Shop::usual().await;
    let text = MONTHLY.replace(
        "total_cents, price",
        "CASE WHEN ordered_at < '2026-02-01' THEN 1 ELSE 'x' END AS total_cents",
    );
    let text = text.replace("SUM(total_cents)", "COUNT(total_cents)");
    let error = shop.execute_at(MARCH, &text, &[WINTER]).await.unwrap_err();
    assert!(
        matches!(error, EngineError::PartitionsDiffer(_)),
        "{error:?}"
    );
    assert_eq!(error.class(), lang::FailureClass::UserSql);
    let chain = error.chain();
    assert_eq!(
        chain,
        "column `total_cents` of query `orders` is an integer in 2026-01 and a text in 2026-02"
    );
    for lang in [lang::Lang::Ko, lang::Lang::En] {
        let message = error.message().get(lang);
        for word in ["total_cents", "2026-01", "2026-02"] {
            assert!(message.contains(word), "{message}");
        }
    }
    shop.assert_clean();
}

#[tokio::test]
async fn kept_partitions_with_other_columns_than_now_are_read_again() {
    let shop = Shop::usual().await;
    let view = |total: &str| {
        format!(
            "DROP VIEW IF EXISTS sale;
             CREATE VIEW sale AS SELECT id, ordered_at, region_code, {total} AS total_cents, price FROM orders;"
        )
    };
    let text = MONTHLY.replace("FROM orders\nWHERE", "FROM sale\nWHERE");
    shop.run(&view("total_cents + 0")).await;
    run(&shop, &text).await;
    shop.run(&view("total_cents + 0.5")).await;
    let after = run(&shop, &text).await;
    assert_eq!(after.blocks[0].partitions_kept, 0);
    assert_eq!(column(&after, 3)[0], "1250.5");
    let again = run(&shop, &text).await;
    assert_eq!(again.blocks[0].partitions_kept, 4);
}

#[tokio::test]
async fn a_run_that_is_tried_again_finds_what_the_failed_one_read() {
    let shop = Shop::usual().await;
    shop.run("UPDATE orders SET total_cents = 'wrong' WHERE id = 6")
        .await;
    // A runtime of its own waits at its end for the threads that still keep a finished partition: only then
    // is it known what the failed run kept.
    let failing = || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(shop.execute_at(MARCH, MONTHLY, &[WINTER]))
    };
    let failed = std::thread::scope(|scope| scope.spawn(failing).join().unwrap());
    let error = failed.unwrap_err();
    assert_eq!(
        error.class(),
        lang::FailureClass::UserSql,
        "{}",
        error.chain()
    );
    shop.assert_clean();
    let kept = Inventory::below(&shop.stage()).files().unwrap();
    assert!(!kept.is_empty(), "partitions are kept as they finish");
    assert!(kept.iter().all(|file| file.kept_as == KeptAs::Partition));

    shop.run("UPDATE orders SET total_cents = 7").await;
    let again = run(&shop, MONTHLY).await;
    assert_eq!(again.blocks[0].partitions_kept as usize, kept.len());
    let names: Vec<_> = kept
        .iter()
        .filter_map(|file| file.manifest.as_ref()?.partition.as_ref())
        .map(|partition| partition.name.as_str())
        .collect();
    let is_old = |month| names.contains(&month);
    let totals = column(&again, 3);
    assert_eq!(totals[0] == "1250", is_old("2026-01"), "{names:?}");
    assert_eq!(totals[2] == "100000", is_old("2026-02"), "{names:?}");
    assert_eq!(totals[5], "7");
}

#[tokio::test]
async fn runs_at_the_same_time_share_partitions_and_take_turns() {
    let shop = Shop::usual().await;
    let text = MONTHLY.replace("by month", "by week");
    let all = futures::future::join_all((0..4).map(|_| run(&shop, &text))).await;
    for outcome in &all {
        assert_eq!(column(outcome, 0), ["1", "2", "3", "4", "5", "6"]);
    }
    let after = run(&shop, &text).await;
    assert_eq!(
        after.blocks[0].partitions - after.blocks[0].partitions_kept,
        3
    );
    let turns = shop.stage().join("turns/shop");
    let readers = fs::read_dir(turns)
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("reader-")
        })
        .count();
    assert_eq!(readers, 0);
}

#[tokio::test]
async fn the_row_limit_counts_all_partitions_kept_or_not() {
    let shop = Shop::usual().await;
    run(&shop, MONTHLY).await;
    let limited = MONTHLY.replace(
        "---*/\n\n-- name: orders",
        "[limits]\nrows = 5\n---*/\n\n-- name: orders",
    );
    for text in [limited.clone(), limited.replace(" lookback 3 days", "")] {
        let error = shop.execute_at(MARCH, &text, &[WINTER]).await.unwrap_err();
        assert!(
            matches!(error, EngineError::TooManyRows { limit: 5, .. }),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn what_was_used_longest_ago_goes_when_the_budget_is_spent() {
    let shop = Shop::usual().await;
    let text = rows_only();
    run(&shop, &text).await;
    let inventory = Inventory::below(&shop.stage());
    let files = inventory.files().unwrap();
    let bytes = |name: &str| {
        let manifests = files.iter().filter_map(|file| file.manifest.as_ref());
        let mut named = manifests.filter(|manifest| {
            let partition = manifest.partition.as_ref();
            partition.is_some_and(|partition| partition.name == name)
        });
        named.next().unwrap().bytes
    };
    let budget = bytes("2026-01") + bytes("2026-02");
    // January and February are used once more, then the budget shrinks to the two of them.
    let narrow = async |budget: u64| {
        let report = report(&text);
        let mut job = shop.job(&report, &[("period", "2026-01-01 .. 2026-04-01")]);
        job.run.started = MARCH.parse().unwrap();
        job.stage_bytes = budget;
        execute(job, &|_| (), CancellationToken::new())
            .await
            .unwrap()
    };
    narrow(u64::MAX).await;
    let outcome = narrow(budget).await;
    assert_eq!(outcome.blocks[0].rows_staged, 6);
    let left: Vec<_> = inventory
        .files()
        .unwrap()
        .into_iter()
        .filter_map(|file| Some(file.manifest?.partition?.name))
        .collect();
    assert_eq!(left, ["2026-01", "2026-02"]);
    let nothing = narrow(0).await;
    assert_eq!(
        nothing.blocks[0].rows_staged, 6,
        "a run never needs the budget"
    );
    assert!(inventory.files().unwrap().is_empty());
    let parquet = fs::read_dir(shop.stage().join("kept")).unwrap().count();
    assert_eq!(parquet, 0);
}

#[tokio::test]
async fn the_open_partition_is_used_again_within_the_time_of_cache() {
    let shop = Shop::usual().await;
    let text = MONTHLY.replace("-- partition:", "-- cache: 1 hour\n-- partition:");
    run(&shop, &text).await;
    shop.run("UPDATE orders SET total_cents = 7").await;
    let again = run(&shop, &text).await;
    assert!(again.blocks[0].from_stage);
    assert_eq!(again.blocks[0].partitions_kept, 5);
    assert_eq!(column(&again, 3)[5], "777");
}

#[tokio::test]
async fn verifying_reads_everything_and_dropping_leaves_nothing() {
    let shop = Shop::usual().await;
    let text = rows_only();
    run(&shop, &text).await;
    let inventory = Inventory::below(&shop.stage());
    let files = inventory.files().unwrap();
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|file| inventory.verify(file).is_none()));
    let kept = shop.stage().join("kept");
    flip_a_byte(&kept, "2025-11");
    cut_the_end(&kept, "2025-12");
    remove_the_rows(&kept, "2026-01");
    spoil_the_manifest(&kept, "2026-02");
    let files = inventory.files().unwrap();
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|file| inventory.verify(file).is_some()));
    for file in &files {
        inventory.drop(file).unwrap();
    }
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 0);
    assert_eq!(run(&shop, &text).await.blocks[0].partitions_kept, 0);
}

/// The report with a query that does more than adding up, so that only rows are kept.
fn rows_only() -> String {
    MONTHLY.replace("COUNT(*)", "COUNT(DISTINCT id)")
}

/// The manifest of a partition, and what stands in it.
fn manifest(kept: &Path, partition: &str) -> (PathBuf, serde_json::Value) {
    let entries = fs::read_dir(kept).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let json = paths.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(".json") && !name.starts_with(KeptAs::Sums.as_str())
    });
    let mut read = json.filter_map(|path| {
        let value: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).ok()?;
        Some((path, value))
    });
    read.find(|(_, value)| value["partition"]["name"] == partition)
        .unwrap()
}

fn rows(kept: &Path, partition: &str) -> PathBuf {
    kept.join(manifest(kept, partition).1["file"].as_str().unwrap())
}

/// Gives a file new bytes under its name. Its other names keep theirs, as on a disk that errs.
fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

fn flip_a_byte(kept: &Path, partition: &str) {
    let path = rows(kept, partition);
    let mut bytes = fs::read(&path).unwrap();
    bytes[20] ^= 0x40;
    replace(&path, &bytes);
}

fn cut_the_end(kept: &Path, partition: &str) {
    let path = rows(kept, partition);
    let bytes = fs::read(&path).unwrap();
    replace(&path, &bytes[..bytes.len() - 9]);
}

fn remove_the_rows(kept: &Path, partition: &str) {
    fs::remove_file(rows(kept, partition)).unwrap();
}

fn spoil_the_manifest(kept: &Path, partition: &str) {
    fs::write(manifest(kept, partition).0, "{}").unwrap();
}
