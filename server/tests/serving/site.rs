//! Headers, health, languages and static files.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY};

use super::digger::Place;
use super::visitor::Visitor;

#[tokio::test]
async fn a_page_allows_only_its_own_scripts() {
    let place = Place::new().await;
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let answer = visitor.get("/signin").await;
    let policy = answer.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["referrer-policy"], "same-origin");
    assert!(
        policy.contains("frame-ancestors 'none'") && policy.contains("'wasm-unsafe-eval'"),
        "{policy}"
    );
    let scripts = policy
        .split("; ")
        .find(|part| part.starts_with("script-src"));
    assert!(!scripts.unwrap().contains("unsafe-inline"), "{policy}");
    let page = answer.text().await.unwrap();
    let scripts: Vec<&str> = page
        .split("<script")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .collect();
    assert!(!scripts.is_empty(), "the page knows keys");
    for script in scripts {
        let is_ours = script.contains("src=\"/pkg/");
        let is_hint = script.contains("type=\"speculationrules\"");
        assert!(is_ours != is_hint, "an inline script: {script}");
    }
    for handler in [" onclick=", " onload=", " onsubmit=", "javascript:"] {
        assert!(!page.contains(handler), "{handler}");
    }
    let health = visitor.get("/livez").await;
    assert!(
        health.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
}

#[tokio::test]
async fn the_language_follows_the_browser_until_somebody_chooses() {
    let place = Place::new().await;
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let page = async |accepted: &str| {
        let request = visitor
            .http
            .get(visitor.url("/signin"))
            .header(ACCEPT_LANGUAGE, accepted);
        request.send().await.unwrap().text().await.unwrap()
    };
    assert!(page("en-US,en;q=0.9").await.contains("lang=\"en\""));
    assert!(page("fr").await.contains("lang=\"ko\""));
    let answer = visitor
        .post("/language", &[("lang", "en"), ("next", "/signin")])
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(page("ko").await.contains("lang=\"en\""));
}

#[tokio::test]
async fn health_answers_without_signing_in() {
    let place = Place::new().await;
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    assert_eq!(visitor.get("/livez").await.status(), StatusCode::OK);
    assert_eq!(visitor.get("/readyz").await.status(), StatusCode::OK);
    assert_eq!(visitor.get("/").await.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn static_files_come_compressed_and_are_asked_for_again_only_when_changed() {
    let mut place = Place::new().await;
    let pkg = place.path("site/pkg");
    std::fs::create_dir_all(&pkg).unwrap();
    std::fs::write(pkg.join("digger.css"), "body{}").unwrap();
    std::fs::write(pkg.join("digger.css.br"), "compressed").unwrap();
    let site = place.path("site").display().to_string();
    place.set("DIGGER_SITE", &site);
    let digger = place.serve();
    let visitor = Visitor::new(&digger.address);
    let plain = visitor.get("/pkg/digger.css").await;
    assert_eq!(plain.headers()["content-type"], "text/css; charset=utf-8");
    let etag = plain.headers()["etag"].clone();
    assert_eq!(plain.text().await.unwrap(), "body{}");
    let request = visitor
        .http
        .get(visitor.url("/pkg/digger.css"))
        .header("accept-encoding", "gzip, br");
    let compressed = request.send().await.unwrap();
    assert_eq!(compressed.headers()["content-encoding"], "br");
    assert_eq!(compressed.headers()["vary"], "Accept-Encoding");
    assert_eq!(compressed.text().await.unwrap(), "compressed");
    let request = visitor
        .http
        .get(visitor.url("/pkg/digger.css"))
        .header("if-none-match", etag);
    assert_eq!(
        request.send().await.unwrap().status(),
        StatusCode::NOT_MODIFIED
    );
    for missing in [
        "/pkg/other.css",
        "/pkg/../digger.toml",
        "/pkg/%2e%2e/digger.toml",
    ] {
        assert_ne!(
            visitor.get(missing).await.status(),
            StatusCode::OK,
            "{missing}"
        );
    }
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_page() {
    let place = Place::new().await;
    let digger = place.serve();
    let kim = Visitor::signed_in(&digger.address, "kim").await;
    for (typed, page) in [
        ("/runs/", "/runs"),
        (
            "/reports/sales/by_region/?params[minimum]=1",
            "/reports/sales/by_region?params[minimum]=1",
        ),
    ] {
        let answer = kim.get(typed).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{typed}");
        assert_eq!(answer.headers()["location"], page);
    }
}
