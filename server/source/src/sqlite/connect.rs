//! Opening the file, read-only.

use std::io::ErrorKind;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use super::SqliteSource;
use crate::{Cause, SourceError, cause};

/// Short, because SQLite does not notice a cancel while it waits; `read` waits again as often as
/// needed.
const BUSY: Duration = Duration::from_millis(200);

/// Opens one connection that can only read.
pub(super) async fn open(source: &SqliteSource) -> Result<SqliteConnection, SourceError> {
    let down = |message: String| SourceError::down(&source.name, message);
    let shown = source.path.display();
    // SQLite says "unable to open database file" for all of these; people need to know which.
    match std::fs::metadata(&source.path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(down(format!(
                "{shown} is a folder; name the database file itself"
            )));
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(down(format!(
                "there is no file {shown}; check the path in its URL"
            ))
            .caused_by(Cause::from(error)));
        }
        Err(error) => {
            return Err(down(format!(
                "{shown} cannot be looked at ({error}); check the path and its permissions"
            ))
            .caused_by(Cause::from(error)));
        }
    }
    if let Err(error) = std::fs::File::open(&source.path) {
        return Err(down(format!(
            "{shown} cannot be opened ({error}); give this user permission to read it"
        ))
        .caused_by(Cause::from(error)));
    }
    // Absolute, so that no path is taken for one of SQLite's `file:` URIs.
    let path = std::path::absolute(&source.path).map_err(|error| {
        down(format!("{shown} is not a usable path ({error})")).caused_by(Cause::from(error))
    })?;
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .pragma("query_only", "ON")
        .busy_timeout(BUSY)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|error| {
            let words = cause::words(&error);
            down(format!("{shown} cannot be opened ({words})")).caused_by(cause::of_driver(error))
        })
}
