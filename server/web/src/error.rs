//! Failures on the way to an answer: the log gets the chain once, people get a reference to it.

use std::error::Error;

use app::AppError;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use identity::IdentityError;

/// A failure of our own tables or disk as an answer, for handlers that have no page to show it on; the log has the rest.
pub fn unavailable(doing: &str, error: &(dyn Error + 'static)) -> Response {
    answer(&AppError::unavailable(doing, error))
}

/// Why it is not known who somebody is, as an answer. Nothing of a page: it would cost more than the answer is worth.
pub fn of_identity(error: &IdentityError) -> Response {
    match error {
        IdentityError::Busy => answer(&AppError::TooMany),
        error => unavailable("tell who somebody is", error),
    }
}

/// An error as a plain answer in both languages.
pub fn answer(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = match error {
        AppError::SignedOut => "로그인이 필요합니다. / Please sign in.".to_owned(),
        AppError::NotFound { .. } => "찾을 수 없습니다. / There is nothing here.".to_owned(),
        AppError::Forbidden { .. } => "권한이 없습니다. / You may not do this.".to_owned(),
        AppError::Invalid { fields } => fields
            .iter()
            .map(|field| field.message.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        AppError::BrokenReport { .. } => {
            "보고서 파일에 오류가 있습니다. / The report's file has mistakes.".to_owned()
        }
        AppError::TooMany => {
            "요청이 너무 많습니다. 잠시 뒤 다시 시도하세요. / Too much at once. Try again later."
                .to_owned()
        }
        AppError::Unavailable { reference } => {
            format!(
                "잠시 사용할 수 없습니다. 다시 시도하세요 ({reference}). / Temporarily unavailable, try again ({reference})."
            )
        }
        AppError::Internal { reference } => {
            format!("내부 오류입니다 ({reference}). / An internal error ({reference}).")
        }
    };
    (status, text + "\n").into_response()
}
