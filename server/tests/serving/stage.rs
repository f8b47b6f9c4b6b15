//! Rows kept between runs: what people read before they run, and what operators do about them.

use std::path::{Path, PathBuf};
use std::process::Output;

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use super::digger::{Place, binary};
use super::shop;
use super::visitor::Visitor;

const MONTHLY: &str = "sales/monthly";

const YEAR: (&str, &str) = ("params[period]", "2025-01-01 .. 2026-01-01");

#[tokio::test]
async fn before_run_people_read_what_is_here_already() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let page = async |query: &str| {
        let answer = kim.get(&format!("/reports/{MONTHLY}{query}")).await;
        answer.text().await.unwrap()
    };
    let sentence = "12개월 데이터를 모두 새로 읽습니다";
    assert!(page("").await.contains(sentence));

    let run = kim.start(MONTHLY, &[YEAR]).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = kim.run(&run).await;
    assert_eq!(seen["result"]["blocks"][0]["partitions"], json!([0, 12]));
    assert!(page("").await.contains("12개월 데이터가 모두 이미 있어"));

    // Half of another year is here: 184 days with 552 orders suggest 543 in the other 181 days.
    let later = "?params[period]=2025-07-01%20..%202026-07-01";
    let half = "12개월 중 6개월은 이미 있습니다 · 읽을 행은 약 540개";
    let shown = page(later).await;
    assert!(shown.contains(half), "{shown}");
    let staged = async |input: Value| -> Value {
        let arguments = json!({ "report": MONTHLY, "input": input });
        let answer = kim.call("form/staged", arguments).await;
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    let counted = staged(json!({ "period": ["2025-07-01 .. 2026-07-01"] })).await;
    assert_eq!(
        counted,
        json!({ "unit": "month", "all": 12, "kept": 6, "rows": 543, "sentence": half })
    );
    // Another value is another answer, and a value that cannot be read gives no numbers.
    let other = json!({ "period": ["2025-01-01 .. 2026-01-01"], "minimum": ["5"] });
    assert_eq!(staged(other).await["kept"], 0);
    assert_eq!(staged(json!({ "period": ["nonsense"] })).await["all"], 0);
    let none = kim
        .call(
            "form/staged",
            json!({ "report": "sales/by_region", "input": {} }),
        )
        .await;
    assert_eq!(none.text().await.unwrap(), "null");
}

#[tokio::test]
async fn a_second_run_reads_only_what_is_not_here() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start(MONTHLY, &[YEAR]).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let mut database = shop::open(&place.path("shop.sqlite")).await;
    sqlx::query("UPDATE orders SET total_cents = 1")
        .execute(&mut database)
        .await
        .unwrap();
    let run = kim
        .start(MONTHLY, &[("params[period]", "2025-12-01 .. 2026-02-01")])
        .await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let seen = kim.run(&run).await;
    let block = &seen["result"]["blocks"][0];
    assert_eq!(block["partitions"], json!([1, 2]));
    assert_eq!(block["rows"], 62 * 3);
}

