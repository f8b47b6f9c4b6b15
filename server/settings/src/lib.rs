//! The settings of this process: `digger.toml`, then the environment, then the command line.
//!
//! They are read once. Everything that is wrong is reported together, unknown keys and unknown
//! `DIGGER_` variables included, and no message ever repeats a value that could hold a password.

mod reader;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use source::SourceConfig;
use store::Location;

use reader::Reader;

/// Everything a process needs to know before it starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen, `host:port`. Default: `127.0.0.1:3000`; port 0 takes a free one.
    pub listen: String,
    /// Stage, results and temporary files, and own tables unless `database` names another place for
    /// them. Default: `data`.
    pub data_dir: PathBuf,
    /// Own tables. Default: an SQLite file in the data directory.
    pub database: Location,
    /// The saved reports. Default: `queries`.
    pub queries_dir: PathBuf,
    /// Address people type, for links in workbooks and the one-time link, without a slash at the end.
    /// Cookies are `Secure` when it begins with `https:`. Default: none.
    pub public_url: Option<String>,
    /// Whether everybody sees where sources and workers are: host, port, database, process. Default: administrators
    /// only, and no file.
    pub show_endpoints: bool,
    /// Whether `digger sources` ends with 1 where a sign-in may read files of its server. Default: it warns.
    pub forbid_file_access: bool,
    /// Databases reports may read.
    pub sources: Vec<SourceConfig>,
    /// Where finished files are kept.
    pub files: FilesConfig,
    /// What runs may use.
    pub limits: Limits,
    /// How often the worker looks and beats.
    pub timing: Timing,
}

/// What runs may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Runs of one person at the same time. Default: 2; at least 1.
    pub runs_per_user: u32,
    /// Runs of this process at the same time. Default: 4; at least 1.
    pub runs_at_once: u32,
    /// Memory of one run, MiB, after which it is stopped. Default: 2048; at least 256.
    pub memory_per_run_mb: u32,
    /// Staged rows kept between runs, MiB on disk; beyond it what was used longest ago goes.
    /// Default: 10240; at least 16.
    pub stage_mb: u32,
}

impl Limits {
    /// [`stage_mb`](Self::stage_mb) in bytes.
    pub fn stage_bytes(&self) -> u64 {
        u64::from(self.stage_mb) * 1024 * 1024
    }
}

/// Where finished files are kept, and for how long those nobody names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesConfig {
    /// A folder or a bucket. Default: the data directory.
    pub store: files::Settings,
    /// Files without a row are garbage after this. Default: 1 day.
    pub garbage_after: Duration,
}

/// How often the worker looks and beats. Shortened by tests through `DIGGER_…_MS`, not meant for operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Between two heartbeats of a run. Default: 5 s.
    pub heartbeat: Duration,
    /// A heartbeat that stands still this long belongs to a dead worker. Default: 60 s.
    pub lease: Duration,
    /// Between two looks into the queue without a wake-up. Default: 2 s.
    pub poll: Duration,
    /// From asking a child to stop until it is killed. Default: 5 s.
    pub grace: Duration,
    /// How long running runs may go on after SIGTERM before they go back to the queue. Default: 10 s.
    pub drain: Duration,
    /// Between two collections of files without a row. Default: 1 h.
    pub collect: Duration,
    /// How far the clock of this host is set ahead. Default: not at all.
    pub clock_ahead: Duration,
}

