//! HTTP: routes, guards and headers around the user interface.
//!
//! Handlers only translate: what may be seen and done is decided by the [`Desk`] alone.

mod assets;
mod choices;
mod error;
mod events;
mod files;
mod forms;
mod headers;
mod health;
mod now;
mod origin;
mod pages;
mod preferences;
mod range;
mod sessions;
mod signin;
mod visitor;
mod welcome;
mod words;

use std::sync::Arc;

use ::files::Files;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::StreamExt;
use http::StatusCode;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use store::Store;

pub(crate) use error::{internal_error, unavailable_error};

use crate::backend::Desk;
use crate::config::Settings;
use crate::signals::Signals;
use assets::Assets;
use health::Proof;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) backend: Arc<Desk>,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) proof: Proof,
    pub(crate) settings: Arc<Settings>,
    pub(crate) signals: Arc<Signals>,
    leptos: LeptosOptions,
    assets: Assets,
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}

impl FromRef<Web> for Assets {
    fn from_ref(web: &Web) -> Self {
        web.assets.clone()
    }
}

impl Web {
    pub(crate) fn new(
        backend: Arc<Desk>,
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        signals: Arc<Signals>,
    ) -> Self {
        let assets = Assets::new();
        let leptos = LeptosOptions::builder()
            .output_name("digger")
            .site_root("target/site")
            .site_pkg_dir(assets.folder.as_str())
            .build();
        Self {
            backend,
            store,
            files,
            proof: Proof::default(),
            settings,
            signals,
            leptos,
            assets,
        }
    }
}

/// Every address Digger answers.
pub(crate) fn router(web: &Web) -> Router {
    let options = web.leptos.clone();
    let routes = generate_route_list(app::App);
    let provide = pages::provide(web);
    let render_missing = {
        let (web, options) = (web.clone(), web.leptos.clone());
        move |request: Request| {
            let shell = move || app::shell(options.clone());
            leptos_axum::render_app_async_with_context(pages::provide(&web), shell)(request)
        }
    };
    Router::new()
        .leptos_routes_with_context(web, routes, provide, move || app::shell(options.clone()))
        .route("/signin", post(signin::sign_in))
        .route("/signout", post(signin::sign_out))
        .route("/welcome/{token}", post(welcome::accept))
        .route("/language", post(preferences::language))
        .route("/theme", post(preferences::theme))
        .route("/reports/{*id}", post(forms::start))
        .route("/runs/{id}/cancel", post(forms::cancel))
        .route("/runs/{id}/again", post(forms::again))
        .route("/runs/{id}/files/{name}", get(files::file))
        .route("/admin/now", get(now::page).post(now::act))
        .route("/events/runs/{id}", get(events::run))
        .route("/api/choices/{*id}", get(choices::choices))
        .route("/pkg/{*path}", get(assets::asset))
        .fallback(render_missing)
        .layer(middleware::from_fn_with_state(
            web.clone(),
            visitor::recognise,
        ))
        .layer(sessions::layer(web.store.clone(), web.settings.is_https()))
        // Outside: whoever asks, a cookie must not make them need our own tables.
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web.settings),
            origin::same_origin_only,
        ))
        .layer(DefaultBodyLimit::max(forms::LARGEST))
        .layer(middleware::from_fn(limit_body))
        .layer(middleware::from_fn(headers::protect))
        .with_state(web.clone())
}

/// Refuses what says beforehand that it is too large; the rest is counted while it is read.
async fn limit_body(request: Request, next: middleware::Next) -> Response {
    let announced = request
        .headers()
        .get(http::header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > forms::LARGEST) {
        discard(request.into_body()).await;
        return too_large();
    }
    next.run(request).await
}

/// Reads what is on its way without keeping it: a browser shows an answer only after it has sent
/// everything, and a broken connection otherwise.
async fn discard(body: Body) {
    /// Enough for a mistake; whoever sends more gets the broken connection.
    const MOST: usize = 32 * 1024 * 1024;
    let mut stream = body.into_data_stream();
    let mut seen = 0;
    while let Some(Ok(piece)) = stream.next().await {
        seen += piece.len();
        if seen > MOST {
            return;
        }
    }
}

pub(crate) fn too_large() -> Response {
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        "보낸 내용이 너무 큽니다(최대 1 MiB). / What was sent is too large (at most 1 MiB).\n",
    )
        .into_response()
}
