//! A database for one test, and ways to ask it past the crate under test.

use std::sync::Arc;
use std::time::Duration;

use source::{CancelFlag, Chunk, ColumnInfo, Extract, Source, SourceConfig, SourceError};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

pub use seam::{Database, database};

/// Where the databases of the tests come from.
mod seam {
    use std::sync::atomic::{AtomicU32, Ordering};

    use sqlx::{AssertSqlSafe, Connection, PgConnection};

    /// A database of its own. Dropped: it and its logins are gone.
    pub struct Database {
        pub administrator: String,
        pub reader: String,
        pub writer: String,
        server: String,
        name: String,
    }

    pub fn database() -> Database {
        static MADE: AtomicU32 = AtomicU32::new(1);
        let server = std::env::var("DIGGER_TEST_POSTGRES_URL").expect("DIGGER_TEST_POSTGRES_URL");
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("digger_test_{}_{number}", std::process::id());
        run(
            &server,
            &[
                format!("CREATE DATABASE {name} TEMPLATE template0"),
                format!("CREATE ROLE {name}_r LOGIN PASSWORD 'r'"),
                format!("CREATE ROLE {name}_w LOGIN PASSWORD 'w'"),
            ],
        );
        let url = |login: Option<(&str, &str)>| {
            let mut url = url::Url::parse(&server).unwrap();
            if let Some((login, password)) = login {
                url.set_username(login).unwrap();
                url.set_password(Some(password)).unwrap();
            }
            url.set_path(&name);
            url.to_string()
        };
        let administrator = url(None);
        run(
            &administrator,
            &[
                "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned(),
                format!("GRANT USAGE ON SCHEMA public TO {name}_r"),
                format!("GRANT ALL ON SCHEMA public TO {name}_w"),
                format!("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {name}_r"),
                format!("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {name}_w"),
            ],
        );
        Database {
            reader: url(Some((&format!("{name}_r"), "r"))),
            writer: url(Some((&format!("{name}_w"), "w"))),
            administrator,
            server,
            name,
        }
    }

    impl Drop for Database {
        fn drop(&mut self) {
            let name = &self.name;
            run(
                &self.server,
                &[
                    format!("DROP DATABASE {name} WITH (FORCE)"),
                    format!("DROP ROLE {name}_r"),
                    format!("DROP ROLE {name}_w"),
                ],
            );
        }
    }

    fn run(url: &str, statements: &[String]) {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime.block_on(async {
                    let mut connection = PgConnection::connect(url).await.unwrap();
                    for statement in statements {
                        let sql = AssertSqlSafe(statement.clone());
                        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                    }
                });
            });
        });
    }
}

pub struct Place {
    pub database: Database,
    pub source: Arc<dyn Source>,
}

impl Place {
    /// A database with whatever the script makes.
    pub async fn new(script: &str) -> Self {
        let database = database();
        let source = source::open(&SourceConfig::new("shop", &database.reader)).unwrap();
        let place = Self { database, source };
        place.run(script).await;
        place
    }

    /// The configuration of the reader's login.
    pub fn config(&self) -> SourceConfig {
        SourceConfig::new("shop", &self.database.reader)
    }

    /// An ordinary connection of the driver, with every right.
    pub async fn administrator(&self) -> PgConnection {
        PgConnectOptions::from_url(&self.database.administrator.parse().unwrap())
            .unwrap()
            .application_name("the test")
            .connect()
            .await
            .unwrap()
    }

    pub async fn run(&self, script: &str) {
        let mut connection = self.administrator().await;
        sqlx::raw_sql(AssertSqlSafe(script.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    /// What PostgreSQL itself prints for one column, row by row, in Seoul.
    pub async fn printed(&self, sql: &str) -> Vec<Option<String>> {
        let mut connection = self.administrator().await;
        sqlx::raw_sql("SET TimeZone = 'Asia/Seoul'")
            .execute(&mut connection)
            .await
            .unwrap();
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        rows.iter()
            .map(|row| {
                let value = row.try_get_raw(0).unwrap();
                value.as_str().ok().map(str::to_owned)
            })
            .collect()
    }

    pub async fn read(&self, sql: &str) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        self.extract(seoul(sql)).await
    }

    pub async fn extract(
        &self,
        extract: Extract,
    ) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
        extract_from(self.source.as_ref(), extract).await
    }

    /// The error the statement must end in.
    pub async fn error(&self, sql: &str) -> SourceError {
        match self.read(sql).await {
            Ok((columns, _)) => panic!("{sql} was read: {columns:?}"),
            Err(error) => error,
        }
    }

    pub async fn refusal(&self, sql: &str) -> String {
        self.error(sql).await.to_string()
    }

    /// How many sessions of ours match a condition on `pg_stat_activity`.
    pub async fn sessions(&self, condition: &str) -> i64 {
        let mut connection = self.administrator().await;
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'digger' AND {condition}"
        );
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }

    /// Waits until that many sessions match.
    pub async fn until_sessions(&self, condition: &str, wanted: i64) {
        let patience = tokio::time::timeout(Duration::from_secs(20), async {
            while self.sessions(condition).await != wanted {
                tokio::task::yield_now().await;
            }
        });
        assert!(
            patience.await.is_ok(),
            "there are {} sessions with {condition}, not {wanted}",
            self.sessions(condition).await
        );
    }
}

/// An extract of a report in Seoul.
pub fn seoul(sql: &str) -> Extract {
    Extract {
        zone: jiff::tz::TimeZone::get("Asia/Seoul").unwrap(),
        ..Extract::new(sql)
    }
}

pub async fn extract_from(
    source: &dyn Source,
    extract: Extract,
) -> Result<(Vec<ColumnInfo>, Vec<Chunk>), SourceError> {
    let mut reading = source.read(extract, CancelFlag::new()).await?;
    let mut chunks = Vec::new();
    while let Some(chunk) = reading.next().await {
        chunks.push(chunk?);
    }
    Ok((reading.columns.clone(), chunks))
}
