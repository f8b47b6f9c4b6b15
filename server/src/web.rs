//! HTTP: routes, guards and headers around the user interface.
//!
//! Handlers only translate: what may be seen and done is decided by the [`Backend`] alone.

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
use axum::extract::{FromRef, Request};
use axum::middleware;
use axum::routing::{get, post};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
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
        backend: Arc<dyn Backend>,
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        lifecycle: Arc<Lifecycle>,
    ) -> std::io::Result<Self> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let assets = Assets::new();
        let leptos = LeptosOptions::builder()
            .output_name("digger")
            .site_root("target/site")
            .site_pkg_dir(assets.folder.as_str())
            .build();
        Ok(Self {
            backend,
            store,
            files,
            proof: Proof::default(),
            hashing: Hashing::beside(processors)?,
            settings,
            lifecycle,
            leptos,
            assets,
        })
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
        .layer(middleware::from_fn(body::gather))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web.settings),
            host::known_only,
        ))
        .layer(middleware::from_fn(headers::protect))
        .with_state(web.clone())
}
