//! What the benchmarks compare Digger with.
//!
//! `make bench` runs these beside Digger in one go, on the same table, so that ratios can be quoted: absolute times
//! drift with the machine. Nothing here is part of the product.
//!
//! | command | is |
//! | --- | --- |
//! | `fill` | makes the table the benchmarks read, in PostgreSQL, MariaDB or SQLite |
//! | `wire` | PostgreSQL's bare wire: binary answers read and dropped, not even split into cells; the floor |
//! | `driver` | sqlx's bare loop: rows taken and dropped, no cell decoded |
//! | `sheet` | sqlx and rust_xlsxwriter in constant memory: what a good engineer writes in an afternoon |

mod driver;
mod fill;
mod sheet;
mod wire;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The statement everybody reads.
const STATEMENT: &str = "SELECT id, ordered_at, customer, region, channel, product, quantity, amount, discount, is_gift, note FROM bench_orders ORDER BY id";

/// Floors and peers of the benchmarks.
#[derive(Debug, Parser)]
#[command(name = "peers")]
struct Words {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the table `bench_orders` anew.
    Fill {
        /// `postgres://…`, `mysql://…` or `sqlite:PATH`.
        url: String,
        /// Rows.
        rows: u32,
    },
    /// Reads PostgreSQL's answer and drops it.
    Wire {
        /// `postgres://…`.
        url: String,
    },
    /// Takes rows from sqlx and drops them.
    Driver {
        /// `postgres://…` or `mysql://…`.
        url: String,
    },
    /// Writes every row with rust_xlsxwriter.
    Sheet {
        /// `postgres://…`.
        url: String,
        /// The workbook.
        file: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let started = Instant::now();
    let rows = match Words::parse().command {
        Command::Fill { url, rows } => fill::fill(&url, rows).await?,
        Command::Wire { url } => wire::read(&url)?,
        Command::Driver { url } => driver::read(&url).await?,
        Command::Sheet { url, file } => sheet::write(&url, &file).await?,
    };
    println!(
        "{{\"rows\": {rows}, \"seconds\": {:.3}}}",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
