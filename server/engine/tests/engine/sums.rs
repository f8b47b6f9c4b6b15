//! What closed partitions contribute to a query that only adds up is kept, and never serves what it
//! is not.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::SystemTime;

use engine::{Inventory, KeptAs, KeptFile, Outcome, execute};
use tokio_util::sync::CancellationToken;

use crate::harness::{Shop, report, seconds, sheet};

/// Seoul's 20 March: January and February are closed, March is not.
const MARCH: &str = "2026-03-20T00:00:00Z";

const WINTER: (&str, &str) = ("period", "2025-12-01 .. 2026-04-01");

fn monthly(sql: &str) -> String {
    format!(
        r#"/*--- report
title = "Sums"
timezone = "Asia/Seoul"

[params.period]
label = "Days"
type = "period"
default = "previous month"

[params.least]
label = "Least"
type = "integer"
default = 0
---*/

-- name: orders
-- source: shop
-- partition: ordered_at by month over period lookback 3 days
SELECT id, ordered_at, region_code, total_cents, price, weight, is_paid, note FROM orders
WHERE ordered_at >= :partition.from AND ordered_at < :partition.until;

-- name: result
-- engine: polars
{sql};

/*--- workbook
[[sheet]]
name = "Result"
query = "result"
---*/
"#
    )
}

const BY_REGION: &str =
    "SELECT region_code, COUNT(*) AS orders, SUM(total_cents) AS cents, SUM(price) AS price,
       COUNT(price) AS priced, MIN(ordered_at) AS first, MAX(note) AS note,
       SUM(CASE WHEN is_paid THEN 1 ELSE 0 END) AS paid
FROM orders GROUP BY region_code ORDER BY region_code";

/// The database's own answer to the same.
async fn by_region(shop: &Shop) -> Vec<Vec<String>> {
    shop.answer(&format!(
        "SELECT region_code, CAST(COUNT(*) AS TEXT), CAST(SUM(total_cents) AS TEXT),
                rtrim(rtrim(printf('%.2f', SUM(CAST(round(price * 100) AS INTEGER)) / 100.0), '0'), '.'),
                CAST(COUNT(price) AS TEXT), {}, MAX(note), CAST(SUM(is_paid) AS TEXT)
         FROM orders GROUP BY region_code ORDER BY region_code",
        seconds("MIN(ordered_at)")
    ))
    .await
}

async fn run(shop: &Shop, text: &str) -> Outcome {
    shop.execute_at(MARCH, text, &[WINTER])
        .await
        .unwrap_or_else(|error| panic!("{}", error.chain()))
}

fn result(outcome: &Outcome) -> Vec<Vec<String>> {
    sheet(outcome, "Result").1
}

fn kept_sums(shop: &Shop) -> Vec<KeptFile> {
    let mut files = Inventory::below(&shop.stage()).files().unwrap();
    files.retain(|file| file.kept_as == KeptAs::Sums);
    files
}

fn names(files: &[KeptFile]) -> Vec<String> {
    let name = |file: &KeptFile| file.manifest.clone().unwrap().partition.unwrap().name;
    files.iter().map(name).collect()
}

fn manifest_of(shop: &Shop, file: &KeptFile) -> PathBuf {
    shop.stage()
        .join("kept")
        .join(format!("sums-{}.json", file.fingerprint))
}

