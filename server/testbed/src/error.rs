//! Why there is no server to test with.

use std::path::PathBuf;

/// Why there is no server to test with, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum TestbedError {
    /// The server's programs are not installed.
    #[error(
        "{server}'s server programs were not found; on Debian or Ubuntu: apt-get install {package}; \
         on macOS: brew install {formula}; or name a running server in {variable}"
    )]
    Missing {
        /// `PostgreSQL` or `MariaDB`.
        server: &'static str,
        /// Debian's package.
        package: &'static str,
        /// Homebrew's formula.
        formula: &'static str,
        /// The variable that names a server to use instead.
        variable: &'static str,
    },
    /// We are root, and there is nobody else to run the server as.
    #[error(
        "a database server does not run as root, and there is neither an account `{preferred}` nor `nobody`; \
         run the tests as somebody else"
    )]
    Account {
        /// The account the server's package makes.
        preferred: &'static str,
    },
    /// The server's folder or its supervisor cannot be made.
    #[error("cannot {action} {path}")]
    Folder {
        /// What was being done, such as "make the folder".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// A program that prepares the server failed.
    #[error("`{program}` failed and said:\n{said}")]
    Program {
        /// Its name.
        program: String,
        /// The end of what it said.
        said: String,
    },
    /// The server ended, or took too long.
    #[error("{server} did not {wish}; its last words:\n{said}")]
    Server {
        /// `PostgreSQL` or `MariaDB`.
        server: &'static str,
        /// "become ready" or "stop".
        wish: &'static str,
        /// The end of its log.
        said: String,
    },
    /// No certificate could be made.
    #[error("cannot make a certificate for the server")]
    Certificate(#[source] rcgen::Error),
    /// The variable does not hold a URL of that kind of server.
    #[error("{variable} must hold a URL like {example}")]
    Url {
        /// The variable.
        variable: &'static str,
        /// How a URL looks.
        example: &'static str,
    },
    /// The server answered that it will not.
    #[error("cannot {action} at {server}")]
    Sql {
        /// `PostgreSQL`, `MariaDB`, or the variable that names the server.
        server: &'static str,
        /// What was being done.
        action: &'static str,
        /// What the server said.
        #[source]
        source: sqlx::Error,
    },
}

impl TestbedError {
    /// The whole chain on one line, for a panic message.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }
}
