//! A database file for one test, and ways to ask it past the crate under test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rows::{Chunk, ColumnInfo};
use source::{Extract, Source, SourceConfig, SourceError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub struct Shop {
    folder: TempDir,
    pub source: Arc<dyn Source>,
}

impl Shop {
    /// A file with whatever the script makes. Its path is one that a careless URL breaks on.
    pub async fn new(script: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("판매 데이터 100%.sqlite");
        let config = SourceConfig::new("shop", format!("sqlite:{}", path.display()));
        let shop = Self {
            folder,
            source: source::open(&config).unwrap(),
        };
        let mut writer = shop.writer().await;
        sqlx::raw_sql(script).execute(&mut writer).await.unwrap();
        shop
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("판매 데이터 100%.sqlite")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// An ordinary connection of the driver.
    pub async fn writer(&self) -> SqliteConnection {
        SqliteConnectOptions::new()
            .filename(self.path())
            .create_if_missing(true)
            .connect()
            .await
            .unwrap()
    }

    /// What SQLite itself prints, row by row, each cell as text.
    pub async fn printed(&self, sql: &str) -> Vec<Option<String>> {
        let mut connection = self.writer().await;
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut connection)
            .await
            .unwrap()
    }

    pub async fn read(&self, sql: &str) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        self.extract(Extract::new(sql)).await
    }

    pub async fn extract(
        &self,
        extract: Extract,
    ) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        let mut reading = self.source.read(extract, CancellationToken::new()).await?;
        let mut chunks = Vec::new();
        while let Some(chunk) = reading.next().await {
            chunks.push(chunk?);
        }
        Ok((reading.columns.clone(), chunks))
    }

    /// The message of the error the statement must end in.
    pub async fn refusal(&self, sql: &str) -> String {
        match self.read(sql).await {
            Ok((columns, _)) => panic!("{sql} was read: {columns:?}"),
            Err(error) => error.to_string(),
        }
    }
}
