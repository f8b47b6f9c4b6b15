//! PostgreSQL for tests.

mod programs;
mod sql;

use std::sync::OnceLock;

use url::Url;

use crate::TestbedError;
use crate::database::{self, Removal};
use crate::private::{Kind, Private};
use crate::server::{How, Server, System};
use programs::Programs;

/// Names a PostgreSQL server to use instead of a private one; its login must be a superuser.
pub const VARIABLE: &str = "DIGGER_TEST_POSTGRES_URL";

const ADMINISTRATOR: &str = "testbed";

/// A PostgreSQL server. Dropped: it has stopped, and its folder is gone.
pub type Postgres = Server<PostgresSystem>;

/// How PostgreSQL is made and asked.
#[derive(Debug)]
pub struct PostgresSystem;

/// The one server that the tests of this process share.
///
/// It is started by the first call and stopped when the process ends, however that happens. When
/// `DIGGER_TEST_POSTGRES_URL` is set, it is the server named there.
///
/// # Panics
/// When there is no server, with what to install.
pub fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Result<Postgres, TestbedError>> = OnceLock::new();
    match SHARED.get_or_init(Postgres::shared) {
        Ok(server) => server,
        Err(error) => panic!("{}", error.chain()),
    }
}

impl System for PostgresSystem {
    const KIND: &'static Kind = &Kind {
        name: "PostgreSQL",
        word: "postgres",
        account: "postgres",
        stop: "INT",
        abandon: "QUIT",
    };
    const VARIABLE: &'static str = VARIABLE;
    const PACKAGES: (&'static str, &'static str) = ("postgresql", "postgresql");
    const SCHEMES: [&'static str; 2] = ["postgres", "postgresql"];
    const EXAMPLE: &'static str = "postgres://postgres:password@127.0.0.1:5432/postgres";
    const MADE: &'static str = "PG_VERSION";

    type Programs = Programs;

    fn programs() -> Option<Programs> {
        Programs::find()
    }

    fn initialise(private: &Private, programs: &Programs, _: &str) -> Result<(), TestbedError> {
        let inside = |name: &str| private.folder().join(name).display().to_string();
        let arguments = [
            "-D".to_owned(),
            inside("data"),
            format!("--username={ADMINISTRATOR}"),
            format!("--pwfile={}", inside("password")),
            "--auth=scram-sha-256".to_owned(),
            "--encoding=UTF8".to_owned(),
            // Texts sort by their bytes, as in SQLite, on every machine.
            "--locale=C".to_owned(),
            "--no-sync".to_owned(),
        ];
        private.prepare(&programs.initdb, &arguments)
    }

    fn command(how: &How<'_, Self>) -> Vec<String> {
        let mut settings = vec![
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            format!("port={}", how.private.port()),
            "max_connections=100".to_owned(),
            "shared_buffers=128MB".to_owned(),
            "max_wal_size=2GB".to_owned(),
        ];
        if !how.is_kept {
            // The data goes with the test: a commit has to survive the server, not the machine.
            settings.extend(["fsync=off", "full_page_writes=off"].map(str::to_owned));
        }
        if let Some(certificate) = how.certificate {
            settings.push("ssl=on".to_owned());
            settings.push(format!(
                "ssl_cert_file={}",
                certificate.certificate.display()
            ));
            settings.push(format!("ssl_key_file={}", certificate.key.display()));
        }
        let mut command = vec![
            how.programs.postgres.display().to_string(),
            "-D".to_owned(),
            how.private.folder().join("data").display().to_string(),
        ];
        for setting in settings {
            command.extend(["-c".to_owned(), setting]);
        }
        command
    }

    fn require_tls(private: &Private) -> Result<(), TestbedError> {
        let rule = "hostssl all all 127.0.0.1/32 scram-sha-256\n";
        private.write("data/pg_hba.conf", rule).map(drop)
    }

    fn url(port: u16, password: &str) -> String {
        format!("postgres://{ADMINISTRATOR}:{password}@127.0.0.1:{port}/postgres")
    }

    async fn make(
        server: &Url,
        inside: &Url,
        name: &str,
        reader: (&str, &str),
        writer: (&str, &str),
    ) -> Result<(), sqlx::Error> {
        sql::make(server, inside, name, reader, writer).await
    }

    fn removal(server: Url, name: &str) -> Removal {
        Removal::Postgres {
            server,
            statements: sql::removal(name),
        }
    }

    async fn ask(server: &Url) -> Result<(), sqlx::Error> {
        database::run_postgres(server, &[]).await
    }
}
