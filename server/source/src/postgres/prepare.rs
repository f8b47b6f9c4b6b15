//! A statement the server has accepted, with its columns.

use sqlx::postgres::{PgConnection, PgStatement};
use sqlx::{AssertSqlSafe, Column as _, Error, Executor, Row, SqlSafeStr, Statement};

use super::connect::Session;
use super::error::{self, Moment};
use super::text::{Sent, refuse_writing};
use super::types::{self, Column};
use crate::{SourceError, names};

/// Ready to run, with values for its placeholders.
pub(super) struct Prepared {
    pub statement: PgStatement,
    pub columns: Vec<Column>,
    pub sent: Sent,
}

/// Lets the server parse the author's statement and decides its columns.
pub(super) async fn prepare(
    source: &str,
    session: &mut Session,
    prefix: &str,
    author: &str,
) -> Result<Prepared, SourceError> {
    if let Some(at) = author.find('\0') {
        return Err(SourceError::sql(
            source,
            "there is a NUL character in the statement; remove it",
            Some(at),
        ));
    }
    let endpoint = session.id.endpoint.clone();
    let explain = |error, sent: &Sent| {
        let moment = Moment::Reading {
            endpoint: &endpoint,
            sent,
            rows: 0,
            stop: None,
        };
        error::explain(source, error, moment)
    };
    let connection = &mut session.connection;
    let sent = Sent::plain(prefix, author);
    let (statement, columns) = match send(connection, &sent).await {
        Ok(statement) => {
            let names: Vec<&str> = statement.columns().iter().map(|c| c.name()).collect();
            if names.is_empty() {
                refuse_writing(source, author)?;
            }
            check_names(source, &names)?;
            let columns = types::columns(connection, statement.columns())
                .await
                .map_err(|error| explain(error, &sent))?;
            (Some(statement), columns)
        }
        Err(error) if is_unknown_type(&error) => {
            let columns = probe(connection, author)
                .await
                .map_err(|error| explain(error, &sent))?;
            let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            check_names(source, &names)?;
            (None, columns)
        }
        Err(error) => return Err(explain(error, &sent)),
    };
    if let Some(statement) = statement
        && columns.iter().all(|column| column.cast.is_none())
    {
        return Ok(Prepared {
            statement,
            columns,
            sent,
        });
    }
    let list: Vec<_> = columns
        .iter()
        .map(|column| (column.name.clone(), column.cast))
        .collect();
    let wrapped = Sent::wrapped(prefix, author, &list);
    match send(connection, &wrapped).await {
        Ok(statement) => Ok(Prepared {
            statement,
            columns,
            sent: wrapped,
        }),
        Err(error) if is_unknown_type(&error) => Err(SourceError::sql(
            source,
            "a value stands beside something of a type that cannot be sent; write CAST(:name AS text)::TYPE",
            None,
        )),
        Err(error) => match explain(error, &wrapped) {
            // A statement that was fine by itself: only our casts or parentheses can be wrong.
            SourceError::Sql { message, cause, .. } if message.contains("data-modifying") => {
                Err(SourceError::writes(source, "changes rows").caused_by(cause))
            }
            SourceError::Sql { message, cause, .. } => {
                let message = unreadable(&columns, &message);
                Err(SourceError::columns(source, message).caused_by(cause))
            }
            error => Err(error),
        },
    }
}

/// The one place where the text of a report reaches the server. Values never stand in it: they are
/// bound.
async fn send(connection: &mut PgConnection, sent: &Sent) -> Result<PgStatement, sqlx::Error> {
    let sql = AssertSqlSafe(sent.sql.clone()).into_sql_str();
    connection.prepare(sql).await
}

/// What PostgreSQL calls an expression without a name.
fn check_names(source: &str, names: &[&str]) -> Result<(), SourceError> {
    names::check(source, names, |index| names[index] == "?column?")
}

/// Whether the server understood the statement and the driver does not know one of its types: it
/// knows no multiranges, and no types of a category of their own.
fn is_unknown_type(error: &Error) -> bool {
    match error {
        Error::ColumnDecode { .. } | Error::Decode(_) | Error::TypeNotFound { .. } => true,
        Error::Protocol(message) => message.contains("unable to resolve type"),
        _ => false,
    }
}

/// The columns of a statement the driver cannot prepare, without running it: it is joined to one row
/// on nothing, which leaves that row with every column absent. The author's text is one statement by
/// now, or the server would not have parsed it.
async fn probe(connection: &mut PgConnection, author: &str) -> Result<Vec<Column>, Error> {
    let author = author.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    let prepare = format!(
        "PREPARE digger_probe AS SELECT digger.* FROM (SELECT 1) AS one LEFT JOIN (\n{author}\n) AS digger ON FALSE"
    );
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(prepare)))
        .await?;
    let asked = "SELECT cardinality(parameter_types)::text FROM pg_prepared_statements WHERE name = 'digger_probe'";
    let row = connection.fetch_one(sqlx::raw_sql(asked)).await?;
    let count = row.try_get_raw(0)?.as_str().map_err(Error::Decode)?;
    let absent = vec!["NULL"; count.parse().unwrap_or_default()].join(", ");
    let values = if absent.is_empty() {
        String::new()
    } else {
        format!("({absent})")
    };
    let execute = format!("EXECUTE digger_probe{values}");
    let row = connection
        .fetch_one(sqlx::raw_sql(AssertSqlSafe(execute)))
        .await?;
    connection
        .execute(sqlx::raw_sql("DEALLOCATE digger_probe"))
        .await?;
    Ok(row.columns().iter().map(types::unresolved).collect())
}

fn unreadable(columns: &[Column], said: &str) -> String {
    let names: Vec<String> = columns
        .iter()
        .filter(|column| column.cast.is_some())
        .map(|column| format!("`{}`", column.name))
        .collect();
    format!(
        "{} can only be read as text, and the statement does not let us ask for that ({said}); write …::text AS name",
        names.join(", ")
    )
}
