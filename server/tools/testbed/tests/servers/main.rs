//! The servers as tests and people find them.

mod databases;
mod encrypted;
mod endings;

use std::time::{Duration, Instant};

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Error};

async fn postgres(url: &str) -> Result<PgConnection, Error> {
    url.parse::<PgConnectOptions>()?.connect().await
}

async fn mariadb(url: &str) -> Result<MySqlConnection, Error> {
    url.parse::<MySqlConnectOptions>()?.connect().await
}

/// Waits for a condition.
fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "timed out waiting until {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Whether anybody listens at the URL's port.
fn listens(url: &str) -> bool {
    let port = url::Url::parse(url).unwrap().port().unwrap();
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}
