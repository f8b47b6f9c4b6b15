//! Where our own tables are, as a URL says it.

use std::fmt;
use std::net::Ipv6Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use url::{Host, Url};

use crate::{StoreError, UrlError};

const FILE: &str = "digger.sqlite";

/// What may follow the `?` of a PostgreSQL URL. The driver would ignore anything else, and a
/// mistyped `sslmode` must not go unnoticed.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Where our own tables are: a data directory with an SQLite file, or a PostgreSQL database.
///
/// Shown and debugged without its password.
///
/// ```
/// use store::Location;
///
/// let place = Location::parse("postgres://digger:secret@db.example.com/digger").unwrap();
/// assert_eq!(place.to_string(), "postgres://digger@db.example.com:5432/digger");
/// assert!(place.is_shared());
/// assert_eq!(Location::parse("sqlite:data").unwrap().to_string(), "data/digger.sqlite");
/// assert!(Location::parse("mysql://localhost/digger").is_err());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Location {
    /// Shared, because every error carries its place.
    kind: Arc<Kind>,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Directory(PathBuf),
    Server { url: Url, shown: String },
}

impl Location {
    /// A data directory.
    pub fn directory(path: &Path) -> Self {
        Self {
            kind: Arc::new(Kind::Directory(path.to_owned())),
        }
    }

    /// `sqlite:` and a data directory, or `postgres://user:password@host:port/database` with the
    /// options of libpq, such as `?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem`.
    ///
    /// # Errors
    /// [`StoreError::Url`] says what is wrong, without repeating the URL: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        place(text).map_err(|why| StoreError::Url { why })
    }

    /// Whether several processes may work there at the same time: PostgreSQL, not SQLite.
    pub fn is_shared(&self) -> bool {
        matches!(*self.kind, Kind::Server { .. })
    }

    /// The data directory, where there is one.
    pub fn data_dir(&self) -> Option<&Path> {
        match &*self.kind {
            Kind::Directory(path) => Some(path),
            Kind::Server { .. } => None,
        }
    }

    /// The database file, where there is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.data_dir().map(|directory| directory.join(FILE))
    }

    /// The URL with its password; never shown.
    pub(crate) fn server_url(&self) -> Option<&Url> {
        match &*self.kind {
            Kind::Directory(_) => None,
            Kind::Server { url, .. } => Some(url),
        }
    }

    /// What to do when nothing may be written.
    pub(crate) fn when_read_only(&self) -> &'static str {
        match *self.kind {
            Kind::Directory(_) => {
                "it is read-only for this user; give write permission on the file and its directory"
            }
            Kind::Server { .. } => {
                "the server takes no writes, as a standby does; name the primary server"
            }
        }
    }

    /// What holds the data, for a sentence about its space.
    pub(crate) fn disk(&self) -> &'static str {
        match *self.kind {
            Kind::Directory(_) => "the disk that holds",
            Kind::Server { .. } => "the server's disk for",
        }
    }
}

fn place(text: &str) -> Result<Location, UrlError> {
    let (scheme, rest) = text.split_once(':').ok_or(UrlError::NoScheme)?;
    match scheme {
        "sqlite" => match rest.strip_prefix("//").unwrap_or(rest) {
            "" => Err(UrlError::NoDirectory),
            path => Ok(Location::directory(Path::new(path))),
        },
        "postgres" | "postgresql" => server(text),
        // Before anything else than `//` it may be half of a user and a password.
        _ if rest.starts_with("//") && scheme.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Err(UrlError::OtherScheme(scheme.to_owned()))
        }
        _ => Err(UrlError::NoScheme),
    }
}

fn server(text: &str) -> Result<Location, UrlError> {
    if is_ambiguous(text) {
        return Err(UrlError::Ambiguous);
    }
    let mut url = Url::parse(text)?;
    let pairs: Vec<String> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    for name in &pairs {
        if !PARAMETERS.contains(&name.as_str()) && !name.starts_with("options[") {
            return Err(unknown(name));
        }
    }
    if !pairs.iter().any(|name| name == "application_name") {
        url.query_pairs_mut()
            .append_pair("application_name", "digger");
    }
    // The driver would look for the address with the brackets of the URL around it.
    if let Some(Host::Ipv6(address)) = url.host()
        && !pairs.iter().any(|name| name.starts_with("host"))
    {
        url.query_pairs_mut()
            .append_pair("hostaddr", &address.to_string());
    }
    let options = PgConnectOptions::from_url(&url).map_err(|error| {
        UrlError::Option(match error {
            sqlx::Error::Configuration(why) => why.to_string(),
            other => other.to_string(),
        })
    })?;
    let Some(database) = options.get_database() else {
        return Err(UrlError::NoDatabase);
    };
    if database.contains('@') {
        return Err(UrlError::Ambiguous);
    }
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None if options.get_host().parse::<Ipv6Addr>().is_ok() => {
            format!("[{}]", options.get_host())
        }
        None => options.get_host().to_owned(),
    };
    let shown = format!(
        "postgres://{}@{host}:{}/{database}",
        options.get_username(),
        options.get_port(),
    );
    Ok(Location {
        kind: Arc::new(Kind::Server { url, shown }),
    })
}

