//! `digger run`, `check` and `demo` as scripts use them: exit codes, output, files.

use std::path::Path;
use std::process::{Command, Output};

use calamine::{Reader, Xlsx, open_workbook};

use super::digger::{Place, binary, files_below};
use super::shop;

async fn place() -> Place {
    Place::new().await
}

fn run(place: &Place, arguments: &[&str]) -> Output {
    let mut command: Command = binary();
    command
        .current_dir(place.folder.path())
        .args(arguments)
        .output()
        .unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_report_runs_without_a_server() {
    let place = place().await;
    let output = run(
        &place,
        &[
            "run",
            "sales/by_region",
            "--param",
            "period=2026-01-01 .. 2026-02-01",
            "--param",
            "regions=11",
            "--param",
            "regions=26",
            "-o",
            "out.xlsx",
            "--lang",
            "en",
            "--json",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let mut book: Xlsx<_> = open_workbook(place.path("out.xlsx")).unwrap();
    let sheet = book.worksheet_range("Regions").unwrap();
    assert_eq!(sheet.get_value((1, 0)).unwrap().to_string(), "부산");
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["file"]["rows"], 2);
    assert_eq!(outcome["file"]["path"], "out.xlsx");
    let left: Vec<_> = std::fs::read_dir(place.folder.path())
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with(".digger-run")
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_folder_takes_the_reports_own_file_name() {
    let place = place().await;
    std::fs::create_dir(place.path("out")).unwrap();
    let output = run(&place, &["run", "queries/sales/by_region.sql", "-o", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let files = files_below(&place.path("out"));
    assert_eq!(files.len(), 1);
    assert!(files[0].to_string_lossy().ends_with(".xlsx"), "{files:?}");
}

#[tokio::test]
async fn wrong_values_end_with_two_and_name_every_field() {
    let place = place().await;
    let output = run(
        &place,
        &[
            "run",
            "sales/by_region",
            "--param",
            "minimum=-1",
            "--param",
            "period=nonsense",
            "-o",
            "out.xlsx",
            "--lang",
            "en",
        ],
    );
    assert_eq!(output.status.code(), Some(2));
    let text = errors(&output);
    assert!(
        text.contains("minimum") && text.contains("period"),
        "{text}"
    );
    assert!(!place.path("out.xlsx").exists());
    let output = run(
        &place,
        &[
            "run",
            "sales/by_region",
            "--param",
            "minimum",
            "-o",
            "out.xlsx",
        ],
    );
    assert_ne!(output.status.code(), Some(0));
}

#[tokio::test]
async fn a_failing_report_ends_with_one_and_leaves_no_file() {
    let place = place().await;
    let output = run(
        &place,
        &["run", "sales/refused", "-o", "out.xlsx", "--lang", "en"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("user_sql"), "{}", errors(&output));
    assert!(!place.path("out.xlsx").exists());
    let output = run(&place, &["run", "no/such", "-o", "out.xlsx"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("there is no report `no/such`"));
}

#[tokio::test]
async fn an_interrupted_run_ends_with_130_and_leaves_no_file() {
    let place = place().await;
    let mut child = binary()
        .current_dir(place.folder.path())
        .args(["run", "sales/long", "-o", "out.xlsx"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Its first line says that the database works; then it can be interrupted.
    let mut first = [0; 1];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut first).unwrap();
    super::digger::signal(child.id(), rustix::process::Signal::INT);
    let status = super::digger::until("the command has ended", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(130));
    assert!(!place.path("out.xlsx").exists());
}

#[tokio::test]
async fn check_prints_every_problem_of_every_file_and_ends_with_one() {
    let place = place().await;
    let output = run(&place, &["check", "queries"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        errors(&output)
    );
    shop::write_report(
        &place.path("queries"),
        "sales/broken",
        "/*--- report\ntitel = \"x\"\n---*/\n\n-- name: a\n-- source: shp\nSELECT 1 AS one;\n",
    );
    shop::write_report(&place.path("queries"), "sales/Bad", "SELECT 1");
    let output = run(&place, &["check", "queries"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("report::unknown_key") && text.contains("queries/sales/broken.sql:2"),
        "{text}"
    );
    assert!(text.contains("report::bad_id"), "{text}");

    let output = run(&place, &["check", "queries", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let problems: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let unknown = problems
        .as_array()
        .unwrap()
        .iter()
        .find(|problem| problem["code"] == "report::unknown_key")
        .unwrap();
    assert_eq!(unknown["report"], "sales/broken");
    assert_eq!(unknown["severity"], "error");
}

#[tokio::test]
async fn check_online_asks_the_source() {
    let place = place().await;
    let output = run(&place, &["check", "queries", "--online"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("no_such_table"), "{text}");
    assert!(
        text.contains("report::unknown_column") && text.contains("nmae"),
        "{text}"
    );
    assert!(!text.contains("by_region.sql"), "{text}");
}

#[tokio::test]
async fn sources_are_tested_one_by_one_without_secrets() {
    let place = place().await;
    let output = run(&place, &["sources"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.starts_with("shop: SQLite 3.") && text.contains("cannot be written to"),
        "{text}"
    );
    // Port 1 belongs to nobody.
    let crm = "crm=postgres://me:hunter2@127.0.0.1:1/crm";
    let output = run(&place, &["sources", "--source", crm]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("crm: the source `crm` cannot be reached: 127.0.0.1:1/crm does not answer"),
        "{text}"
    );
    assert!(!text.contains("hunter2") && !errors(&output).contains("hunter2"));
}

#[tokio::test]
async fn a_sign_in_that_reads_files_of_its_server_is_told_of_and_can_be_forbidden() {
    let database = testbed::postgres().database().unwrap();
    let place = place().await;
    for (url, is_forbidden, status) in [
        (&database.administrator, false, 0),
        (&database.administrator, true, 1),
        (&database.reader, true, 0),
    ] {
        place.configure(&format!("forbid_file_access = {is_forbidden}"));
        let output = run(&place, &["sources", "--source", &format!("pg={url}")]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(status), "{text}");
        let is_told = text.contains("may read files of that server (it is a superuser)");
        assert_eq!(is_told, url == &database.administrator, "{text}");
    }
}

#[tokio::test]
async fn an_unknown_source_is_named_with_those_that_exist() {
    let place = place().await;
    let text =
        "/*--- report\ntitle = \"x\"\n---*/\n\n-- name: a\n-- source: shp\nSELECT 1 AS one;\n";
    shop::write_report(&place.path("queries"), "sales/elsewhere", text);
    let output = run(&place, &["check", "queries/sales/elsewhere.sql"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("report::unknown_source") && text.contains("shop"),
        "{text}"
    );
}

#[tokio::test]
async fn wrong_settings_are_all_named_at_once_without_secrets() {
    let place = place().await;
    place.configure("lisen = \"x\"\n[limits]\nruns_per_user = 0\n[sources.crm]\nurl = \"postgres://me:hunter2@db/crm\"\nzone = \"Asia/Soul\"\n");
    let output = run(&place, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(2));
    let text = errors(&output);
    for part in ["lisen", "runs_per_user", "Asia/Soul"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn the_demo_shop_is_made_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("shop.sqlite");
    let output = binary()
        .args(["demo", "--orders", "1000", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert!(std::fs::metadata(&out).unwrap().len() > 10_000);
    let output = binary()
        .args(["demo", "--out"])
        .arg(Path::new("/dev/null/shop.sqlite"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
}
