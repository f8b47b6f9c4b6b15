//! Sign-in, sessions, one-time links, and posts from other sites.

use futures::StreamExt;
use reqwest::StatusCode;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

use super::digger::{PATIENCE, Place};
use super::visitor::{LONG, PASSWORD, Visitor};

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::new(&digger.address);
    let answer = kim
        .post(
            "/signin",
            &[
                ("login", "Kim "),
                ("password", PASSWORD),
                ("next", "/runs?x=1"),
            ],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[LOCATION], "/runs?x=1");
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("digger_session="), "{cookie}");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(
        !cookie.contains("Secure"),
        "a session over plain HTTP would be lost: {cookie}"
    );
    let home = kim.get("/").await;
    assert_eq!(home.status(), StatusCode::OK);
    assert_eq!(home.headers()["cache-control"], "no-store");
    assert!(home.text().await.unwrap().contains("김영업"));

    assert_eq!(
        kim.post("/signout", &[]).await.status(),
        StatusCode::SEE_OTHER
    );
    let again = kim.get("/").await;
    assert_eq!(again.status(), StatusCode::FOUND);
    // The session is gone on the server too, not only in the browser.
    let stolen = cookie.split(';').next().unwrap().to_owned();
    let answer = Visitor::new(&digger.address)
        .http
        .get(kim.url("/"))
        .header(COOKIE, stolen)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn a_session_id_known_before_signing_in_is_worth_nothing() {
    let place = Place::new().await;
    let digger = place.serve();
    let planted = "digger_session=AAAAAAAAAAAAAAAAAAAAAA";
    let visitor = Visitor::new(&digger.address);
    let answer = visitor
        .http
        .post(visitor.url("/signin"))
        .header(COOKIE, planted)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("login=kim&password={PASSWORD}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(
        !answer.headers()[SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("AAAAAAAAAA")
    );
    let answer = Visitor::new(&digger.address)
        .http
        .get(visitor.url("/"))
        .header(COOKIE, planted)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn an_unknown_login_and_a_wrong_password_read_the_same() {
    let place = Place::new().await;
    let digger = place.serve();
    let mut pages = Vec::new();
    for login in ["kim", "nobody"] {
        let visitor = Visitor::new(&digger.address);
        let answer = visitor
            .post(
                "/signin",
                &[
                    ("login", login),
                    ("password", "hunter2-of-kim"),
                    ("next", "/runs"),
                ],
            )
            .await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let page = answer.text().await.unwrap();
        assert!(
            !page.contains("hunter2-of-kim"),
            "a password is never sent back"
        );
        pages.push(without_nonce(
            &page.replace("kim", "LOGIN").replace("nobody", "LOGIN"),
        ));
    }
    assert_eq!(pages[0], pages[1]);
}

fn without_nonce(page: &str) -> String {
    let Some((_, rest)) = page.split_once("nonce=\"") else {
        return page.to_owned();
    };
    let nonce = rest.split('"').next().unwrap();
    page.replace(nonce, "NONCE")
}

#[tokio::test]
async fn guessing_a_password_is_stopped_for_that_login_only() {
    let place = Place::new().await;
    let digger = place.serve();
    let thief = Visitor::new(&digger.address);
    for _ in 0..10 {
        let answer = thief
            .post("/signin", &[("login", "kim"), ("password", "guess")])
            .await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = thief
        .post("/signin", &[("login", "kim"), ("password", PASSWORD)])
        .await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    Visitor::signed_in(&digger.address, "park").await;
}

#[tokio::test]
async fn an_address_that_guesses_many_logins_is_stopped() {
    let place = Place::new().await;
    let digger = place.serve();
    let thief = Visitor::new(&digger.address);
    let mut last = StatusCode::OK;
    for number in 0..101 {
        let login = format!("person{number}");
        // An empty hash costs the same work, so this takes a few seconds.
        last = thief
            .post("/signin", &[("login", &login), ("password", "guess")])
            .await
            .status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for path in [
        "/reports/sales/by_region",
        "/signin",
        "/signout",
        "/language",
        "/runs/x/cancel",
        "/api/home",
    ] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ] {
            let answer = kim
                .http
                .post(kim.url(path))
                .header(name, value)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} with {name}");
        }
    }
    assert_eq!(
        kim.get("/").await.status(),
        StatusCode::OK,
        "kim is still signed in"
    );
    let own = kim.base.clone();
    let answer = kim
        .http
        .post(kim.url("/theme"))
        .header("origin", own)
        .body("theme=dark")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn next_never_leads_to_another_site() {
    let place = Place::new().await;
    let digger = place.serve();
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ] {
        let visitor = Visitor::new(&digger.address);
        let answer = visitor
            .post(
                "/signin",
                &[("login", "kim"), ("password", PASSWORD), ("next", next)],
            )
            .await;
        assert_eq!(answer.headers()[LOCATION], "/", "{next}");
    }
}

#[tokio::test]
async fn the_first_administrator_comes_in_through_a_link_that_works_once() {
    let place = Place::new().await;
    let mut digger = place.serve_with(&[]);
    let line = digger.line_with("/welcome/").expect("the link is printed");
    let path = line.split(&digger.address).nth(1).unwrap().to_owned();
    let first = Visitor::new(&digger.address);
    assert_eq!(first.get("/").await.status(), StatusCode::FOUND);
    let page = first.get(&path).await;
    assert_eq!(page.status(), StatusCode::OK);
    let short = first
        .post(&path, &[("name", "Boss"), ("password", "short")])
        .await;
    assert_eq!(short.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let nameless = first
        .post(&path, &[("name", " "), ("password", "long enough 1")])
        .await;
    assert_eq!(nameless.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let welcome = first
        .post(&path, &[("name", "Boss"), ("password", "long enough 1")])
        .await;
    assert_eq!(welcome.status(), StatusCode::SEE_OTHER);
    assert!(
        first
            .get("/admin/reports")
            .await
            .text()
            .await
            .unwrap()
            .contains("Boss")
    );
    let second = Visitor::new(&digger.address)
        .post(&path, &[("name", "X"), ("password", "long enough 2")])
        .await;
    assert_eq!(second.status(), StatusCode::NOT_FOUND);
    // There are no demo sign-ins outside the demo.
    let demo = Visitor::new(&digger.address)
        .post("/signin", &[("login", "kim"), ("password", PASSWORD)])
        .await;
    assert_eq!(demo.status(), StatusCode::UNAUTHORIZED);
    let page = Visitor::new(&digger.address)
        .get("/signin")
        .await
        .text()
        .await
        .unwrap();
    assert!(!page.contains(PASSWORD));

    assert_eq!(digger.terminate(), Some(0));
    let mut again = place.serve_with(&[]);
    let boss = Visitor::new(&again.address);
    let answer = boss
        .post(
            "/signin",
            &[("login", "admin"), ("password", "long enough 1")],
        )
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    again.child.kill().unwrap();
    assert_eq!(
        again.line_with("/welcome/"),
        None,
        "no second link once there is a password"
    );
}

#[tokio::test]
async fn cookies_are_secure_behind_https() {
    let place = Place::new().await;
    place.configure("public_url = \"https://digger.example/\"");
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let answer = visitor
        .post("/signin", &[("login", "kim"), ("password", PASSWORD)])
        .await;
    assert!(
        answer.headers()[SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Secure")
    );
    let answer = visitor
        .post("/language", &[("lang", "en"), ("next", "/signin")])
        .await;
    assert!(
        answer.headers()[SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Secure")
    );
}

#[tokio::test]
async fn a_live_page_ends_with_its_session() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    let run = kim.start("sales/long", &LONG).await;
    let answer = kim.get(&format!("/events/runs/{run}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut stream = answer.bytes_stream();
    stream.next().await.unwrap().unwrap();
    kim.post("/signout", &[]).await;
    let rest = async { while let Some(Ok(_)) = stream.next().await {} };
    tokio::time::timeout(PATIENCE, rest)
        .await
        .expect("the stream ends although the run goes on");
    let again = Visitor::signed_in(&digger.address, "kim").await;
    assert_eq!(again.live(&run).await["state"], "running");
}
