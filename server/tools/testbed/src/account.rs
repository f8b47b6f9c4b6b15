//! The account a database server runs as.
//!
//! Both servers refuse to run as root. Where tests run as root, as in many containers, the server gets
//! the account its package made for it, or `nobody`.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::TestbedError;

/// An account that is not ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account a server is to run as, `None` for our own.
    ///
    /// # Errors
    /// [`TestbedError::Account`] when we are root and neither `preferred` nor `nobody` exists.
    pub(crate) fn for_server(preferred: &'static str) -> Result<Option<Self>, TestbedError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        [preferred, "nobody"]
            .into_iter()
            .find_map(Self::named)
            .map(Some)
            .ok_or(TestbedError::Account { preferred })
    }

    fn named(name: &str) -> Option<Self> {
        let number = |what: &str| {
            let said = Command::new("id").args([what, name]).output().ok()?;
            String::from_utf8(said.stdout).ok()?.trim().parse().ok()
        };
        Some(Self {
            uid: number("-u")?,
            gid: number("-g")?,
        })
    }

    /// Lets the command run as this account; the standard library then drops our other groups too.
    pub(crate) fn run_as(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Gives a file or folder to this account.
    pub(crate) fn give(self, path: &Path) -> std::io::Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
    }
}
