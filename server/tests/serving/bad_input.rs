//! Everything people and programs send that cannot be taken: one clear message, nothing lost.

use reqwest::StatusCode;
use reqwest::header::LOCATION;
use serde_json::json;

use super::digger::Place;
use super::page::invalid_fields;
use super::shop::write_report;
use super::visitor::{PASSWORD, Visitor};

async fn refused(visitor: &Visitor, fields: &[(&str, &str)]) -> String {
    let answer = visitor.post("/reports/sales/by_region", fields).await;
    assert_eq!(
        answer.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "{fields:?}"
    );
    answer.text().await.unwrap()
}

#[tokio::test]
async fn a_refused_form_says_why_beside_the_field_and_keeps_what_was_typed() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    // Everything that is needed, but for what these fields say otherwise.
    let with = |changed: &[(&'static str, &'static str)]| {
        let needed = [
            ("params[period]", "previous month"),
            ("params[minimum]", "1"),
        ];
        let mut fields = changed.to_vec();
        fields.extend(needed.into_iter().filter(|(name, _)| {
            let is_changed = |(other, _): &(&str, &str)| other == name;
            !changed.iter().any(is_changed)
        }));
        fields
    };
    let fields = with(&[
        ("params[period]", "last 30 dais"),
        ("params[minimum]", "-77"),
    ]);
    let page = refused(&kim, &fields).await;
    assert!(page.contains("-77"), "what was typed is still there");
    assert_eq!(invalid_fields(&page), ["minimum", "period"]);

    let beside = |name, value| with(&[(name, value)]);
    let period = |from, last_day| {
        with(&[
            ("params[period]", "custom"),
            ("params[period.from]", from),
            ("params[period.last_day]", last_day),
        ])
    };
    for (field, fields) in [
        ("minimum", beside("params[minimum]", "many")),
        ("minimum", beside("params[minimum]", "1000001")),
        ("minimum", beside("params[minimum]", "99999999999999999999")),
        (
            "minimum",
            with(&[("params[minimum]", "1"), ("params[minimum]", "2")]),
        ),
        // Too long, an end before its begin, a day there is not.
        (
            "period",
            beside("params[period]", "2020-01-01 .. 2026-01-01"),
        ),
        ("period", period("2026-02-02", "2026-02-01")),
        ("period", period("2026-02-30", "2026-03-01")),
        // A value that no list offers.
        ("regions", beside("params[regions]", "' OR 1=1 --")),
    ] {
        let page = refused(&kim, &fields).await;
        assert_eq!(invalid_fields(&page), [field], "{fields:?}");
    }
    let page = refused(&kim, &beside("params[no_such]", "1")).await;
    assert_eq!(invalid_fields(&page), [""; 0]);
    assert!(page.contains("no_such"), "{page}");
    let runs = kim
        .call("runs", json!({ "filter": {} }))
        .await
        .text()
        .await
        .unwrap();
    assert!(runs.contains("\"runs\":[]"), "nothing was queued: {runs}");
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_read() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let long = "x".repeat(20_000);
    refused(&kim, &[("params[minimum]", &long)]).await;
    let huge = "x".repeat(2 * 1024 * 1024);
    let answer = kim
        .post("/reports/sales/by_region", &[("params[minimum]", &huge)])
        .await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(kim.get("/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_expired_session_brings_back_what_was_typed() {
    let place = Place::new().await;
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let answer = visitor
        .post(
            "/reports/sales/by_region",
            &[
                ("params[minimum]", "1234"),
                ("params[regions]", "26"),
                ("x", "y"),
            ],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let sign_in = answer.headers()[LOCATION].to_str().unwrap().to_owned();
    let query = sign_in.split_once("?next=").unwrap().1;
    let next = form_urlencoded::parse(format!("next={query}").as_bytes())
        .next()
        .unwrap()
        .1
        .into_owned();
    let answer = visitor
        .post(
            "/signin",
            &[("login", "kim"), ("password", PASSWORD), ("next", &next)],
        )
        .await;
    let form = answer.headers()[LOCATION].to_str().unwrap().to_owned();
    let page = visitor.get(&form).await.text().await.unwrap();
    assert!(page.contains("1234"), "{form}");
}

#[tokio::test]
async fn a_double_click_makes_one_run() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let fields = [("params[steps]", "2000000000")];
    let (first, second) = tokio::join!(
        kim.start("sales/long", &fields),
        kim.start("sales/long", &fields)
    );
    assert_eq!(first, second);
    kim.post(&format!("/runs/{first}/cancel"), &[]).await;
    kim.finished(&first).await;
    assert_ne!(
        kim.start("sales/long", &[("params[steps]", "10")]).await,
        first
    );
}

#[tokio::test]
async fn a_failure_of_the_report_is_told_in_the_readers_language() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for (report, class) in [
        ("sales/refused", "user_sql"),
        ("sales/columns", "user_sql"),
        ("sales/checked", "check_failed"),
    ] {
        let run = kim.start(report, &[]).await;
        assert_eq!(kim.finished(&run).await["state"], "failed", "{report}");
        let seen = kim.run(&run).await;
        assert_eq!(seen["error"]["class"], class, "{report}: {seen:#}");
        let korean = seen["error"]["what"].as_str().unwrap().to_owned();
        assert!(
            korean.chars().any(|c| ('가'..='힣').contains(&c)),
            "{korean}"
        );
        kim.post("/language", &[("lang", "en"), ("next", "/")])
            .await;
        let english = kim.run(&run).await["error"]["what"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            english.is_ascii() || !english.chars().any(|c| ('가'..='힣').contains(&c)),
            "{english}"
        );
        kim.post("/language", &[("lang", "ko"), ("next", "/")])
            .await;
    }
}

