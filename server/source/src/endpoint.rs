//! Where a database server answers: the URL of one endpoint, read and checked, and the order in
//! which endpoints are tried.

use std::future::Future;
use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::SourceError;

mod error;

pub(crate) use error::EndpointError;

/// How a connection is protected. The words are PostgreSQL's; MySQL's are understood too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted when the server offers it; nobody is checked. The default.
    Prefer,
    /// Always encrypted; nobody is checked.
    Require,
    /// Always encrypted, by a server whose certificate is signed by the CA.
    VerifyCa,
    /// The same, and the certificate is for this host.
    VerifyFull,
}

/// One place a source answers at. It has no `Debug`, because it may hold a password.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// Host name or address; the folder or file of a local socket when it begins with `/`.
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<String>,
    pub database: Option<String>,
    pub tls: TlsMode,
    /// Certificates of the authorities that may have signed the server's.
    pub ca_file: Option<PathBuf>,
    /// Our own certificate and its key, where the server wants one.
    pub client: Option<(PathBuf, PathBuf)>,
}

impl Endpoint {
    /// Reads the URL of a database server.
    ///
    /// # Errors
    /// What is wrong and what to write, without anything that could be a password.
    pub(crate) fn parse(
        url: &str,
        usual_port: u16,
        ca_file: Option<&PathBuf>,
        password: Option<&str>,
    ) -> Result<Self, EndpointError> {
        if is_ambiguous(url) {
            return Err(EndpointError::Ambiguous);
        }
        let url = Url::parse(url).map_err(EndpointError::Unreadable)?;
        let mut endpoint = Self {
            host: match url.host() {
                // The brackets belong to the URL; no resolver and no certificate knows them.
                Some(Host::Ipv6(address)) => address.to_string(),
                _ => decoded(url.host_str().unwrap_or_default(), "host")?,
            },
            port: url.port().unwrap_or(usual_port),
            user: some(decoded(url.username(), "user")?),
            password: match (password, url.password()) {
                (Some(password), _) => Some(password.to_owned()),
                (None, Some(password)) => Some(decoded(password, "password")?),
                (None, None) => None,
            },
            database: some(decoded(url.path().trim_start_matches('/'), "database")?),
            tls: TlsMode::Prefer,
            ca_file: ca_file.cloned(),
            client: None,
        };
        let (mut tls, mut certificate, mut key) = (None, None, None);
        for (name, value) in url.query_pairs() {
            match &*name {
                "sslmode" | "ssl-mode" => tls = Some(tls_mode(&value)?),
                "sslrootcert" | "ssl-ca" | "sslca" => {
                    endpoint.ca_file.get_or_insert_with(|| (&*value).into());
                }
                "sslcert" | "ssl-cert" => certificate = Some(PathBuf::from(&*value)),
                "sslkey" | "ssl-key" => key = Some(PathBuf::from(&*value)),
                "host" | "socket" if value.starts_with('/') => endpoint.host = value.into_owned(),
                _ => return Err(EndpointError::UnknownSetting),
            }
        }
        if endpoint.host.is_empty() {
            return Err(EndpointError::NoHost);
        }
        endpoint.client = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(EndpointError::HalfCertificate),
        };
        endpoint.tls = match (tls, &endpoint.ca_file) {
            (Some(TlsMode::Disable), Some(_)) => {
                return Err(EndpointError::UnusedCaFile);
            }
            // Who names a CA wants the server checked.
            (None, Some(_)) => TlsMode::VerifyFull,
            (Some(TlsMode::Prefer | TlsMode::Require), Some(_)) => TlsMode::VerifyCa,
            (tls, _) => tls.unwrap_or(TlsMode::Prefer),
        };
        Ok(endpoint)
    }

    /// Whether it is a socket of this machine.
    pub(crate) fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    /// `host:port/database`, for people and for finding the endpoint again. Never a password.
    pub(crate) fn shown(&self) -> String {
        let database = self.database.as_deref().unwrap_or_default();
        let host = &self.host;
        let is_ipv6 = host.parse::<Ipv6Addr>().is_ok();
        let (open, close) = if is_ipv6 { ("[", "]") } else { ("", "") };
        format!("{open}{host}{close}:{}/{database}", self.port)
    }
}

