//! Carrying an installation from one database to another, without loss.

mod tables;

use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Connection, Row, Transaction};

use super::Store;
use super::connection::{Use, connect};
use crate::{Location, StoreError};
use tables::{Column, Kind, Table};

/// Rows of one statement, at most; a run's outcome may be large.
const BATCH: usize = 100;

/// Values of one statement; both databases take more than 32,000.
const VALUES: usize = 20_000;

/// A table that was carried over and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub table: String,
    /// Rows, in either database.
    pub rows: u64,
    /// SHA-256 over all rows in the order of their keys, in hexadecimal; the same in either
    /// database.
    pub sha256: String,
}

/// What a table holds, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Summary {
    rows: u64,
    sha256: String,
}

impl Store {
    /// Copies all rows to an empty store, of the same kind or the other, and compares both. One
    /// transaction: afterwards the target has everything, or nothing as before. This store is left
    /// as it is, and nothing is written here meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Move`] when the target holds rows, when runs are running or messages are being
    /// sent here, or when the copy is not the same; otherwise as the databases say.
    pub async fn move_to(&self, target: &Store) -> Result<Vec<MovedTable>, StoreError> {
        let (from, to) = (self.place(), target.place());
        let reading = self.failed("read the tables to move");
        let writing = target.failed("write the moved tables");
        let refused = |why: String| StoreError::Move {
            from: from.clone(),
            to: to.clone(),
            why,
        };
        let tables = tables::all().await.map_err(&reading)?;

        let mut source = connect(from, Use::Patient, false).await.map_err(&reading)?;
        let mut source = standing_still(&mut source, from, &tables)
            .await
            .map_err(&reading)?;
        let busy: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM runs WHERE state = 'running')
                  + (SELECT COUNT(*) FROM outbox WHERE state = 'sending')",
        )
        .fetch_one(&mut *source)
        .await
        .map_err(&reading)?;
        if busy > 0 {
            return Err(refused(format!(
                "{busy} runs or messages are under way; stop every Digger process that works there, start one again for a moment if they were killed, and try again"
            )));
        }

        let mut copy = connect(to, Use::Patient, false).await.map_err(&writing)?;
        let mut copy = standing_still(&mut copy, to, &tables)
            .await
            .map_err(&writing)?;
        for table in &tables {
            let rows: i64 = sqlx::query_scalar(AssertSqlSafe(table.count()))
                .fetch_one(&mut *copy)
                .await
                .map_err(&writing)?;
            if rows > 0 {
                return Err(refused(format!(
                    "the target is not empty, its table `{}` has {rows} rows; name an empty database",
                    table.name
                )));
            }
        }

        let mut moved = Vec::new();
        for table in &tables {
            let sent = copy_table(&mut source, &mut copy, table, to).await;
            let sent = sent.map_err(|error| match error {
                CopyError::Reading(error) => reading(error),
                CopyError::Writing(error) => writing(error),
                CopyError::Nul(key) => refused(format!(
                    "a text in table `{}`, row {key}, holds the character NUL, which PostgreSQL does not store; correct that row first",
                    table.name
                )),
            })?;
            let arrived = summary(&mut copy, table).await.map_err(&writing)?;
            if sent != arrived {
                return Err(refused(format!(
                    "table `{}` differs afterwards: {} rows with SHA-256 {} became {} rows with {}",
                    table.name, sent.rows, sent.sha256, arrived.rows, arrived.sha256
                )));
            }
            moved.push(MovedTable {
                table: table.name.clone(),
                rows: sent.rows,
                sha256: sent.sha256,
            });
        }
        copy.commit().await.map_err(writing)?;
        Ok(moved)
    }
}

/// Why a table could not be copied.
enum CopyError {
    Reading(sqlx::Error),
    Writing(sqlx::Error),
    /// The key of the row.
    Nul(String),
}