/// Makes the kept sums look as if nobody had used them for long.
fn forget_use(shop: &Shop) {
    for file in kept_sums(shop) {
        let manifest = File::options()
            .write(true)
            .open(manifest_of(shop, &file))
            .unwrap();
        manifest.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
}

fn used(shop: &Shop) -> usize {
    let is_used = |file: &&KeptFile| file.used_at.as_second() > 0;
    kept_sums(shop).iter().filter(is_used).count()
}

#[tokio::test]
async fn sums_of_closed_months_are_kept_and_what_comes_later_is_added() {
    let shop = Shop::usual().await;
    let text = monthly(BY_REGION);
    assert_eq!(result(&run(&shop, &text).await), by_region(&shop).await);
    let files = kept_sums(&shop);
    assert_eq!(names(&files), ["2025-12", "2026-01", "2026-02"]);
    let inventory = Inventory::below(&shop.stage());
    for file in &files {
        assert_eq!(inventory.verify(file), None);
    }

    forget_use(&shop);
    shop.run("INSERT INTO orders VALUES (7, '26', '2026-03-05 10:00:00', NULL, 50, '0.50', NULL, 1, 'zz')")
        .await;
    assert_eq!(result(&run(&shop, &text).await), by_region(&shop).await);
    assert_eq!(used(&shop), 3);
    assert_eq!(kept_sums(&shop).len(), 3);
}

#[tokio::test]
async fn the_answer_is_made_of_what_is_kept() {
    let shop = Shop::usual().await;
    let text = monthly(BY_REGION);
    run(&shop, &text).await;
    // Whoever gives January the sums of February, checksum and all, sees February twice.
    let files = kept_sums(&shop);
    let (january, february) = (&files[1], &files[2]);
    let read = |file: &KeptFile| -> serde_json::Value {
        serde_json::from_slice(&fs::read(manifest_of(&shop, file)).unwrap()).unwrap()
    };
    let (mut forged, real) = (read(january), read(february));
    for field in ["rows", "bytes", "sha256"] {
        forged[field] = real[field].clone();
    }
    let kept = shop.stage().join("kept");
    let file = |manifest: &serde_json::Value| kept.join(manifest["file"].as_str().unwrap());
    fs::copy(file(&real), file(&forged)).unwrap();
    fs::write(manifest_of(&shop, january), forged.to_string()).unwrap();
    let expected = shop
        .answer(
            "SELECT region_code, CAST(COUNT(*) AS TEXT), CAST(SUM(total_cents) AS TEXT) FROM (
                 SELECT * FROM orders WHERE ordered_at >= '2026-02-01'
                 UNION ALL SELECT * FROM orders WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-03-01')
             GROUP BY region_code ORDER BY region_code",
        )
        .await;
    let rows = result(&run(&shop, &text).await);
    assert_eq!(
        rows.iter().map(|row| row[..3].to_vec()).collect::<Vec<_>>(),
        expected
    );
}

#[tokio::test]
async fn sums_belong_to_their_query_and_to_its_values() {
    let shop = Shop::usual().await;
    run(&shop, &monthly(BY_REGION)).await;
    let only_paid = monthly(&BY_REGION.replace("FROM orders", "FROM orders WHERE is_paid"));
    let paid = result(&run(&shop, &only_paid).await);
    assert_eq!(kept_sums(&shop).len(), 6);
    let expected = shop
        .answer("SELECT CAST(COUNT(*) AS TEXT) FROM orders WHERE is_paid GROUP BY region_code ORDER BY region_code")
        .await;
    assert_eq!(
        paid.iter()
            .map(|row| vec![row[1].clone()])
            .collect::<Vec<_>>(),
        expected
    );

    let text =
        monthly(&BY_REGION.replace("FROM orders", "FROM orders WHERE total_cents >= :least"));
    for (least, files) in [("100", 9), ("700", 12), ("100", 12)] {
        let outcome = shop
            .execute_at(MARCH, &text, &[WINTER, ("least", least)])
            .await
            .unwrap();
        let expected = shop
            .answer(&format!(
                "SELECT CAST(SUM(total_cents) AS TEXT) FROM orders WHERE total_cents >= {least}
                 GROUP BY region_code ORDER BY region_code"
            ))
            .await;
        let cents: Vec<_> = result(&outcome)
            .iter()
            .map(|row| vec![row[2].clone()])
            .collect();
        assert_eq!(cents, expected, "{least}");
        assert_eq!(kept_sums(&shop).len(), files, "{least}");
    }
}

#[tokio::test]
async fn damaged_sums_are_made_again() {
    let shop = Shop::usual().await;
    let text = monthly(BY_REGION);
    run(&shop, &text).await;
    let files = kept_sums(&shop);
    let path = |file: &KeptFile| {
        shop.stage()
            .join("kept")
            .join(&file.manifest.as_ref().unwrap().file)
    };
    let mut bytes = fs::read(path(&files[1])).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path(&files[1]), bytes).unwrap();
    fs::remove_file(path(&files[2])).unwrap();
    assert_eq!(result(&run(&shop, &text).await), by_region(&shop).await);
    let inventory = Inventory::below(&shop.stage());
    let sound: Vec<_> = kept_sums(&shop)
        .iter()
        .map(|file| inventory.verify(file))
        .collect();
    assert_eq!(sound, [None, None, None]);
}

#[tokio::test]
async fn months_that_are_read_again_have_sums_of_their_own() {
    let shop = Shop::usual().await;
    let text = monthly(BY_REGION);
    run(&shop, &text).await;
    let inventory = Inventory::below(&shop.stage());
    for file in inventory.files().unwrap() {
        if file.kept_as == KeptAs::Partition {
            inventory.drop(&file).unwrap();
        }
    }
    shop.run("UPDATE orders SET total_cents = total_cents * 2")
        .await;
    assert_eq!(result(&run(&shop, &text).await), by_region(&shop).await);
}

