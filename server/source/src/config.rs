//! How a source is named and reached.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sqlite::SqliteSource;
use crate::{Source, SourceError};

/// How one source is reached. `Debug` never shows what stands in the URL besides its kind.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// The name reports use for it: lower-case letters, digits and `_`.
    pub name: String,
    /// Where it is. `sqlite:PATH` now; a relative path starts at the working directory.
    pub url: String,
    /// Zone of columns that do not name their own, as an IANA name. Default: Asia/Seoul.
    #[serde(default = "seoul", with = "zone_name")]
    pub zone: TimeZone,
    /// Statements running at the same time, over all runs. Default: 2; at least 1.
    #[serde(default = "two")]
    pub max_running: u32,
    /// How long a statement may take unless its extract says otherwise, in seconds when stored.
    /// Default: no limit.
    #[serde(default, with = "seconds", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
}

impl SourceConfig {
    /// A source with the defaults.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            zone: seoul(),
            max_running: two(),
            timeout: None,
        }
    }
}

impl std::fmt::Debug for SourceConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = self.url.split_once(':').map_or("?", |(scheme, _)| scheme);
        f.debug_struct("SourceConfig")
            .field("name", &self.name)
            .field("url", &format_args!("{scheme}:…"))
            .field("zone", &self.zone.iana_name())
            .field("max_running", &self.max_running)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// Makes the source a configuration describes. Nothing is opened yet.
///
/// # Errors
/// [`SourceError::Config`] when the URL names no kind of database we know, or no path.
pub fn open(config: &SourceConfig) -> Result<Arc<dyn Source>, SourceError> {
    let refuse = |message: &str| {
        Err(SourceError::Config {
            source_name: config.name.clone(),
            message: message.to_owned(),
        })
    };
    if config.max_running == 0 {
        return refuse("`max_running` is 0; write at least 1, or remove the source");
    }
    match config.url.split_once(':') {
        Some(("sqlite", path)) => {
            let path = path.strip_prefix("//").unwrap_or(path);
            let path = path.split_once('?').map_or(path, |(path, _)| path);
            if path.is_empty() || path == ":memory:" {
                return refuse("its URL names no file; write `sqlite:PATH`");
            }
            Ok(Arc::new(SqliteSource::new(config, path)))
        }
        Some(("postgres" | "postgresql" | "mysql" | "mariadb", _)) => {
            refuse("this version reads SQLite files only; write `sqlite:PATH`")
        }
        _ => refuse("its URL names no kind of database; write `sqlite:PATH`"),
    }
}

fn seoul() -> TimeZone {
    TimeZone::get("Asia/Seoul").expect("the zone data is built in")
}

fn two() -> u32 {
    2
}

mod zone_name {
    use super::{Deserialize, Deserializer, Serializer, TimeZone};

    pub fn serialize<S: Serializer>(zone: &TimeZone, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.iana_name().unwrap_or("UTC"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
        let name = String::deserialize(deserializer)?;
        TimeZone::get(&name).map_err(|_| {
            serde::de::Error::custom(format!(
                "there is no time zone `{name}`; write one like `Asia/Seoul`"
            ))
        })
    }
}

mod seconds {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    pub fn serialize<S: Serializer>(
        value: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&value.as_secs()),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_secs))
    }
}
