//! A statement the server has accepted, with its columns.

use sqlx::postgres::{PgConnection, PgStatement};
use sqlx::{AssertSqlSafe, Column as _, Executor, SqlSafeStr, Statement};

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
        return Err(SourceError::Sql {
            source_name: source.to_owned(),
            message: "there is a NUL character in the statement; remove it".to_owned(),
            offset: Some(at),
        });
    }
    let endpoint = session.id.endpoint.clone();
    let explain = |error, sent: &Sent| {
        let moment = Moment::Reading {
            endpoint: &endpoint,
            sent,
            rows: 0,
            why: None,
        };
        error::explain(source, error, moment)
    };
    let connection = &mut session.connection;
    let sent = Sent::plain(prefix, author);
    let statement = send(connection, &sent)
        .await
        .map_err(|error| explain(error, &sent))?;
    let names: Vec<&str> = statement.columns().iter().map(|c| c.name()).collect();
    if names.is_empty() {
        refuse_writing(source, author)?;
    }
    // What PostgreSQL calls an expression without a name.
    names::check(source, &names, |index| names[index] == "?column?")?;
    let columns = types::columns(connection, statement.columns())
        .await
        .map_err(|error| explain(error, &sent))?;
    if columns.iter().all(|column| column.cast.is_none()) {
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
        Err(error) => match explain(error, &wrapped) {
            // A statement that was fine by itself: only our casts or parentheses can be wrong.
            SourceError::Sql { message, .. } if message.contains("data-modifying") => {
                Err(SourceError::Writes {
                    source_name: source.to_owned(),
                    what: "changes rows".to_owned(),
                })
            }
            SourceError::Sql { message, .. } => Err(SourceError::Columns {
                source_name: source.to_owned(),
                message: unreadable(&columns, &message),
            }),
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
