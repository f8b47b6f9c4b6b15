//! Empty PostgreSQL databases, so that no benchmark finds what another one left.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use url::Url;

/// Makes a database and returns its URL, with the same login.
///
/// # Errors
/// When there is one of that name, or the login may not.
pub(crate) async fn make(administrator: &str, name: &str) -> Result<Value> {
    ensure!(
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
        "write lower-case letters and `_`"
    );
    let mut connection = PgConnection::connect(administrator).await?;
    let statement = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    let mut url = Url::parse(administrator)?;
    url.set_path(name);
    Ok(json!({ "url": url.as_str() }))
}
