//! How near a source comes to its driver: the same statement read as chunks, and read by the driver
//! with every row dropped. Both in one process, in turns, best of five.
//!
//! ```sh
//! cargo run --release -p source --example wire -- postgres://USER@HOST/DATABASE 'SELECT …'
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use source::{Extract, Source, SourceConfig};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};
use tokio_util::sync::CancellationToken;

/// Enough to see the best.
const TURNS: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(url), Some(sql)) = (words.next(), words.next()) else {
        return Err(
            "say the URL of a PostgreSQL, MySQL or MariaDB database and a statement".into(),
        );
    };
    let source = source::open(&SourceConfig::new("bench", &url))?;
    let (mut wire, mut first, mut chunks) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..TURNS {
        let begun = Instant::now();
        let dropped = drop_all(&url, &sql).await?;
        wire = wire.min(begun.elapsed());

        let (read, to_first, to_last) = read_all(&*source, &sql).await?;
        (first, chunks) = (first.min(to_first), chunks.min(to_last));
        if read != dropped {
            return Err(format!("{read} rows were read and {dropped} dropped").into());
        }
    }
    println!(
        "driver {:.3} s, chunks {:.3} s (the first after {:.3} s), ratio {:.2}",
        wire.as_secs_f64(),
        chunks.as_secs_f64(),
        first.as_secs_f64(),
        chunks.as_secs_f64() / wire.as_secs_f64()
    );
    Ok(())
}

async fn drop_all(url: &str, sql: &str) -> Result<u64, Box<dyn Error>> {
    let sql = AssertSqlSafe(sql.to_owned());
    let mut dropped = 0;
    if url.starts_with("postgres") {
        let mut connection = PgConnection::connect(url).await?;
        let mut rows = sqlx::query(sql).fetch(&mut connection);
        while rows.try_next().await?.is_some() {
            dropped += 1;
        }
    } else {
        let mut connection = MySqlConnection::connect(url).await?;
        let mut rows = sqlx::query(sql).fetch(&mut connection);
        while rows.try_next().await?.is_some() {
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// The rows, the time to the first chunk, and to the last.
async fn read_all(
    source: &dyn Source,
    sql: &str,
) -> Result<(u64, Duration, Duration), Box<dyn Error>> {
    let begun = Instant::now();
    let mut reading = source
        .read(Extract::new(sql), CancellationToken::new())
        .await?;
    let (mut read, mut first) = (0, None);
    while let Some(chunk) = reading.next().await {
        first.get_or_insert_with(|| begun.elapsed());
        read += chunk?.rows as u64;
    }
    let last = begun.elapsed();
    Ok((read, first.unwrap_or(last), last))
}
