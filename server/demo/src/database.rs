//! The database a shop is written into.
//!
//! The maker is the same for all three; what differs is how tables are declared and how many rows travel.

pub(crate) mod mysql;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::vec::Drain;

use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection};

use crate::cell::Cell;

/// The tables of the shop, those first that others refer to.
pub(crate) const TABLES: [&str; 14] = [
    "demo_shop",
    "sales_area",
    "region",
    "channel",
    "team",
    "salesperson",
    "target",
    "category",
    "product",
    "customer",
    "orders",
    "order_line",
    "refund_reason",
    "refund",
];

/// A connection to the database a shop is written into.
pub(crate) enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Database {
    /// Takes away the tables of a shop that is being replaced.
    pub(crate) async fn make_room(&mut self, tables: &[String]) -> Result<(), sqlx::Error> {
        if let Self::Postgres(_) = self {
            self.run("BEGIN; SET LOCAL client_min_messages = 'warning'")
                .await?;
        }
        if tables.is_empty() {
            return Ok(());
        }
        self.run(format!("DROP TABLE {}", tables.join(", "))).await
    }

    /// Takes away what was made of a shop that could not be finished.
    pub(crate) async fn give_up(mut self) {
        match &self {
            // Its file is removed by whoever named it; an open transaction ends with its connection.
            Self::Sqlite(_) | Self::Postgres(_) => {}
            // When even this fails, the shop is without its row of `demo_shop` and can be replaced.
            Self::Mysql(_) => {
                let tables = TABLES.join(", ");
                let _ = self.run(format!("DROP TABLE IF EXISTS {tables}")).await;
            }
        }
    }

    /// Declares the tables and begins the transaction that fills them.
    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(_) => {
                self.run("BEGIN").await?;
                self.run(include_str!("database/sqlite/tables.sql")).await
            }
            Self::Postgres(_) => {
                // The transaction is open: a shop that is being replaced has gone in it.
                self.run(include_str!("database/postgres/tables.sql")).await
            }
            Self::Mysql(_) => {
                self.run(include_str!("database/mysql/tables.sql")).await?;
                self.run("START TRANSACTION").await
            }
        }
    }

    /// Adds keys and indexes, which is faster when the rows are there, and commits.
    pub(crate) async fn finish(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(_) => {
                self.run(include_str!("database/sqlite/keys.sql")).await?;
                self.run("ANALYZE").await?;
                self.run("COMMIT").await
            }
            Self::Postgres(_) => {
                self.run(include_str!("database/postgres/keys.sql")).await?;
                self.run("COMMIT").await?;
                let tables = TABLES.join(", ");
                self.run(format!("VACUUM (ANALYZE) {tables}")).await
            }
            Self::Mysql(_) => {
                self.run("COMMIT").await?;
                self.run(include_str!("database/mysql/keys.sql")).await?;
                let tables = TABLES.join(", ");
                self.run(format!("ANALYZE TABLE {tables}")).await
            }
        }
    }

    /// Rows that travel in one statement.
    pub(crate) fn rows_at_once(&self) -> usize {
        match self {
            Self::Sqlite(_) => sqlite::ROWS_PER_STATEMENT,
            Self::Postgres(_) => postgres::ROWS_PER_STATEMENT,
            Self::Mysql(_) => mysql::ROWS_PER_STATEMENT,
        }
    }

    /// Inserts rows that give all columns in the table's order.
    pub(crate) async fn insert(
        &mut self,
        table: &str,
        columns: usize,
        cells: Drain<'_, Cell>,
    ) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlite::insert(connection, table, columns, cells).await,
            Self::Postgres(connection) => postgres::insert(connection, table, columns, cells).await,
            Self::Mysql(connection) => mysql::insert(connection, table, columns, cells).await,
        }
    }

    /// Runs statements of our own.
    pub(crate) async fn run(&mut self, sql: impl Into<String>) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.into()));
        match self {
            Self::Sqlite(connection) => sql.execute(connection).await.map(drop),
            Self::Postgres(connection) => sql.execute(connection).await.map(drop),
            Self::Mysql(connection) => sql.execute(connection).await.map(drop),
        }
    }

    /// Says goodbye, so that the server does not log a broken connection.
    pub(crate) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
            Self::Mysql(connection) => connection.close().await,
        }
    }
}

/// `INSERT` of that many rows, a `?` for every value.
fn insert_statement(table: &str, columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    format!("INSERT INTO {table} VALUES {}", vec![row; rows].join(","))
}
