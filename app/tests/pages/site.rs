//! The pages as the server renders them, with the fake backend.

use std::sync::{Arc, LazyLock};

use app::view::{NowDone, NowView, PostedForm, Preferences, Viewer};
use app::{App, AppError, Backend, now_shell, shell};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use leptos::prelude::*;
use leptos_axum::{generate_route_list, render_app_async_with_context};

use crate::fake::Fake;

/// The number of routes. They are listed once and before any page, as in the server: listing tells the runtime where to
/// spawn, and for its duration it holds back every resource of the process.
pub static ROUTES: LazyLock<usize> = LazyLock::new(|| generate_route_list(App).len());

/// What a request carries besides its address.
#[derive(Clone, Default)]
pub struct Visit {
    pub viewer: Option<Viewer>,
    pub preferences: Preferences,
    pub posted: Option<PostedForm>,
    pub refusal: Option<AppError>,
}

impl Visit {
    /// Puts everything into the context, as the server does.
    pub fn provide(&self) {
        provide_context(Arc::new(Fake) as Arc<dyn Backend>);
        provide_context(self.preferences);
        if let Some(viewer) = self.viewer.clone() {
            provide_context(viewer);
        }
        if let Some(posted) = self.posted.clone() {
            provide_context(posted);
        }
        if let Some(refusal) = self.refusal.clone() {
            provide_context(refusal);
        }
    }

    /// Renders the page at `path`.
    pub async fn page(self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path)
            .body(Body::empty())
            .expect("the address is valid");
        read(self.answer(request).await).await
    }

    /// Renders the page "Now".
    pub async fn now(self, now: NowView, done: Option<NowDone>) -> (StatusCode, String) {
        LazyLock::force(&ROUTES);
        let request = Request::get("/admin/now")
            .body(Body::empty())
            .expect("the address is valid");
        let options = LeptosOptions::builder().output_name("digger").build();
        let page = move || now_shell(options.clone(), now.clone(), done.clone());
        read(render_app_async_with_context(move || self.provide(), page)(request).await).await
    }

    /// Renders the page of a request, whatever its method.
    pub async fn answer(self, request: Request<Body>) -> Response<Body> {
        LazyLock::force(&ROUTES);
        let options = LeptosOptions::builder().output_name("digger").build();
        render_app_async_with_context(move || self.provide(), move || shell(options.clone()))(
            request,
        )
        .await
    }
}

async fn read(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX)
        .await
        .expect("the page can be read");
    (
        status,
        String::from_utf8(body.to_vec()).expect("the page is UTF-8"),
    )
}
