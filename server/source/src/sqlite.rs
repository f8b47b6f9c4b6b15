//! SQLite files as a source, opened read-only.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;

use crate::{CancelFlag, ColumnInfo, Dialect, Extract, Reading, Source, SourceConfig, SourceError};

/// One SQLite file. Every reading opens its own connection.
pub(crate) struct SqliteSource {
    name: String,
    path: PathBuf,
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
}

#[async_trait]
impl Source for SqliteSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn read(&self, _extract: Extract, _cancel: CancelFlag) -> Result<Reading, SourceError> {
        let _ = (&self.path, &self.zone, self.timeout);
        Err(SourceError::Internal {
            source_name: self.name.clone(),
            message: "not there yet".to_owned(),
        })
    }

    async fn describe(&self, _sql: &str) -> Result<Vec<ColumnInfo>, SourceError> {
        Err(SourceError::Internal {
            source_name: self.name.clone(),
            message: "not there yet".to_owned(),
        })
    }
}
