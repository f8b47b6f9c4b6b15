//! One process per data directory.
//!
//! The lock belongs to the open file, not to its existence: it is gone with the process, however
//! that ended, and a file left behind means nothing.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::StoreError;

const FILE: &str = "digger.lock";

/// Who works in a data directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process id; 0 when the lock file does not say.
    pub pid: u32,
    /// Host name; empty when the lock file does not say.
    pub host: String,
    /// When it started; in the file in milliseconds since 1970 in UTC.
    #[serde(
        rename = "started_ms",
        with = "jiff::fmt::serde::timestamp::millisecond::required"
    )]
    pub started_at: Timestamp,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return f.write_str("another process");
        }
        write!(f, "process {} on {}", self.pid, self.host)?;
        let started = self.started_at.strftime("%Y-%m-%d %H:%M:%S UTC");
        write!(f, ", started {started}")
    }
}

/// The lock on a data directory, held until dropped.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Creates the directory when it is missing, and takes its lock.
    pub(crate) fn prepare(directory: &Path) -> Result<Self, StoreError> {
        // What people extract, and who they are, is for this account alone.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|source| StoreError::Directory {
                path: directory.to_owned(),
                source,
            })?;
        Self::take(directory)
    }

    /// Takes the lock at once or says who has it.
    fn take(directory: &Path) -> Result<Self, StoreError> {
        let unusable = |source| StoreError::Directory {
            path: directory.to_owned(),
            source,
        };
        // Not truncated: until the lock is ours the text belongs to its holder.
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(directory.join(FILE))
            .map_err(unusable)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut text = String::new();
                let holder = file
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| serde_json::from_str(&text).ok())
                    .unwrap_or_default();
                return Err(StoreError::InUse {
                    path: directory.to_owned(),
                    holder,
                });
            }
            Err(error) => return Err(unusable(error.into())),
        }
        write_holder(&mut file).map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

fn write_holder(file: &mut File) -> io::Result<()> {
    let holder = Holder {
        pid: std::process::id(),
        host: rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned(),
        started_at: Timestamp::now(),
    };
    file.set_len(0)?;
    file.rewind()?;
    serde_json::to_writer(&mut *file, &holder)?;
    file.write_all(b"\n")?;
    file.flush()
}
