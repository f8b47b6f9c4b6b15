//! PostgreSQL for tests.

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

/// Names a PostgreSQL server to use instead of a private one; its login must be a superuser.
pub const VARIABLE: &str = "DIGGER_TEST_POSTGRES_URL";

const KIND: Kind = Kind {
    name: "PostgreSQL",
    word: "postgres",
    account: "postgres",
    stop: "INT",
    abandon: "QUIT",
};
const ADMINISTRATOR: &str = "testbed";

/// A PostgreSQL server. Dropped: it has stopped, and its folder is gone.
#[derive(Debug)]
pub struct Postgres {
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
    is_kept: bool,
}

/// The one server that the tests of this process share.
///
/// It is started by the first call and stopped when the process ends, however that happens. When
/// `DIGGER_TEST_POSTGRES_URL` is set, it is the server named there.
///
/// # Panics
/// When there is no server, with what to install.
pub fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Result<Postgres, TestbedError>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| match std::env::var(VARIABLE) {
        Ok(url) => Postgres::given(&url),
        Err(_) => Postgres::start(&Options::default()),
    });
    match shared {
        Ok(server) => server,
        Err(error) => panic!("{}", error.chain()),
    }
}

impl Postgres {
    /// A private server of its own, ready to be asked.
    ///
    /// # Errors
    /// [`TestbedError`] says what is missing or what the server said.
    pub fn start(options: &Options) -> Result<Self, TestbedError> {
        let programs = Programs::find().ok_or(TestbedError::Missing {
            server: KIND.name,
            package: "postgresql",
            formula: "postgresql",
            variable: VARIABLE,
        })?;
        let private = Private::new(&KIND, options.keep.as_deref())?;
        let password = initialise(&private, &programs)?;
        let certificate = match options.tls {
            Tls::Off => None,
            Tls::Offered | Tls::Required => {
                let made = certificate::make(private.folder(), private.account())?;
                if options.tls == Tls::Required {
                    private.write(
                        "data/pg_hba.conf",
                        "hostssl all all 127.0.0.1/32 scram-sha-256\n",
                    )?;
                }
                Some(made)
            }
        };
        let mut own = Own {
            private,
            programs,
            certificate,
            is_kept: options.keep.is_some(),
        };
        own.start(&password, true)?;
        let server = own.url(&password);
        Ok(Self {
            private: Some(own),
            server,
        })
    }

    /// A server somebody else runs.
    fn given(url: &str) -> Result<Self, TestbedError> {
        let server = Url::parse(url)
            .ok()
            .filter(|url| ["postgres", "postgresql"].contains(&url.scheme()) && url.has_host())
            .ok_or(TestbedError::Url {
                variable: VARIABLE,
                example: "postgres://postgres:password@127.0.0.1:5432/postgres",
            })?;
        ask::block(database::run_postgres(&server, &[])).map_err(|source| TestbedError::Sql {
            server: VARIABLE,
            action: "sign in",
            source,
        })?;
        Ok(Self {
            private: None,
            server,
        })
    }

    /// URL of the superuser, on the database `postgres`.
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
        made.removal = Some(Removal::Postgres {
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
        let inside = database::url_for(&self.server, None, name);
        ask::block(sql::make(
            &self.server,
            &inside,
            name,
            (&reader, &reader_password),
            (&writer, &writer_password),
        ))
        .map_err(|source| TestbedError::Sql {
            server: KIND.name,
            action: "make a database",
            source,
        })?;
        let url = |login: &str, password: &str| {
            database::url_for(&self.server, Some((login, password)), name).to_string()
        };
        Ok(Database {
            name: name.to_owned(),
            reader: url(&reader, &reader_password),
            writer: url(&writer, &writer_password),
            administrator: inside.to_string(),
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

    /// Kills the server's first process with SIGKILL.
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
    let file = private.folder().join("password");
    if let Ok(known) = std::fs::read_to_string(&file)
        && private.folder().join("data/PG_VERSION").exists()
    {
        return Ok(known);
    }
    let password = database::password();
    let file = private.write("password", &password)?;
    let data = private.folder().join("data");
    let arguments = [
        "-D".to_owned(),
        data.display().to_string(),
        format!("--username={ADMINISTRATOR}"),
        format!("--pwfile={}", file.display()),
        "--auth=scram-sha-256".to_owned(),
        "--encoding=UTF8".to_owned(),
        // Texts sort by their bytes, as in SQLite, on every machine.
        "--locale=C".to_owned(),
        "--no-sync".to_owned(),
    ];
    private.prepare(&programs.initdb, &arguments)?;
    Ok(password)
}

impl Own {
    fn start(&mut self, password: &str, is_first: bool) -> Result<(), TestbedError> {
        let program = self.programs.postgres.clone();
        let (certificate, is_kept) = (self.certificate.clone(), self.is_kept);
        let command =
            |private: &Private| arguments(private, &program, certificate.as_ref(), is_kept);
        let is_ready = |private: &Private| {
            let server = url(private, password);
            ask::block(database::run_postgres(&server, &[])).is_ok()
        };
        self.private.start(command, is_ready, is_first)
    }

    fn url(&self, password: &str) -> Url {
        url(&self.private, password)
    }
}

fn url(private: &Private, password: &str) -> Url {
    let text = format!(
        "postgres://{ADMINISTRATOR}:{password}@127.0.0.1:{}/postgres",
        private.port()
    );
    Url::parse(&text).expect("made of parts that need no escaping")
}

fn arguments(
    private: &Private,
    program: &Path,
    certificate: Option<&Certificate>,
    is_kept: bool,
) -> Vec<String> {
    let path = |path: &PathBuf| path.display().to_string();
    let mut settings = vec![
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        format!("port={}", private.port()),
        "max_connections=100".to_owned(),
        "shared_buffers=128MB".to_owned(),
        "max_wal_size=2GB".to_owned(),
    ];
    if !is_kept {
        // The data goes with the test: a commit has to survive the server, not the machine.
        settings.extend(["fsync=off", "full_page_writes=off"].map(str::to_owned));
    }
    if let Some(certificate) = certificate {
        settings.push("ssl=on".to_owned());
        settings.push(format!("ssl_cert_file={}", path(&certificate.certificate)));
        settings.push(format!("ssl_key_file={}", path(&certificate.key)));
    }
    let mut command = vec![
        program.display().to_string(),
        "-D".to_owned(),
        path(&private.folder().join("data")),
    ];
    for setting in settings {
        command.extend(["-c".to_owned(), setting]);
    }
    command
}
