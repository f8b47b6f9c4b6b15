//! A database of its own for each test, on the server that all of them share.

use sqlx::ConnectOptions;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use url::Url;

/// A database of a test's own. Dropped: it and its logins are gone.
pub struct Database {
    /// Its name, and the beginning of the names of its logins.
    pub name: String,
    /// May do everything.
    pub administrator: Url,
    /// May read this database and change nothing.
    pub reader: Url,
    /// Drops them.
    _database: testbed::Database,
}

impl Database {
    pub fn new() -> Self {
        Self::of(testbed::mariadb().database().unwrap())
    }

    /// The same on a server of a test's own.
    pub fn of(database: testbed::Database) -> Self {
        Self {
            name: database.name.clone(),
            administrator: Url::parse(&database.administrator).unwrap(),
            reader: Url::parse(&database.reader).unwrap(),
            _database: database,
        }
    }
}

/// An ordinary connection of the driver.
pub async fn connect(url: &Url) -> MySqlConnection {
    MySqlConnectOptions::from_url(url)
        .unwrap()
        .timezone(None)
        .connect()
        .await
        .unwrap()
}
