//! A report's blocks as tables of PostgreSQL.

use report::Block;
use sqlx::{AssertSqlSafe, Column, Connection, PgConnection, Row, TypeInfo, ValueRef};

use super::Compared;
use super::cells::Answer;
use super::rows;

/// A database with a table for every block.
pub struct Theirs {
    connection: PgConnection,
    // Gone from the server when this goes.
    _database: testbed::Database,
}

impl Theirs {
    pub async fn new() -> Self {
        let database = testbed::postgres().database().unwrap();
        Self {
            connection: PgConnection::connect(&database.writer).await.unwrap(),
            _database: database,
        }
    }

    /// Makes a table of what an extraction reads at its source.
    pub async fn load(&mut self, compared: &Compared<'_>, block: &Block) {
        let read = rows::read(compared, block).await;
        let columns: Vec<String> = read
            .columns
            .iter()
            .map(|column| format!("\"{}\" {}", column.name, rows::kind(column)))
            .collect();
        let (name, columns) = (&block.name, columns.join(", "));
        self.execute(format!("CREATE TABLE \"{name}\" ({columns})"))
            .await
            .unwrap();
        let mut copy = self
            .connection
            .copy_in_raw(&format!("COPY \"{name}\" FROM STDIN"))
            .await
            .unwrap();
        copy.send(read.lines.as_bytes()).await.unwrap();
        copy.finish().await.unwrap();
    }

    /// Answers a statement and keeps the answer as a table.
    pub async fn answer(
        &mut self,
        name: &str,
        statement: &str,
    ) -> Result<Answer<Option<String>>, sqlx::Error> {
        self.execute(format!("CREATE TABLE \"{name}\" AS {statement}"))
            .await?;
        // The simple protocol answers in PostgreSQL's own texts.
        let rows = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .fetch_all(&mut self.connection)
            .await?;
        let columns = rows.first().map_or(&[][..], |row| row.columns());
        Ok(Answer {
            columns: columns.iter().map(|c| c.name().to_owned()).collect(),
            kinds: columns
                .iter()
                .map(|column| column.type_info().name().to_owned())
                .collect(),
            rows: rows.iter().map(texts).collect(),
        })
    }

    async fn execute(&mut self, statement: String) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut self.connection)
            .await
            .map(|_| ())
    }
}

fn texts(row: &sqlx::postgres::PgRow) -> Vec<Option<String>> {
    (0..row.len())
        .map(|index| {
            let value = row.try_get_raw(index).unwrap();
            (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
        })
        .collect()
}
