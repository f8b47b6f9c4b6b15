//! PostgreSQL as a source, version 13 and later, and whatever speaks its protocol.
//!
//! Every reading has a session of its own: a read-only transaction with its limits known to the
//! server, values bound, rows binary and taken from their bytes. Rows stream; only the chunks on
//! their way are held. The driver never stops a statement, so a second connection does.

mod bind;
mod cells;
mod check;
mod chunks;
mod connect;
mod error;
mod numeric;
mod prepare;
mod read;
mod session;
mod text;
mod types;
mod value_error;

use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use rows::ColumnInfo;
use sqlx::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::deadline::Deadline;
use crate::endpoint::{Endpoint, EndpointError};
use crate::limits::WAITING_CHUNKS;
use crate::{Checked, Dialect, Extract, Reading, Source, SourceConfig, SourceError};

/// Where PostgreSQL listens when the URL does not say.
const USUAL_PORT: u16 = 5_432;

/// How long the server may think about a statement that is only prepared.
const DESCRIBING: Duration = Duration::from_secs(30);

/// One database, at one or several endpoints. Every reading opens its own connection.
#[derive(Clone)]
pub(crate) struct PostgresSource {
    name: String,
    endpoints: Vec<Endpoint>,
    /// Zone of date-times without one of their own.
    zone: TimeZone,
    connect_timeout: Duration,
    idle_timeout: Duration,
    timeout: Option<Duration>,
}

impl PostgresSource {
    /// Reads the URLs.
    ///
    /// # Errors
    /// What is wrong with one and what to write, without anything that could be a password.
    pub(crate) fn new(config: &SourceConfig) -> Result<Self, EndpointError> {
        let endpoints = config
            .urls
            .iter()
            .map(|url| {
                let (ca_file, password) = (config.ca_file.as_ref(), config.password.as_deref());
                Endpoint::parse(url, USUAL_PORT, ca_file, password)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            name: config.name.clone(),
            endpoints,
            zone: config.zone.clone(),
            connect_timeout: config.connect_timeout,
            idle_timeout: config.idle_timeout,
            timeout: config.timeout,
        })
    }
}

#[async_trait]
impl Source for PostgresSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    /// The user is part of it: the database may show each of them other rows.
    fn identity(&self) -> String {
        let places: Vec<String> = self
            .endpoints
            .iter()
            .map(|e| format!("{}@{}", e.user.as_deref().unwrap_or_default(), e.shown()))
            .collect();
        format!(
            "postgres:{}|{}",
            places.join(" "),
            self.zone.iana_name().unwrap_or("UTC")
        )
    }

    async fn read(
        &self,
        extract: Extract,
        cancel: CancellationToken,
    ) -> Result<Reading, SourceError> {
        // Made before anything is sent, so that dropping this very future stops it too.
        let stop = cancel.child_token();
        let stop_on_drop = stop.clone().drop_guard();
        let limit = connect::limit(self, &extract);
        let deadline = Deadline::new(stop, limit);
        let session = tokio::select! {
            session = connect::session(self, &extract.zone, limit) => session?,
            reason = deadline.wait() => return Err(reason.error(&self.name)),
        };
        let (name, endpoint) = (session.id.to_string(), session.id.endpoint.clone());
        extract.tell_opened(&name);
        let (columns, decided) = oneshot::channel();
        let (rows, chunks) = mpsc::channel(WAITING_CHUNKS);
        let task = read::Task {
            source: self.clone(),
            extract,
            deadline,
        };
        tokio::spawn(task.run(session, columns, rows));
        let columns = decided.await.map_err(|_| {
            SourceError::internal(&self.name, "the reading task stopped without an answer")
        })??;
        Ok(Reading {
            columns,
            chunks,
            cancel,
            _stop_on_drop: stop_on_drop,
            ended: false,
            session: Some(name),
            endpoint,
        })
    }

    async fn describe(&self, sql: &str) -> Result<Vec<ColumnInfo>, SourceError> {
        let mut session = connect::session(self, &self.zone, Some(DESCRIBING)).await?;
        let prepared = prepare::prepare(&self.name, &mut session, "", sql).await?;
        session.connection.close().await.ok();
        let columns = prepared.columns.into_iter();
        Ok(columns
            .map(|column| ColumnInfo {
                is_narrow: column.wire.is_narrow(),
                is_mixed: column.wire == types::Wire::Numeric(None),
                is_guess: false,
                kind: column.wire.kind(),
                name: column.name,
            })
            .collect())
    }

    async fn check(&self) -> Result<Checked, SourceError> {
        check::check(self).await
    }

    async fn stop(&self, session: &str) -> Result<bool, SourceError> {
        let id = session.parse().map_err(|()| {
            SourceError::internal(&self.name, "the session is not one of PostgreSQL")
        })?;
        session::stop(self, &id).await
    }
}
