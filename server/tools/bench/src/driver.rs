//! sqlx's bare loop: every row taken and dropped, no cell decoded.

use anyhow::{Result, bail};
use futures::TryStreamExt;
use sqlx::Connection;
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;

use crate::STATEMENT;

/// Reads every row and returns how many there were.
pub(crate) async fn read(url: &str) -> Result<u64> {
    let mut rows = 0;
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("postgres" | "postgresql") => {
            let mut database = PgConnection::connect(url).await?;
            let mut answer = sqlx::query(STATEMENT).fetch(&mut database);
            while answer.try_next().await?.is_some() {
                rows += 1;
            }
        }
        Some("mysql" | "mariadb") => {
            let mut database =
                MySqlConnection::connect(&url.replacen("mariadb:", "mysql:", 1)).await?;
            let mut answer = sqlx::query(STATEMENT).fetch(&mut database);
            while answer.try_next().await?.is_some() {
                rows += 1;
            }
        }
        _ => bail!("the URL names no server; write postgres:// or mysql://"),
    }
    Ok(rows)
}
