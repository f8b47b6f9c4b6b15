//! Private PostgreSQL and MariaDB servers for tests, benchmarks and `make run-postgres`.
//!
//! A server listens on a free port of 127.0.0.1, keeps its data in a temporary folder, and is gone when
//! the process that wanted it is gone, killed or not. Nothing here is part of the product.
//!
//! ```no_run
//! // The server is shared by the tests of a process; the database is this test's own.
//! let database = testbed::postgres().database()?;
//! println!("{} may read, {} may write", database.reader, database.writer);
//! # Ok::<(), testbed::TestbedError>(())
//! ```
//!
//! | module | holds |
//! | --- | --- |
//! | `server` | a server: started, asked for databases, stopped |
//! | `postgres`, `mariadb` | what is different about each |
//! | `private` | the folder, the port and the waiting |
//! | `supervisor` | the shell that ends a server with its owner |
//! | `database` | a test's own database with its logins |
//! | `account`, `certificate`, `programs` | whom it runs as, how it proves itself, where it is installed |

mod account;
mod ask;
mod certificate;
mod database;
mod error;
mod mariadb;
mod postgres;
mod private;
mod programs;
mod server;
mod supervisor;

use std::path::PathBuf;

pub use database::Database;
pub use error::TestbedError;
pub use mariadb::{Mariadb, VARIABLE as MARIADB_VARIABLE, mariadb};
pub use postgres::{Postgres, VARIABLE as POSTGRES_VARIABLE, postgres};
pub use server::Server;

/// How a private server is to be.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A folder that keeps the data between starts; it is made when it is missing. Default: a temporary
    /// folder, without the care for a power cut that kept data gets.
    pub keep: Option<PathBuf>,
    /// Whether connections may be, or must be, encrypted. Default: they cannot.
    pub tls: Tls,
}

/// Whether connections may be encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// The server has no certificate.
    #[default]
    Off,
    /// It has one, for `localhost` and `127.0.0.1`, signed by an authority of its own.
    Offered,
    /// It has one, and refuses everything that is not encrypted.
    Required,
}
