//! Where MariaDB's server programs are.

use std::path::PathBuf;

use crate::programs::program;

const SERVERS: [&str; 5] = [
    "/usr/sbin",
    "/usr/libexec",
    "/usr/local/sbin",
    "/opt/homebrew/opt/mariadb/bin",
    "/usr/local/opt/mariadb/bin",
];
const INSTALLERS: [&str; 4] = [
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/opt/mariadb/bin",
    "/usr/local/opt/mariadb/bin",
];

/// The programs of one installation.
#[derive(Debug)]
pub struct Programs {
    pub install: PathBuf,
    pub mariadbd: PathBuf,
}

impl Programs {
    /// MySQL's own `mysqld` has no install program and is not taken for MariaDB.
    pub(super) fn find() -> Option<Self> {
        Some(Self {
            install: program(&["mariadb-install-db", "mysql_install_db"], &INSTALLERS)?,
            mariadbd: program(&["mariadbd", "mysqld"], &SERVERS)?,
        })
    }
}
