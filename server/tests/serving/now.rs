//! The administrators' page "Now" and its buttons, from outside.

use reqwest::StatusCode;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::digger::{Digger, Place};
use super::visitor::{JANUARY, LONG, Visitor};

const ADDRESS: &str = "/admin/now";

/// Presses a button of the page.
async fn press(visitor: &Visitor, action: &str, of: &str) -> reqwest::Response {
    visitor
        .post(ADDRESS, &[("action", action), ("of", of)])
        .await
}

/// Presses it and follows to the page, which says what was done.
async fn press_and_look(visitor: &Visitor, action: &str, of: &str) -> String {
    let answer = press(visitor, action, of).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let next = answer.headers()["location"].to_str().unwrap().to_owned();
    let answer = visitor.get(&next).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

async fn look(visitor: &Visitor) -> String {
    let answer = visitor.get(ADDRESS).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// The row of the page with this id, if there is one.
fn row<'a>(page: &'a str, id: &str) -> Option<&'a str> {
    let start = page.find(&format!("id=\"{id}\""))?;
    page[start..].split("</tr>").next()
}

/// Waits until the row with this id is as wanted.
async fn until_row(visitor: &Visitor, id: &str, what: &str, wanted: impl Fn(&str) -> bool) {
    let waiting = async { while !row(&look(visitor).await, id).is_some_and(&wanted) {} };
    tokio::time::timeout(super::digger::PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("timed out waiting until {id} {what}"));
}

/// The name of the worker of this server.
async fn worker_of(visitor: &Visitor, digger: &Digger) -> String {
    let page = look(visitor).await;
    let mine = page
        .split("id=\"worker-")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .find(|name| name.contains(&format!("-{}-", digger.pid())));
    mine.expect("the worker of the server is listed").to_owned()
}

