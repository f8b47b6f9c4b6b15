//! How near a source comes to the bare wire: the same statement read as chunks, and read by the
//! driver with every row dropped. Both in one process, in turns, best of five.
//!
//! ```sh
//! cargo run --release -p source --example wire -- postgres://USER@HOST/DATABASE 'SELECT …'
//! ```

use std::time::{Duration, Instant};

use futures::TryStreamExt;
use source::{CancelFlag, Extract, SourceConfig};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Enough to see the best.
const TURNS: usize = 5;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(url), Some(sql)) = (words.next(), words.next()) else {
        return Err("say the URL of a PostgreSQL database and a statement".into());
    };
    let source = source::open(&SourceConfig::new("bench", &url))?;
    let (mut wire, mut chunks) = (Duration::MAX, Duration::MAX);
    for _ in 0..TURNS {
        let begun = Instant::now();
        let mut connection = PgConnection::connect(&url).await?;
        let mut rows = sqlx::query(AssertSqlSafe(sql.clone())).fetch(&mut connection);
        let mut dropped = 0u64;
        while rows.try_next().await?.is_some() {
            dropped += 1;
        }
        wire = wire.min(begun.elapsed());

        let begun = Instant::now();
        let mut reading = source.read(Extract::new(&sql), CancelFlag::new()).await?;
        let mut read = 0u64;
        while let Some(chunk) = reading.next().await {
            read += chunk?.rows as u64;
        }
        chunks = chunks.min(begun.elapsed());
        if read != dropped {
            return Err(format!("{read} rows were read and {dropped} dropped").into());
        }
    }
    println!(
        "bare wire {:.2} s, chunks {:.2} s, ratio {:.2}",
        wire.as_secs_f64(),
        chunks.as_secs_f64(),
        chunks.as_secs_f64() / wire.as_secs_f64()
    );
    Ok(())
}