#[tokio::test]
async fn the_parts_of_a_failure_are_what_they_are_whatever_full_stops_stand_in_them() {
    let place = Place::new().await;
    let report = "/*--- report\ntitle = \"Targets\"\n[access]\nrun = [\"sales\"]\n---*/\n\n\
        -- name: misses\n-- source: shop\n-- check: fail\n\
        -- Sales vs. target must be equal. Look at March first. Then ask.\nSELECT 1 AS month;\n";
    write_report(&place.path("queries"), "sales/targets", report);
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    kim.post("/language", &[("lang", "en"), ("next", "/")])
        .await;
    let run = kim.start("sales/targets", &[]).await;
    assert_eq!(kim.finished(&run).await["state"], "failed");
    let error = &kim.run(&run).await["error"];
    assert_eq!(
        error["what"],
        "1 row fails the check “misses”, so the file was withheld. \
         Sales vs. target must be equal. Look at March first. Then ask."
    );
    assert_eq!(error["affected"], "Your data is untouched.");
    assert_eq!(error["advice"], "Tell the report's owner.");
}

#[tokio::test]
async fn a_source_that_cannot_be_read_fails_with_its_name_and_is_tried_again() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    std::fs::rename(place.path("shop.sqlite"), place.path("away.sqlite")).unwrap();
    let run = kim.start("sales/refused", &[]).await;
    let events = kim
        .follow(&run, "waiting for another try", |live| {
            !live["retry"].is_null()
        })
        .await;
    let retry = &events.last().unwrap().data["retry"];
    assert_eq!(retry["attempt"], 1, "{retry:#}");
    assert!(!retry["reason"].as_str().unwrap().is_empty());
    std::fs::rename(place.path("away.sqlite"), place.path("shop.sqlite")).unwrap();
    // The database is back: the run goes on by itself, and now fails for its own reason.
    assert_eq!(kim.finished(&run).await["state"], "failed");
    assert_eq!(kim.run(&run).await["error"]["class"], "user_sql");
}

