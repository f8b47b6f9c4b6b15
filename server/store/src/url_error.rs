//! URLs that name no place for our tables.

/// What is wrong with a URL. Never holds anything of it that could be a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Neither an SQLite nor a PostgreSQL URL, and nothing that could be named.
    #[error("it does not begin with `sqlite:` or `postgres://`")]
    NoScheme,
    /// Another kind of database.
    #[error("`{0}:` is neither `sqlite:` nor `postgres:`")]
    OtherScheme(String),
    /// `sqlite:` and nothing behind it.
    #[error("it names no data directory")]
    NoDirectory,
    /// A character of a password may have ended the place where passwords stand.
    #[error(
        "it cannot be told apart; write special characters of the password as in `%40` for `@`, `%23` for `#`, `%2F` for `/`, `%3F` for `?` and `%25` for `%`"
    )]
    Ambiguous,
    /// It is no URL. The sentence is one of a few fixed ones and quotes nothing.
    #[error(transparent)]
    Unreadable(#[from] url::ParseError),
    /// Something behind the `?` that would be ignored.
    #[error("`{0}` is no option of it; TLS is `sslmode`, `sslrootcert`, `sslcert` and `sslkey`")]
    UnknownOption(String),
    /// The value of an option, in the driver's words.
    #[error("{0}")]
    Option(String),
    /// A server, and none of its databases.
    #[error("it names no database; add `/digger` or whatever yours is called")]
    NoDatabase,
}
