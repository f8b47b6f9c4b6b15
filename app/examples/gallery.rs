//! Every page with made-up data at http://127.0.0.1:3001, for looking at the design without a server or a database.
//!
//! `make client` first puts styles and the browser client into `target/site`; `GALLERY_SITE` names another folder.
//! `?en`, `?admin`, `?dark` and `?nobody` in the address of any page change who is looking and how.

#[path = "../tests/pages/fake.rs"]
mod fake;
#[path = "../tests/pages/site.rs"]
#[allow(dead_code)]
mod site;

use app::port::{Reports, Runs};
use app::view::{FieldMessage, FormInput, PostedForm, Preferences, Theme};
use app::{live_news, staged_news};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lang::Lang;
use serde_json::{Value, json};

use site::Visit;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let router = Router::new().fallback(answer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
    println!("http://127.0.0.1:3001");
    axum::serve(listener, router).await?;
    Ok(())
}

async fn answer(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let visit = visit_of(&request);
    if path.starts_with("/pkg/") {
        return file(&path).await;
    }
    if path.starts_with("/api/") {
        let answer = asked(&visit, &path, request).await;
        return axum::Json(answer).into_response();
    }
    let is_post = request.method() == Method::POST;
    let address = request
        .uri()
        .path_and_query()
        .map_or("/", |address| address.as_str());
    let (status, html) = visit.page(address).await;
    let status = match status {
        200 if is_post => StatusCode::UNPROCESSABLE_ENTITY,
        status => StatusCode::from_u16(status).unwrap_or_default(),
    };
    let kind = [("content-type", "text/html; charset=utf-8")];
    (status, kind, html).into_response()
}

/// What an island asks.
async fn asked(visit: &Visit, path: &str, request: Request) -> Value {
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await;
    let question: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
    let input: FormInput = serde_json::from_value(question["input"].clone()).unwrap_or_default();
    let lang = visit.preferences.lang;
    let viewer = fake::viewer(lang, false);
    match path {
        "/api/form/choices" => json!(fake::Fake.choices(&viewer, "", "", input).await.ok()),
        "/api/form/staged" => {
            let staged = fake::Fake.staged(&viewer, "", input).await.ok().flatten();
            json!(staged.map(|staged| staged_news(staged, lang)))
        }
        _ => {
            let run = question["id"].as_str().unwrap_or_default();
            let live = fake::Fake.run_live(&viewer, run).await.ok();
            json!(live.map(|live| live_news(live, lang)))
        }
    }
}

fn visit_of(request: &Request) -> Visit {
    let referer = request
        .headers()
        .get("referer")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let words = format!("{} {referer}", request.uri());
    let says = |word: &str| words.split(['?', '&', ' ']).any(|part| part == word);
    let lang = if says("en") { Lang::En } else { Lang::Ko };
    let theme = if says("dark") {
        Theme::Dark
    } else {
        Theme::System
    };
    let posted = (request.method() == Method::POST).then(|| PostedForm {
        errors: vec![FieldMessage {
            field: String::from("top"),
            code: String::from("run::invalid_value"),
            message: String::from("1부터 100 사이의 숫자를 입력하세요."),
        }],
        ..PostedForm::default()
    });
    Visit {
        viewer: (!says("nobody")).then(|| fake::viewer(lang, says("admin"))),
        preferences: Preferences { lang, theme },
        posted,
    }
}

async fn file(path: &str) -> Response {
    let folder = std::env::var("GALLERY_SITE").unwrap_or_else(|_| String::from("target/site"));
    let kind = match path.rsplit('.').next() {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    match tokio::fs::read(format!("{folder}{path}")).await {
        Ok(bytes) => ([("content-type", kind)], Body::from(bytes)).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