#[tokio::test]
async fn options_that_cannot_be_loaded_do_not_take_the_form_away() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    std::fs::write(
        place.path("shop.sqlite"),
        "this is not a database, it only stands where one was",
    )
    .unwrap();
    let page = kim.get("/reports/sales/by_region").await;
    assert_eq!(page.status(), StatusCode::OK);
    let answer = kim
        .post(
            "/reports/sales/by_region",
            &[
                ("params[period]", "previous month"),
                ("params[regions]", "11"),
                ("params[minimum]", "4321"),
            ],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.text().await.unwrap().contains("4321"),
        "what was typed is still there"
    );
}

#[tokio::test]
async fn a_title_is_text_wherever_it_stands() {
    const TITLE: &str = "</title><meta http-equiv='refresh' content='0;url=https://evil.example'><script>alert(1)</script>";
    let place = Place::new().await;
    write_report(
        &place.path("queries"),
        "sales/hostile",
        &format!(
            "/*--- report\ntitle = \"{TITLE}\"\n[access]\nrun = [\"sales\"]\n---*/\n\n-- name: a\n-- source: shop\nSELECT 1 AS one\n"
        ),
    );
    let digger = place.serve();
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    let run = admin.start("sales/hostile", &[]).await;
    assert_eq!(admin.finished(&run).await["state"], "succeeded");
    let name = format!("/runs/{run}");
    for path in [
        "/",
        "/reports/sales/hostile",
        "/runs",
        &name,
        "/admin/reports",
        "/admin/now",
    ] {
        let page = admin.get(path).await.text().await.unwrap();
        assert!(!page.contains("<meta http-equiv"), "{path}: {page}");
        assert!(!page.contains("<script>alert"), "{path}: {page}");
        assert_eq!(page.matches("</title>").count(), 1, "{path}: {page}");
    }
    let page = admin
        .get("/reports/sales/hostile")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("&lt;/title&gt;"),
        "the title is still there: {page}"
    );
}

#[tokio::test]
async fn only_regular_files_of_the_folder_are_reports() {
    let place = Place::new().await;
    let queries = place.path("queries");
    std::fs::write(place.path("secret.sql"), "the secret of another folder").unwrap();
    std::os::unix::fs::symlink(place.path("secret.sql"), queries.join("outside.sql")).unwrap();
    std::os::unix::fs::symlink(".", queries.join("again")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(queries.join("pipe.sql"))
        .status();
    assert!(made.unwrap().success());
    let digger = place.serve();
    let admin = Visitor::signed_in(&digger.address, "admin").await;
    let page = admin.get("/admin/reports").await.text().await.unwrap();
    assert!(
        page.contains("outside.sql") && page.contains("outside the folder"),
        "{page}"
    );
    assert!(
        page.contains("pipe.sql") && page.contains("no regular file"),
        "{page}"
    );
    assert!(!page.contains("the secret of another folder"), "{page}");
    assert!(!page.contains("again/"), "{page}");
}

#[tokio::test]
async fn what_a_program_sends_wrong_is_its_own_mistake() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for body in ["{", "{}", "[]", "{\"id\": 7}", "", "null"] {
        let answer = kim
            .http
            .post(kim.url("/api/run/live"))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let text = answer.text().await.unwrap();
        assert!(text.contains("invalid"), "{body}: {text}");
    }
}

#[tokio::test]
async fn the_character_nul_is_refused_wherever_it_stands() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for path in [
        "/runs/a%00b",
        "/reports/sales%00",
        "/runs?report=%00",
        "/files/%00",
    ] {
        let answer = kim.get(path).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
    }
    let called = kim.call("run/live", json!({ "id": "a\u{0}b" })).await;
    assert_eq!(called.status(), StatusCode::BAD_REQUEST);
    let posted = kim
        .post("/signin", &[("login", "kim\0"), ("password", PASSWORD)])
        .await;
    assert_eq!(posted.status(), StatusCode::BAD_REQUEST);
    // Written as text it is text.
    let answer = kim
        .get("/reports/sales/by_region?params[minimum]=%2500")
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
}
