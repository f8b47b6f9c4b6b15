//! Signing in, and a session that only reads.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};

use super::bind::Kinds;
use super::clock::{self, Clock};
use super::error::{self, Failed, Location};
use super::{MysqlSource, stop};
use crate::endpoint::{self, Endpoint, TlsMode};
use crate::limits::ROW_BYTES;
use crate::{Cause, SourceError};

/// Modes of the server that would refuse to compare a column with a zero date, which is how an
/// author says that zero dates are absent. `TRADITIONAL` stands for both among others, all of
/// which the server lists too.
const WITHOUT_MODES: [&str; 3] = ["NO_ZERO_DATE", "NO_ZERO_IN_DATE", "TRADITIONAL"];

/// Warnings the server keeps for a statement. The default of 64 could be filled by warnings about
/// odd numbers before the one about a lost value.
const MOST_WARNINGS: u32 = 1_024;

/// The longest time the server takes for its settings: a year.
const LONGEST_SECONDS: u64 = 31_536_000;

/// One session that only reads.
pub(super) struct Session {
    pub connection: MySqlConnection,
    pub endpoint: Endpoint,
    /// What stops its statements from a second connection.
    pub name: stop::Name,
    /// The server in words, such as "MariaDB 10.11.6".
    pub version: String,
    pub clock: Clock,
    pub kinds: Kinds,
    pub strings: Strings,
    /// The longest row the server sends.
    pub packet_bytes: u64,
    is_mariadb: bool,
}

/// How the server reads strings; its modes decide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strings {
    /// Whether `\` escapes in strings.
    pub backslashes: bool,
    /// Whether double quotes hold names.
    pub ansi_quotes: bool,
}

/// Opens a session at the first endpoint that answers and begins its only transaction.
pub(super) async fn open(
    source: &MysqlSource,
    limit: Option<Duration>,
) -> Result<Session, SourceError> {
    let mut session = bare(source).await?;
    session.begin(source, limit).await?;
    Ok(session)
}

/// Signs in at the first endpoint that answers, without any transaction.
pub(super) async fn bare(source: &MysqlSource) -> Result<Session, SourceError> {
    let connect = |endpoint| sign_in_and_ask(source, endpoint);
    let timeout = source.connect_timeout;
    let (session, _) = endpoint::first(&source.name, &source.endpoints, timeout, connect).await?;
    Ok(session)
}

/// Signs in at an endpoint and does nothing else.
pub(super) async fn sign_in(
    source: &MysqlSource,
    endpoint: &Endpoint,
) -> Result<MySqlConnection, SourceError> {
    for file in endpoint.ca_file.iter().chain(certificate(endpoint)) {
        // The driver says "no such file" as if the server had said so.
        if let Err(error) = std::fs::File::open(file) {
            return Err(SourceError::config(
                &source.name,
                format!(
                    "the certificate {} cannot be read ({error}); check its path and its permissions",
                    file.display()
                ),
            )
            .caused_by(Cause::from(error)));
        }
    }
    options(endpoint)
        .connect()
        .await
        .map_err(|error| error::at_sign_in(&source.name, &endpoint.shown(), error))
}

/// Our own certificate and its key.
fn certificate(endpoint: &Endpoint) -> impl Iterator<Item = &PathBuf> {
    let pair = endpoint.client.iter();
    pair.flat_map(|(certificate, key)| [certificate, key])
}

fn options(endpoint: &Endpoint) -> MySqlConnectOptions {
    let mut options = MySqlConnectOptions::new()
        .host(&endpoint.host)
        .port(endpoint.port)
        .ssl_mode(match endpoint.tls {
            TlsMode::Disable => MySqlSslMode::Disabled,
            TlsMode::Prefer => MySqlSslMode::Preferred,
            TlsMode::Require => MySqlSslMode::Required,
            TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
            TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        })
        // Every text arrives as UTF-8, whatever the charset of its column.
        .charset("utf8mb4")
        // The same statement means the same here as in the author's own client.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        // Set later; see `clock`.
        .timezone(None)
        .disable_statement_logging();
    if endpoint.is_socket() {
        // Nobody listens between us and a socket of this machine, and it has no name to check.
        options = options
            .ssl_mode(MySqlSslMode::Disabled)
            .socket(&endpoint.host);
    }
    if let Some(user) = &endpoint.user {
        options = options.username(user);
    }
    if let Some(password) = &endpoint.password {
        options = options.password(password);
    }
    if let Some(database) = &endpoint.database {
        options = options.database(database);
    }
    if let Some(ca_file) = &endpoint.ca_file {
        options = options.ssl_ca(ca_file);
    }
    if let Some((certificate, key)) = &endpoint.client {
        options = options.ssl_client_cert(certificate).ssl_client_key(key);
    }
    options
}

