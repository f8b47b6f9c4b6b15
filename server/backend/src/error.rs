//! Failures of our own tables as people see them; the log has the rest.

use app::AppError;
use store::StoreError;

/// What the store says, or that it does not answer.
pub(crate) trait OrUnavailable<T> {
    /// # Errors
    /// [`AppError::Unavailable`], with a reference to the log.
    fn or_unavailable(self) -> Result<T, AppError>;
}

impl<T> OrUnavailable<T> for Result<T, StoreError> {
    fn or_unavailable(self) -> Result<T, AppError> {
        self.map_err(|error| unavailable(&error))
    }
}

/// A failure of our own tables as people see it.
pub(crate) fn unavailable(error: &StoreError) -> AppError {
    AppError::unavailable("use our own tables", error)
}
