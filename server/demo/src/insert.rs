//! Rows of one table on their way into a database, many at a time.

use crate::cell::Cell;
use crate::database::Database;

/// Collects rows of one table and sends them in bulk.
pub(crate) struct Inserter {
    table: &'static str,
    columns: usize,
    cells: Vec<Cell>,
}

impl Inserter {
    /// For a table of `columns` columns; rows give all of them, in the table's order.
    pub(crate) fn new(table: &'static str, columns: usize) -> Inserter {
        Inserter {
            table,
            columns,
            cells: Vec::new(),
        }
    }

    /// Adds a row, and sends the collected ones when there are enough.
    pub(crate) async fn row<const N: usize>(
        &mut self,
        database: &mut Database,
        cells: [Cell; N],
    ) -> Result<(), sqlx::Error> {
        assert_eq!(
            N, self.columns,
            "{} has another number of columns",
            self.table
        );
        self.cells.extend(cells);
        if self.cells.len() == database.rows_at_once() * self.columns {
            self.send(database).await?;
        }
        Ok(())
    }

    /// Sends what is left.
    pub(crate) async fn finish(mut self, database: &mut Database) -> Result<(), sqlx::Error> {
        self.send(database).await
    }

    async fn send(&mut self, database: &mut Database) -> Result<(), sqlx::Error> {
        if self.cells.is_empty() {
            return Ok(());
        }
        let cells = self.cells.drain(..);
        database.insert(self.table, self.columns, cells).await
    }
}
