//! Rows into SQLite, many per statement.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe};

/// SQLite binds at most 32,766 values in a statement; this many rows of our widest table stay below it.
const ROWS_PER_STATEMENT: usize = 500;

/// One value of a row.
pub(crate) enum Cell {
    Null,
    Integer(i64),
    /// Hundredths.
    Decimal(i64),
    Boolean(bool),
    Date(Date),
    Datetime(DateTime),
    Text(Arc<str>),
}

impl Cell {
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Cell {
        Cell::Text(text.into())
    }

    /// Whole won.
    pub(crate) fn won(won: i64) -> Cell {
        Cell::Decimal(won * 100)
    }

    /// NULL for `None`.
    pub(crate) fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
        value.map_or(Cell::Null, cell)
    }
}

/// Collects rows of one table and sends them in bulk.
pub(crate) struct Inserter {
    table: &'static str,
    columns: usize,
    full: Arc<str>,
    arguments: SqliteArguments,
    rows: usize,
}

impl Inserter {
    /// For a table of `columns` columns; rows give all of them, in the table's order.
    pub(crate) fn new(table: &'static str, columns: usize) -> Inserter {
        Inserter {
            table,
            columns,
            full: statement(table, columns, ROWS_PER_STATEMENT).into(),
            arguments: SqliteArguments::default(),
            rows: 0,
        }
    }

    /// Adds a row, and sends the collected ones when there are enough.
    pub(crate) async fn row<const N: usize>(
        &mut self,
        connection: &mut SqliteConnection,
        cells: [Cell; N],
    ) -> Result<(), sqlx::Error> {
        assert_eq!(
            N, self.columns,
            "{} has another number of columns",
            self.table
        );
        for cell in cells {
            add(&mut self.arguments, cell).map_err(sqlx::Error::Encode)?;
        }
        self.rows += 1;
        if self.rows == ROWS_PER_STATEMENT {
            let sql = Arc::clone(&self.full);
            self.send(connection, AssertSqlSafe(sql)).await?;
        }
        Ok(())
    }

    /// Sends what is left.
    pub(crate) async fn finish(
        mut self,
        connection: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        if self.rows == 0 {
            return Ok(());
        }
        let sql = statement(self.table, self.columns, self.rows);
        self.send(connection, AssertSqlSafe(Arc::from(sql))).await
    }

    async fn send(
        &mut self,
        connection: &mut SqliteConnection,
        sql: AssertSqlSafe<Arc<str>>,
    ) -> Result<(), sqlx::Error> {
        self.rows = 0;
        let arguments = std::mem::take(&mut self.arguments);
        sqlx::query_with(sql, arguments).execute(connection).await?;
        Ok(())
    }
}

fn statement(table: &str, columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    format!("INSERT INTO {table} VALUES {}", vec![row; rows].join(","))
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
        Cell::Date(date) => arguments.add(format!(
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        )),
        Cell::Datetime(at) => arguments.add(format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )),
        Cell::Text(text) => arguments.add(text),
    }
}
