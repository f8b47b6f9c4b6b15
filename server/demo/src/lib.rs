//! The demo shop: real input for reports, with or without a database server.
//!
//! Thirty-six months of a wholesaler and web shop in one SQLite file, made in seconds and the same to the
//! last byte for every day of a month; or the same rows in a PostgreSQL, MySQL or MariaDB database, with
//! the types such a database has for them. The numbers have shape: seasons, holidays, growth, one bad
//! month, a new sales channel, products that come and go. Some names are there to break careless tools.
//!
//! This crate writes the shop and nothing else; it knows neither reports nor the product's own tables.
//!
//! | module | holds |
//! | --- | --- |
//! | `calendar` | how busy a day is |
//! | `places`, `catalogue`, `people`, `customers` | who sells what to whom, and where |
//! | `orders` | orders, lines and refunds, one month at a time |
//! | `fill` | the tables, in the order in which they depend on each other |
//! | `cell`, `insert` | rows on their way, exact, many at a time |
//! | `database` | how each kind of database takes tables and rows |
//! | `load` | a database server: what is there, what may be replaced |

mod calendar;
mod catalogue;
mod cell;
mod customers;
mod database;
mod fill;
mod insert;
mod load;
mod names;
mod orders;
mod people;
mod places;
mod rng;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};

use calendar::Window;
use database::{Database, sqlite};

pub use load::{Loaded, load};

/// Changes with every change of the generator, so that an older shop is recognised.
const VERSION: i64 = 1;

/// How large a shop to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Orders in all thirty-six months. Default: 600,000; at least 1,000 (fewer would leave days
    /// without any), at most 100,000,000.
    pub orders: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { orders: 600_000 }
    }
}

/// The day it is in the shop at `now`.
///
/// Reports in Seoul ask for "last month" nine hours before a machine in UTC sees the month end.
pub fn today(now: Timestamp) -> Date {
    // Korea keeps no summer time.
    Offset::constant(9).to_datetime(now).date()
}

/// What a shop holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Orders, the cancelled ones included.
    pub orders: u64,
    /// Lines of those orders.
    pub lines: u64,
    /// Customers, those who never bought included.
    pub customers: u64,
    /// Refunds.
    pub refunds: u64,
    /// The first day with data.
    pub from: Date,
    /// The first day after the data: the first of the month in which the shop was made.
    pub until: Date,
    /// Size of the file, or of the tables with their indexes.
    pub bytes: u64,
}

