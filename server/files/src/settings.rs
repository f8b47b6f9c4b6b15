//! Where finished files are kept.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use crate::Key;

/// The form of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settings {
    /// A folder of this machine, or one that several machines share.
    Folder(PathBuf),
    /// A bucket of an S3-compatible store.
    Bucket(Box<BucketSettings>),
}

/// A bucket and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketSettings {
    /// Its name.
    pub bucket: String,
    /// Where the store listens, such as `https://minio.example:9000`. Default: Amazon S3 of the region.
    pub endpoint: Option<String>,
    /// The region requests are signed for. Default: `us-east-1`.
    pub region: String,
    /// What every key begins with, so that a bucket can be shared. Default: nothing.
    pub prefix: Option<String>,
    /// The public half of the credentials.
    pub access_key_id: Secret,
    /// The secret half.
    pub secret_access_key: Secret,
    /// The token of temporary credentials.
    pub session_token: Option<Secret>,
    /// Whether the bucket stands in the path (`host/bucket/key`), not in the host name (`bucket.host/key`).
    /// Default: `true` with an endpoint, `false` at Amazon.
    pub path_style: Option<bool>,
    /// Whether a store on another machine may be asked without TLS. Default: `false`.
    pub allow_http: bool,
    /// Certificates of private authorities to trust besides the system's, as PEM.
    pub ca_pem: Option<String>,
    /// How long to wait and how often to try.
    pub timeouts: Timeouts,
}

/// How long to wait for the store, and how often to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect. Default: 5 s.
    pub connect: Duration,
    /// Until a request is answered, its upload of at most 8 MiB included, and between two pieces of a download.
    /// Default: 60 s.
    pub answer: Duration,
    /// Tries of one request. Default: 4; at least 1.
    pub tries: usize,
    /// Before the second try; doubled, with jitter, for each one after. Default: 200 ms.
    pub first_wait: Duration,
    /// Longest wait between two tries. Default: 5 s.
    pub longest_wait: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(60),
            tries: 4,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
        }
    }
}

/// A text that is never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    fn is_usable(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Settings {
    /// Everything that is wrong, one sentence each: what, and what to write. No sentence repeats a secret.
    pub fn problems(&self) -> Vec<String> {
        match self {
            Self::Folder(root) if root.as_os_str().is_empty() => {
                vec!["`files.folder` must be the path of a folder".to_owned()]
            }
            Self::Folder(_) => Vec::new(),
            Self::Bucket(settings) => settings.problems(),
        }
    }
}

impl BucketSettings {
    /// A bucket at Amazon S3 in `us-east-1`.
    pub fn new(
        bucket: impl Into<String>,
        access_key_id: Secret,
        secret_access_key: Secret,
    ) -> Self {
        Self {
            bucket: bucket.into(),
            endpoint: None,
            region: "us-east-1".to_owned(),
            prefix: None,
            access_key_id,
            secret_access_key,
            session_token: None,
            path_style: None,
            allow_http: false,
            ca_pem: None,
            timeouts: Timeouts::default(),
        }
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !is_bucket(&self.bucket) {
            problems.push(
                "`files.bucket` must be 3 to 63 lower-case letters, digits, dots and hyphens"
                    .to_owned(),
            );
        }
        if !is_region(&self.region) {
            problems.push("`files.region` must be a region like eu-central-1".to_owned());
        }
        if let Some(endpoint) = &self.endpoint {
            problems.extend(endpoint_problem(endpoint, self.allow_http));
        }
        if let Some(prefix) = &self.prefix
            && let Err(error) = Key::new(prefix.trim_end_matches('/'))
        {
            problems.push(format!(
                "`files.prefix` must be names separated by `/`: {}",
                error.problem
            ));
        }
        for (secret, name) in [
            (Some(&self.access_key_id), "access_key_id"),
            (Some(&self.secret_access_key), "secret_access_key"),
            (self.session_token.as_ref(), "session_token"),
        ] {
            if secret.is_some_and(|secret| !secret.is_usable()) {
                problems.push(format!(
                    "`files.{name}` must be given, without blanks and line breaks; DIGGER_FILES_{} is safer than the file",
                    name.to_ascii_uppercase()
                ));
            }
        }
        if self.timeouts.tries == 0 {
            problems.push("a request must be tried at least once".to_owned());
        }
        problems
    }

