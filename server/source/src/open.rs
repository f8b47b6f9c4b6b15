//! From a configuration to the driver for its kind of database.

use std::sync::Arc;

use crate::config::{SourceConfig, kind_of};
use crate::mysql::MysqlSource;
use crate::postgres::PostgresSource;
use crate::sqlite::SqliteSource;
use crate::{Source, SourceError};

/// Makes the source a configuration describes. Nothing is opened yet.
///
/// # Errors
/// [`SourceError::Config`] when a URL cannot be used, when the endpoints are of several kinds, or
/// when a limit is 0.
pub fn open(config: &SourceConfig) -> Result<Arc<dyn Source>, SourceError> {
    let refuse = |message: String| {
        Err(SourceError::Config {
            source_name: config.name.clone(),
            message,
        })
    };
    if config.max_running == 0 {
        return refuse("`max_running` is 0; write at least 1, or remove the source".to_owned());
    }
    if config.connect_timeout.is_zero() || config.idle_timeout.is_zero() {
        return refuse("`connect_timeout` and `idle_timeout` must be above 0".to_owned());
    }
    let Some(first) = config.urls.first() else {
        return refuse(format!("it has no URL; write {KINDS}"));
    };
    let kind = kind_of(first);
    if let Some(other) = config
        .urls
        .iter()
        .map(|url| kind_of(url))
        .find(|other| *other != kind)
    {
        return refuse(format!(
            "its endpoints are of several kinds, {kind} and {other}; make them two sources"
        ));
    }
    match kind {
        "sqlite" => open_sqlite(config, first).or_else(refuse),
        "postgres" => match PostgresSource::new(config) {
            Ok(source) => Ok(Arc::new(source)),
            Err(message) => refuse(message),
        },
        "mysql" => match MysqlSource::new(config) {
            Ok(source) => Ok(Arc::new(source)),
            Err(message) => refuse(message),
        },
        _ => refuse(format!("its URL names no kind of database; write {KINDS}")),
    }
}

/// What people may write.
const KINDS: &str =
    "`sqlite:PATH`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`";

fn open_sqlite(config: &SourceConfig, url: &str) -> Result<Arc<dyn Source>, String> {
    if config.urls.len() > 1 {
        return Err("a file has one URL, and there are several".to_owned());
    }
    if config.password.is_some() || config.ca_file.is_some() {
        return Err("a file has neither a password nor a CA file; remove them".to_owned());
    }
    let path = url.split_once(':').map_or("", |(_, path)| path);
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() || path == ":memory:" {
        return Err("its URL names no file; write `sqlite:PATH`".to_owned());
    }
    Ok(Arc::new(SqliteSource::new(config, path)))
}