/// Why there is no shop.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Not a size a shop can have.
    #[error("a demo shop has between 1,000 and 100,000,000 orders, not {orders}")]
    Size {
        /// The orders asked for.
        orders: u64,
    },
    /// The day lies at an end of the calendar.
    #[error("there are no thirty-six months before {today}")]
    Calendar {
        /// The day asked for.
        today: Date,
    },
    /// Not a database server we can write to.
    #[error("a demo shop is loaded into a URL that begins with postgres:// or mysql://")]
    Url,
    /// The database has tables of that name that are nobody's demo shop.
    #[error(
        "the database has a table `{table}` that belongs to no demo shop; name another database, or another schema"
    )]
    Foreign {
        /// One of the tables.
        table: String,
    },
    /// The database has a shop of another month or size, or one that was not finished.
    #[error(
        "the database already holds another demo shop; add --replace to make a new one in its place"
    )]
    Taken,
    /// The database server could not be reached, read or written.
    #[error("cannot {action} the demo shop in the database server")]
    Server {
        /// What was being done: "reach", "read", "replace" or "write".
        action: &'static str,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
    /// The database file could not be written or read.
    #[error("cannot {action} the demo shop at {path}")]
    Database {
        /// What was being done: "make" or "read".
        action: &'static str,
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: sqlx::Error,
    },
    /// The finished file could not be put in its place.
    #[error("cannot put the demo shop at {path}; check that the folder is writable and has room")]
    File {
        /// Where it should be.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
}

/// Makes the shop whose last complete month is the one before `today`, replacing what is at `path`.
///
/// The file appears under its name only when it is complete. `progress` hears what is being made and
/// how much of the whole is done, from 0 to 1.
///
/// # Errors
/// [`DemoError`] says what could not be written. Nothing is left behind but the file that was there.
pub async fn make(
    path: &Path,
    today: Date,
    options: Options,
    mut progress: impl FnMut(&str, f64) + Send,
) -> Result<Summary, DemoError> {
    let window = check(today, options)?;
    let making = making_path(path);
    let result = make_at(&making, &window, options, &mut progress).await;
    let file_error = |source| DemoError::File {
        path: path.to_owned(),
        source,
    };
    let summary = match result {
        Ok(summary) => summary,
        Err(source) => {
            // The half-made file is worth nothing; that it cannot be removed would hide the real reason.
            let _ = std::fs::remove_file(&making);
            return Err(DemoError::Database {
                action: "make",
                path: path.to_owned(),
                source,
            });
        }
    };
    put_in_place(&making, path).map_err(file_error)?;
    let bytes = std::fs::metadata(path).map_err(file_error)?.len();
    progress("done", 1.0);
    Ok(Summary { bytes, ..summary })
}

/// Reads what the shop at `path` holds; `None` when there is none, or one of an older version.
///
/// # Errors
/// [`DemoError::Database`] when a file is there but cannot be read as a database.
pub async fn summary(path: &Path) -> Result<Option<Summary>, DemoError> {
    if !path.exists() {
        return Ok(None);
    }
    let read = async {
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .connect()
            .await?;
        let tables: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'demo_shop'",
        )
        .fetch_one(&mut connection)
        .await?;
        let row = if tables == 0 {
            None
        } else {
            sqlx::query(
                "SELECT version, first_day, end_day, orders, lines, customers, refunds FROM demo_shop",
            )
            .fetch_optional(&mut connection)
            .await?
        };
        connection.close().await?;
        Ok::<_, sqlx::Error>(row)
    };
    let database_error = |source| DemoError::Database {
        action: "read",
        path: path.to_owned(),
        source,
    };
    let Some(row) = read.await.map_err(database_error)? else {
        return Ok(None);
    };
    let number = |column: &str| row.get::<i64, _>(column) as u64;
    let day = |column: &str| row.get::<String, _>(column).parse::<Date>().ok();
    let (Some(from), Some(until), VERSION) = (
        day("first_day"),
        day("end_day"),
        row.get::<i64, _>("version"),
    ) else {
        return Ok(None);
    };
    let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    Ok(Some(Summary {
        orders: number("orders"),
        lines: number("lines"),
        customers: number("customers"),
        refunds: number("refunds"),
        from,
        until,
        bytes,
    }))
}

/// The months of a shop that can be made.
fn check(today: Date, options: Options) -> Result<Window, DemoError> {
    if !(1_000..=100_000_000).contains(&options.orders) {
        return Err(DemoError::Size {
            orders: options.orders,
        });
    }
    Window::before(today).ok_or(DemoError::Calendar { today })
}

async fn make_at(
    path: &Path,
    window: &Window,
    options: Options,
    progress: &mut (dyn FnMut(&str, f64) + Send),
) -> Result<Summary, sqlx::Error> {
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    let mut database = Database::Sqlite(sqlite::connect(path).await?);
    let summary = fill::fill(&mut database, window, options, progress).await?;
    database.close().await?;
    Ok(summary)
}

fn making_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.making", std::process::id()));
    PathBuf::from(name)
}

fn put_in_place(making: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::File::open(making)?.sync_all()?;
    std::fs::rename(making, path)?;
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_is_in_seoul() {
        let late = "2026-10-31T15:00:00Z".parse().unwrap();
        assert_eq!(today(late), jiff::civil::date(2026, 11, 1));
        let early = "2026-10-31T14:59:59Z".parse().unwrap();
        assert_eq!(today(early), jiff::civil::date(2026, 10, 31));
    }
}