#[tokio::test]
async fn an_operator_lists_verifies_and_drops() {
    let place = Place::new().await;
    let run = |period: &str| {
        let period = format!("period={period}");
        let arguments = [
            "run",
            MONTHLY,
            "--param",
            &period,
            "-o",
            "out.xlsx",
            "--stage",
            "data/stage",
            "--json",
        ];
        succeeded(digger(&place, &arguments))
    };
    let first = run("2025-01-01 .. 2025-04-01");
    assert_eq!(first["blocks"][0]["partitions_kept"], 0);
    let second = run("2025-01-01 .. 2025-05-01");
    assert_eq!(second["blocks"][0]["partitions_kept"], 3);
    let mut book: Xlsx<_> = open_workbook(place.path("out.xlsx")).unwrap();
    assert_eq!(book.worksheet_range("Regions").unwrap().height(), 4);

    let listed = digger(&place, &["stage", "list"]);
    let text = String::from_utf8(listed.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Four months of rows, and what each adds to the sums by region.
    assert_eq!(lines.len(), 9, "{text}");
    for word in ["sales/monthly", "by_region", "shop", "sums", "2025-01"] {
        assert!(lines[1].contains(word), "`{word}` is missing in {text}");
    }
    for word in [
        "sales/monthly",
        "orders",
        "shop",
        "partition",
        "2025-01",
        "93",
    ] {
        assert!(lines[5].contains(word), "`{word}` is missing in {text}");
    }
    assert!(lines[8].contains("2025-04"), "by partition: {text}");
    let files = json_of(digger(&place, &["stage", "list", "--json"]));
    assert_eq!(files.as_array().unwrap().len(), 8);
    assert_eq!(files[4]["manifest"]["rows"], 93);

    let verified = digger(&place, &["stage", "verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", errors(&verified));
    flip_a_byte(&rows_of(&place, &files[5]));
    let verified = digger(&place, &["stage", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    let text = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(text.contains("sales/monthly orders 2025-02"), "{text}");
    let checked: Value =
        serde_json::from_slice(&digger(&place, &["stage", "verify", "--json"]).stdout).unwrap();
    let problems = checked.as_array().unwrap().iter();
    assert_eq!(
        problems.filter(|file| !file["problem"].is_null()).count(),
        1
    );
    let again = run("2025-01-01 .. 2025-05-01");
    assert_eq!(again["blocks"][0]["partitions_kept"], 3);
    let verified = digger(&place, &["stage", "verify"]);
    assert_eq!(
        verified.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );

    let left = || {
        let files = json_of(digger(&place, &["stage", "list", "--json"]));
        files.as_array().unwrap().len()
    };
    assert_eq!(digger(&place, &["stage", "drop"]).status.code(), Some(2));
    for kept in [
        vec!["stage", "drop", "--report", "sales/other"],
        vec!["stage", "drop", "--report", MONTHLY, "--source", "crm"],
        vec!["stage", "drop", "--older-than", "1 day"],
    ] {
        assert_eq!(digger(&place, &kept).status.code(), Some(0));
        assert_eq!(left(), 8, "{kept:?}");
    }
    let wrong = digger(&place, &["stage", "drop", "--older-than", "soon"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(errors(&wrong).contains("soon"));
    let dropped = digger(
        &place,
        &["stage", "drop", "--report", MONTHLY, "--source", "shop"],
    );
    assert_eq!(dropped.status.code(), Some(0));
    assert!(errors(&dropped).contains("8 files"), "{}", errors(&dropped));
    assert_eq!(left(), 0);
    let empty = std::fs::read_dir(place.data().join("stage/kept")).unwrap();
    assert_eq!(empty.count(), 0);
    assert_eq!(
        digger(&place, &["stage", "drop", "--all"]).status.code(),
        Some(0)
    );
}

#[tokio::test]
async fn a_mistake_in_the_sql_is_shown_at_its_place_in_the_file() {
    let place = Place::new().await;
    let text = "/*--- report\ntitle = \"Wrong\"\n---*/\n\n-- name: wrong\n-- source: shop\n-- 설명.\nSELECT id, -- 번호\n       no_such AS x\nFROM orders\n";
    shop::write_report(&place.path("queries"), "sales/wrong", text);
    let output = digger(
        &place,
        &["run", "sales/wrong", "-o", "out.xlsx", "--lang", "en"],
    );
    assert_eq!(output.status.code(), Some(1));
    let said = errors(&output);
    assert!(
        said.contains("at line 9, character 8 of the report file"),
        "{said}"
    );
    assert!(
        said.contains("9 |        no_such AS x\n    |        ^"),
        "{said}"
    );
    let output = digger(&place, &["check", "--online", "queries/sales/wrong.sql"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("wrong.sql:9:8"), "{said}");
}

fn digger(place: &Place, arguments: &[&str]) -> Output {
    binary()
        .current_dir(place.folder.path())
        .args(arguments)
        .output()
        .unwrap()
}

fn succeeded(output: Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    json_of(output)
}

fn json_of(output: Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn rows_of(place: &Place, file: &Value) -> PathBuf {
    let name = file["manifest"]["file"].as_str().unwrap();
    place.data().join("stage/kept").join(name)
}

fn flip_a_byte(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[20] ^= 0x40;
    std::fs::write(path, bytes).unwrap();
}
