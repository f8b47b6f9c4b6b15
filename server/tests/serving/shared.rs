//! One run for several people, and results that are there already, as people meet them.

use reqwest::StatusCode;
use serde_json::json;

use super::digger::{Digger, Place};
use super::shop;
use super::visitor::{JANUARY, LONG, Visitor};

const BY_REGION: &str = "sales/by_region";

/// A report of which everybody gets their own rows.
const MINE: &str = r#"/*--- report
title = "Mine"

[access]
run = ["sales"]

[params.areas]
type = "choices"
from = "viewer.areas"
---*/

-- name: mine
-- source: shop
-- One row.
SELECT COUNT(*) AS regions FROM region WHERE name IN (:areas);
"#;

/// Kim and Lee of the sales department, and an administrator.
async fn people(digger: &Digger) -> (Visitor, Visitor, Visitor) {
    (
        Visitor::signed_in(&digger.address, "kim").await,
        Visitor::signed_in(&digger.address, "lee").await,
        Visitor::signed_in(&digger.address, "admin").await,
    )
}

/// Lets the shop rest, so that runs stay in the queue, or go on.
async fn pause(admin: &Visitor, action: &str) {
    let answer = admin
        .post("/admin/now", &[("action", action), ("of", "shop")])
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

/// From now until it is noon in Seoul, milliseconds: a test about "today" must not meet midnight.
fn until_noon_in_seoul() -> i64 {
    let now = jiff::Zoned::now().in_tz("Asia/Seoul").unwrap();
    let noon = now.date().at(12, 0, 0, 0);
    let next = match noon > now.datetime() {
        true => noon,
        false => now.date().tomorrow().unwrap().at(12, 0, 0, 0),
    };
    let next = next.in_tz("Asia/Seoul").unwrap().timestamp();
    (next - now.timestamp())
        .total(jiff::Unit::Millisecond)
        .unwrap() as i64
}

async fn cancel(visitor: &Visitor, run: &str) {
    let answer = visitor.post(&format!("/runs/{run}/cancel"), &[]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

/// Whether the run is listed on the home page as under way.
async fn is_running_now(visitor: &Visitor, run: &str) -> bool {
    let home = visitor.call("home", json!({})).await.text().await.unwrap();
    let home: serde_json::Value = serde_json::from_str(&home).unwrap();
    let running = home["running"].as_array().unwrap();
    running.iter().any(|card| card["id"] == run)
}

async fn history(visitor: &Visitor) -> String {
    let answer = visitor.call("runs", json!({ "filter": {} })).await;
    answer.text().await.unwrap()
}

/// The only file of a finished run, as this person sees it.
async fn download(visitor: &Visitor, run: &str) -> Vec<u8> {
    let seen = visitor.run(run).await;
    let href = seen["result"]["files"][0]["href"].as_str().unwrap();
    let answer = visitor.get(href).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.unwrap().to_vec()
}

/// Whether the page has a link to this address that looks like a button.
fn has_button(page: &str, address: &str) -> bool {
    let links = page.split("<a ").skip(1);
    links
        .filter_map(|rest| rest.split('>').next())
        .any(|tag| tag.contains(&format!("href=\"{address}\"")) && tag.contains("\"Button\""))
}

fn said(live: &serde_json::Value) -> &str {
    live["shared"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn two_people_share_one_run_and_each_downloads_its_file() {
    let place = Place::new().await;
    let digger = place.serve();
    let (kim, lee, admin) = people(&digger).await;
    pause(&admin, "pause_source").await;
    let run = kim.start(BY_REGION, &JANUARY).await;
    assert!(kim.live(&run).await["shared"].is_null());
    assert_eq!(kim.live(&run).await["can_leave"], false);
    assert_eq!(lee.get(&format!("/runs/{run}")).await.status(), 404);

    assert_eq!(lee.start(BY_REGION, &JANUARY).await, run);
    assert_eq!(lee.start(BY_REGION, &JANUARY).await, run, "a double click");
    let (first, second) = (kim.live(&run).await, lee.live(&run).await);
    assert_eq!(said(&first), "이분석 님과 함께 보는 실행입니다.");
    assert!(
        said(&second).starts_with("김영업 님이 ")
            && said(&second).ends_with("에 시작한 같은 실행을 함께 봅니다."),
        "{second:#}"
    );
    for visitor in [&kim, &lee] {
        assert!(is_running_now(visitor, &run).await);
        assert!(history(visitor).await.contains(&run));
    }
    let page = admin.get("/admin/now").await.text().await.unwrap();
    assert!(
        page.contains("김영업, 이분석"),
        "both stand on the page Now"
    );
    // Whoever may not run the report shares nothing.
    let choi = Visitor::signed_in(&digger.address, "choi").await;
    let answer = choi.post(&format!("/reports/{BY_REGION}"), &JANUARY).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(choi.get(&format!("/runs/{run}")).await.status(), 404);

    pause(&admin, "resume_source").await;
    for visitor in [&kim, &lee] {
        assert_eq!(visitor.finished(&run).await["state"], "succeeded");
    }
    assert_eq!(download(&kim, &run).await, download(&lee, &run).await);
}

#[tokio::test]
async fn one_persons_cancel_leaves_the_run_to_the_other() {
    let place = Place::new().await;
    let digger = place.serve();
    let (kim, lee, admin) = people(&digger).await;
    pause(&admin, "pause_source").await;
    let run = kim.start(BY_REGION, &JANUARY).await;
    assert_eq!(lee.start(BY_REGION, &JANUARY).await, run);
    assert_eq!(kim.live(&run).await["can_leave"], true);
    cancel(&kim, &run).await;
    let live = kim.live(&run).await;
    assert_eq!(live["state"], "queued");
    assert_eq!(live["can_cancel"], false);
    assert_eq!(
        said(&live),
        "이 실행은 더 이상 보지 않습니다. 이분석 님을 위해 계속 실행됩니다."
    );
    assert!(!is_running_now(&kim, &run).await);
    assert!(
        history(&kim)
            .await
            .contains("더 이상 보지 않는 실행입니다.")
    );
    assert!(is_running_now(&lee, &run).await);
    pause(&admin, "resume_source").await;
    assert_eq!(lee.finished(&run).await["state"], "succeeded");
    download(&lee, &run).await;

    // The last one who wants it stops it, and an administrator stops it for all.
    let run = kim.start("sales/long", &LONG).await;
    assert_eq!(lee.start("sales/long", &LONG).await, run);
    cancel(&lee, &run).await;
    assert_eq!(lee.start("sales/long", &LONG).await, run, "Lee comes back");
    cancel(&kim, &run).await;
    cancel(&lee, &run).await;
    assert_eq!(lee.finished(&run).await["state"], "cancelled");
    let run = kim.start("sales/long", &LONG).await;
    assert_eq!(lee.start("sales/long", &LONG).await, run);
    let answer = admin
        .post("/admin/now", &[("action", "cancel_run"), ("of", &run)])
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    for visitor in [&kim, &lee] {
        assert_eq!(visitor.finished(&run).await["state"], "cancelled");
    }
    let answer = kim
        .post("/admin/now", &[("action", "cancel_run"), ("of", &run)])
        .await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_a_report_takes_from_the_person_is_not_shared_with_others() {
    let place = Place::new().await;
    shop::write_report(&place.path("queries"), "sales/mine", MINE);
    let digger = place.serve();
    let (kim, lee, admin) = people(&digger).await;
    let park = Visitor::signed_in(&digger.address, "park").await;
    pause(&admin, "pause_source").await;
    // Kim has one area; Lee and Park have the same five.
    let run = kim.start("sales/mine", &[]).await;
    let other = lee.start("sales/mine", &[]).await;
    assert_ne!(run, other);
    assert_eq!(park.start("sales/mine", &[]).await, other);
    assert_eq!(kim.start("sales/mine", &[]).await, run);
    assert_eq!(lee.get(&format!("/runs/{run}")).await.status(), 404);
    // The form's own values count as well.
    let january = kim.start(BY_REGION, &JANUARY).await;
    let dearer = [JANUARY[0], ("params[minimum]", "2000")];
    assert_ne!(lee.start(BY_REGION, &dearer).await, january);
}

#[tokio::test]
async fn a_result_of_today_is_offered_and_never_forced() {
    let mut place = Place::new().await;
    place.set("DIGGER_CLOCK_AHEAD_MS", &until_noon_in_seoul().to_string());
    let digger = place.serve();
    let (kim, lee, _) = people(&digger).await;
    let address = format!("/reports/{BY_REGION}");
    let location = |answer: &reqwest::Response| {
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    // Nothing to offer yet, and nothing while it runs.
    let started = location(&kim.post(&address, &JANUARY).await);
    let run = started.strip_prefix("/runs/").unwrap().to_owned();
    kim.finished(&run).await;

    let answer = lee.post(&address, &JANUARY).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("에 같은 값으로 실행한 결과가 있습니다. (김영업)"));
    assert!(page.contains(&format!("name=\"use\" value=\"{run}\"")));
    assert!(page.contains("name=\"again\" value=\"1\""));
    assert!(page.contains("value=\"2026-01-31\""), "the form is filled");
    assert!(!history(&lee).await.contains(&run), "nothing happened yet");
    assert_eq!(lee.get(&started).await.status(), StatusCode::NOT_FOUND);
    // Whoever may see the run follows a link.
    let page = kim.post(&address, &JANUARY).await.text().await.unwrap();
    assert!(has_button(&page, &started));

    // The right to a result is proved by asking for the same.
    let using = |fields: &[(&'static str, &'static str)]| {
        let mut fields: Vec<(&str, String)> = fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        fields.push(("use", run.clone()));
        fields
    };
    let post = async |visitor: &Visitor, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        visitor.post(&address, &fields).await
    };
    let choi = Visitor::signed_in(&digger.address, "choi").await;
    let refused = post(&choi, using(&JANUARY)).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let dearer = [JANUARY[0], ("params[minimum]", "2000")];
    let refused = post(&lee, using(&dearer)).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(lee.get(&started).await.status(), StatusCode::NOT_FOUND);

    // One way: the result is Lee's too.
    assert_eq!(location(&post(&lee, using(&JANUARY)).await), started);
    assert_eq!(download(&lee, &run).await, download(&kim, &run).await);
    let seen = lee.run(&run).await;
    assert!(
        said(&seen["live"]).contains("실행한 결과를 함께 씁니다."),
        "{}",
        seen["live"]
    );
    assert!(history(&lee).await.contains(&run));
    // The other way: a run of their own, which is then the newest result.
    let park = Visitor::signed_in(&digger.address, "park").await;
    let anew = park.start(BY_REGION, &JANUARY).await;
    assert_ne!(anew, run);
    park.finished(&anew).await;
    let page = park.post(&address, &JANUARY).await.text().await.unwrap();
    assert!(has_button(&page, &format!("/runs/{anew}")));
    // Other values are not the same, and a result that is gone is not offered.
    let other = location(&lee.post(&address, &dearer).await);
    assert_ne!(other, started);
    std::fs::remove_dir_all(place.data().join("results")).unwrap();
    let fresh = location(&park.post(&address, &JANUARY).await);
    assert_ne!(fresh, format!("/runs/{anew}"));
}

#[tokio::test]
async fn a_queued_run_says_when_it_will_start() {
    let place = Place::new().await;
    let digger = place.serve();
    let (kim, lee, admin) = people(&digger).await;
    let form = async |visitor: &Visitor, report: &str| {
        let answer = visitor.get(&format!("/reports/{report}")).await;
        answer.text().await.unwrap()
    };
    let unknown = "처음 실행하는 보고서라";
    assert!(form(&kim, "sales/large").await.contains(unknown));
    let short = kim.start("sales/large", &[("params[rows]", "1000")]).await;
    assert_eq!(kim.finished(&short).await["state"], "succeeded");
    assert!(
        !form(&kim, "sales/large").await.contains(unknown),
        "what is usual is known right after the first success"
    );

    // Two runs take both lanes of the shop for as long as they may.
    let mut large = Vec::new();
    for rows in ["900000001", "900000002"] {
        let run = kim.start("sales/large", &[("params[rows]", rows)]).await;
        kim.follow(&run, "running", |live| live["state"] == "running")
            .await;
        large.push(run);
    }
    let run = lee.start(BY_REGION, &JANUARY).await;
    let live = lee.live(&run).await;
    assert_eq!(live["state"], "queued");
    // How long the report itself takes is not known: it has no end yet.
    assert_eq!(
        live["queue_line"],
        "데이터베이스 shop에서 1번째, 1분 안에 시작합니다."
    );
    assert!(form(&kim, BY_REGION).await.contains("앞에 1건 대기 중"));
    let home = lee.get("/").await.text().await.unwrap();
    assert!(home.contains("<p class=\"RunTile-step\">데이터베이스 shop에서 1번째, 1분 안에"));
    let page = admin.get("/admin/now").await.text().await.unwrap();
    let row = page.split(&format!("id=\"run-{run}\"")).nth(1).unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert!(row.contains("1분 안에 시작합니다."), "{row}");
    // Behind a paused source nobody knows.
    pause(&admin, "pause_source").await;
    let following = lee.follow(&run, "without a time", |live| {
        live["queue_line"] == "데이터베이스 shop에서 1번째로 기다립니다."
    });
    following.await;
    pause(&admin, "resume_source").await;
    for run in large {
        cancel(&kim, &run).await;
    }
    assert_eq!(lee.finished(&run).await["state"], "succeeded");
}
