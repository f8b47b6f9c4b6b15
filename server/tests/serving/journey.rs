//! The main job, end to end over HTTP: sign in, fill the form, watch, download, compare.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_RANGE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::digger::Place;
use super::shop;
use super::visitor::{Event, JANUARY, LARGE, Visitor};

#[tokio::test]
async fn a_sales_person_gets_the_workbook_the_database_would_give() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let page = kim
        .get("/reports/sales/by_region")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("지역별 매출") && page.contains("서울"),
        "the form shows its options"
    );

    let run = kim
        .start(
            "sales/by_region",
            &[
                ("params[period]", "2026-01-01 .. 2026-02-01"),
                ("params[regions]", "11"),
                ("params[regions]", "=1+1"),
                ("params[minimum]", "2000"),
            ],
        )
        .await;
    let events = kim
        .follow(&run, "succeeded", |live| live["state"] == "succeeded")
        .await;
    assert!(
        events.windows(2).all(|pair| pair[0].id <= pair[1].id),
        "event numbers never go back"
    );
    assert!(events.iter().all(|event| event.name == "run"));

    let seen = kim.run(&run).await;
    let file = &seen["result"]["files"][0];
    let answer = kim.get(file["href"].as_str().unwrap()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.headers()["content-type"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    let disposition = answer.headers()[CONTENT_DISPOSITION]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        disposition.contains("filename*=UTF-8''%EC%A7%80"),
        "a Korean name: {disposition}"
    );
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(
        hex::encode(Sha256::digest(&bytes)),
        file["sha256"].as_str().unwrap()
    );

    let mut database = shop::open(&place.path("shop.sqlite")).await;
    let expected: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT r.name, COUNT(*), SUM(o.total_cents)
           FROM orders o JOIN region r ON r.code = o.region_code
          WHERE o.ordered_on >= '2026-01-01' AND o.ordered_on < '2026-02-01'
            AND o.region_code IN ('11', '=1+1') AND o.total_cents >= 2000
          GROUP BY r.name ORDER BY r.name",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    assert_eq!(expected.len(), 2);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range("지역").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(
        rows[0],
        ["지역", "주문", "금액"].map(|title| Data::String(title.to_owned()))
    );
    for (row, (region, orders, cents)) in rows[1..].iter().zip(&expected) {
        assert_eq!(
            row[0],
            Data::String(region.clone()),
            "a name that looks like a formula stays a text"
        );
        assert_eq!(number(&row[1]), *orders as f64);
        assert_eq!(number(&row[2]), *cents as f64);
    }
    let total: i64 = expected.iter().map(|(_, _, cents)| cents).sum();
    let shown: String = total_on_page(&seen, "금액")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(shown, total.to_string());
    let page = kim.get(&format!("/runs/{run}")).await.text().await.unwrap();
    assert!(
        page.contains("=1+1") && page.contains("<svg"),
        "preview and chart are on the page without JavaScript"
    );
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(value) => *value,
        Data::Int(value) => *value as f64,
        other => panic!("{other:?} is not a number"),
    }
}

