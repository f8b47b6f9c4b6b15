//! SQLite files as a source, opened read-only.
//!
//! The rows are read in a plain step loop on a blocking thread: a driver that sends every row
//! through a channel takes ten times as long. Nothing here can write: the file is opened
//! read-only, `query_only` is on, and an authorizer refuses every statement that does more than
//! select.

mod bind;
mod columns;
mod connect;
mod decode;
mod error;
mod read;
mod statement;
mod types;
mod value_error;

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use rows::ColumnInfo;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::limits::WAITING_CHUNKS;
use crate::{Checked, Dialect, Extract, Reading, Source, SourceConfig, SourceError};

/// One SQLite file. Every reading opens its own connection.
#[derive(Clone, Debug)]
pub(crate) struct SqliteSource {
    name: String,
    path: PathBuf,
    /// Zone of date-times without one of their own.
    zone: TimeZone,
    timeout: Option<Duration>,
}

impl SqliteSource {
    pub(crate) fn new(config: &SourceConfig, path: &str) -> Self {
        Self {
            name: config.name.clone(),
            path: path.into(),
            zone: config.zone.clone(),
            timeout: config.timeout,
        }
    }

    fn stopped_inside(&self) -> SourceError {
        SourceError::internal(&self.name, "the reading thread stopped without an answer")
    }
}

#[async_trait]
impl Source for SqliteSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn identity(&self) -> String {
        // Absolute, because the same relative path is another file in another working directory.
        let path = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        format!(
            "sqlite:{}|{}",
            path.display(),
            self.zone.iana_name().unwrap_or("UTC")
        )
    }

    async fn read(
        &self,
        extract: Extract,
        cancel: CancellationToken,
    ) -> Result<Reading, SourceError> {
        let connection = connect::open(self).await?;
        let (columns, decided) = oneshot::channel();
        let (rows, chunks) = mpsc::channel(WAITING_CHUNKS);
        // Made before the thread starts, so that dropping this very future stops it too.
        let stop = cancel.child_token();
        let stop_on_drop = stop.clone().drop_guard();
        let task = read::Task::new(self.clone(), extract, stop);
        tokio::task::spawn_blocking(move || task.run(connection, columns, rows));
        let columns = decided.await.map_err(|_| self.stopped_inside())??;
        Ok(Reading {
            columns,
            chunks,
            cancel,
            _stop_on_drop: stop_on_drop,
            ended: false,
            session: None,
            endpoint: self.path.display().to_string(),
        })
    }

    async fn describe(&self, sql: &str) -> Result<Vec<ColumnInfo>, SourceError> {
        let connection = connect::open(self).await?;
        let source = self.clone();
        let sql = sql.to_owned();
        tokio::task::spawn_blocking(move || read::describe(&source, connection, &sql))
            .await
            .map_err(|_| self.stopped_inside())?
    }

    /// The file is opened read-only, so no sign-in could write through us, whatever the file
    /// system permits. Opening alone would not notice a file that is no database; a statement does.
    async fn check(&self) -> Result<Checked, SourceError> {
        let extract = Extract::new("SELECT sqlite_version() AS version FROM sqlite_schema LIMIT 0");
        self.read(extract, CancellationToken::new()).await?;
        Ok(Checked {
            endpoint: self.path.display().to_string(),
            version: format!("SQLite {}", statement::version()),
            can_write: None,
            // It stands in this process and opens one file.
            can_read_files: None,
        })
    }

    /// The thread that reads belongs to the reader's own process and ends with it.
    async fn stop(&self, _session: &str) -> Result<bool, SourceError> {
        Ok(true)
    }
}
