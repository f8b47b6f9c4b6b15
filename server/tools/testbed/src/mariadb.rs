//! MariaDB for tests; it stands for MySQL too.

mod programs;
mod sql;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use url::Url;

use crate::certificate::{self, Certificate};
use crate::database::{self, Database, Removal};
use crate::private::{Kind, Private};
use crate::{Options, TestbedError, Tls, ask};
use programs::Programs;

/// Names a MySQL or MariaDB server to use instead of a private one; its login must be an administrator.
pub const VARIABLE: &str = "DIGGER_TEST_MYSQL_URL";

const KIND: Kind = Kind {
    name: "MariaDB",
    word: "mariadb",
    account: "mysql",
    stop: "TERM",
    // It has one process only, and an orderly stop takes seconds.
    abandon: "KILL",
};
const ADMINISTRATOR: &str = "testbed";

/// A MariaDB server. Dropped: it has stopped, and its folder is gone.
#[derive(Debug)]
pub struct Mariadb {
    private: Option<Own>,
    /// The administrator's URL.
    server: Url,
}

/// A server we started.
#[derive(Debug)]
struct Own {
    private: Private,
    programs: Programs,
    certificate: Option<Certificate>,
    tls: Tls,
    is_kept: bool,
}

/// The one server that the tests of this process share.
///
/// It is started by the first call and stopped when the process ends, however that happens. When
/// `DIGGER_TEST_MYSQL_URL` is set, it is the server named there.
///
/// # Panics
/// When there is no server, with what to install.
pub fn mariadb() -> &'static Mariadb {
    static SHARED: OnceLock<Result<Mariadb, TestbedError>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| match std::env::var(VARIABLE) {
        Ok(url) => Mariadb::given(&url),
        Err(_) => Mariadb::start(&Options::default()),
    });
    match shared {
        Ok(server) => server,
        Err(error) => panic!("{}", error.chain()),
    }
}

impl Mariadb {
    /// A private server of its own, ready to be asked.
    ///
    /// # Errors
    /// [`TestbedError`] says what is missing or what the server said.
    pub fn start(options: &Options) -> Result<Self, TestbedError> {
        let programs = Programs::find().ok_or(TestbedError::Missing {
            server: KIND.name,
            package: "mariadb-server",
            formula: "mariadb",
            variable: VARIABLE,
        })?;
        let private = Private::new(&KIND, options.keep.as_deref())?;
        let password = initialise(&private, &programs)?;
        let certificate = match options.tls {
            Tls::Off => None,
            Tls::Offered | Tls::Required => {
                Some(certificate::make(private.folder(), private.account())?)
            }
        };
        let mut own = Own {
            private,
            programs,
            certificate,
            tls: options.tls,
            is_kept: options.keep.is_some(),
        };
        own.start(&password, true)?;
        let server = url(&own.private, &password);
        Ok(Self {
            private: Some(own),
            server,
        })
    }

    /// A server somebody else runs.
    fn given(url: &str) -> Result<Self, TestbedError> {
        let server = Url::parse(url)
            .ok()
            .filter(|url| ["mysql", "mariadb"].contains(&url.scheme()) && url.has_host())
            .ok_or(TestbedError::Url {
                variable: VARIABLE,
                example: "mysql://root:password@127.0.0.1:3306/mysql",
            })?;
        ask::block(database::run_mariadb(&server, &[])).map_err(|source| TestbedError::Sql {
            server: VARIABLE,
            action: "sign in",
            source,
        })?;
        Ok(Self {
            private: None,
            server,
        })
    }

    /// URL of the administrator, on the database `mysql`.
    pub fn administrator(&self) -> &str {
        self.server.as_str()
    }

    /// The certificate authority to trust, for a server started with TLS.
    pub fn authority(&self) -> Option<&Path> {
        let certificate = self.private.as_ref()?.certificate.as_ref()?;
        Some(&certificate.authority)
    }

    /// A new, empty database.
    ///
    /// # Errors
    /// [`TestbedError::Sql`] when the server will not.
    pub fn database(&self) -> Result<Database, TestbedError> {
        let name = database::fresh_name();
        let mut made = self.make(&name)?;
        made.removal = Some(Removal::Mariadb {
            server: self.server.clone(),
            statements: sql::removal(&name),
        });
        Ok(made)
    }

    /// The database of that name, made when it is not there yet, with fresh passwords. It stays.
    ///
    /// # Errors
    /// [`TestbedError::Sql`] when the server will not.
    pub fn kept_database(&self, name: &str) -> Result<Database, TestbedError> {
        self.make(name)
    }

    fn make(&self, name: &str) -> Result<Database, TestbedError> {
        let (reader, writer) = (format!("{name}_r"), format!("{name}_w"));
        let reader_password = database::difficult_password();
        let writer_password = database::difficult_password();
        let statements = sql::make(
            name,
            (&reader, &reader_password),
            (&writer, &writer_password),
        );
        ask::block(database::run_mariadb(&self.server, &statements)).map_err(|source| {
            TestbedError::Sql {
                server: KIND.name,
                action: "make a database",
                source,
            }
        })?;
        let url =
            |login: Option<(&str, &str)>| database::url_for(&self.server, login, name).to_string();
        Ok(Database {
            name: name.to_owned(),
            administrator: url(None),
            reader: url(Some((&reader, &reader_password))),
            writer: url(Some((&writer, &writer_password))),
            removal: None,
        })
    }