    /// The endpoint, with the bucket in its host name where it belongs there.
    pub(crate) fn url(&self) -> Option<Url> {
        let mut url: Url = self.endpoint.as_ref()?.parse().ok()?;
        if !self.is_path_style() {
            let host = format!("{}.{}", self.bucket, url.host_str()?);
            url.set_host(Some(&host)).ok()?;
        }
        Some(url)
    }

    pub(crate) fn is_path_style(&self) -> bool {
        self.path_style.unwrap_or(self.endpoint.is_some())
    }
}

fn is_bucket(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| is_letter(byte) || matches!(byte, b'.' | b'-'))
        && name.bytes().next().is_some_and(is_letter)
        && name.bytes().last().is_some_and(is_letter)
}

fn is_region(region: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !region.is_empty() && region.bytes().all(is_letter)
}

/// Never repeats the endpoint: somebody may have written a password into it.
fn endpoint_problem(endpoint: &str, allow_http: bool) -> Option<String> {
    let example = "write it like https://minio.example:9000";
    let Ok(url) = endpoint.parse::<Url>() else {
        return Some(format!("`files.endpoint` is not a URL; {example}"));
    };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Some(format!(
            "`files.endpoint` must begin with https:// or http://; {example}"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some(
            "`files.endpoint` must not hold a password; give `files.access_key_id` and `files.secret_access_key`"
                .to_owned(),
        );
    }
    if url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
        return Some(format!(
            "`files.endpoint` ends after host and port; the bucket belongs into `files.bucket`; {example}"
        ));
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return Some(
            "`files.endpoint` without TLS sends files in the clear; use https://, or set `files.allow_http = true`"
                .to_owned(),
        );
    }
    None
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> BucketSettings {
        BucketSettings::new("digger-files", Secret::new("AKIA1"), Secret::new("hunter2"))
    }

    fn problems(change: impl FnOnce(&mut BucketSettings)) -> Vec<String> {
        let mut settings = bucket();
        change(&mut settings);
        Settings::Bucket(Box::new(settings)).problems()
    }

    #[test]
    fn a_bucket_and_its_keys_are_enough() {
        assert_eq!(problems(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_no_secret_with_it() {
        let problems = problems(|settings| {
            settings.bucket = "Digger_Files".to_owned();
            settings.region = "eu central".to_owned();
            settings.endpoint = Some("https://me:hunter2@minio.example".to_owned());
            settings.prefix = Some("a//b".to_owned());
            settings.access_key_id = Secret::default();
            settings.secret_access_key = Secret::new("hunter2\n");
        });
        assert_eq!(problems.len(), 6, "{problems:?}");
        let text = problems.join("\n");
        for part in [
            "bucket",
            "region",
            "endpoint",
            "prefix",
            "access_key_id",
            "secret_access_key",
        ] {
            assert!(text.contains(part), "`{part}` is missing in {text}");
        }
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn without_tls_only_this_machine_is_asked() {
        let problems_of = |endpoint: &str, allow_http| {
            problems(|settings| {
                settings.endpoint = Some(endpoint.to_owned());
                settings.allow_http = allow_http;
            })
        };
        for here in [
            "http://127.0.0.1:9000",
            "http://localhost:9000",
            "http://[::1]:9000",
        ] {
            assert!(problems_of(here, false).is_empty(), "{here}");
        }
        assert!(problems_of("http://minio:9000", false)[0].contains("allow_http"));
        assert!(problems_of("http://minio:9000", true).is_empty());
        assert!(problems_of("https://minio:9000/digger", true)[0].contains("files.bucket"));
        assert!(problems_of("minio:9000", true)[0].contains("https://"));
    }

    #[test]
    fn the_bucket_stands_where_the_store_looks_for_it() {
        let mut settings = bucket();
        settings.endpoint = Some("https://s3.example:9000".to_owned());
        assert_eq!(settings.url().unwrap().as_str(), "https://s3.example:9000/");
        settings.path_style = Some(false);
        assert_eq!(
            settings.url().unwrap().as_str(),
            "https://digger-files.s3.example:9000/"
        );
    }

    #[test]
    fn settings_never_show_a_secret() {
        let settings = Settings::Bucket(Box::new(bucket()));
        let shown = format!("{settings:?}");
        assert!(shown.contains("digger-files"));
        assert!(
            !shown.contains("hunter2") && !shown.contains("AKIA1"),
            "{shown}"
        );
    }
}