/// Connects to the first endpoint that answers; which one it was.
///
/// Only an endpoint that is down or busy is passed over: a wrong password is wrong everywhere, and
/// trying it elsewhere would lock accounts.
///
/// # Errors
/// What the only endpoint said, or what each of them said.
pub(crate) async fn first<'e, C, F>(
    source: &str,
    endpoints: &'e [Endpoint],
    connect_timeout: Duration,
    connect: impl Fn(&'e Endpoint) -> F,
) -> Result<(C, &'e Endpoint), SourceError>
where
    F: Future<Output = Result<C, SourceError>> + Send,
{
    let (mut said, mut behind) = (Vec::new(), None);
    for endpoint in endpoints {
        let tried = tokio::time::timeout(connect_timeout, connect(endpoint)).await;
        let message = match tried {
            Ok(Ok(connection)) => return Ok((connection, endpoint)),
            Ok(Err(
                SourceError::Down { message, cause, .. } | SourceError::Busy { message, cause, .. },
            )) => {
                behind = cause;
                message
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => format!(
                "{} did not answer within {} s; check host, port and firewall",
                endpoint.shown(),
                connect_timeout.as_secs_f32()
            ),
        };
        tracing::warn!(
            source,
            endpoint = endpoint.shown(),
            message,
            "An endpoint does not answer"
        );
        said.push(message);
    }
    let message = match said.as_slice() {
        [only] => only.clone(),
        all => format!(
            "none of its {} endpoints answers: {}",
            all.len(),
            all.join(" · ")
        ),
    };
    // Of several, the last one's: the message says of each what was behind it.
    Err(SourceError::down(source, message).caused_by(behind))
}

/// Whether a character of a password ended the place where passwords stand, so that the rest of it
/// would be taken for a host: an `@` behind the host, or a `#`, which means nothing here.
fn is_ambiguous(url: &str) -> bool {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let behind_host = rest.find(['/', '?', '#', '\\']).map(|at| &rest[at..]);
    behind_host.is_some_and(|behind| behind.contains(['@', '#']))
}

fn tls_mode(word: &str) -> Result<TlsMode, EndpointError> {
    Ok(match word.to_ascii_lowercase().replace('_', "-").as_str() {
        "disable" | "disabled" => TlsMode::Disable,
        "prefer" | "preferred" => TlsMode::Prefer,
        "require" | "required" => TlsMode::Require,
        "verify-ca" => TlsMode::VerifyCa,
        "verify-full" | "verify-identity" => TlsMode::VerifyFull,
        _ => return Err(EndpointError::UnknownTlsMode),
    })
}

fn decoded(text: &str, part: &'static str) -> Result<String, EndpointError> {
    percent_decode_str(text)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| EndpointError::NotUtf8 { part })
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Endpoint, EndpointError> {
        Endpoint::parse(url, 5_432, None, None)
    }

    #[test]
    fn every_part_of_a_url_is_read() {
        let endpoint =
            parse("postgres://re%40der:p%2Fw%3Ad@db.example:6000/shop?sslmode=require").unwrap();
        assert_eq!(endpoint.user.as_deref(), Some("re@der"));
        assert_eq!(endpoint.password.as_deref(), Some("p/w:d"));
        assert_eq!(endpoint.tls, TlsMode::Require);
        assert_eq!(endpoint.shown(), "db.example:6000/shop");
        let local = parse("postgres:///shop?host=/var/run/postgresql").unwrap();
        assert!(local.is_socket());
        assert_eq!(local.shown(), "/var/run/postgresql:5432/shop");
    }

    #[test]
    fn a_ca_file_wants_the_server_checked() {
        let ca = PathBuf::from("ca.pem");
        let with_ca = |url: &str| Endpoint::parse(url, 5_432, Some(&ca), None).map(|e| e.tls);
        assert_eq!(with_ca("postgres://db/shop"), Ok(TlsMode::VerifyFull));
        assert_eq!(
            with_ca("mysql://db/shop?ssl-mode=REQUIRED"),
            Ok(TlsMode::VerifyCa)
        );
        assert!(with_ca("postgres://db/shop?sslmode=disable").is_err());
    }

    #[test]
    fn what_is_wrong_with_a_url_never_shows_its_password() {
        for url in [
            "postgres://me:hunter2@db:port/shop",
            "postgres://me:hunter2@db/shop?sslmod=require",
            "postgres://me:hunter2@db/shop?sslmode=hunter2",
            "postgres://me:hunter2@/shop",
            "postgres://me:hunter2@db/shop?sslcert=hunter2",
            "postgres://me@db/shop?hunter2",
            "postgres://me:hunter2%FF@db/shop",
        ] {
            let Err(error) = parse(url) else {
                panic!("{url} was taken")
            };
            let said = format!("{} {error:?}", lang::chain_of(&error));
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn a_password_that_ends_too_early_is_never_taken_for_a_host() {
        for password in [
            "p@ss#w/rd",
            "ss@hunter2/",
            "12/hunter2",
            "12?hunter2",
            "12#hunter2",
            "x/hunter2@y",
            "x?sslmode=hunter2",
            "x?host=/hunter2",
            "#hunter2",
            "a\\hunter2",
            "/",
        ] {
            for scheme in ["postgres", "mysql"] {
                let url = format!("{scheme}://me:{password}@db:6000/shop");
                let Err(error) = parse(&url) else {
                    panic!("{url} was taken")
                };
                let message = lang::chain_of(&error);
                assert!(message.contains("`%40` for `@`"), "{message}");
                for part in ["hunter2", "w/rd", "ss#"] {
                    assert!(!message.contains(part), "{message}");
                }
            }
        }
        // What can be told apart is taken as it is meant.
        for (password, meant) in [
            ("p@ss", "p@ss"),
            ("50%", "50%"),
            ("a:b", "a:b"),
            ("p%40ss%23w%2Frd%3F%25", "p@ss#w/rd?%"),
        ] {
            let endpoint = parse(&format!("postgres://me:{password}@db/shop")).unwrap();
            assert_eq!(endpoint.password.as_deref(), Some(meant));
            assert_eq!(endpoint.shown(), "db:5432/shop");
        }
    }

    #[test]
    fn an_ipv6_address_is_known_without_its_brackets() {
        for (url, host, shown) in [
            ("postgres://me@[::1]:6000/shop", "::1", "[::1]:6000/shop"),
            ("mysql://me:x@[::1]/shop", "::1", "[::1]:5432/shop"),
            (
                "postgres://[2001:DB8:0:0::1]/shop?sslmode=verify-full",
                "2001:db8::1",
                "[2001:db8::1]:5432/shop",
            ),
        ] {
            let endpoint = parse(url).unwrap();
            assert_eq!(endpoint.host, host);
            assert_eq!(endpoint.shown(), shown);
        }
        for url in ["postgres://me@::1/shop", "postgres://me@[::1/shop"] {
            let Err(error) = parse(url) else {
                panic!("{url} was taken")
            };
            let message = lang::chain_of(&error);
            assert!(message.contains("IPv6 address in brackets"), "{message}");
        }
    }
}
