//! MySQL and MariaDB: tables come and go at once there, so a shop counts as complete only when the row
//! of `demo_shop`, which is written last, is there.

use std::vec::Drain;

use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions};

use super::{TABLES, insert_statement};
use crate::cell::{self, Cell};
use crate::load::There;

/// A statement binds at most 65,535 values and travels in one packet of at most 16 MiB.
pub(super) const ROWS_PER_STATEMENT: usize = 1_000;

pub(crate) async fn connect(url: &str) -> Result<MySqlConnection, sqlx::Error> {
    let mut connection = url
        .parse::<MySqlConnectOptions>()?
        .disable_statement_logging()
        .connect()
        .await?;
    // Bad values are errors; keys are built from rows that are known to be right.
    sqlx::raw_sql(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
             unique_checks = 0, foreign_key_checks = 0",
    )
    .execute(&mut connection)
    .await?;
    Ok(connection)
}

/// What stands in the database of the URL.
pub(crate) async fn there(connection: &mut MySqlConnection) -> Result<There, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name IN ('{}')",
        TABLES.join("', '")
    );
    let tables: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await?;
    let shop = if tables.iter().any(|table| table == "demo_shop") {
        sqlx::query_as(
            "SELECT version, CAST(first_day AS CHAR) AS first_day, CAST(end_day AS CHAR) AS end_day,
                    orders, `lines`, customers, refunds FROM demo_shop",
        )
        .fetch_optional(&mut *connection)
        .await?
    } else {
        None
    };
    Ok(There { tables, shop })
}

/// Bytes the tables and their indexes take, as the server estimates them.
pub(crate) async fn bytes(connection: &mut MySqlConnection) -> Result<u64, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS UNSIGNED)
         FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name IN ('{}')",
        TABLES.join("', '")
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await
}

pub(super) async fn insert(
    connection: &mut MySqlConnection,
    table: &str,
    columns: usize,
    cells: Drain<'_, Cell>,
) -> Result<(), sqlx::Error> {
    let sql = insert_statement(table, columns, cells.len() / columns);
    let mut arguments = MySqlArguments::default();
    for cell in cells {
        add(&mut arguments, cell).map_err(sqlx::Error::Encode)?;
    }
    sqlx::query_with(AssertSqlSafe(sql), arguments)
        .execute(connection)
        .await?;
    Ok(())
}

fn add(arguments: &mut MySqlArguments, cell: Cell) -> Result<(), sqlx::error::BoxDynError> {
    match cell {
        Cell::Null => arguments.add(None::<String>),
        Cell::Integer(value) => arguments.add(value),
        Cell::Decimal(hundredths) => arguments.add(cell::decimal(hundredths)),
        Cell::Boolean(value) => arguments.add(value),
        Cell::Date(date) => arguments.add(cell::date(date)),
        Cell::Datetime(at) => arguments.add(cell::datetime(at)),
        Cell::Text(text) => arguments.add(&*text),
    }
}
