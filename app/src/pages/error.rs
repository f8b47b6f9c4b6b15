//! What is shown instead of a page: every [`AppError`] in words, with a way on.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::app::texts;
use crate::components::{ErrorBox, Glyph, LinkButton, Look, PageHead};
use crate::error::{AppError, Thing};

/// An address without a page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <ErrorPage error=AppError::NotFound { thing: Thing::Page } /> }
}

/// One error as a whole page; sets the status when rendered on the server.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::request::set_status(error.status());
    let texts = texts();
    let words = texts.error(&error);
    let action = match &error {
        AppError::SignedOut => sign_in_action().into_any(),
        AppError::Unavailable { .. }
        | AppError::Internal { .. }
        | AppError::Offline
        | AppError::TooMany => retry_action().into_any(),
        AppError::NotFound { .. }
        | AppError::Forbidden { .. }
        | AppError::Invalid { .. }
        | AppError::BrokenReport { .. } => ().into_any(),
    };
    let reference = match &error {
        AppError::Unavailable { reference } | AppError::Internal { reference } => {
            Some(reference.clone())
        }
        _ => None,
    };
    view! {
        <div class="ErrorPage">
            <PageHead title=words.title />
            <ErrorBox what=words.what affected=words.affected advice=words.advice reference=reference.unwrap_or_default()>
                <div class="ErrorBox-actions">
                    {action} <LinkButton href="/" glyph=Glyph::Left label=texts.back_home />
                </div>
            </ErrorBox>
        </div>
    }
    .into_any()
}

fn sign_in_action() -> impl IntoView {
    let location = use_location();
    let href = move || format!("/signin?next={}", location.pathname.get());
    view! {
        <a class="Button primary" rel="external" href=href>
            {texts().sign_in}
        </a>
    }
}

fn retry_action() -> impl IntoView {
    let location = use_location();
    view! { <LinkButton look=Look::Primary glyph=Glyph::Again external=true href=location.pathname.get_untracked() label=texts().try_again /> }
}