fn total_on_page(run: &serde_json::Value, title: &str) -> String {
    let totals = run["result"]["totals"].as_array().unwrap();
    let total = totals.iter().find(|total| total["title"] == title).unwrap();
    total["value"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_for_the_next_period_stands_beside_the_one_before() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let january = kim.start("sales/by_region", &JANUARY).await;
    kim.finished(&january).await;
    let answer = kim
        .post(&format!("/runs/{january}/again"), &[("shift", "1")])
        .await;
    let february = answer.headers()["location"]
        .to_str()
        .unwrap()
        .strip_prefix("/runs/")
        .unwrap()
        .to_owned();
    assert_eq!(kim.finished(&february).await["state"], "succeeded");
    let seen = kim.run(&february).await;
    assert_eq!(
        seen["result"]["compared_with"][0],
        january.as_str(),
        "{seen:#}"
    );
    let january_total = total_on_page(&kim.run(&january).await, "금액");
    let totals = seen["result"]["totals"].as_array().unwrap();
    let cents = totals
        .iter()
        .find(|total| total["title"] == "금액")
        .unwrap();
    assert_eq!(cents["previous"], january_total.as_str());
    assert_eq!(cents["direction"], "down", "February is shorter");
    assert!(
        seen["chips"].to_string().contains("2026-02-01"),
        "{}",
        seen["chips"]
    );
    assert!(
        seen["shift"]["previous"]
            .as_str()
            .unwrap()
            .contains("2026-01-31")
    );
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    kim.finished(&run).await;
    let href = kim.run(&run).await["result"]["files"][0]["href"]
        .as_str()
        .unwrap()
        .to_owned();
    let whole = kim.get(&href).await;
    let etag = whole.headers()[ETAG].clone();
    let whole = whole.bytes().await.unwrap();
    let part = |range: &'static str| kim.http.get(kim.url(&href)).header(RANGE, range);

    let first = part("bytes=0-999").send().await.unwrap();
    assert_eq!(first.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(
        first.headers()[CONTENT_RANGE],
        format!("bytes 0-999/{}", whole.len()).as_str()
    );
    let mut joined = first.bytes().await.unwrap().to_vec();
    let rest = part("bytes=1000-")
        .header(IF_RANGE, etag.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    joined.extend_from_slice(&rest.bytes().await.unwrap());
    assert_eq!(joined, whole);

    let changed = part("bytes=1000-")
        .header(IF_RANGE, "\"another\"")
        .send()
        .await
        .unwrap();
    assert_eq!(
        changed.status(),
        StatusCode::OK,
        "another file is sent whole"
    );
    assert_eq!(
        part("bytes=99999999-").send().await.unwrap().status(),
        StatusCode::RANGE_NOT_SATISFIABLE
    );
    let known = kim
        .http
        .get(kim.url(&href))
        .header(IF_NONE_MATCH, etag)
        .send()
        .await
        .unwrap();
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    let head = kim.http.head(kim.url(&href)).send().await.unwrap();
    assert_eq!(
        head.headers()["content-length"],
        whole.len().to_string().as_str()
    );
}

#[tokio::test]
async fn live_events_after_a_break_miss_nothing_and_end_with_the_run() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/large", &LARGE).await;
    let seen = kim
        .follow(&run, "running", |live| live["state"] == "running")
        .await;
    let last = seen.last().unwrap().id;
    // A new stream begins with the whole state, so nobody has to say what was seen before.
    let answer = kim
        .http
        .get(kim.url(&format!("/events/runs/{run}")))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    // The stream ends by itself after the last state.
    let rest = tokio::time::timeout(super::digger::PATIENCE, answer.text())
        .await
        .unwrap()
        .unwrap();
    let events: Vec<Event> = rest.split("\n\n").filter_map(Event::parse).collect();
    let ids = || events.iter().map(|event| event.id);
    assert!(ids().is_sorted() && ids().all(|id| id >= last), "{rest}");
    assert_eq!(events.last().unwrap().data["state"], "succeeded");
    let live = kim.live(&run).await;
    assert_eq!(live["rows"], 300_000);
    assert!(
        live["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|step| step["state"] == "done"),
        "{live:#}"
    );
}

#[tokio::test]
async fn history_pages_and_filters() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let failed = kim.start("sales/refused", &[]).await;
    kim.finished(&failed).await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    kim.finished(&run).await;
    let list = async |filter: serde_json::Value| {
        let answer = kim
            .call("runs", json!({ "filter": filter }))
            .await
            .text()
            .await
            .unwrap();
        serde_json::from_str::<serde_json::Value>(&answer).unwrap()
    };
    let ids = |view: &serde_json::Value| -> Vec<String> {
        view["runs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| run["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&list(json!({})).await), [run.clone(), failed.clone()]);
    assert_eq!(ids(&list(json!({ "state": "failed" })).await), [failed]);
    let view = list(json!({ "report": "sales/by_region" })).await;
    assert_eq!(ids(&view), [run]);
    assert_eq!(view["reports"].as_array().unwrap().len(), 2);
    assert!(view["runs"][0]["chips"].to_string().contains("2026-01-01"));
}
