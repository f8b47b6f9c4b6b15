//! Bare transactions of one row, committed: the floor under everything that changes our own tables.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare_commits (n BIGINT NOT NULL)";
const INSERT: &str = "INSERT INTO bare_commits (n) VALUES ($1)";

/// A table of its own, and those who write to it.
pub(crate) struct Commits {
    pool: Pool,
    writers: usize,
}

enum Pool {
    /// One connection: SQLite has one writer.
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Commits {
    /// Makes the table beside our own ones: in the same PostgreSQL database, or in a file in the same
    /// folder that is written as safely as ours.
    ///
    /// # Errors
    /// When that cannot be done.
    pub(crate) async fn open(place: &str, writers: usize) -> Result<Self> {
        let pool = match place.strip_prefix("sqlite:") {
            Some(folder) => {
                let options = SqliteConnectOptions::new()
                    .filename(format!("{folder}/bare_commits.sqlite"))
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                let pool = SqlitePoolOptions::new()
                    .max_connections(1)
                    .connect_with(options)
                    .await?;
                sqlx::query(TABLE).execute(&pool).await?;
                Pool::Sqlite(pool)
            }
            None => {
                let connections = u32::try_from(writers)?;
                let pool = PgPoolOptions::new()
                    .max_connections(connections)
                    .connect(place)
                    .await?;
                sqlx::query(TABLE).execute(&pool).await?;
                Pool::Postgres(pool)
            }
        };
        Ok(Self { pool, writers })
    }

    /// Transactions per second of all writers together.
    ///
    /// # Errors
    /// When one fails.
    pub(crate) async fn per_second(&self, turn: Duration) -> Result<f64> {
        let started = Instant::now();
        let writing = (0..self.writers).map(|_| async {
            let mut done = 0_u32;
            while started.elapsed() < turn {
                match &self.pool {
                    Pool::Sqlite(pool) => {
                        let insert = sqlx::query(INSERT).bind(i64::from(done));
                        insert.execute(pool).await?;
                    }
                    Pool::Postgres(pool) => {
                        let insert = sqlx::query(INSERT).bind(i64::from(done));
                        insert.execute(pool).await?;
                    }
                }
                done += 1;
            }
            anyhow::Ok(done)
        });
        let done: u32 = try_join_all(writing).await?.into_iter().sum();
        Ok(f64::from(done) / started.elapsed().as_secs_f64())
    }
}
