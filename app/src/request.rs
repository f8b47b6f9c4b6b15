//! What the current request carries, read from the context the server fills. Only on the server.

use std::sync::Arc;

use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::error::AppError;
use crate::port::Backend;
use crate::view::{Preferences, Session, Viewer};

/// The port.
///
/// # Errors
/// [`AppError::Unavailable`] when the server forgot to provide it.
pub fn backend() -> Result<Arc<dyn Backend>, AppError> {
    use_context::<Arc<dyn Backend>>().ok_or_else(|| AppError::Unavailable {
        reference: String::from("no-backend"),
    })
}

/// The signed-in person.
///
/// # Errors
/// [`AppError::SignedOut`].
pub fn viewer() -> Result<Viewer, AppError> {
    use_context::<Viewer>().ok_or(AppError::SignedOut)
}

/// Language and theme; the defaults while routes are listed at start, when there is no request.
pub fn preferences() -> Preferences {
    use_context::<Preferences>().unwrap_or_default()
}

/// What was posted and refused in this request.
pub fn posted<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<T>()
}

/// The frame's data; nobody is signed in while routes are listed at start.
pub fn session() -> Session {
    Session {
        preferences: preferences(),
        viewer: use_context(),
        refusal: use_context(),
    }
}

/// Gives the answer the status of its error, so that a missing run is a 404 with or without JavaScript.
pub fn settle<T>(answer: Result<T, AppError>) -> Result<T, AppError> {
    if let Err(error) = &answer {
        set_status(error.status());
    }
    answer
}

/// Sets the status of the page being rendered.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<ResponseOptions>(),
        StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}
