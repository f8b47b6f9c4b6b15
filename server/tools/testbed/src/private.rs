//! What private servers have in common: a folder, a port, an account, and a supervisor that ends them.

use std::fs::Permissions;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::TestbedError;
use crate::account::Account;
use crate::supervisor::{Ending, Supervisor};

/// A start may have to recover from a kill on a machine that compiles at the same time.
const PATIENCE: Duration = Duration::from_secs(120);
/// How much of a log a message repeats, bytes.
const LAST_WORDS: usize = 2_000;

/// What tells one kind of server from the other.
#[derive(Debug)]
pub struct Kind {
    /// For messages.
    pub name: &'static str,
    /// For names of folders.
    pub word: &'static str,
    /// The account its package makes.
    pub account: &'static str,
    /// Signal for an orderly stop that does not wait for clients.
    pub stop: &'static str,
    /// Signal for a stop after which nobody wants the data.
    pub abandon: &'static str,
}

/// A server in a folder of its own on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct Private {
    kind: &'static Kind,
    folder: PathBuf,
    port: u16,
    account: Option<Account>,
    supervisor: Supervisor,
}

impl Private {
    /// A folder and a supervisor, without a server yet. `keep` names a folder that stays; without it, a
    /// temporary one goes with the server.
    pub(crate) fn new(kind: &'static Kind, keep: Option<&Path>) -> Result<Self, TestbedError> {
        let account = Account::for_server(kind.account)?;
        let failed = |action, path: &Path| {
            let path = path.to_owned();
            move |source| TestbedError::Folder {
                action,
                path,
                source,
            }
        };
        // Held until the supervisor removes it, so that an error on the way leaves nothing behind.
        let temporary = match keep {
            Some(_) => None,
            None => Some(
                tempfile::Builder::new()
                    .prefix(&format!("testbed-{}-", kind.word))
                    .tempdir()
                    .map_err(failed("make a folder in", &std::env::temp_dir()))?,
            ),
        };
        let folder = match (&temporary, keep) {
            (Some(temporary), _) => temporary.path().to_owned(),
            (None, Some(keep)) => {
                std::fs::create_dir_all(keep).map_err(failed("make the folder", keep))?;
                keep.canonicalize()
                    .map_err(failed("find the folder", keep))?
            }
            (None, None) => unreachable!("a folder is kept or temporary"),
        };
        if let Some(account) = account {
            account
                .give(&folder)
                .map_err(failed("give away the folder", &folder))?;
        }
        let ending = Ending {
            stop: if keep.is_some() {
                kind.stop
            } else {
                kind.abandon
            },
            removes: keep.is_none(),
        };
        let supervisor = Supervisor::new(&folder, &ending, account)
            .map_err(failed("start a shell in the folder", &folder))?;
        if let Some(temporary) = temporary {
            let _ = temporary.keep();
        }
        Ok(Self {
            kind,
            port: free_port().map_err(failed("find a free port for", &folder))?,
            folder,
            account,
            supervisor,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn account(&self) -> Option<Account> {
        self.account
    }

    /// Writes a file that only the server's account reads.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf, TestbedError> {
        let path = self.folder.join(name);
        let written = std::fs::write(&path, text).and_then(|()| {
            std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            match self.account {
                Some(account) => account.give(&path),
                None => Ok(()),
            }
        });
        written.map_err(|source| TestbedError::Folder {
            action: "write",
            path: path.clone(),
            source,
        })?;
        Ok(path)
    }

    /// Runs a program that prepares the data, as the server's account.
    pub(crate) fn prepare(&self, program: &Path, arguments: &[String]) -> Result<(), TestbedError> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("TMPDIR", &self.folder)
            .env("HOME", &self.folder);
        if let Some(account) = self.account {
            account.run_as(&mut command);
        }
        let failed = |said: String| TestbedError::Program {
            program: program.display().to_string(),
            said,
        };
        let output = command
            .output()
            .map_err(|error| failed(error.to_string()))?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(failed(last_words(&said)))
    }

    /// Starts the server and waits until it answers. Somebody else may take the port between our look and
    /// the server's; a first start then tries another one.
    pub(crate) fn start(
        &mut self,
        command: impl Fn(&Self) -> Vec<String>,
        is_ready: impl Fn(&Self) -> bool,
        is_first: bool,
    ) -> Result<(), TestbedError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let command = command(self);
            self.supervisor(|supervisor| supervisor.start(&command))?;
            while self.is_alive()? {
                if is_ready(self) {
                    return Ok(());
                }
                if Instant::now() > deadline {
                    return Err(self.failed("become ready"));
                }
            }
            // It ended: the port was taken, or backends of a killed server still hold its memory.
            let said = self.log();
            let can_help = ["in use", "shared memory", "lock file", "Unable to lock"]
                .iter()
                .any(|words| said.contains(words));
            if !can_help || Instant::now() > deadline {
                return Err(self.failed("become ready"));
            }
            if is_first {
                self.port = free_port().unwrap_or(self.port);
            }
        }
    }

    /// Sends the signal and waits until the server has ended.
    pub(crate) fn end(&mut self, signal: &str) -> Result<(), TestbedError> {
        self.supervisor(|supervisor| supervisor.signal(signal))?;
        let deadline = Instant::now() + PATIENCE;
        while self.is_alive()? {
            if Instant::now() > deadline {
                return Err(self.failed("stop"));
            }
        }
        Ok(())
    }

    /// Stops the server in good order.
    pub(crate) fn stop(&mut self) -> Result<(), TestbedError> {
        self.end(self.kind.stop)
    }

    fn is_alive(&mut self) -> Result<bool, TestbedError> {
        self.supervisor(Supervisor::is_alive)
    }

    fn supervisor<T>(
        &mut self,
        wish: impl FnOnce(&mut Supervisor) -> io::Result<T>,
    ) -> Result<T, TestbedError> {
        wish(&mut self.supervisor).map_err(|source| TestbedError::Folder {
            action: "reach the supervisor of",
            path: self.folder.clone(),
            source,
        })
    }

    fn failed(&self, wish: &'static str) -> TestbedError {
        TestbedError::Server {
            server: self.kind.name,
            wish,
            said: self.log(),
        }
    }

    /// The end of what the server said.
    fn log(&self) -> String {
        last_words(&std::fs::read(self.folder.join("log")).unwrap_or_default())
    }
}

fn last_words(said: &[u8]) -> String {
    let from = said.len().saturating_sub(LAST_WORDS);
    String::from_utf8_lossy(&said[from..]).trim().to_owned()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
