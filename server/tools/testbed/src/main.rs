//! `testbed`: a command with private database servers around it.
//!
//! ```sh
//! testbed --postgres --mariadb -- sh -c 'psql "$TESTBED_POSTGRES_ADMINISTRATOR"'
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use rustix::process::{Pid, Signal, kill_process};
use testbed::{Database, Mariadb, Options, Postgres};
use tokio::signal::unix::{SignalKind, signal};

/// Runs a command with private database servers, and stops them when it ends.
///
/// The command finds the URLs in TESTBED_POSTGRES_ADMINISTRATOR, …_READER and …_WRITER, and the same with MARIADB.
#[derive(Debug, Parser)]
#[command(name = "testbed", version)]
struct Words {
    /// Start PostgreSQL.
    #[arg(long)]
    postgres: bool,
    /// Start MariaDB.
    #[arg(long)]
    mariadb: bool,
    /// Keep the data in this folder between starts [default: a temporary folder].
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Name of the database.
    #[arg(long, value_name = "NAME", default_value = "shop", value_parser = name)]
    database: String,
    /// The command and its words.
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

fn name(text: &str) -> Result<String, String> {
    let is_plain = (1..=27).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_plain {
        Ok(text.to_owned())
    } else {
        Err("write at most 27 lower-case letters, digits and `_`, a letter first".to_owned())
    }
}

fn main() -> ExitCode {
    match run(&Words::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("testbed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &Words) -> Result<u8> {
    let options = |server: &str| Options {
        keep: words.keep.as_ref().map(|folder| folder.join(server)),
        ..Options::default()
    };
    let mut environment = Vec::new();
    // Held until the command has ended.
    let mut postgres = None;
    let mut mariadb = None;
    if words.postgres {
        let server = Postgres::start(&options("postgres"))?;
        let database = server.kept_database(&words.database)?;
        environment.extend(variables("POSTGRES", &database));
        postgres = Some(server);
    }
    if words.mariadb {
        let server = Mariadb::start(&options("mariadb"))?;
        let database = server.kept_database(&words.database)?;
        environment.extend(variables("MARIADB", &database));
        mariadb = Some(server);
    }
    let code = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(wait_for(&words.command, environment));
    drop((postgres, mariadb));
    code
}

fn variables(server: &str, database: &Database) -> [(String, String); 3] {
    [
        ("ADMINISTRATOR", &database.administrator),
        ("READER", &database.reader),
        ("WRITER", &database.writer),
    ]
    .map(|(login, url)| (format!("TESTBED_{server}_{login}"), url.clone()))
}

/// Runs the command to its end. Ctrl-C reaches it through the terminal and SIGTERM through us; either way
/// the servers stay until it has ended.
async fn wait_for(command: &[String], environment: Vec<(String, String)>) -> Result<u8> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut child = tokio::process::Command::new(&command[0])
        .args(&command[1..])
        .envs(environment)
        .spawn()
        .with_context(|| format!("cannot start `{}`", command[0]))?;
    loop {
        tokio::select! {
            ended = child.wait() => {
                // A command that a signal ended has no code.
                return Ok(ended?.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1));
            }
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {
                let child = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
                if let Some(child) = child {
                    kill_process(child, Signal::TERM)?;
                }
            }
        }
    }
}
