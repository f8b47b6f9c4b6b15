//! The columns of a statement, before it runs.
//!
//! A prepared statement says its columns, except for two things. A placeholder has no type before
//! its value is bound, and neither has a column made of it. And the driver does not hand out how
//! many digits a decimal has behind its point. Both are answered by the server for the statement
//! as an inner query that reads no row: the condition is false, so the server only plans it.
//!
//! These statements stay prepared until the session ends. To close one is a packet without an answer,
//! and whatever is sent behind such a packet waits forty milliseconds for the system at the other end.

use rows::{ColumnInfo, ColumnType};
use sqlx::mysql::{MySqlArguments, MySqlColumn, MySqlConnection};
use sqlx::{
    AssertSqlSafe, Column as _, ColumnOrigin, Either, Executor, Row, SqlSafeStr, Statement as _,
};

use super::error::{self, Failed};
use super::types::Wire;
use crate::{Cause, SourceError, names};

/// Digits behind the point when the server does not say: those of prices.
const USUAL_SCALE: u8 = 2;

/// The most digits behind the point that a decimal of 38 digits has.
const MOST_SCALE: usize = 38;

/// A column before any row.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: String,
    pub wire: Wire,
    pub kind: ColumnType,
}

impl Column {
    pub(super) fn info(&self) -> ColumnInfo {
        ColumnInfo {
            name: self.name.clone(),
            kind: self.kind,
            is_narrow: self.wire.is_narrow(),
            is_mixed: false,
            is_guess: self.wire == Wire::Nothing,
        }
    }
}

/// A statement the server has prepared.
pub(super) struct Prepared {
    columns: Vec<MySqlColumn>,
    /// How many values it wants.
    pub placeholders: usize,
}

/// The author's statement and what stands before it.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub source: &'t str,
    pub prefix: &'t str,
    pub sql: &'t str,
}