#[tokio::test]
async fn sums_stay_within_the_budget_like_everything_else() {
    let shop = Shop::usual().await;
    let report = report(&monthly(BY_REGION));
    let mut job = shop.job(&report, &[WINTER]);
    job.run.started = MARCH.parse().unwrap();
    job.stage_bytes = 0;
    let outcome = execute(job, &|_| (), CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(result(&outcome), by_region(&shop).await);
    assert!(Inventory::below(&shop.stage()).files().unwrap().is_empty());
    assert_eq!(fs::read_dir(shop.stage().join("kept")).unwrap().count(), 0);
}

#[tokio::test]
async fn what_is_rounded_or_no_sum_is_computed_from_all_rows() {
    let shop = Shop::usual().await;
    for (sql, own) in [
        (
            "SELECT region_code, SUM(weight) AS x FROM orders GROUP BY region_code ORDER BY region_code",
            "SELECT region_code, rtrim(rtrim(printf('%.3f', SUM(weight)), '0'), '.') FROM orders GROUP BY 1 ORDER BY 1",
        ),
        (
            "SELECT region_code, COUNT(DISTINCT is_paid) AS x FROM orders GROUP BY region_code ORDER BY region_code",
            "SELECT region_code, CAST(COUNT(DISTINCT is_paid) AS TEXT) FROM orders GROUP BY 1 ORDER BY 1",
        ),
    ] {
        for _ in 0..2 {
            assert_eq!(
                result(&run(&shop, &monthly(sql)).await),
                shop.answer(own).await,
                "{sql}"
            );
        }
        assert!(kept_sums(&shop).is_empty(), "{sql}");
    }
}

#[tokio::test]
async fn queries_of_many_shapes_answer_alike_from_kept_sums() {
    let shop = Shop::usual().await;
    for (number, (sql, own)) in [
        (
            // An alias that is a column, too.
            "SELECT UPPER(region_code) AS note, COUNT(*) AS x FROM orders GROUP BY UPPER(region_code) ORDER BY note",
            "SELECT region_code, CAST(COUNT(*) AS TEXT) FROM orders GROUP BY 1 ORDER BY 1",
        ),
        (
            "SELECT region_code, AVG(total_cents) > 300 AS big FROM orders GROUP BY region_code ORDER BY region_code",
            "SELECT region_code, CASE WHEN AVG(total_cents) > 300 THEN '1' ELSE '0' END FROM orders GROUP BY 1 ORDER BY 1",
        ),
        (
            "SELECT COUNT(*) AS n, SUM(total_cents) AS cents, MAX(note) AS note FROM orders WHERE note = 'nobody'",
            "SELECT CAST(COUNT(*) AS TEXT), CAST(SUM(total_cents) AS TEXT), MAX(note) FROM orders WHERE note = 'nobody'",
        ),
        (
            "SELECT MONTH(ordered_at) AS m, SUM(total_cents) / COUNT(*) > 300 AS big FROM orders
             GROUP BY m HAVING COUNT(*) > 1 ORDER BY m DESC LIMIT 2",
            "SELECT CAST(CAST(strftime('%m', ordered_at) AS INTEGER) AS TEXT), CAST(SUM(total_cents) * 1.0 / COUNT(*) > 300 AS TEXT)
             FROM orders GROUP BY 1 HAVING COUNT(*) > 1 ORDER BY 1 DESC LIMIT 2",
        ),
        (
            "SELECT is_paid, region_code AS \"지역\", MIN(o.total_cents) AS least FROM orders AS o
             GROUP BY is_paid, o.region_code ORDER BY \"지역\", is_paid",
            "SELECT CAST(is_paid AS TEXT), region_code, CAST(MIN(total_cents) AS TEXT) FROM orders
             GROUP BY is_paid, region_code ORDER BY region_code, is_paid",
        ),
        (
            "SELECT COALESCE(note, '-') AS what, COUNT(*) - COUNT(price) AS unpriced FROM orders
             GROUP BY COALESCE(note, '-') ORDER BY what",
            "SELECT COALESCE(note, '-'), CAST(COUNT(*) - COUNT(price) AS TEXT) FROM orders GROUP BY 1 ORDER BY 1",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let expected = shop.answer(own).await;
        for _ in 0..2 {
            assert_eq!(result(&run(&shop, &monthly(sql)).await), expected, "{sql}");
        }
        assert_eq!(kept_sums(&shop).len(), 3 * (number + 1), "{sql}");
    }
}
