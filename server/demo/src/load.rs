//! The shop in a database server.
//!
//! The rows are made anew rather than copied from a file: the maker gives the same rows to every database.
//! Nothing but a demo shop is ever replaced.

use jiff::civil::Date;

use crate::calendar::Window;
use crate::database::{Database, mysql, postgres, sqlite};
use crate::{DemoError, Options, Summary, VERSION, check, fill};

/// A shop in a database server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// It was made now.
    Made(Summary),
    /// It was there already, row for row.
    WasThere(Summary),
}

/// What the row of `demo_shop` says: version, first day, end day, orders, lines, customers, refunds.
pub(crate) type About = (i64, String, String, i64, i64, i64, i64);

/// What a database holds of our tables.
pub(crate) struct There {
    /// Those of our names that are taken.
    pub tables: Vec<String>,
    /// What the shop says about itself; `None` for one that was not finished.
    pub shop: Option<About>,
}

/// Makes the shop whose last complete month is the one before `today` in the database of `url`, which
/// begins with `postgres:`, `postgresql:`, `mysql:` or `mariadb:`.
///
/// A shop of the same month and size stays as it is. With `replace` any other demo shop makes room.
/// On PostgreSQL readers see the old shop until the new one is complete.
///
/// # Errors
/// [`DemoError::Taken`] without `replace`, [`DemoError::Foreign`] for tables that are no demo shop's, and
/// what the server says. None contains the URL.
pub async fn load(
    url: &str,
    today: Date,
    options: Options,
    replace: bool,
    mut progress: impl FnMut(&str, f64) + Send,
) -> Result<Loaded, DemoError> {
    let window = check(today, options)?;
    let failed = |action| move |source| DemoError::Server { action, source };
    let mut database = connect(url).await?;
    let there = database.there().await.map_err(failed("read"))?;
    if there.is(&window, options) {
        let bytes = database.bytes().await.map_err(failed("read"))?;
        database.close().await.map_err(failed("read"))?;
        return Ok(Loaded::WasThere(there.summary(&window, bytes)));
    }
    match there.tables.first() {
        Some(table) if !there.tables.iter().any(|table| table == "demo_shop") => {
            return Err(DemoError::Foreign {
                table: table.clone(),
            });
        }
        Some(_) if !replace => return Err(DemoError::Taken),
        _ => {}
    }
    database
        .make_room(&there.tables)
        .await
        .map_err(failed("replace"))?;
    let made = fill::fill(&mut database, &window, options, &mut progress).await;
    let summary = match made {
        Ok(summary) => summary,
        Err(source) => {
            database.give_up().await;
            return Err(DemoError::Server {
                action: "write",
                source,
            });
        }
    };
    let bytes = database.bytes().await.map_err(failed("read"))?;
    database.close().await.map_err(failed("write"))?;
    progress("done", 1.0);
    Ok(Loaded::Made(Summary { bytes, ..summary }))
}

async fn connect(url: &str) -> Result<Database, DemoError> {
    let failed = |source| DemoError::Server {
        action: "reach",
        source,
    };
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => postgres::connect(url)
            .await
            .map(Database::Postgres)
            .map_err(failed),
        Some(("mysql" | "mariadb", _)) => mysql::connect(url)
            .await
            .map(Database::Mysql)
            .map_err(failed),
        _ => Err(DemoError::Url),
    }
}

impl Database {
    async fn there(&mut self) -> Result<There, sqlx::Error> {
        match self {
            // A file is replaced whole, and never looked into.
            Self::Sqlite(_) => Ok(There {
                tables: Vec::new(),
                shop: None,
            }),
            Self::Postgres(connection) => postgres::there(connection).await,
            Self::Mysql(connection) => mysql::there(connection).await,
        }
    }

    async fn bytes(&mut self) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlite::bytes(connection).await,
            Self::Postgres(connection) => postgres::bytes(connection).await,
            Self::Mysql(connection) => mysql::bytes(connection).await,
        }
    }
}

impl There {
    fn is(&self, window: &Window, options: Options) -> bool {
        self.shop
            .as_ref()
            .is_some_and(|(version, first, end, orders, ..)| {
                *version == VERSION
                    && *first == window.first.to_string()
                    && *end == window.end.to_string()
                    && orders.unsigned_abs() == options.orders
            })
    }

    fn summary(&self, window: &Window, bytes: u64) -> Summary {
        let (orders, lines, customers, refunds) = match &self.shop {
            Some((.., orders, lines, customers, refunds)) => {
                (*orders, *lines, *customers, *refunds)
            }
            None => (0, 0, 0, 0),
        };
        Summary {
            orders: orders.unsigned_abs(),
            lines: lines.unsigned_abs(),
            customers: customers.unsigned_abs(),
            refunds: refunds.unsigned_abs(),
            from: window.first,
            until: window.end,
            bytes,
        }
    }
}
