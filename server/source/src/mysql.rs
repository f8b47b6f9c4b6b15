//! MySQL and MariaDB as a source. Anything that speaks their protocol should do.
//!
//! Every reading has a session of its own: a transaction that can only read, with a snapshot, the
//! limits of the source, and a clock that runs in the source's zone. Statements are prepared, their
//! values bound, and their rows taken as the raw bytes of the binary protocol: the driver's own
//! conversions cost several times as much.

mod bind;
mod check;
mod clock;
mod connect;
mod decode;
mod error;
mod plan;
mod read;
mod rows;
mod statement;
mod stop;
mod tokens;
mod types;
mod value_error;

use std::time::Duration;

use ::rows::ColumnInfo;
use async_trait::async_trait;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::deadline::Deadline;
use crate::endpoint::{Endpoint, EndpointError};
use crate::limits::WAITING_CHUNKS;
use crate::{Checked, Dialect, Extract, Reading, Source, SourceConfig, SourceError};

/// Where a server listens unless its URL says otherwise.
const USUAL_PORT: u16 = 3_306;

/// One MySQL or MariaDB server, or several that hold the same.
#[derive(Clone)]
pub(crate) struct MysqlSource {
    name: String,
    /// In the order in which they are tried; at least one.
    endpoints: Vec<Endpoint>,
    /// Zone of `DATETIME` columns, and of the sessions' clocks.
    zone: TimeZone,
    timeout: Option<Duration>,
    connect_timeout: Duration,
    idle_timeout: Duration,
}

impl MysqlSource {
    /// # Errors
    /// What is wrong with a URL and what to write, without anything that could be a password.
    pub(crate) fn new(config: &SourceConfig) -> Result<Self, EndpointError> {
        let (ca_file, password) = (config.ca_file.as_ref(), config.password.as_deref());
        let parse = |url: &String| {
            let endpoint = Endpoint::parse(url, USUAL_PORT, ca_file, password)?;
            if endpoint.user.is_none() {
                return Err(EndpointError::NoUser);
            }
            Ok(endpoint)
        };
        Ok(Self {
            name: config.name.clone(),
            endpoints: config.urls.iter().map(parse).collect::<Result<_, _>>()?,
            zone: config.zone.clone(),
            timeout: config.timeout,
            connect_timeout: config.connect_timeout,
            idle_timeout: config.idle_timeout,
        })
    }

    fn stopped_inside(&self) -> SourceError {
        SourceError::internal(&self.name, "the reading stopped without an answer")
    }
}

#[async_trait]
impl Source for MysqlSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> Dialect {
        Dialect::Mysql
    }

    fn identity(&self) -> String {
        let places: Vec<String> = self.endpoints.iter().map(Endpoint::shown).collect();
        format!(
            "mysql:{}|{}",
            places.join(","),
            self.zone.iana_name().unwrap_or("UTC")
        )
    }

    /// Returns before the statement runs: its columns are known when it is prepared, and so is the
    /// session, which is all that stops it when the reader is killed.
    async fn read(
        &self,
        extract: Extract,
        cancel: CancellationToken,
    ) -> Result<Reading, SourceError> {
        let (begun, decided) = oneshot::channel();
        let (rows, chunks) = mpsc::channel(WAITING_CHUNKS);
        // Made before the task starts, so that dropping this very future stops it too.
        let stop = cancel.child_token();
        let stop_on_drop = stop.clone().drop_guard();
        let limit = extract.timeout.or(self.timeout);
        let task = read::Task {
            source: self.clone(),
            extract,
            limit,
            deadline: Deadline::new(stop, limit),
        };
        tokio::spawn(task.run(begun, rows));
        let begun = decided.await.map_err(|_| self.stopped_inside())??;
        Ok(Reading {
            columns: begun.columns,
            chunks,
            cancel,
            _stop_on_drop: stop_on_drop,
            ended: false,
            session: Some(begun.session),
            endpoint: begun.endpoint,
        })
    }

    async fn describe(&self, sql: &str) -> Result<Vec<ColumnInfo>, SourceError> {
        read::describe(self, sql).await
    }

    async fn check(&self) -> Result<Checked, SourceError> {
        check::check(self).await
    }

    async fn stop(&self, session: &str) -> Result<bool, SourceError> {
        let Some(name) = stop::Name::parse(session) else {
            return Err(SourceError::internal(
                &self.name,
                "that is no session of MySQL or MariaDB",
            ));
        };
        stop::stop(self, &name, None).await
    }
}
