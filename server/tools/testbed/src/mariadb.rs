//! MariaDB for tests; it stands for MySQL too.

mod programs;
mod sql;

use std::sync::OnceLock;

use url::Url;

use crate::database::{self, Removal};
use crate::private::{Kind, Private};
use crate::server::{How, Server, System};
use crate::{TestbedError, Tls};
use programs::Programs;

/// Names a MySQL or MariaDB server to use instead of a private one; its login must be an administrator.
pub const VARIABLE: &str = "DIGGER_TEST_MYSQL_URL";

const ADMINISTRATOR: &str = "testbed";

/// A MariaDB server. Dropped: it has stopped, and its folder is gone.
pub type Mariadb = Server<MariadbSystem>;

/// How MariaDB is made and asked.
#[derive(Debug)]
pub struct MariadbSystem;

/// The one server that the tests of this process share.
///
/// It is started by the first call and stopped when the process ends, however that happens. When
/// `DIGGER_TEST_MYSQL_URL` is set, it is the server named there.
///
/// # Panics
/// When there is no server, with what to install.
pub fn mariadb() -> &'static Mariadb {
    static SHARED: OnceLock<Result<Mariadb, TestbedError>> = OnceLock::new();
    match SHARED.get_or_init(Mariadb::shared) {
        Ok(server) => server,
        Err(error) => panic!("{}", error.chain()),
    }
}

impl System for MariadbSystem {
    const KIND: &'static Kind = &Kind {
        name: "MariaDB",
        word: "mariadb",
        account: "mysql",
        stop: "TERM",
        // It has one process only, and an orderly stop takes seconds.
        abandon: "KILL",
    };
    const VARIABLE: &'static str = VARIABLE;
    const PACKAGES: (&'static str, &'static str) = ("mariadb-server", "mariadb");
    const SCHEMES: [&'static str; 2] = ["mysql", "mariadb"];
    const EXAMPLE: &'static str = "mysql://root:password@127.0.0.1:3306/mysql";
    const MADE: &'static str = "mysql";

    type Programs = Programs;

    fn programs() -> Option<Programs> {
        Programs::find()
    }

    fn initialise(
        private: &Private,
        programs: &Programs,
        password: &str,
    ) -> Result<(), TestbedError> {
        let arguments = [
            // First, or it is refused.
            "--no-defaults".to_owned(),
            format!("--datadir={}", private.folder().join("data").display()),
            "--auth-root-authentication-method=normal".to_owned(),
            "--skip-test-db".to_owned(),
            "--skip-name-resolve".to_owned(),
            "--innodb-log-file-size=16M".to_owned(),
            "--innodb-flush-log-at-trx-commit=0".to_owned(),
        ];
        private.prepare(&programs.install, &arguments)?;
        // Read by the server at every start: our administrator comes, the one without a password goes.
        private.write("begin.sql", &sql::begin(ADMINISTRATOR, password))?;
        Ok(())
    }

    fn command(how: &How<'_, Self>) -> Vec<String> {
        let folder = how.private.folder();
        let mut command = vec![
            how.programs.mariadbd.display().to_string(),
            // First, or it is refused.
            "--no-defaults".to_owned(),
            format!("--datadir={}", folder.join("data").display()),
            format!("--init-file={}", folder.join("begin.sql").display()),
            format!("--tmpdir={}", folder.display()),
            // Relative to the data, because the path of a socket may have a hundred characters only.
            "--socket=mariadb.sock".to_owned(),
            "--pid-file=mariadb.pid".to_owned(),
            "--bind-address=127.0.0.1".to_owned(),
            format!("--port={}", how.private.port()),
            "--skip-name-resolve".to_owned(),
            "--character-set-server=utf8mb4".to_owned(),
            "--collation-server=utf8mb4_bin".to_owned(),
            "--max-connections=100".to_owned(),
            "--innodb-buffer-pool-size=256M".to_owned(),
            "--innodb-log-file-size=128M".to_owned(),
        ];
        if !how.is_kept {
            // The data goes with the test: a commit has to survive the server, not the machine.
            let careless = [
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-doublewrite=0",
            ];
            command.extend(careless.map(str::to_owned));
        }
        if let Some(certificate) = how.certificate {
            command.push(format!("--ssl-cert={}", certificate.certificate.display()));
            command.push(format!("--ssl-key={}", certificate.key.display()));
        }
        if how.tls == Tls::Required {
            command.push("--require-secure-transport=ON".to_owned());
        }
        command
    }

    /// A word of the command says so.
    fn require_tls(_: &Private) -> Result<(), TestbedError> {
        Ok(())
    }

    fn url(port: u16, password: &str) -> String {
        format!("mysql://{ADMINISTRATOR}:{password}@127.0.0.1:{port}/mysql")
    }

    async fn make(
        server: &Url,
        _: &Url,
        name: &str,
        reader: (&str, &str),
        writer: (&str, &str),
    ) -> Result<(), sqlx::Error> {
        database::run_mariadb(server, &sql::make(name, reader, writer)).await
    }

    fn removal(server: Url, name: &str) -> Removal {
        Removal::Mariadb {
            server,
            statements: sql::removal(name),
        }
    }

    async fn ask(server: &Url) -> Result<(), sqlx::Error> {
        database::run_mariadb(server, &[]).await
    }
}
