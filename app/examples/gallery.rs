//! Every page with made-up data at http://127.0.0.1:3001, for looking at the design without a server or a database.
//!
//! `make client` first puts styles and the browser client into `target/site`; `GALLERY_SITE` names another folder.
//! `?en`, `?admin`, `?dark` and `?nobody` in the address of any page change who is looking and how.

#[path = "../tests/pages/fake.rs"]
mod fake;
#[path = "../tests/pages/site.rs"]
#[allow(dead_code)]
mod site;

use app::view::{FieldMessage, PostedForm, Preferences, Theme};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lang::Lang;
use leptos_axum::handle_server_fns_with_context;

use site::Visit;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::sync::LazyLock::force(&site::ROUTES);
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
        return handle_server_fns_with_context(move || visit.provide(), request)
            .await
            .into_response();
    }
    if path == "/admin/now" {
        let (status, html) = visit.now(fake::now_view(), None).await;
        return (status, [("content-type", "text/html; charset=utf-8")], html).into_response();
    }
    let status = if request.method() == Method::POST {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let mut response = visit.answer(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
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
        refusal: None,
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
