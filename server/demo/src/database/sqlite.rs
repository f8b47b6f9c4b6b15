//! SQLite: a file that nobody else sees before it is complete.

use std::path::Path;
use std::vec::Drain;

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode,
    SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions};

use super::insert_statement;
use crate::cell::{self, Cell};

/// SQLite binds at most 32,766 values in a statement; this many rows of our widest table stay below it.
pub(super) const ROWS_PER_STATEMENT: usize = 500;

/// Nothing is durable while the file has its temporary name: a crash leaves rubbish that nobody opens.
pub(crate) async fn connect(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .locking_mode(SqliteLockingMode::Exclusive)
        .foreign_keys(false)
        // 64 MiB, so that the indexes are built in memory.
        .pragma("cache_size", "-65536")
        .disable_statement_logging()
        .connect()
        .await
}

/// Size of the file.
pub(crate) async fn bytes(connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let bytes: i64 = sqlx::query_scalar(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    )
    .fetch_one(connection)
    .await?;
    Ok(bytes.unsigned_abs())
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    table: &str,
    columns: usize,
    cells: Drain<'_, Cell>,
) -> Result<(), sqlx::Error> {
    let sql = insert_statement(table, columns, cells.len() / columns);
    let mut arguments = SqliteArguments::default();
    for cell in cells {
        add(&mut arguments, cell).map_err(sqlx::Error::Encode)?;
    }
    sqlx::query_with(AssertSqlSafe(sql), arguments)
        .execute(connection)
        .await?;
    Ok(())
}

fn add(arguments: &mut SqliteArguments, cell: Cell) -> Result<(), sqlx::error::BoxDynError> {
    match cell {
        Cell::Null => arguments.add(None::<i64>),
        Cell::Integer(value) => arguments.add(value),
        // SQLite's DECIMAL columns have numeric affinity: whole numbers are integers, others doubles,
        // which hold these amounts to the last digit.
        Cell::Decimal(hundredths) if hundredths % 100 == 0 => arguments.add(hundredths / 100),
        Cell::Decimal(hundredths) => arguments.add(hundredths as f64 / 100.0),
        Cell::Boolean(value) => arguments.add(i64::from(value)),
        Cell::Date(date) => arguments.add(cell::date(date)),
        Cell::Datetime(at) => arguments.add(cell::datetime(at)),
        Cell::Text(text) => arguments.add(text),
    }
}
