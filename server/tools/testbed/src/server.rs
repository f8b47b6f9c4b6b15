//! A database server, private or somebody else's: started, asked for databases, stopped.

use std::fmt::Debug;
use std::path::Path;

use url::Url;

use crate::certificate::{self, Certificate};
use crate::database::{self, Database, Removal};
use crate::private::{Kind, Private};
use crate::{Options, TestbedError, Tls, ask};

/// What one kind of server is called, and how it is made and asked.
pub trait System: Debug + Sized {
    /// Its names and signals.
    const KIND: &'static Kind;
    /// The variable that names a server to use instead of a private one.
    const VARIABLE: &'static str;
    /// What to install on Debian, and with Homebrew.
    const PACKAGES: (&'static str, &'static str);
    /// How URLs of such servers begin.
    const SCHEMES: [&'static str; 2];
    /// A URL as [`VARIABLE`](Self::VARIABLE) takes it.
    const EXAMPLE: &'static str;
    /// What is in a data folder that has been made.
    const MADE: &'static str;

    /// The programs of one installation.
    type Programs: Debug;

    /// The programs, where they are installed.
    fn programs() -> Option<Self::Programs>;

    /// Makes the data folder, with an administrator who has this password.
    ///
    /// # Errors
    /// [`TestbedError`] with what the program said.
    fn initialise(
        private: &Private,
        programs: &Self::Programs,
        password: &str,
    ) -> Result<(), TestbedError>;

    /// The command that starts the server.
    fn command(how: &How<'_, Self>) -> Vec<String>;

    /// Makes the server refuse what is not encrypted, where that stands in a file.
    ///
    /// # Errors
    /// [`TestbedError`] when the file cannot be written.
    fn require_tls(private: &Private) -> Result<(), TestbedError>;

    /// The administrator's URL.
    fn url(port: u16, password: &str) -> String;

    /// Makes what is missing of a database and its two logins, each a name with its password.
    fn make(
        server: &Url,
        inside: &Url,
        name: &str,
        reader: (&str, &str),
        writer: (&str, &str),
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// What takes a database and its logins away.
    fn removal(server: Url, name: &str) -> Removal;

    /// Whether the server answers.
    fn ask(server: &Url) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// How a private server is to be started.
pub struct How<'a, S: System> {
    pub(crate) private: &'a Private,
    pub(crate) programs: &'a S::Programs,
    pub(crate) certificate: Option<&'a Certificate>,
    pub(crate) tls: Tls,
    pub(crate) is_kept: bool,
}

/// A database server. Dropped: it has stopped, and its folder is gone.
#[derive(Debug)]
pub struct Server<S: System> {
    private: Option<Own<S>>,
    /// The administrator's URL.
    server: Url,
}

/// A server we started.
#[derive(Debug)]
struct Own<S: System> {
    private: Private,
    programs: S::Programs,
    certificate: Option<Certificate>,
    tls: Tls,
    is_kept: bool,
}

impl<S: System> Server<S> {
    /// The server that the variable names, else a private one.
    ///
    /// # Errors
    /// As [`Server::start`], and when the server of the variable cannot be used.
    pub(crate) fn shared() -> Result<Self, TestbedError> {
        match std::env::var(S::VARIABLE) {
            Ok(url) => Self::given(&url),
            Err(_) => Self::start(&Options::default()),
        }
    }

    /// A private server of its own, ready to be asked.
    ///
    /// # Errors
    /// [`TestbedError`] says what is missing or what the server said.
    pub fn start(options: &Options) -> Result<Self, TestbedError> {
        let (package, formula) = S::PACKAGES;
        let programs = S::programs().ok_or(TestbedError::Missing {
            server: S::KIND.name,
            package,
            formula,
            variable: S::VARIABLE,
        })?;
        let private = Private::new(S::KIND, options.keep.as_deref())?;
        let password = password_of::<S>(&private, &programs)?;
        let certificate = match options.tls {
            Tls::Off => None,
            Tls::Offered | Tls::Required => {
                Some(certificate::make(private.folder(), private.account())?)
            }
        };
        if options.tls == Tls::Required {
            S::require_tls(&private)?;
        }
        let mut own = Own {
            private,
            programs,
            certificate,
            tls: options.tls,
            is_kept: options.keep.is_some(),
        };
        own.start(&password, true)?;
        let server = url::<S>(&own.private, &password);
        Ok(Self {
            private: Some(own),
            server,
        })
    }

    /// A server somebody else runs.
    fn given(url: &str) -> Result<Self, TestbedError> {
        let server = Url::parse(url)
            .ok()
            .filter(|url| S::SCHEMES.contains(&url.scheme()) && url.has_host())
            .ok_or(TestbedError::Url {
                variable: S::VARIABLE,
                example: S::EXAMPLE,
            })?;
        ask::block(S::ask(&server)).map_err(|source| TestbedError::Sql {
            server: S::VARIABLE,
            action: "sign in",
            source,
        })?;
        Ok(Self {
            private: None,
            server,
        })
    }

    /// URL of the administrator, on the server's own database.
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
        let mut made = self.kept_database(&name)?;
        made.removal = Some(S::removal(self.server.clone(), &name));
        Ok(made)
    }

    /// The database of that name, made when it is not there yet, with fresh passwords. It stays.
    ///
    /// # Errors
    /// [`TestbedError::Sql`] when the server will not.
    pub fn kept_database(&self, name: &str) -> Result<Database, TestbedError> {
        let (reader, writer) = (format!("{name}_r"), format!("{name}_w"));
        let passwords = [
            database::difficult_password(),
            database::difficult_password(),
        ];
        let (reader, writer) = ((&*reader, &*passwords[0]), (&*writer, &*passwords[1]));
        let inside = database::url_for(&self.server, None, name);
        ask::block(S::make(&self.server, &inside, name, reader, writer)).map_err(|source| {
            TestbedError::Sql {
                server: S::KIND.name,
                action: "make a database",
                source,
            }
        })?;
        let url = |login| database::url_for(&self.server, Some(login), name).to_string();
        Ok(Database {
            name: name.to_owned(),
            reader: url(reader),
            writer: url(writer),
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
        act: impl FnOnce(&mut Own<S>, &str) -> Result<(), TestbedError>,
    ) -> Result<(), TestbedError> {
        let password = self.server.password().unwrap_or_default().to_owned();
        match &mut self.private {
            Some(own) => act(own, &password),
            // Only the shared server can be somebody else's, and nobody can borrow that one mutably.
            None => unreachable!("a server of somebody else is never stopped"),
        }
    }
}

impl<S: System> Own<S> {
    fn start(&mut self, password: &str, is_first: bool) -> Result<(), TestbedError> {
        let Self {
            private,
            programs,
            certificate,
            tls,
            is_kept,
        } = self;
        let command = |private: &Private| {
            S::command(&How {
                private,
                programs,
                certificate: certificate.as_ref(),
                tls: *tls,
                is_kept: *is_kept,
            })
        };
        let is_ready = |private: &Private| ask::block(S::ask(&url::<S>(private, password))).is_ok();
        private.start(command, is_ready, is_first)
    }
}

fn url<S: System>(private: &Private, password: &str) -> Url {
    Url::parse(&S::url(private.port(), password)).expect("made of parts that need no escaping")
}

/// The administrator's password; the first start makes it, and the data folder.
fn password_of<S: System>(
    private: &Private,
    programs: &S::Programs,
) -> Result<String, TestbedError> {
    let folder = private.folder();
    if let Ok(known) = std::fs::read_to_string(folder.join("password"))
        && folder.join("data").join(S::MADE).exists()
    {
        return Ok(known);
    }
    let password = database::password();
    private.write("password", &password)?;
    S::initialise(private, programs, &password)?;
    Ok(password)
}
