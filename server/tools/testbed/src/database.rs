//! One test's own database, with three ways to sign in.

use std::sync::atomic::{AtomicU32, Ordering};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::RngCore;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use url::Url;

/// A database of its own. Dropped: it and its logins are gone from the server.
#[derive(Debug)]
pub struct Database {
    /// Its name, and the beginning of the names of its logins.
    pub name: String,
    /// URL of a login that may do everything.
    pub administrator: String,
    /// URL of a login that may read every table of this database and change nothing.
    pub reader: String,
    /// URL of a login that may do everything in this database.
    pub writer: String,
    pub(crate) removal: Option<Removal>,
}

/// How a database goes.
#[derive(Debug)]
pub enum Removal {
    Postgres {
        server: Url,
        statements: Vec<String>,
    },
    Mariadb {
        server: Url,
        statements: Vec<String>,
    },
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(removal) = self.removal.take() else {
            return;
        };
        // A server that a fault test has stopped takes its databases along, and a test that fails must
        // not be hidden by a second panic.
        let _: Result<(), sqlx::Error> = crate::ask::block(async {
            match removal {
                Removal::Postgres { server, statements } => {
                    run_postgres(&server, &statements).await
                }
                Removal::Mariadb { server, statements } => run_mariadb(&server, &statements).await,
            }
        });
    }
}

/// Statements of our own, one after the other, on a connection of their own.
pub(crate) async fn run_postgres(server: &Url, statements: &[String]) -> Result<(), sqlx::Error> {
    let mut connection = connect_postgres(server).await?;
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement.as_str()))
            .execute(&mut connection)
            .await?;
    }
    connection.close().await
}

/// The same for MariaDB and MySQL.
pub(crate) async fn run_mariadb(server: &Url, statements: &[String]) -> Result<(), sqlx::Error> {
    let mut connection = connect_mariadb(server).await?;
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement.as_str()))
            .execute(&mut connection)
            .await?;
    }
    connection.close().await
}

pub(crate) async fn connect_postgres(server: &Url) -> Result<PgConnection, sqlx::Error> {
    PgConnectOptions::from_url(server)?
        .disable_statement_logging()
        .connect()
        .await
}

pub(crate) async fn connect_mariadb(server: &Url) -> Result<MySqlConnection, sqlx::Error> {
    MySqlConnectOptions::from_url(server)?
        .disable_statement_logging()
        .connect()
        .await
}

/// A name no other database of this machine's test processes has, at most 27 characters: logins add two,
/// and MySQL's names end at 32.
pub(crate) fn fresh_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(1);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    format!("digger_test_{}_{number}", std::process::id())
}

/// A password nobody knows, safe in a URL and in a quoted SQL text.
pub(crate) fn password() -> String {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A password with what careless URLs break on, safe in a quoted SQL text.
pub(crate) fn difficult_password() -> String {
    format!("{}@/:?#%41 +é", password())
}

/// The same server with another login and database.
pub(crate) fn url_for(server: &Url, login: Option<(&str, &str)>, database: &str) -> Url {
    let mut url = server.clone();
    if let Some((name, password)) = login {
        // Both setters refuse only URLs without a host.
        let _ = url.set_username(name);
        let password = utf8_percent_encode(password, NON_ALPHANUMERIC).to_string();
        let _ = url.set_password(Some(&password));
    }
    url.set_path(database);
    url
}
