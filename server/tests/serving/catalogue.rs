//! Report files change while the server runs.

use serde_json::{Value, json};

use super::digger::{PATIENCE, Place};
use super::shop;
use super::visitor::Visitor;

const GOOD: &str = "/*--- report\ntitle = \"First\"\n[access]\nrun = [\"sales\"]\n---*/\n\n-- name: a\n-- source: shop\nSELECT 1 AS one;\n";

async fn entry(admin: &Visitor, id: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let looking = async {
        loop {
            let answer = admin
                .call("admin/reports", json!({}))
                .await
                .text()
                .await
                .unwrap();
            let view: Value = serde_json::from_str(&answer).unwrap();
            let found = view["reports"]
                .as_array()
                .unwrap()
                .iter()
                .find(|report| report["id"] == id);
            if let Some(report) = found.filter(|report| is_wanted(report)) {
                return report.clone();
            }
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .expect("the change is noticed")
}

#[tokio::test]
async fn a_broken_file_keeps_its_last_good_version_in_use_even_after_a_restart() {
    let place = Place::new().await;
    shop::write_report(&place.path("queries"), "sales/changing", GOOD);
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    entry(&admin, "sales/changing", |report| {
        report["state"] == "in_use"
    })
    .await;

    shop::write_report(
        &place.path("queries"),
        "sales/changing",
        &GOOD.replace("title", "titel"),
    );
    let broken = entry(&admin, "sales/changing", |report| {
        report["state"]["last_good"].is_object()
    })
    .await;
    assert_eq!(broken["title"], "First");
    assert!(
        broken["rendered"]
            .as_str()
            .unwrap()
            .contains("report::unknown_key"),
        "{broken:#}"
    );
    let run = kim.start("sales/changing", &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
    let home = admin.call("home", json!({})).await.text().await.unwrap();
    assert!(home.contains("\"broken_reports\":1"), "{home}");
    let home = kim.call("home", json!({})).await.text().await.unwrap();
    assert!(home.contains("\"broken_reports\":0"), "{home}");
    digger.kill();

    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    entry(&admin, "sales/changing", |report| {
        report["state"]["last_good"].is_object()
    })
    .await;
    let run = kim.start("sales/changing", &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "succeeded");

    shop::write_report(
        &place.path("queries"),
        "sales/changing",
        &GOOD.replace("First", "Second and longer"),
    );
    let fixed = entry(&admin, "sales/changing", |report| {
        report["state"] == "in_use"
    })
    .await;
    assert_eq!(fixed["title"], "Second and longer");
}

#[tokio::test]
async fn a_former_id_leads_to_the_report() {
    let place = Place::new().await;
    let moved = GOOD.replace(
        "title = \"First\"",
        "title = \"Moved\"\nformerly = [\"sales/old_name\"]",
    );
    shop::write_report(&place.path("queries"), "sales/new_name", &moved);
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let page = kim.get("/reports/sales/old_name").await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("Moved"));
    let run = kim.start("sales/old_name", &[]).await;
    assert_eq!(kim.run(&run).await["report_id"], "sales/new_name");
}

#[tokio::test]
async fn a_broken_report_is_invisible_but_for_administrators() {
    let place = Place::new().await;
    shop::write_report(
        &place.path("queries"),
        "sales/never_good",
        "/*--- report\n---*/\nSELECT 1",
    );
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    assert_eq!(kim.get("/reports/sales/never_good").await.status(), 404);
    assert_eq!(admin.get("/reports/sales/never_good").await.status(), 409);
}

/// The parser reads what it cannot read as a cast once more as a call, so that this takes it 2^40 steps.
fn endless() -> String {
    let query = format!("{}n AS{}", "CAST(".repeat(40), " AS INT)".repeat(40));
    GOOD.replace("SELECT 1 AS one;\n", "SELECT 1 AS n;\n")
        + &format!("\n-- name: b\n-- engine: polars\nSELECT {query} AS n FROM a;\n")
}

#[tokio::test]
async fn a_report_that_is_never_read_to_its_end_costs_no_other_anything() {
    let place = Place::new().await;
    shop::write_report(&place.path("queries"), "sales/endless", GOOD);
    let digger = place.serve();
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    shop::write_report(&place.path("queries"), "sales/endless", &endless());
    shop::write_report(&place.path("queries"), "sales/other", GOOD);
    // Nobody waits for it: the other report is there while it is still being read.
    let other = entry(&admin, "sales/other", |_| true).await;
    assert_eq!(other["state"], "in_use");
    let endless = entry(&admin, "sales/endless", |_| true).await;
    assert_eq!(endless["state"], "in_use", "as it was before");
    let broken = entry(&admin, "sales/endless", |report| {
        report["state"]["last_good"].is_object()
    })
    .await;
    let said = broken["rendered"].as_str().unwrap();
    assert!(said.contains("report::not_checked"), "{said}");
    assert!(said.contains("longer than 20 seconds"), "{said}");
    for id in ["sales/endless", "sales/other"] {
        let run = admin.start(id, &[]).await;
        assert_eq!(admin.finished(&run).await["state"], "succeeded", "{id}");
    }
}

#[tokio::test]
async fn a_report_with_thousands_of_mistakes_is_shown_with_the_first() {
    let place = Place::new().await;
    let digger = place.serve();
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    let many = "\n-- name: b\n-- source: shop\nSELECT 1;\n".repeat(8_000);
    shop::write_report(
        &place.path("queries"),
        "sales/many",
        &format!("{GOOD}{many}"),
    );
    let broken = entry(&admin, "sales/many", |_| true).await;
    let said = broken["rendered"].as_str().unwrap();
    assert!(said.contains("has 8001 queries"), "{said}");
    assert!(said.len() < 100_000, "{}", said.len());
}
