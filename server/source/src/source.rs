//! The port every kind of database implements.

use async_trait::async_trait;
use rows::ColumnInfo;
use tokio_util::sync::CancellationToken;

use crate::{Extract, Reading, SourceError};

/// How a database wants its SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `?` placeholders, no arrays, no date types.
    Sqlite,
    /// `$1` placeholders, arrays.
    Postgres,
    /// `?` placeholders, no arrays. MariaDB too.
    Mysql,
}

/// What a connection test found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The endpoint that answered: `host:port/database`, or the path of a file. Never a password.
    pub endpoint: String,
    /// The server in words, such as "PostgreSQL 15.4".
    pub version: String,
    /// What the sign-in could change, such as "it may insert into `shop.orders`"; `None` when the
    /// database refused, which is as it should be. Digger itself never writes.
    pub can_write: Option<String>,
    /// What lets the sign-in read files of the server or run programs there, such as "it is a superuser": whoever
    /// writes reports may do so through it. `None` for a sign-in that can only read tables.
    pub can_read_files: Option<String>,
}

/// A place rows come from.
#[async_trait]
pub trait Source: Send + Sync {
    /// The name reports use for it.
    fn name(&self) -> &str;

    /// How its SQL is written.
    fn dialect(&self) -> Dialect;

    /// What makes an answer of this source its own, besides the statement: kind, place and the zone
    /// of zone-less columns. Never a password. Staged rows are kept under it, so a source that is
    /// pointed at another database never serves the old one's rows.
    fn identity(&self) -> String;

    /// Runs one reading statement and decides its column types.
    ///
    /// Returns when the types are known, which for columns without a declared type is when the
    /// first rows have arrived. Rows then flow as chunks of at most
    /// [`CHUNK_ROWS`](rows::CHUNK_ROWS) rows, two waiting at most. The statement stops at the
    /// database when `cancel` is raised, when the [`Reading`] or this future is dropped, and after
    /// [`Extract::timeout`].
    ///
    /// # Errors
    /// See [`SourceError`]. Statements that write, several statements, and results with unnamed or
    /// duplicate columns are refused before they run.
    async fn read(
        &self,
        extract: Extract,
        cancel: CancellationToken,
    ) -> Result<Reading, SourceError>;

    /// Prepares the statement without running it: its columns with their types.
    ///
    /// The type of an expression whose type is only known from its rows is given as text.
    ///
    /// # Errors
    /// The same as [`read`](Self::read), as far as they show without running the statement.
    async fn describe(&self, sql: &str) -> Result<Vec<ColumnInfo>, SourceError>;

    /// Tests the connection: signs in, asks for the version, and tries whether the sign-in could
    /// write. The attempt is rolled back.
    ///
    /// # Errors
    /// See [`SourceError`]; most of all `Down`, `Refused` and `Config`.
    async fn check(&self) -> Result<Checked, SourceError>;

    /// Stops whatever a session of an earlier [`Reading`] still works on, from a second
    /// connection; for the parent of a killed reader. Another session that got the same number in
    /// the meantime is left alone.
    ///
    /// Returns whether the database confirms that nothing runs there any more. A session that has
    /// ended by itself counts.
    ///
    /// # Errors
    /// [`SourceError::Down`] and [`SourceError::Refused`] when there is no second connection,
    /// [`SourceError::Internal`] when `session` is not one of this source.
    async fn stop(&self, session: &str) -> Result<bool, SourceError>;
}