    /// Stops the server as an administrator would: sessions are cut, nothing is lost.
    ///
    /// # Errors
    /// [`TestbedError::Server`] when it does not stop.
    pub fn stop(&mut self) -> Result<(), TestbedError> {
        self.own(|own, _| own.private.stop())
    }

    /// Kills the server with SIGKILL.
    ///
    /// # Errors
    /// [`TestbedError::Server`] when it does not end.
    pub fn kill(&mut self) -> Result<(), TestbedError> {
        self.own(|own, _| own.private.end("KILL"))
    }

    /// Starts a stopped or killed server again: same port, same data, same logins.
    ///
    /// # Errors
    /// [`TestbedError::Server`] when it does not become ready.
    pub fn start_again(&mut self) -> Result<(), TestbedError> {
        self.own(|own, password| own.start(password, false))
    }

    fn own(
        &mut self,
        act: impl FnOnce(&mut Own, &str) -> Result<(), TestbedError>,
    ) -> Result<(), TestbedError> {
        let password = self.server.password().unwrap_or_default().to_owned();
        match &mut self.private {
            Some(own) => act(own, &password),
            // Only the shared server can be somebody else's, and nobody can borrow that one mutably.
            None => unreachable!("a server of somebody else is never stopped"),
        }
    }
}

/// Makes the data folder on the first start; the administrator's password.
fn initialise(private: &Private, programs: &Programs) -> Result<String, TestbedError> {
    let data = private.folder().join("data");
    if let Ok(known) = std::fs::read_to_string(private.folder().join("password"))
        && data.join("mysql").exists()
    {
        return Ok(known);
    }
    let arguments = [
        // First, or it is refused.
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        "--auth-root-authentication-method=normal".to_owned(),
        "--skip-test-db".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--innodb-log-file-size=16M".to_owned(),
        "--innodb-flush-log-at-trx-commit=0".to_owned(),
    ];
    private.prepare(&programs.install, &arguments)?;
    let password = database::password();
    // Read by the server at every start: our administrator comes, the one without a password goes.
    private.write("begin.sql", &sql::begin(ADMINISTRATOR, &password))?;
    private.write("password", &password)?;
    Ok(password)
}

impl Own {
    fn start(&mut self, password: &str, is_first: bool) -> Result<(), TestbedError> {
        let program = self.programs.mariadbd.clone();
        let (certificate, tls, is_kept) = (self.certificate.clone(), self.tls, self.is_kept);
        let command =
            |private: &Private| arguments(private, &program, certificate.as_ref(), tls, is_kept);
        let is_ready = |private: &Private| {
            let server = url(private, password);
            ask::block(database::run_mariadb(&server, &[])).is_ok()
        };
        self.private.start(command, is_ready, is_first)
    }
}

fn url(private: &Private, password: &str) -> Url {
    let text = format!(
        "mysql://{ADMINISTRATOR}:{password}@127.0.0.1:{}/mysql",
        private.port()
    );
    Url::parse(&text).expect("made of parts that need no escaping")
}

fn arguments(
    private: &Private,
    program: &Path,
    certificate: Option<&Certificate>,
    tls: Tls,
    is_kept: bool,
) -> Vec<String> {
    let path = |path: &PathBuf| path.display().to_string();
    let folder = private.folder();
    let mut command = vec![
        program.display().to_string(),
        // First, or it is refused.
        "--no-defaults".to_owned(),
        format!("--datadir={}", path(&folder.join("data"))),
        format!("--init-file={}", path(&folder.join("begin.sql"))),
        format!("--tmpdir={}", folder.display()),
        // Relative to the data, because the path of a socket may have a hundred characters only.
        "--socket=mariadb.sock".to_owned(),
        "--pid-file=mariadb.pid".to_owned(),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--port={}", private.port()),
        "--skip-name-resolve".to_owned(),
        "--character-set-server=utf8mb4".to_owned(),
        "--collation-server=utf8mb4_bin".to_owned(),
        "--max-connections=100".to_owned(),
        "--innodb-buffer-pool-size=256M".to_owned(),
        "--innodb-log-file-size=128M".to_owned(),
    ];
    if !is_kept {
        // The data goes with the test: a commit has to survive the server, not the machine.
        command.extend(
            [
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-doublewrite=0",
            ]
            .map(str::to_owned),
        );
    }
    if let Some(certificate) = certificate {
        command.push(format!("--ssl-cert={}", path(&certificate.certificate)));
        command.push(format!("--ssl-key={}", path(&certificate.key)));
    }
    if tls == Tls::Required {
        command.push("--require-secure-transport=ON".to_owned());
    }
    command
}
