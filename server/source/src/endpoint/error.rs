//! URLs that cannot be used: what is wrong, and what to write.

/// Why a URL cannot be used. Never holds anything of it that could be a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndpointError {
    /// A character of a password may have ended the place where passwords stand.
    #[error(
        "it cannot be told where the password in its URL ends; write special characters of user, password and database as %XX: `%40` for `@`, `%23` for `#`, `%2F` for `/`, `%3F` for `?`, `%25` for `%`, or give the password apart from the URL"
    )]
    Ambiguous,
    /// It is no URL. The cause is one of a few fixed sentences and quotes nothing.
    #[error(
        "its URL cannot be read ({0}); write `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with special characters as %XX and an IPv6 address in brackets"
    )]
    Unreadable(#[source] url::ParseError),
    /// One of its parts is no text. Without a cause: it would say where in a password.
    #[error("the {part} in its URL is not UTF-8; write special characters as %XX")]
    NotUtf8 {
        /// `host`, `user`, `password` or `database`.
        part: &'static str,
    },
    /// A setting behind the `?`. Not named: it may be the rest of a password.
    #[error(
        "its URL has a setting that is not known; known are sslmode, sslrootcert, sslcert, sslkey and host=/FOLDER for a local socket"
    )]
    UnknownSetting,
    /// A value of `sslmode`. Not named for the same reason.
    #[error(
        "`sslmode` in its URL is not known; write disable, prefer, require, verify-ca or verify-full"
    )]
    UnknownTlsMode,
    /// Neither a host nor a socket.
    #[error("its URL names no host")]
    NoHost,
    /// Nobody to sign in as; only PostgreSQL has a default.
    #[error("its URL names no user; write `mysql://USER@HOST/DATABASE`")]
    NoUser,
    /// A certificate without its key, or a key without its certificate.
    #[error("its URL names only one of sslcert and sslkey; write both")]
    HalfCertificate,
    /// A CA for connections that are never encrypted.
    #[error("it has a CA file, and its URL says `sslmode=disable`; remove one of them")]
    UnusedCaFile,
    /// `sqlite:` and nothing behind it, or a database in memory.
    #[error("its URL names no file; write `sqlite:PATH`")]
    NoFile,
}
