//! A database for one test, and ways to ask it past the crate under test.

use std::sync::Arc;
use std::time::Duration;

use rows::{Chunk, ColumnInfo};
use source::{Extract, Source, SourceConfig, SourceError};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio_util::sync::CancellationToken;

pub struct Place {
    pub database: testbed::Database,
    pub source: Arc<dyn Source>,
}

impl Place {
    /// A database with whatever the script makes.
    pub async fn new(script: &str) -> Self {
        Self::of(testbed::postgres().database().unwrap(), script).await
    }

    /// The same on a server of a test's own.
    pub async fn of(database: testbed::Database, script: &str) -> Self {
        let source = source::open(&SourceConfig::new("shop", &database.reader)).unwrap();
        let place = Self { database, source };
        place.run(script).await;
        place
    }

    /// The configuration of the reader's login.
    pub fn config(&self) -> SourceConfig {
        SourceConfig::new("shop", &self.database.reader)
    }

    /// An ordinary connection of the driver, with every right.
    pub async fn administrator(&self) -> PgConnection {
        PgConnectOptions::from_url(&self.database.administrator.parse().unwrap())
            .unwrap()
            .application_name("the test")
            .connect()
            .await
            .unwrap()
    }

    pub async fn run(&self, script: &str) {
        let mut connection = self.administrator().await;
        sqlx::raw_sql(AssertSqlSafe(script.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    /// What PostgreSQL itself prints for one column, row by row, in Seoul.
    pub async fn printed(&self, sql: &str) -> Vec<Option<String>> {
        let mut connection = self.administrator().await;
        sqlx::raw_sql("SET TimeZone = 'Asia/Seoul'")
            .execute(&mut connection)
            .await
            .unwrap();
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        rows.iter()
            .map(|row| {
                let value = row.try_get_raw(0).unwrap();
                value.as_str().ok().map(str::to_owned)
            })
            .collect()
    }

    pub async fn read(&self, sql: &str) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        self.extract(seoul(sql)).await
    }

    pub async fn extract(
        &self,
        extract: Extract,
    ) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        extract_from(self.source.as_ref(), extract).await
    }

    /// The error the statement must end in.
    pub async fn error(&self, sql: &str) -> SourceError {
        match self.read(sql).await {
            Ok((columns, _)) => panic!("{sql} was read: {columns:?}"),
            Err(error) => error,
        }
    }

    pub async fn refusal(&self, sql: &str) -> String {
        self.error(sql).await.to_string()
    }

    /// How many sessions of ours match a condition on `pg_stat_activity`.
    pub async fn sessions(&self, condition: &str) -> i64 {
        let mut connection = self.administrator().await;
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'digger' AND {condition}"
        );
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }

    /// Waits until that many sessions match.
    pub async fn until_sessions(&self, condition: &str, wanted: i64) {
        let patience = tokio::time::timeout(Duration::from_secs(20), async {
            while self.sessions(condition).await != wanted {
                tokio::task::yield_now().await;
            }
        });
        assert!(
            patience.await.is_ok(),
            "there are {} sessions with {condition}, not {wanted}",
            self.sessions(condition).await
        );
    }
}

/// An extract of a report in Seoul.
pub fn seoul(sql: &str) -> Extract {
    Extract {
        zone: jiff::tz::TimeZone::get("Asia/Seoul").unwrap(),
        ..Extract::new(sql)
    }
}

pub async fn extract_from(
    source: &dyn Source,
    extract: Extract,
) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
    let mut reading = source.read(extract, CancellationToken::new()).await?;
    let mut chunks = Vec::new();
    while let Some(chunk) = reading.next().await {
        chunks.push(chunk?);
    }
    Ok((reading.columns.clone(), chunks))
}