/// Whether a character of a password ended the place where passwords stand, so that the rest of it
/// would be taken for a host: an `@` behind the host, or a `#`, which means nothing here.
fn is_ambiguous(url: &str) -> bool {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let behind_host = rest.find(['/', '?', '#', '\\']).map(|at| &rest[at..]);
    behind_host.is_some_and(|behind| behind.contains(['@', '#']))
}

/// An option nobody knows. It is named only if it looks like a name: after an unescaped `?` it may be
/// the rest of a password.
fn unknown(name: &str) -> UrlError {
    if name
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
    {
        UrlError::UnknownOption(name.to_owned())
    } else {
        UrlError::Ambiguous
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Directory(path) => path.join(FILE).display().fmt(f),
            Kind::Server { shown, .. } => f.write_str(shown),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        Location::parse(url).unwrap_err().to_string()
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in [
            "postgres://kim:hunter2@db:6543/digger",
            "postgresql://db:6543/digger?user=kim&password=hunter2",
            "postgres://kim:hunter%32@db:6543/digger?sslmode=require",
        ] {
            let place = Location::parse(url).unwrap();
            assert_eq!(place.to_string(), "postgres://kim@db:6543/digger");
            assert_eq!(
                format!("{place:?}"),
                "Location(postgres://kim@db:6543/digger)"
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said_without_repeating_it() {
        for (url, part) in [
            ("hunter2", "does not begin with `sqlite:` or `postgres://`"),
            ("mysql://kim:hunter2@db/x", "`mysql:` is neither"),
            ("sqlite:", "names no data directory"),
            ("postgres://kim:hunter2@db", "names no database"),
            ("postgres://kim:hunter2@db:port/x", "port"),
            ("postgres://kim:hunter2@db/x?sslmod=hunter2", "`sslmod`"),
            ("postgres://kim:hunter2@db/x?sslmode=perhaps", "perhaps"),
            // Passwords with characters that mean something in a URL.
            ("postgres://kim:12/hunter2@db/x", "`%2F` for `/`"),
            ("postgres://kim:12?hunter2@db/x", "`%3F` for `?`"),
            ("postgres://kim:hunter2#3@db/x", "`%23` for `#`"),
            ("postgres://kim:p@hunter2#3@db/x", "`%23` for `#`"),
            ("postgres://kim:p@hunter2/3@db/x", "`%40` for `@`"),
            ("postgres://kim:p@hunter2?dbname=3@db/x", "`%40` for `@`"),
            ("hunter2:p@db/x", "does not begin with"),
        ] {
            let message = refusal(url);
            assert!(message.contains(part), "{url}: {message}");
            assert!(!message.contains("hunter2"), "{message}");
            assert!(message.contains("postgres://user:password@host:5432/database"));
        }
    }

    #[test]
    fn an_ipv6_address_is_known_without_its_brackets() {
        let place = Location::parse("postgres://kim:hunter2@[::1]:6543/digger").unwrap();
        assert_eq!(place.to_string(), "postgres://kim@[::1]:6543/digger");
        let options = PgConnectOptions::from_url(place.server_url().unwrap()).unwrap();
        assert_eq!(options.get_host(), "::1");
    }

    #[test]
    fn a_directory_is_written_as_a_url_or_given() {
        for url in ["sqlite:/var/lib/digger", "sqlite:///var/lib/digger"] {
            assert_eq!(
                Location::parse(url).unwrap(),
                Location::directory(Path::new("/var/lib/digger"))
            );
        }
        let place = Location::parse("sqlite://data").unwrap();
        assert_eq!(place.data_dir(), Some(Path::new("data")));
        assert!(!place.is_shared());
    }
}