impl Text<'_> {
    /// What the server gets.
    pub(super) fn full(&self) -> String {
        format!("{}{}", self.prefix, self.sql)
    }

    /// Prepares the statement.
    ///
    /// # Errors
    /// When it returns no columns, or columns without names of their own, or of a type that no
    /// sheet shows.
    pub(super) async fn prepare(
        &self,
        connection: &mut MySqlConnection,
    ) -> Result<Prepared, Failed> {
        let sql = AssertSqlSafe(self.full()).into_sql_str();
        let statement = connection.prepare_with(sql, &[]).await?;
        let columns = statement.columns().to_vec();
        if columns.is_empty() {
            return Err(Failed::Known(SourceError::writes(
                self.source,
                "returns no rows",
            )));
        }
        let given: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        names::check(self.source, &given, |index| {
            let column = &columns[index];
            matches!(column.origin(), ColumnOrigin::Expression)
                && names::is_expression(column.name(), self.sql)
        })
        .map_err(Failed::Known)?;
        self.wires(&columns)?;
        let placeholders = match statement.parameters() {
            Some(Either::Right(count)) => count,
            Some(Either::Left(kinds)) => kinds.len(),
            None => 0,
        };
        Ok(Prepared {
            columns,
            placeholders,
        })
    }

    /// Decides the types. `arguments` are the values, or as many absent ones.
    pub(super) async fn decide(
        &self,
        connection: &mut MySqlConnection,
        prepared: &Prepared,
        arguments: &MySqlArguments,
    ) -> Result<Vec<Column>, Failed> {
        let mut wires = self.wires(&prepared.columns)?;
        if prepared.placeholders > 0
            && let Some(bound) = self.bound_columns(connection, arguments).await?
            && bound.len() == wires.len()
        {
            let bound = self.wires(&bound)?;
            for (wire, bound) in wires.iter_mut().zip(bound) {
                // `NULL` alone is bytes as a column of an inner query.
                if !(*wire == Wire::Nothing && bound == Wire::Bytes) {
                    *wire = bound;
                }
            }
        }
        let decimals: Vec<&str> = prepared
            .columns
            .iter()
            .zip(&wires)
            .filter(|(_, wire)| **wire == Wire::Decimal)
            .map(|(column, _)| column.name())
            .collect();
        let mut scales = if decimals.is_empty() {
            Vec::new()
        } else {
            self.scales(connection, &decimals, arguments).await?
        }
        .into_iter();
        Ok(prepared
            .columns
            .iter()
            .zip(wires)
            .map(|(column, wire)| Column {
                name: column.name().to_owned(),
                wire,
                kind: wire.kind(match wire {
                    Wire::Decimal => scales.next().unwrap_or(USUAL_SCALE),
                    _ => 0,
                }),
            })
            .collect())
    }

    /// How each column of the result is decoded.
    pub(super) fn wires(&self, columns: &[MySqlColumn]) -> Result<Vec<Wire>, Failed> {
        columns
            .iter()
            .map(|column| {
                Wire::of(column).map_err(|error| {
                    let message = format!("column `{}`: {error}", column.name());
                    let refused = SourceError::sql(self.source, message, None);
                    Failed::Known(refused.caused_by(Cause::from(error)))
                })
            })
            .collect()
    }

    /// The columns once the values are bound: those of one row without anything in it.
    async fn bound_columns(
        &self,
        connection: &mut MySqlConnection,
        arguments: &MySqlArguments,
    ) -> Result<Option<Vec<MySqlColumn>>, Failed> {
        // The line break ends a comment at the end of the author's text.
        let sql = format!(
            "{}SELECT inner_query.* FROM (SELECT 1) AS one_row LEFT JOIN (\n{}\n) AS inner_query ON FALSE",
            self.prefix, self.sql
        );
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments.clone());
        match connection.fetch_optional(query).await {
            Ok(row) => Ok(row.map(|row| row.columns().to_vec())),
            Err(error) => forgiven(error),
        }
    }

    /// Digits behind the point of the decimals, in the words of the server: it writes a 0 of the
    /// same type, such as `0.00`.
    async fn scales(
        &self,
        connection: &mut MySqlConnection,
        decimals: &[&str],
        arguments: &MySqlArguments,
    ) -> Result<Vec<u8>, Failed> {
        let quoted: Vec<String> = decimals
            .iter()
            .map(|name| format!("inner_query.`{}`", name.replace('`', "``")))
            .collect();
        let zeros = vec!["0"; decimals.len()];
        // `UNION` and not `UNION ALL`: it goes through a table with types of its own.
        let sql = format!(
            "{}SELECT {} FROM (\n{}\n) AS inner_query WHERE FALSE UNION SELECT {}",
            self.prefix,
            quoted.join(", "),
            self.sql,
            zeros.join(", ")
        );
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments.clone());
        let row = match connection.fetch_optional(query).await {
            Ok(row) => row,
            Err(error) => forgiven(error)?,
        };
        let Some(row) = row else {
            return Ok(Vec::new());
        };
        (0..decimals.len())
            .map(|index| {
                let zero: String = row.try_get_unchecked(index)?;
                let digits = zero.split_once('.').map_or(0, |(_, digits)| digits.len());
                Ok(digits.min(MOST_SCALE) as u8)
            })
            .collect()
    }
}

/// Statements that ended because somebody or a limit ended them.
const ENDED: [u16; 5] = [1053, 1317, 1927, 1969, 3024];

/// Not everything can be an inner query, such as `SHOW TABLES`. Whatever the server says to that
/// it also says about the statement itself, or it does not matter.
fn forgiven<T>(error: sqlx::Error) -> Result<Option<T>, Failed> {
    match error::number(&error) {
        Some(number) if !ENDED.contains(&number) => {
            tracing::debug!(%error, "A statement cannot be asked for its types");
            Ok(None)
        }
        _ => Err(Failed::Said(error)),
    }
}