/// A transaction that sees one moment, and in which nobody else writes.
async fn standing_still<'c>(
    connection: &'c mut AnyConnection,
    place: &Location,
    tables: &[Table],
) -> Result<Transaction<'c, Any>, sqlx::Error> {
    if !place.is_shared() {
        return connection.begin_with("BEGIN IMMEDIATE").await;
    }
    let mut tx = connection
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ")
        .await?;
    // Before the first read, which decides the moment.
    let names: Vec<String> = tables.iter().map(Table::quoted).collect();
    let lock = format!(
        "LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE",
        names.join(", ")
    );
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *tx).await?;
    Ok(tx)
}

async fn copy_table(
    source: &mut AnyConnection,
    copy: &mut AnyConnection,
    table: &Table,
    to: &Location,
) -> Result<Summary, CopyError> {
    let most = BATCH.min(VALUES / table.columns.len()).max(1);
    let mut summing = Summing::default();
    let mut batch = Vec::with_capacity(most);
    let mut rows = sqlx::query(AssertSqlSafe(table.select())).fetch(source);
    while let Some(row) = rows.try_next().await.map_err(CopyError::Reading)? {
        let row = cells(&row, table).map_err(CopyError::Reading)?;
        if to.is_shared() && row.iter().any(Cell::has_nul) {
            return Err(CopyError::Nul(format!("{:?}", &row[..1])));
        }
        summing.add(&row);
        batch.push(row);
        if batch.len() == most {
            insert(copy, table, &mut batch)
                .await
                .map_err(CopyError::Writing)?;
        }
    }
    insert(copy, table, &mut batch)
        .await
        .map_err(CopyError::Writing)?;
    Ok(summing.end())
}

async fn summary(connection: &mut AnyConnection, table: &Table) -> Result<Summary, sqlx::Error> {
    let mut summing = Summing::default();
    let mut rows = sqlx::query(AssertSqlSafe(table.select())).fetch(connection);
    while let Some(row) = rows.try_next().await? {
        summing.add(&cells(&row, table)?);
    }
    Ok(summing.end())
}

async fn insert(
    copy: &mut AnyConnection,
    table: &Table,
    batch: &mut Vec<Vec<Cell>>,
) -> Result<(), sqlx::Error> {
    if batch.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::query(AssertSqlSafe(table.insert(batch.len())));
    for cell in batch.drain(..).flatten() {
        query = match cell {
            Cell::Integer(value) => query.bind(value),
            Cell::Text(value) => query.bind(value),
            Cell::Boolean(value) => query.bind(value),
        };
    }
    query.execute(copy).await.map(|_| ())
}

/// One value of a row.
#[derive(Debug)]
enum Cell {
    Integer(Option<i64>),
    Text(Option<String>),
    Boolean(Option<bool>),
}

impl Cell {
    fn has_nul(&self) -> bool {
        matches!(self, Self::Text(Some(text)) if text.contains('\0'))
    }
}

fn cells(row: &AnyRow, table: &Table) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |(index, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Integer => Cell::Integer(row.try_get(index)?),
            Kind::Text => Cell::Text(row.try_get(index)?),
            Kind::Boolean => {
                let value: Option<i64> = row.try_get(index)?;
                Cell::Boolean(value.map(|value| value != 0))
            }
        })
    };
    table.columns.iter().enumerate().map(cell).collect()
}

/// Counts and hashes rows, the same for the same rows wherever they are.
#[derive(Default)]
struct Summing {
    rows: u64,
    hash: Sha256,
}

impl Summing {
    fn add(&mut self, row: &[Cell]) {
        self.rows += 1;
        for cell in row {
            // Each value says what it is and how long, so that no two rows read the same.
            match cell {
                Cell::Integer(Some(value)) => {
                    self.hash.update(b"i");
                    self.hash.update(value.to_le_bytes());
                }
                Cell::Boolean(Some(value)) => self.hash.update([b'b', u8::from(*value)]),
                Cell::Text(Some(text)) => {
                    self.hash.update(b"t");
                    self.hash.update((text.len() as u64).to_le_bytes());
                    self.hash.update(text);
                }
                Cell::Integer(None) | Cell::Boolean(None) | Cell::Text(None) => {
                    self.hash.update(b"n");
                }
            }
        }
    }

    fn end(self) -> Summary {
        Summary {
            rows: self.rows,
            sha256: hex::encode(self.hash.finalize()),
        }
    }
}
