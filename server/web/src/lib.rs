//! HTTP: routes, guards and headers around the user interface.
//!
//! Handlers only translate: what may be seen and done is decided by the [`Backend`] alone.

mod api;
mod assets;
mod body;
mod error;
mod events;
mod files;
mod forms;
mod headers;
mod health;
mod host;
mod listen;
mod messages;
mod now;
mod origin;
mod pages;
mod preferences;
mod range;
mod signin;
mod visitor;
mod welcome;

use std::sync::Arc;

use app::Backend;
use axum::Router;
use axum::extract::FromRef;
use axum::middleware;
use axum::routing::{get, post};
use identity::{Identity, session_layer};
use runtime::Lifecycle;
use settings::Settings;
use store::Store;

use ::files::Files;

pub use listen::serve;

use assets::Assets;
use health::Proof;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub backend: Arc<dyn Backend>,
    pub identity: Identity,
    pub store: Store,
    pub files: Files,
    pub proof: Proof,
    pub settings: Arc<Settings>,
    pub lifecycle: Arc<Lifecycle>,
    assets: Assets,
}

impl FromRef<Web> for Assets {
    fn from_ref(web: &Web) -> Self {
        web.assets.clone()
    }
}

impl Web {
    pub fn new(
        backend: Arc<dyn Backend>,
        identity: Identity,
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        lifecycle: Arc<Lifecycle>,
    ) -> Self {
        let assets = Assets::new();
        Self {
            backend,
            identity,
            store,
            files,
            proof: Proof::default(),
            settings,
            lifecycle,
            assets,
        }
    }
}

/// Every address Digger answers.
pub fn router(web: &Web) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/signin", get(pages::sign_in).post(signin::sign_in))
        .route("/signout", post(signin::sign_out))
        .route(
            "/welcome/{token}",
            get(pages::welcome).post(welcome::accept),
        )
        .route("/language", post(preferences::language))
        .route("/theme", post(preferences::theme))
        .route("/reports/{*id}", get(pages::report).post(forms::start))
        .route("/runs", get(pages::runs))
        .route("/runs/{id}", get(pages::run))
        .route("/runs/{id}/cancel", post(forms::cancel))
        .route("/runs/{id}/again", post(forms::again))
        .route("/runs/{id}/files/{name}", get(files::file))
        .route("/admin/now", get(now::page).post(now::act))
        .route("/admin/reports", get(pages::admin_reports))
        .route("/events/runs/{id}", get(events::run))
        .merge(api::routes())
        .route("/pkg/{*path}", get(assets::asset))
        .fallback(pages::missing)
        .layer(middleware::from_fn_with_state(
            web.clone(),
            visitor::recognise,
        ))
        .layer(session_layer(web.store.clone(), web.settings.is_https()))
        // Outside: whoever asks, a cookie must not make them need our own tables.
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web.settings),
            origin::same_origin_only,
        ))
        .layer(middleware::from_fn(body::gather))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web.settings),
            host::known_only,
        ))
        .layer(middleware::from_fn(headers::protect))
        .with_state(web.clone())
}