#[tokio::test]
async fn only_administrators_look_and_press() {
    let place = Place::new().await;
    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let worker = worker_of(&administrator, &digger).await;
    for login in ["kim", "choi"] {
        let visitor = Visitor::signed_in(&digger.address, login).await;
        assert_eq!(visitor.get(ADDRESS).await.status(), StatusCode::FORBIDDEN);
        for (action, of) in [
            ("pause_source", "shop"),
            ("resume_source", "shop"),
            ("drain_worker", &worker),
            ("resume_worker", &worker),
        ] {
            let answer = press(&visitor, action, of).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{login}: {action}");
        }
    }
    let nobody = Visitor::new(&digger.address);
    let answer = nobody.get(ADDRESS).await;
    assert_eq!(answer.headers()["location"], "/signin?next=%2Fadmin%2Fnow");
    assert_eq!(
        press(&nobody, "pause_source", "shop").await.status(),
        StatusCode::FOUND
    );
    // What there is not, and what is no button.
    for (action, of) in [
        ("pause_source", "nowhere"),
        ("drain_worker", "nobody-1-ffffff"),
        ("cancel_run", "no-such-run"),
        ("drop_source", "shop"),
    ] {
        let answer = press(&administrator, action, of).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{action}");
    }
    let foreign = administrator
        .http
        .post(administrator.url(ADDRESS))
        .header("origin", "https://elsewhere.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("action=pause_source&of=shop");
    assert_eq!(
        foreign.send().await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let page = look(&administrator).await;
    assert!(row(&page, "source-shop").unwrap().contains("사용 중"));
}

#[tokio::test]
async fn a_paused_source_makes_runs_wait_and_says_why() {
    let place = Place::new().await;
    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let page = press_and_look(&administrator, "pause_source", "shop").await;
    assert!(page.contains("데이터베이스 shop: 일시 중지했습니다."));
    assert!(row(&page, "source-shop").unwrap().contains("resume_source"));

    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/by_region", &JANUARY).await;
    let page = look(&administrator).await;
    let waiting = row(&page, &format!("run-{run}")).unwrap();
    assert!(waiting.contains("1번째"), "{waiting}");
    assert!(waiting.contains("관리자가 데이터베이스 shop"), "{waiting}");
    let live = kim.live(&run).await;
    assert_eq!(live["state"], "queued");
    assert_eq!(live["queue_place"], 1);

    let page = press_and_look(&administrator, "resume_source", "shop").await;
    assert!(page.contains("데이터베이스 shop: 다시 시작했습니다."));
    assert_eq!(kim.finished(&run).await["state"], "succeeded");
}

#[tokio::test]
async fn a_running_run_shows_where_it_runs_and_can_be_cancelled() {
    let place = Place::new().await;
    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let worker = worker_of(&administrator, &digger).await;
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    kim.follow(&run, "running", |live| live["state"] == "running")
        .await;

    let page = look(&administrator).await;
    let id = format!("run-{run}");
    let running = row(&page, &id).unwrap();
    let host = rustix::system::uname();
    let host = host.nodename().to_str().unwrap();
    assert!(
        running.contains(&worker) && running.contains(host),
        "{running}"
    );
    assert!(
        running.contains("shop") && running.contains("cancel_run"),
        "{running}"
    );
    let mine = row(&page, &format!("worker-{worker}")).unwrap();
    assert!(mine.contains(&format!("/runs/{run}")), "{mine}");
    assert!(mine.contains("2.1 GB / 8.6 GB"), "one run of four: {mine}");
    assert!(row(&page, "source-shop").unwrap().contains("2건 중 1건"));

    let page = press_and_look(&administrator, "cancel_run", &run).await;
    assert!(page.contains("실행을 취소했습니다."));
    assert_eq!(kim.finished(&run).await["state"], "cancelled");
    // Its own page still knows, and tells administrators.
    let executed = administrator.run(&run).await["executed_by"].clone();
    let executed = executed.as_str().unwrap();
    assert!(
        executed.contains(host) && executed.contains(&digger.pid().to_string()),
        "{executed}"
    );
    assert!(kim.run(&run).await["executed_by"].is_null());
}

#[tokio::test]
async fn a_drained_worker_finishes_what_it_has_and_takes_nothing_new() {
    let place = Place::new().await;
    let mut digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let worker = worker_of(&administrator, &digger).await;
    let id = format!("worker-{worker}");
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let long = kim.start("sales/long", &LONG).await;
    kim.follow(&long, "running", |live| live["state"] == "running")
        .await;

    let page = press_and_look(&administrator, "drain_worker", &worker).await;
    assert!(page.contains("새 실행을 받지 않습니다."));
    let mine = row(&page, &id).unwrap();
    assert!(
        mine.contains("마무리 중") && mine.contains("resume_worker"),
        "{mine}"
    );
    let park = Visitor::signed_in(&digger.address, "park").await;
    let next = park.start("sales/by_region", &JANUARY).await;
    assert!(
        digger
            .line_with("takes no more runs, and finishes those it has")
            .is_some(),
        "the worker says that it heard"
    );
    assert_eq!(kim.live(&long).await["state"], "running");

    press_and_look(&administrator, "cancel_run", &long).await;
    assert_eq!(kim.finished(&long).await["state"], "cancelled");
    assert!(digger.line_with("is drained").is_some());
    until_row(&administrator, &id, "is drained", |row| {
        row.contains("쉬는 중")
    })
    .await;
    let page = look(&administrator).await;
    let waiting = row(&page, &format!("run-{next}")).unwrap();
    assert!(
        waiting.contains("새 실행을 받는 프로세스가 없습니다."),
        "{waiting}"
    );

    press_and_look(&administrator, "resume_worker", &worker).await;
    assert_eq!(park.finished(&next).await["state"], "succeeded");
}

#[tokio::test]
async fn a_killed_worker_is_shown_as_lost_and_one_that_ended_is_not() {
    let place = Place::new().await;
    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let killed = worker_of(&administrator, &digger).await;
    digger.kill();
    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let ended = worker_of(&administrator, &digger).await;
    let lost = format!("worker-{killed}");
    until_row(&administrator, &lost, "is lost", |row| {
        row.contains("응답 없음")
    })
    .await;
    let page = look(&administrator).await;
    assert!(
        !row(&page, &lost).unwrap().contains("<form"),
        "a dead worker has no button"
    );
    assert_eq!(digger.terminate(), Some(0));

    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let page = look(&administrator).await;
    assert!(row(&page, &format!("worker-{ended}")).is_none());
    assert!(row(&page, &lost).is_some());
}

#[tokio::test]
async fn what_administrators_do_is_in_the_audit_log() {
    let place = Place::new().await;
    let digger = place.serve();
    let administrator = Visitor::signed_in(&digger.address, "admin").await;
    let worker = worker_of(&administrator, &digger).await;
    let done = [
        ("pause_source", "shop"),
        ("resume_source", "shop"),
        ("drain_worker", &worker),
        ("resume_worker", &worker),
    ];
    for (action, of) in done {
        press_and_look(&administrator, action, of).await;
    }
    assert_eq!(digger.terminate(), Some(0));
    let file = place.data().join("digger.sqlite");
    let file = SqliteConnectOptions::new().filename(&file).read_only(true);
    let mut database = file.connect().await.unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT action, subject FROM audit WHERE action LIKE '%source' OR action LIKE '%worker' ORDER BY rowid",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    let expected: Vec<(String, String)> = done
        .into_iter()
        .map(|(action, of)| (action.to_owned(), of.to_owned()))
        .collect();
    assert_eq!(rows, expected);
}
