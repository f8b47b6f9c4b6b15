//! Pages rendered by the user interface, and the context they are rendered in.

use std::sync::Arc;

use app::AppError;
use app::view::{PostedForm, PostedSignIn, PostedWelcome, Preferences, Viewer};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

use super::Web;
use super::headers::page_policy;

/// Hands every page and server function what it needs to know about its request.
pub fn provide(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let backend = Arc::clone(&web.backend);
    move || {
        provide_context(Arc::clone(&backend));
        // While the routes are listed there is no request.
        let Some(parts) = use_context::<Parts>() else {
            return;
        };
        let extensions = &parts.extensions;
        provide_context(extensions.get::<Preferences>().copied().unwrap_or_default());
        if let Some(viewer) = extensions.get::<Viewer>() {
            provide_context(viewer.clone());
        }
        if let Some(posted) = extensions.get::<PostedForm>() {
            provide_context(posted.clone());
        }
        if let Some(posted) = extensions.get::<PostedSignIn>() {
            provide_context(posted.clone());
        }
        if let Some(posted) = extensions.get::<PostedWelcome>() {
            provide_context(posted.clone());
        }
        if let Some(refusal) = extensions.get::<AppError>() {
            provide_context(refusal.clone());
        }
        if let (Some(nonce), Some(answer)) =
            (leptos::nonce::use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
        {
            answer.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Renders the page of the same address after a refused post, with what was posted.
pub async fn render_again<P>(
    web: &Web,
    mut request: Request,
    posted: P,
    status: StatusCode,
) -> Response
where
    P: Clone + Send + Sync + 'static,
{
    *request.method_mut() = Method::GET;
    request.headers_mut().remove(header::CONTENT_LENGTH);
    request.headers_mut().remove(header::CONTENT_TYPE);
    request.extensions_mut().insert(posted);
    let options = web.leptos.clone();
    let handler = leptos_axum::render_app_async_with_context(provide(web), move || {
        app::shell(options.clone())
    });
    let mut answer = handler(request).await;
    *answer.status_mut() = status;
    answer
}

/// Renders a page that says why the request ends here.
pub async fn refuse(web: &Web, parts: Parts, error: AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    render_again(
        web,
        Request::from_parts(parts, Body::empty()),
        error,
        status,
    )
    .await
}
