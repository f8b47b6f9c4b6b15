//! The connection test: who answers, and whether the sign-in could write.
//!
//! Privileges are read first, because they name what could be changed. Then one write is really
//! tried in a transaction that is rolled back: rules of the server, such as a standby that refuses
//! everything, do not stand in the privileges.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use super::error::{self, Moment};
use super::{PostgresSource, connect};
use crate::endpoint::Endpoint;
use crate::{Checked, SourceError};

/// What the sign-in may change, one row each: what, and a statement that tries it and changes no
/// row. Creating is tried first: it touches nobody's rows.
const PRIVILEGES: &str = "
SELECT what, attempt FROM (
    SELECT 1 AS rank, n.nspname AS place, 'it may create tables in ' || quote_ident(n.nspname) AS what,
           'CREATE TABLE ' || quote_ident(n.nspname) || '.digger_may_write_' || pg_backend_pid() || ' ()' AS attempt
    FROM pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND has_schema_privilege(n.oid, 'CREATE')
    UNION ALL
    SELECT 2, c.oid::regclass::text,
           CASE WHEN has_table_privilege(c.oid, 'DELETE') THEN 'it may delete from '
                WHEN has_any_column_privilege(c.oid, 'UPDATE') THEN 'it may update '
                ELSE 'it may insert into ' END || c.oid::regclass::text,
           CASE WHEN has_table_privilege(c.oid, 'DELETE')
                THEN 'DELETE FROM ' || c.oid::regclass::text || ' WHERE false'
                WHEN has_any_column_privilege(c.oid, 'UPDATE')
                THEN (SELECT 'UPDATE ' || c.oid::regclass::text || ' SET ' || quote_ident(a.attname) || ' = NULL WHERE false'
                      FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                        AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
                      ORDER BY a.attnum LIMIT 1)
                ELSE (SELECT 'INSERT INTO ' || c.oid::regclass::text || ' (' || quote_ident(a.attname) || ') SELECT NULL WHERE false'
                      FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                        AND has_column_privilege(c.oid, a.attnum, 'INSERT')
                      ORDER BY a.attnum LIMIT 1) END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND has_schema_privilege(n.oid, 'USAGE')
      AND (has_table_privilege(c.oid, 'DELETE') OR has_any_column_privilege(c.oid, 'UPDATE')
           OR has_any_column_privilege(c.oid, 'INSERT'))
) AS found
ORDER BY rank, place
LIMIT 5";

/// What lets a sign-in reach beyond tables, the strongest first.
const FILES: &str = "
SELECT what FROM (
    SELECT 1 AS rank, 'it is a superuser' AS what FROM pg_roles WHERE rolname = current_user AND rolsuper
    UNION ALL
    SELECT 2, 'it is a member of ' || rolname FROM pg_roles
    WHERE rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
      AND pg_has_role(oid, 'MEMBER')
    UNION ALL
    SELECT 3, 'it may call ' || proname FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'lo_import')
      AND has_function_privilege(oid, 'EXECUTE')
) AS found
ORDER BY rank, what
LIMIT 1";

/// What is tried when the privileges name nothing: it has to be refused.
const ANY_WRITE: &str = "CREATE TABLE public.digger_may_write ()";

pub(super) async fn check(source: &PostgresSource) -> Result<Checked, SourceError> {
    let (mut connection, endpoint) = connect::any(source).await?;
    let found = ask(&mut connection, endpoint)
        .await
        .map_err(|error| error::explain(&source.name, error, Moment::Connecting(endpoint)))?;
    connection.close().await.ok();
    Ok(found)
}

async fn ask(connection: &mut PgConnection, endpoint: &Endpoint) -> Result<Checked, sqlx::Error> {
    connection
        .execute("SET statement_timeout = '30s'; SET lock_timeout = '2s'")
        .await?;
    let version = text(connection, "SHOW server_version").await?;
    let rows = sqlx::raw_sql(PRIVILEGES)
        .fetch_all(&mut *connection)
        .await?;
    let mut privileges = Vec::new();
    for row in &rows {
        let cell = |index: usize| -> Result<String, sqlx::Error> {
            let value = row.try_get_raw(index)?;
            Ok(value.as_str().map_err(sqlx::Error::Decode)?.to_owned())
        };
        privileges.push((cell(0)?, cell(1)?));
    }
    if privileges.is_empty() {
        let what = "it may create tables in public".to_owned();
        privileges.push((what, ANY_WRITE.to_owned()));
    }
    let mut can_write = None;
    for (what, attempt) in privileges {
        if try_write(connection, &attempt).await? {
            can_write = Some(what);
            break;
        }
    }
    let can_read_files = match sqlx::raw_sql(FILES)
        .fetch_optional(&mut *connection)
        .await?
    {
        Some(row) => {
            let value = row.try_get_raw(0)?;
            Some(value.as_str().map_err(sqlx::Error::Decode)?.to_owned())
        }
        None => None,
    };
    Ok(Checked {
        endpoint: endpoint.shown(),
        version: format!("PostgreSQL {version}"),
        can_write,
        can_read_files,
    })
}

/// Whether the server lets a write through. Nothing of it stays.
async fn try_write(connection: &mut PgConnection, attempt: &str) -> Result<bool, sqlx::Error> {
    connection
        .execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        .await?;
    // Names come quoted from the catalogue.
    let written = sqlx::raw_sql(AssertSqlSafe(attempt.to_owned()))
        .execute(&mut *connection)
        .await;
    let rolled_back = connection.execute("ROLLBACK").await;
    match (written, rolled_back) {
        (Ok(_), Ok(_)) => Ok(true),
        (Err(sqlx::Error::Database(_)), Ok(_)) => Ok(false),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

async fn text(connection: &mut PgConnection, sql: &'static str) -> Result<String, sqlx::Error> {
    let row = sqlx::raw_sql(sql).fetch_one(connection).await?;
    let value = row.try_get_raw(0)?;
    Ok(value.as_str().map_err(sqlx::Error::Decode)?.to_owned())
}
