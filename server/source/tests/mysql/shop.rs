//! A database for one test, and ways to ask it past the crate under test.

use std::sync::Arc;

use rows::{Chunk, ColumnData, ColumnInfo};
use source::{Extract, Source, SourceConfig, SourceError};
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Executor, Row};
use tokio_util::sync::CancellationToken;

use crate::server::{Database, connect};

/// A table `numbers` with `i` from 1 to 10,000, made without recursion, which servers limit.
pub const NUMBERS: &str = "
CREATE TABLE digits (d INT);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE numbers (i INT PRIMARY KEY);
INSERT INTO numbers SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 1
  FROM digits AS a, digits AS b, digits AS c, digits AS e;
";

pub struct Shop {
    pub database: Database,
    /// Signed in as the one who may only read.
    pub source: Arc<dyn Source>,
}

impl Shop {
    /// A database with whatever the script makes.
    pub async fn new(script: &str) -> Self {
        Self::on(Database::new(), script).await
    }

    /// The same in a database that is there.
    pub async fn on(database: Database, script: &str) -> Self {
        let source = source::open(&SourceConfig::new("shop", database.reader.as_str())).unwrap();
        let shop = Self { database, source };
        shop.run(script).await;
        shop
    }

    /// The same database with another configuration.
    pub fn configured(&self, change: impl FnOnce(&mut SourceConfig)) -> Arc<dyn Source> {
        let mut config = SourceConfig::new("shop", self.database.reader.as_str());
        change(&mut config);
        source::open(&config).unwrap()
    }

    /// An ordinary connection that may do everything.
    pub async fn administrator(&self) -> MySqlConnection {
        connect(&self.database.administrator).await
    }

    /// Runs statements as the administrator.
    pub async fn run(&self, script: &str) {
        let script = sqlx::raw_sql(AssertSqlSafe(script.to_owned()));
        self.administrator().await.execute(script).await.unwrap();
    }

    /// Runs a statement as the administrator, whatever becomes of it.
    pub async fn run_if_possible(&self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        drop(self.administrator().await.execute(sql).await);
    }

    /// What the server itself prints, row by row, each cell as text.
    pub async fn printed(&self, sql: &str) -> Vec<Option<String>> {
        let rows = self
            .administrator()
            .await
            .fetch_all(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
            .await
            .unwrap();
        rows.iter()
            .map(|row| row.try_get_unchecked(0).unwrap())
            .collect()
    }

    pub async fn read(&self, sql: &str) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        self.extract(Extract::new(sql)).await
    }

    pub async fn extract(
        &self,
        extract: Extract,
    ) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        extract_from(&self.source, extract).await
    }

    /// The error the statement must end in.
    pub async fn error(&self, sql: &str) -> SourceError {
        match self.read(sql).await {
            Ok((columns, _)) => panic!("{sql} was read: {columns:?}"),
            Err(error) => error,
        }
    }

    /// How many statements of readings the server runs for this test's login.
    pub async fn running(&self) -> usize {
        let sql = format!(
            "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.processlist \
             WHERE user = '{}' AND info LIKE '/* digger %'",
            self.database.reader.username()
        );
        self.printed(&sql).await[0]
            .as_deref()
            .unwrap()
            .parse()
            .unwrap()
    }
}

pub async fn extract_from(
    source: &Arc<dyn Source>,
    extract: Extract,
) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
    let mut reading = source.read(extract, CancellationToken::new()).await?;
    let mut chunks = Vec::new();
    while let Some(chunk) = reading.next().await {
        chunks.push(chunk?);
    }
    Ok((reading.columns.clone(), chunks))
}

/// A value as MySQL prints it with `CAST(… AS CHAR)`.
pub fn shown(data: &ColumnData, row: usize) -> Option<String> {
    let days = |days: i32| jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
    match data {
        ColumnData::Boolean(values) => values.at(row).map(|value| u8::from(value).to_string()),
        ColumnData::Integer(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Float(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Decimal { mantissa, scale } => mantissa.at(row).map(|value| {
            let scale = usize::from(*scale);
            let digits = format!("{:0>1$}", value.unsigned_abs(), scale + 1);
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            let (sign, point) = (
                if value < 0 { "-" } else { "" },
                if scale > 0 { "." } else { "" },
            );
            format!("{sign}{whole}{point}{fraction}")
        }),
        ColumnData::Text(values) => values.text(row).map(str::to_owned),
        ColumnData::Date(values) => values.at(row).map(|value| days(value).to_string()),
        ColumnData::Datetime(values) => values.at(row).map(|value| {
            let wall = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0)
                + jiff::SignedDuration::from_micros(value);
            wall.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
        }),
        ColumnData::Time(values) => values.at(row).map(|value| {
            let (seconds, micros) = (value / 1_000_000, value % 1_000_000);
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
            format!("{hours:02}:{minutes:02}:{:02}.{micros:06}", seconds % 60)
        }),
        ColumnData::Duration(values) => values.at(row).map(|value| {
            let sign = if value < 0 { "-" } else { "" };
            let (seconds, micros) = (value.abs() / 1_000_000, value.abs() % 1_000_000);
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
            format!(
                "{sign}{hours:02}:{minutes:02}:{:02}.{micros:06}",
                seconds % 60
            )
        }),
        ColumnData::Binary(values) => values
            .at(row)
            .map(|bytes| bytes.iter().map(|byte| format!("{byte:02X}")).collect()),
    }
}

/// The values of a column over all chunks, as [`shown`].
pub fn column(chunks: &[Chunk], index: usize) -> Vec<Option<String>> {
    chunks
        .iter()
        .flat_map(|chunk| (0..chunk.rows).map(|row| shown(&chunk.columns[index], row)))
        .collect()
}