/// Settings given as words of the command line; they win over file and environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--listen`.
    pub listen: Option<String>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--queries`.
    pub queries_dir: Option<PathBuf>,
    /// `--source name=url`.
    pub sources: Vec<String>,
}

/// Everything wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[error("{} attention:\n  - {}", count(.problems.len()), .problems.join("\n  - "))]
pub struct ConfigError {
    /// One sentence each: what is wrong, where, what to write.
    pub problems: Vec<String>,
}

fn count(problems: usize) -> String {
    match problems {
        1 => "one setting needs".to_owned(),
        more => format!("{more} settings need"),
    }
}

/// Reads the settings file and the process environment.
///
/// `file` is what `--config` named; without it `digger.toml` is read when it exists.
///
/// # Errors
/// [`ConfigError`] with everything that is wrong.
pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Settings, ConfigError> {
    let path = file.unwrap_or(Path::new("digger.toml"));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => {
            String::new()
        }
        Err(error) => {
            let problem = format!("cannot read the settings file {}: {error}", path.display());
            return Err(ConfigError {
                problems: vec![problem],
            });
        }
    };
    let environment: BTreeMap<String, String> = std::env::vars()
        .filter(|(name, _)| name.starts_with("DIGGER_"))
        .collect();
    parse(&path.display().to_string(), &text, &environment, overrides)
}

/// Settings from the text of a file, the `DIGGER_` variables and the command line.
///
/// # Errors
/// [`ConfigError`] with everything that is wrong.
pub fn parse(
    name: &str,
    text: &str,
    environment: &BTreeMap<String, String>,
    overrides: Overrides,
) -> Result<Settings, ConfigError> {
    let mut reader = Reader::new(name, text, environment);
    let listen = overrides.listen.or(reader.text("listen", "DIGGER_LISTEN"));
    let data_dir = overrides.data_dir.or(reader
        .text("data_dir", "DIGGER_DATA_DIR")
        .map(PathBuf::from));
    let queries_dir = overrides.queries_dir.or(reader
        .text("queries_dir", "DIGGER_QUERIES")
        .map(PathBuf::from));
    let public_url = reader.text("public_url", "DIGGER_PUBLIC_URL");
    if let Some(url) = &public_url
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        reader.problem("`public_url` must begin with https:// or http://".to_owned());
    }
    let show_endpoints = reader.flag("show_endpoints");
    let forbid_file_access = reader.flag("forbid_file_access");
    let limits = Limits {
        runs_per_user: reader.limit("runs_per_user", 2, 1..=1_000),
        runs_at_once: reader.limit("runs_at_once", 4, 1..=1_000),
        memory_per_run_mb: reader.limit("memory_per_run_mb", 2_048, 256..=1_048_576),
        stage_mb: reader.limit("stage_mb", 10_240, 16..=u32::MAX),
    };
    let timing = Timing {
        heartbeat: reader.millis("DIGGER_HEARTBEAT_MS", 5_000),
        lease: reader.millis("DIGGER_LEASE_MS", 60_000),
        poll: reader.millis("DIGGER_POLL_MS", 2_000),
        grace: reader.millis("DIGGER_GRACE_MS", 5_000),
        drain: reader.millis("DIGGER_DRAIN_MS", 10_000),
        collect: reader.millis("DIGGER_COLLECT_MS", 3_600_000),
        clock_ahead: reader.millis("DIGGER_CLOCK_AHEAD_MS", 0),
    };
    let data_dir = data_dir.unwrap_or_else(|| PathBuf::from("data"));
    let database = reader.database(&data_dir);
    let files = reader.files(&data_dir);
    let mut sources = reader.sources();
    for given in &overrides.sources {
        match given.split_once('=') {
            Some((name, url)) if is_source_name(name) => set_source(&mut sources, name, url),
            // What stands before the `=` may be the beginning of a URL with a password.
            _ => reader.problem(
                "--source must read NAME=URL with a lower-case name, like shop=sqlite:shop.sqlite"
                    .to_owned(),
            ),
        }
    }
    let problems = reader.finish();
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }
    Ok(Settings {
        listen: listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned()),
        data_dir,
        database,
        queries_dir: queries_dir.unwrap_or_else(|| PathBuf::from("queries")),
        public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
        show_endpoints,
        forbid_file_access,
        sources,
        files,
        limits,
        timing,
    })
}

impl Settings {
    /// Adds the demo shop as source `shop`, unless the settings name a `shop` of their own.
    ///
    /// Returns the path of the database when it is the demo's.
    pub fn add_demo_shop(&mut self) -> Option<PathBuf> {
        if self.sources.iter().any(|source| source.name == "shop") {
            return None;
        }
        let path = self.data_dir.join("shop.sqlite");
        self.sources.push(SourceConfig::new(
            "shop",
            format!("sqlite:{}", path.display()),
        ));
        Some(path)
    }

    /// Whether people reach the pages over TLS only.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https:"))
    }
}

fn set_source(sources: &mut Vec<SourceConfig>, name: &str, url: &str) {
    match sources.iter_mut().find(|source| source.name == name) {
        Some(source) => source.urls = split_urls(url),
        None => sources.push(SourceConfig {
            urls: split_urls(url),
            ..SourceConfig::new(name, "")
        }),
    }
}

/// Several URLs in one word are separated by blanks. A blank in the path of a file separates
/// nothing: what follows it does not begin like a URL.
fn split_urls(text: &str) -> Vec<String> {
    const BEGINNINGS: [&str; 5] = ["sqlite:", "postgres:", "postgresql:", "mysql:", "mariadb:"];
    let mut urls: Vec<String> = Vec::new();
    for piece in text.split(' ') {
        let begins = BEGINNINGS.iter().any(|begin| piece.starts_with(begin));
        match urls.last_mut() {
            Some(last) if !begins => {
                last.push(' ');
                last.push_str(piece);
            }
            _ => urls.push(piece.to_owned()),
        }
    }
    urls.iter().map(|url| url.trim().to_owned()).collect()
}

fn is_source_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
