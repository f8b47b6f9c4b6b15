//! PostgreSQL: one transaction from the old shop to the new one, rows by `COPY`.

use std::fmt::Write as _;
use std::vec::Drain;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::TABLES;
use crate::cell::{self, Cell};
use crate::load::There;

/// About two megabytes of our widest table.
pub(super) const ROWS_PER_STATEMENT: usize = 10_000;

pub(crate) async fn connect(url: &str) -> Result<PgConnection, sqlx::Error> {
    url.parse::<PgConnectOptions>()?
        .application_name("digger demo")
        .disable_statement_logging()
        .connect()
        .await
}

/// What stands in the schema the tables would go to.
pub(crate) async fn there(connection: &mut PgConnection) -> Result<There, sqlx::Error> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class AS c
         WHERE c.relnamespace = current_schema()::regnamespace
           AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND c.relname = ANY($1)",
    )
    .bind(&TABLES[..])
    .fetch_all(&mut *connection)
    .await?;
    let shop = if tables.iter().any(|table| table == "demo_shop") {
        sqlx::query_as(
            "SELECT version, first_day::text AS first_day, end_day::text AS end_day,
                    orders, lines, customers, refunds FROM demo_shop",
        )
        .fetch_optional(&mut *connection)
        .await?
    } else {
        None
    };
    Ok(There { tables, shop })
}

/// Bytes the tables and their indexes take.
pub(crate) async fn bytes(connection: &mut PgConnection) -> Result<u64, sqlx::Error> {
    let bytes: i64 = sqlx::query_scalar(
        "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class AS c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1)",
    )
    .bind(&TABLES[..])
    .fetch_one(connection)
    .await?;
    Ok(bytes.unsigned_abs())
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    table: &str,
    columns: usize,
    cells: Drain<'_, Cell>,
) -> Result<(), sqlx::Error> {
    let mut text = String::with_capacity(cells.len() * 12);
    for (index, cell) in cells.enumerate() {
        write(&mut text, cell);
        text.push(if (index + 1) % columns == 0 {
            '\n'
        } else {
            '\t'
        });
    }
    let mut copy = connection
        .copy_in_raw(&format!("COPY {table} FROM STDIN"))
        .await?;
    copy.send(text.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// A value as `COPY` reads it.
fn write(text: &mut String, cell: Cell) {
    match cell {
        Cell::Null => text.push_str("\\N"),
        Cell::Integer(value) => {
            // Writing into a text does not fail.
            let _ = write!(text, "{value}");
        }
        Cell::Decimal(hundredths) => text.push_str(&cell::decimal(hundredths)),
        Cell::Boolean(value) => text.push(if value { 't' } else { 'f' }),
        Cell::Date(date) => text.push_str(&cell::date(date)),
        Cell::Datetime(at) => text.push_str(&cell::datetime(at)),
        Cell::Text(value) => {
            for character in value.chars() {
                match character {
                    '\\' => text.push_str("\\\\"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    '\t' => text.push_str("\\t"),
                    other => text.push(other),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_copy_reads_otherwise_are_escaped() {
        let mut text = String::new();
        write(&mut text, Cell::text("C:\\매장\t1\r\n\\N"));
        assert_eq!(text, "C:\\\\매장\\t1\\r\\n\\\\N");
    }
}
