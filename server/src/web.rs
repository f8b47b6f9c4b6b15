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
mod sessions;
mod signin;
mod tries;
mod visitor;
mod welcome;

use std::sync::Arc;

use ::files::Files;
use app::Backend;
use axum::Router;
use axum::extract::FromRef;
use axum::middleware;
use axum::routing::{get, post};
use store::Store;

pub(crate) use error::{internal_error, unavailable_error};
pub(crate) use listen::serve;

use crate::config::Settings;
use crate::lifecycle::Lifecycle;
use crate::password::Hashing;
use assets::Assets;
use health::Proof;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) proof: Proof,
    pub(crate) hashing: Hashing,
    pub(crate) settings: Arc<Settings>,
    pub(crate) lifecycle: Arc<Lifecycle>,
    assets: Assets,
}

impl FromRef<Web> for Assets {
    fn from_ref(web: &Web) -> Self {
        web.assets.clone()
    }
}

impl Web {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        lifecycle: Arc<Lifecycle>,
    ) -> std::io::Result<Self> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let assets = Assets::new();
        Ok(Self {
            backend,
            store,
            files,
            proof: Proof::default(),
            hashing: Hashing::beside(processors)?,
            settings,
            lifecycle,
            assets,
        })
    }
}

/// Every address Digger answers.
pub(crate) fn router(web: &Web) -> Router {
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
        .layer(sessions::layer(web.store.clone(), web.settings.is_https()))
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
