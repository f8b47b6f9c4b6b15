//! Connections: how each is opened and what it is told first.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection};

use crate::Location;

/// Pages and live streams read beside each other; more readers only cost memory.
const READERS: u32 = 4;

/// Of one process at a PostgreSQL server, which takes a hundred unless told otherwise.
const CONNECTIONS: u32 = 10;

/// Longer than any transaction of ours takes, also on a slow disk.
const BUSY: Duration = Duration::from_secs(10);

/// Longer than `BUSY`, so that the database's own message comes first.
const ACQUIRE_FILE: Duration = Duration::from_secs(15);

/// A server that restarts is back within this, and a page does not wait for it longer.
const ACQUIRE_SERVER: Duration = Duration::from_secs(5);

/// Opening one connection to a server, with its TLS and its login.
const CONNECT: Duration = Duration::from_secs(5);

/// Of a server session. Our statements take milliseconds, and nothing waits between two of them: what
/// takes this long is stuck, or its process is frozen, and its locks must not stop everybody else.
const SESSION: &str = "SET default_transaction_isolation = 'read committed';
     SET statement_timeout = '30s';
     SET lock_timeout = '10s';
     SET idle_in_transaction_session_timeout = '10s'";

/// For what may take long, and for waiting until another process has done it.
const PATIENT_SESSION: &str = "SET default_transaction_isolation = 'read committed';
     SET statement_timeout = 0;
     SET lock_timeout = 0;
     SET idle_in_transaction_session_timeout = 0";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Reading and writing.
    Write,
    /// Reading; SQLite refuses anything else.
    Read,
    /// Migrations and moving: nothing is cut off because it takes long.
    Patient,
}

/// Reading and writing; on PostgreSQL the same connections do both.
pub(super) struct Pools {
    /// On SQLite one connection: it has one writer anyway, and here the waiting is fair.
    pub(super) writer: AnyPool,
    pub(super) readers: AnyPool,
}

impl Pools {
    /// Opens the pools of a database that can be opened.
    pub(super) async fn open(place: &Location) -> Result<Self, sqlx::Error> {
        let pool = |purpose: Use| {
            let place = place.clone();
            AnyPoolOptions::new().after_connect(move |connection, _| {
                let place = place.clone();
                Box::pin(async move { prepare(connection, &place, purpose).await })
            })
        };
        if place.is_shared() {
            let shared = pool(Use::Write)
                .max_connections(CONNECTIONS)
                .acquire_timeout(ACQUIRE_SERVER)
                .connect_with(options(place, false)?)
                .await?;
            return Ok(Self {
                writer: shared.clone(),
                readers: shared,
            });
        }
        let writer = pool(Use::Write)
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_FILE)
            .after_release(|connection, _| Box::pin(is_usable(connection)))
            .connect_with(options(place, false)?)
            .await?;
        let readers = pool(Use::Read)
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_FILE)
            .connect_with(options(place, false)?)
            .await?;
        Ok(Self { writer, readers })
    }
}

/// One connection outside the pools.
pub(crate) async fn connect(
    place: &Location,
    purpose: Use,
    create_if_missing: bool,
) -> Result<AnyConnection, sqlx::Error> {
    let options = options(place, create_if_missing)?;
    let connecting = async {
        let mut connection = options.connect().await?;
        prepare(&mut connection, place, purpose).await?;
        Ok(connection)
    };
    if !place.is_shared() {
        return connecting.await;
    }
    match tokio::time::timeout(CONNECT, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err(sqlx::Error::Io(io::Error::new(
            io::ErrorKind::TimedOut,
            "no answer within five seconds",
        ))),
    }
}

fn options(place: &Location, create_if_missing: bool) -> Result<AnyConnectOptions, sqlx::Error> {
    // Chosen once per process; later calls change nothing.
    sqlx::any::install_default_drivers();
    if let Some(url) = place.server_url() {
        return AnyConnectOptions::from_url(url);
    }
    let file = place.file().unwrap_or_default();
    // Every byte that could mean something in a URL is escaped, dots and slashes too.
    let escaped = percent_encode(file.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    let mode = if create_if_missing { "rwc" } else { "rw" };
    AnyConnectOptions::from_str(&format!("sqlite:{escaped}?mode={mode}"))
}

async fn prepare(
    connection: &mut AnyConnection,
    place: &Location,
    purpose: Use,
) -> Result<(), sqlx::Error> {
    if !place.is_shared() {
        // Waiting first, because the others may find the file locked.
        let busy = format!("PRAGMA busy_timeout = {}", BUSY.as_millis());
        sqlx::raw_sql(sqlx::AssertSqlSafe(busy))
            .execute(&mut *connection)
            .await?;
        let statements = match purpose {
            Use::Read => "PRAGMA foreign_keys = ON; PRAGMA query_only = ON",
            Use::Write | Use::Patient => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"
            }
        };
        sqlx::raw_sql(statements).execute(connection).await?;
        return Ok(());
    }
    let statements = match purpose {
        Use::Patient => PATIENT_SESSION,
        Use::Write | Use::Read => SESSION,
    };
    sqlx::raw_sql(statements).execute(&mut *connection).await?;
    // So that a statement of a process that is gone does not go on holding locks. Some systems and
    // servers before version 14 cannot look, and work all the same.
    let _ = sqlx::query(
        "SELECT set_config(name, '10s', FALSE) FROM pg_settings
          WHERE name = 'client_connection_check_interval'",
    )
    .execute(connection)
    .await;
    Ok(())
}

/// Whether a connection may be used again. After some errors, such as a full disk, SQLite undoes the
/// whole transaction by itself; the driver then believes for ever that it is still inside one.
async fn is_usable(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // Waits for a roll-back that is on its way.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
