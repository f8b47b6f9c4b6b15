//! What is shown instead of a page: every [`AppError`] in words, with a way on.

use leptos::prelude::*;

use crate::components::{ErrorBox, Glyph, LinkButton, Look, PageHead};
use crate::context::{session, texts};
use crate::error::AppError;

/// One error as a whole page.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    let texts = texts();
    let words = texts.error(&error);
    let action = match &error {
        AppError::SignedOut => sign_in_action().into_any(),
        AppError::Unavailable { .. } | AppError::Internal { .. } | AppError::TooMany => {
            retry_action().into_any()
        }
        AppError::NotFound { .. }
        | AppError::Forbidden { .. }
        | AppError::Invalid { .. }
        | AppError::BrokenReport { .. } => ().into_any(),
    };
    let reference = match &error {
        AppError::Unavailable { reference } | AppError::Internal { reference } => {
            Some(reference.to_string())
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
    view! { <LinkButton look=Look::Primary href=format!("/signin?next={}", path()) label=texts().sign_in /> }
}

fn retry_action() -> impl IntoView {
    view! { <LinkButton look=Look::Primary glyph=Glyph::Again href=path() label=texts().try_again /> }
}

/// Where the page was looked for.
fn path() -> String {
    let address = session().address;
    address.split('?').next().unwrap_or_default().to_owned()
}