async fn sign_in_and_ask(
    source: &MysqlSource,
    endpoint: &Endpoint,
) -> Result<Session, SourceError> {
    let connection = sign_in(source, endpoint).await?;
    ask(connection, endpoint)
        .await
        .map_err(|error| error::at_sign_in(&source.name, &endpoint.shown(), error))
}

/// The first question: who we are there, and how the server is set.
async fn ask(mut connection: MySqlConnection, endpoint: &Endpoint) -> Result<Session, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(CONNECTION_ID() AS CHAR) AS id, UUID() AS token, VERSION() AS version, \
         CAST(@@max_allowed_packet AS CHAR) AS packet, @@sql_mode AS mode, {}",
        Kinds::SELECTED
    );
    let row = connection
        .fetch_one(sqlx::raw_sql(AssertSqlSafe(sql)))
        .await?;
    let text = |index: usize| row.try_get_unchecked::<String, _>(index);
    let number = |index: usize| {
        text(index)?
            .parse::<u64>()
            .map_err(|error| sqlx::Error::Protocol(format!("no number: {error}")))
    };
    let version = text(2)?;
    let (is_mariadb, version) = match version.split_once("-MariaDB") {
        Some((number, _)) => (true, format!("MariaDB {number}")),
        None => (false, format!("MySQL {version}")),
    };
    let mode = text(4)?;
    let name = stop::Name {
        id: number(0)?,
        token: text(1)?,
        endpoint: endpoint.shown(),
    };
    let packet_bytes = number(3)?;
    let kinds = Kinds::of(&row, 5);
    let has = |wanted: &str| mode.split(',').any(|mode| mode == wanted);
    let strings = Strings {
        backslashes: !has("NO_BACKSLASH_ESCAPES"),
        ansi_quotes: has("ANSI_QUOTES"),
    };
    let kept: Vec<&str> = mode
        .split(',')
        .filter(|mode| !WITHOUT_MODES.contains(mode))
        .collect();
    let set = format!(
        "SET SESSION sql_mode = '{}', max_error_count = {MOST_WARNINGS}, \
         group_concat_max_len = {ROW_BYTES}",
        kept.join(",")
    );
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(set)))
        .await?;
    Ok(Session {
        connection,
        endpoint: endpoint.clone(),
        name,
        version,
        // Until `begin` sets it.
        clock: Clock::Fixed { seconds: 0 },
        kinds,
        strings,
        packet_bytes,
        is_mariadb,
    })
}

impl Session {
    /// Sets the limits and the clock, and begins the transaction that can only read.
    async fn begin(
        &mut self,
        source: &MysqlSource,
        limit: Option<Duration>,
    ) -> Result<(), SourceError> {
        let shown = self.endpoint.shown();
        self.set_up(source, limit)
            .await
            .map_err(|failed| Location::new(&source.name, &shown).settle(failed))
    }

    async fn set_up(
        &mut self,
        source: &MysqlSource,
        limit: Option<Duration>,
    ) -> Result<(), Failed> {
        let connection = &mut self.connection;
        // A reader that is slow, or has gone: the server waits so long for it, and no longer.
        let idle = source.idle_timeout.as_secs().clamp(1, LONGEST_SECONDS);
        let set = format!(
            "SET SESSION wait_timeout = {idle}, net_write_timeout = {idle}, net_read_timeout = {idle}"
        );
        connection
            .execute(sqlx::raw_sql(AssertSqlSafe(set)))
            .await?;
        if let Some(limit) = limit {
            let set = AssertSqlSafe(statement_limit(self.is_mariadb, limit));
            match connection.execute(sqlx::raw_sql(set)).await {
                // Whatever speaks the protocol without this setting is stopped by us alone.
                Err(error) if error::number(&error) == Some(UNKNOWN_SETTING) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => {}
            }
        }
        self.clock = clock::set(connection, &source.name, &source.zone).await?;
        let begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
        connection.execute(sqlx::raw_sql(begin)).await?;
        Ok(())
    }

    /// What stands before a statement, so that administrators know whose it is, and `stop` knows
    /// it again.
    pub(super) fn prefix(&self, comment: &str) -> String {
        format!("/* digger {} */ {comment}", self.name.token)
    }
}

/// `ER_UNKNOWN_SYSTEM_VARIABLE`
const UNKNOWN_SETTING: u16 = 1193;

/// Lets the server end the statement itself, in case nobody is left to ask for it. A shorter limit
/// of the administrator's stays.
fn statement_limit(is_mariadb: bool, limit: Duration) -> String {
    let (setting, value) = if is_mariadb {
        (
            "max_statement_time",
            format!("{:.3}", limit.as_secs_f64().max(0.001)),
        )
    } else {
        let millis = limit.as_millis().clamp(1, u32::MAX.into());
        ("max_execution_time", millis.to_string())
    };
    format!(
        "SET SESSION {setting} = IF(@@SESSION.{setting} > 0, LEAST(@@SESSION.{setting}, {value}), {value})"
    )
}
