//! From a configuration to the driver for its kind of database.

use std::sync::Arc;

use crate::config::{SourceConfig, kind_of};
use crate::endpoint::EndpointError;
use crate::mysql::MysqlSource;
use crate::postgres::PostgresSource;
use crate::sqlite::SqliteSource;
use crate::{Cause, Source, SourceError};

/// Makes the source a configuration describes. Nothing is opened yet.
///
/// # Errors
/// [`SourceError::Config`] when a URL cannot be used, when the endpoints are of several kinds, or
/// when a limit is 0.
pub fn open(config: &SourceConfig) -> Result<Arc<dyn Source>, SourceError> {
    driver(config).map_err(|error| {
        SourceError::config(&config.name, error.to_string()).caused_by(Cause::from(error))
    })
}

/// Why a configuration describes no source.
#[derive(Debug, thiserror::Error)]
enum ConfigError {
    #[error("`max_running` is 0; write at least 1, or remove the source")]
    NothingMayRun,
    #[error("`connect_timeout` and `idle_timeout` must be above 0")]
    NoTime,
    #[error("it has no URL; write {KINDS}")]
    NoUrl,
    #[error("its endpoints are of several kinds, {0} and {1}; make them two sources")]
    SeveralKinds(&'static str, &'static str),
    #[error("its URL names no kind of database; write {KINDS}")]
    UnknownKind,
    #[error("a file has one URL, and there are several")]
    SeveralFiles,
    #[error("a file has neither a password nor a CA file; remove them")]
    FileWithSignIn,
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
}

/// What people may write.
const KINDS: &str =
    "`sqlite:PATH`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`";

fn driver(config: &SourceConfig) -> Result<Arc<dyn Source>, ConfigError> {
    if config.max_running == 0 {
        return Err(ConfigError::NothingMayRun);
    }
    if config.connect_timeout.is_zero() || config.idle_timeout.is_zero() {
        return Err(ConfigError::NoTime);
    }
    let first = config.urls.first().ok_or(ConfigError::NoUrl)?;
    let kind = kind_of(first);
    if let Some(other) = config
        .urls
        .iter()
        .map(|url| kind_of(url))
        .find(|other| *other != kind)
    {
        return Err(ConfigError::SeveralKinds(kind, other));
    }
    Ok(match kind {
        "sqlite" => sqlite(config, first)?,
        "postgres" => Arc::new(PostgresSource::new(config)?),
        "mysql" => Arc::new(MysqlSource::new(config)?),
        _ => return Err(ConfigError::UnknownKind),
    })
}

fn sqlite(config: &SourceConfig, url: &str) -> Result<Arc<dyn Source>, ConfigError> {
    if config.urls.len() > 1 {
        return Err(ConfigError::SeveralFiles);
    }
    if config.password.is_some() || config.ca_file.is_some() {
        return Err(ConfigError::FileWithSignIn);
    }
    let path = url.split_once(':').map_or("", |(_, path)| path);
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() || path == ":memory:" {
        return Err(EndpointError::NoFile.into());
    }
    Ok(Arc::new(SqliteSource::new(config, path)))
}
