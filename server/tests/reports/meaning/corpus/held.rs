//! Databases that hold the tables of the corpus.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, PgConnection};
use tempfile::TempDir;

use super::tables::{self, Dialect, Kind, Table};

/// A private database of each kind.
pub struct Held {
    postgres: testbed::Database,
    mariadb: testbed::Database,
    folder: TempDir,
}

/// One of them, with the rows it holds.
pub struct Database<'a> {
    pub name: &'static str,
    pub url: String,
    pub tables: Vec<Table>,
    // Its rows are gone with them.
    _held: &'a Held,
}

impl Held {
    pub async fn new() -> Self {
        let held = Self {
            postgres: testbed::postgres().database().unwrap(),
            mariadb: testbed::mariadb().database().unwrap(),
            folder: tempfile::tempdir().unwrap(),
        };
        let mut postgres = PgConnection::connect(&held.postgres.writer).await.unwrap();
        for statement in script(Dialect::Postgres) {
            let statement = sqlx::raw_sql(AssertSqlSafe(statement));
            statement.execute(&mut postgres).await.unwrap();
        }
        let mut mariadb = MySqlConnection::connect(&held.mariadb.writer)
            .await
            .unwrap();
        let mode = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'";
        sqlx::raw_sql(mode).execute(&mut mariadb).await.unwrap();
        for statement in script(Dialect::Mariadb) {
            let statement = sqlx::raw_sql(AssertSqlSafe(statement));
            statement.execute(&mut mariadb).await.unwrap();
        }
        let options = SqliteConnectOptions::new()
            .filename(held.file())
            .create_if_missing(true);
        let mut sqlite = options.connect().await.unwrap();
        for statement in script(Dialect::Sqlite) {
            let statement = sqlx::raw_sql(AssertSqlSafe(statement));
            statement.execute(&mut sqlite).await.unwrap();
        }
        sqlite.close().await.unwrap();
        held
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("corpus.sqlite")
    }

    pub fn databases(&self) -> [Database<'_>; 3] {
        let file = format!("sqlite:{}", self.file().display());
        [
            ("SQLite", Dialect::Sqlite, file),
            (
                "PostgreSQL",
                Dialect::Postgres,
                self.postgres.reader.clone(),
            ),
            ("MariaDB", Dialect::Mariadb, self.mariadb.reader.clone()),
        ]
        .map(|(name, dialect, url)| Database {
            name,
            url,
            tables: held_by(dialect),
            _held: self,
        })
    }
}

fn script(dialect: Dialect) -> Vec<String> {
    held_by(dialect)
        .iter()
        .flat_map(|table| std::iter::once(table.create(dialect)).chain(table.insert(dialect)))
        .collect()
}

/// The tables of the corpus with the rows a database can hold, by names blocks can have.
fn held_by(dialect: Dialect) -> Vec<Table> {
    let mut tables = tables::fixed();
    for table in &mut tables {
        table.written = super::blocks::written(&table.written);
        for row in &mut table.rows {
            for (cell, column) in row.iter_mut().zip(&table.columns) {
                // Only PostgreSQL's doubles may be NaN: SQLite makes NULL of it, and MariaDB refuses it.
                let is_nan = column.kind == Kind::Double && cell.as_deref() == Some("NaN");
                if is_nan && dialect != Dialect::Postgres {
                    *cell = None;
                }
            }
        }
    }
    tables
}
