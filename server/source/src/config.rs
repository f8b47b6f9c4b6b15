//! How a source is named and reached.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How one source is reached. `Debug` never shows what stands in the URLs besides their kind, nor
/// the password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// The name reports use for it: lower-case letters, digits and `_`.
    pub name: String,
    /// Where it answers: its endpoints in the order in which they are tried, all of one kind; at
    /// least 1. `sqlite:PATH` (exactly one; a relative path starts at the working directory),
    /// `postgres://USER@HOST:PORT/DATABASE`, `mysql://…` or `mariadb://…`.
    pub urls: Vec<String>,
    /// Password for every endpoint, so that no URL needs to hold one. It wins over those in URLs.
    /// Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// PEM file with the authorities that sign the server's certificate. Whoever names one wants
    /// the server checked: `sslmode` is then `verify-full` unless the URL says otherwise.
    /// Default: the authorities of the web, asked only with `sslmode=verify-…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// Zone of columns that do not name their own, as an IANA name. Default: Asia/Seoul.
    #[serde(default = "seoul", with = "zone_name")]
    pub zone: TimeZone,
    /// Statements running at the same time, over all runs. Default: 2; at least 1.
    #[serde(default = "two")]
    pub max_running: u32,
    /// How long one endpoint may take to let us in, in milliseconds when stored. Default: 10 s;
    /// above 0.
    #[serde(default = "ten_seconds", with = "millis")]
    pub connect_timeout: Duration,
    /// How long a session may wait for us before the database ends it, in milliseconds when
    /// stored. It frees the database when our machine has gone. Default: 10 minutes; above 0.
    #[serde(default = "ten_minutes", with = "millis")]
    pub idle_timeout: Duration,
    /// How long a statement may take unless its extract says otherwise, in seconds when stored.
    /// Default: no limit.
    #[serde(default, with = "seconds", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
}

impl SourceConfig {
    /// A source with one endpoint and the defaults.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            urls: vec![url.into()],
            password: None,
            ca_file: None,
            zone: seoul(),
            max_running: two(),
            connect_timeout: ten_seconds(),
            idle_timeout: ten_minutes(),
            timeout: None,
        }
    }
}

impl std::fmt::Debug for SourceConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let urls: Vec<String> = self
            .urls
            .iter()
            .map(|url| format!("{}:…", kind_of(url)))
            .collect();
        f.debug_struct("SourceConfig")
            .field("name", &self.name)
            .field("urls", &urls)
            .field("password", &self.password.as_ref().map(|_| "…"))
            .field("ca_file", &self.ca_file)
            .field("zone", &self.zone.iana_name())
            .field("max_running", &self.max_running)
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// The kind of database a URL names, `?` when it names none. Never more of the URL than that.
pub(crate) fn kind_of(url: &str) -> &'static str {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => "sqlite",
        Some("postgres" | "postgresql") => "postgres",
        Some("mysql" | "mariadb") => "mysql",
        _ => "?",
    }
}

fn seoul() -> TimeZone {
    TimeZone::get("Asia/Seoul").expect("the zone data is built in")
}

fn two() -> u32 {
    2
}

fn ten_seconds() -> Duration {
    Duration::from_secs(10)
}

fn ten_minutes() -> Duration {
    Duration::from_secs(600)
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

mod millis {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    pub fn serialize<S: Serializer>(value: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(value.as_millis()).unwrap_or(u64::MAX))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        Ok(Duration::from_millis(u64::deserialize(deserializer)?))
    }
}
