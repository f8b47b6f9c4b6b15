//! A place whose own tables are in SQLite or PostgreSQL, and those tables past the product.

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, FromRow};
use testbed::{Database, Postgres};

use super::digger::{PATIENCE, Place};

/// Makes two tests of each: `sqlite::name` and `postgres::name`. They have threads of their own for
/// the servers a test plays, because waiting for a process blocks the test's.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::own::Db::Sqlite).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::own::Db::Postgres).await;
            })*
        }
    };
}

pub(crate) use on_both;

/// Which database Digger's own tables are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Db {
    Sqlite,
    Postgres,
}

/// A place, and where its tables are.
pub struct Own {
    pub place: Place,
    /// `None`: an SQLite file in the data directory.
    pub database: Option<Database>,
}

/// What tests ask about a run.
#[derive(Clone, Debug, FromRow)]
pub struct RunSeen {
    pub state: String,
    pub attempt: i64,
    pub crashes: i64,
    pub fails: i64,
    pub worker: Option<String>,
    pub step: Option<String>,
    pub rows_done: i64,
    pub db_session: Option<String>,
    pub error_code: Option<String>,
}

impl RunSeen {
    pub fn is_running(&self) -> bool {
        self.state == "running"
    }

    /// Whether a session at a source is known to work for it.
    pub fn has_session(&self) -> bool {
        self.db_session
            .as_ref()
            .is_some_and(|sessions| sessions.len() > "[]".len())
    }

    pub fn is_over(&self) -> bool {
        ["succeeded", "failed", "cancelled"].contains(&self.state.as_str())
    }
}

impl Own {
    pub async fn new(db: Db) -> Self {
        match db {
            Db::Sqlite => Self {
                place: Place::new().await,
                database: None,
            },
            Db::Postgres => Self::on(testbed::postgres()).await,
        }
    }

    /// In a new database of this server.
    pub async fn on(server: &Postgres) -> Self {
        let database = server.database().unwrap();
        let mut place = Place::new().await;
        place.set("DIGGER_DATABASE_URL", &database.writer);
        store::Location::parse(&database.writer)
            .unwrap()
            .migrate()
            .await
            .unwrap();
        let own = Self {
            place,
            database: Some(database),
        };
        // In the order in which they are written, which SQLite knows by itself.
        own.change("ALTER TABLE run_events ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY")
            .await;
        own
    }

    pub fn is_shared(&self) -> bool {
        self.database.is_some()
    }

    /// A plain connection.
    pub async fn tables(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let url = match &self.database {
            Some(database) => database.administrator.clone(),
            None => format!("sqlite://{}/digger.sqlite", self.place.data().display()),
        };
        let options: AnyConnectOptions = url.parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        if !self.is_shared() {
            run(&mut connection, "PRAGMA busy_timeout = 60000").await;
        }
        connection
    }

    /// Statements of the test's own.
    pub async fn change(&self, sql: &str) {
        run(&mut self.tables().await, sql).await;
    }

    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut self.tables().await)
            .await
            .unwrap()
    }

    pub async fn run(&self, run: &str) -> RunSeen {
        sqlx::query_as(
            "SELECT state, attempt, crashes, fails, last_worker AS worker, step, rows_done, db_session, error_code
               FROM runs WHERE id = $1",
        )
        .bind(run)
        .fetch_one(&mut self.tables().await)
        .await
        .unwrap()
    }

    /// Waits until a run is as wanted.
    pub async fn until(
        &self,
        run: &str,
        what: &str,
        is_wanted: impl Fn(&RunSeen) -> bool,
    ) -> RunSeen {
        eventually(&format!("run {run} is {what}"), async || {
            let seen = self.run(run).await;
            is_wanted(&seen).then_some(seen)
        })
        .await
    }

    /// On PostgreSQL: from now on a finish waits in the middle of its transaction, until this connection
    /// is closed.
    pub async fn hold_finish(&self) -> AnyConnection {
        let mut tables = self.tables().await;
        run(&mut tables, "BEGIN; LOCK TABLE run_outcomes IN SHARE MODE").await;
        tables
    }

    /// The run's row and its file's are written then, and not committed.
    pub async fn until_finish_waits(&self) {
        let waiting = "SELECT COUNT(*) FROM pg_locks
                        WHERE relation = 'run_outcomes'::regclass AND NOT granted";
        eventually("the finish waits", async || {
            (self.count(waiting).await == 1).then_some(())
        })
        .await;
    }

    /// The kinds of a run's events, in order; steps left out.
    pub async fn story(&self, run: &str) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT kind FROM run_events WHERE run_id = $1 AND kind <> 'step' ORDER BY seq",
        )
        .bind(run)
        .fetch_all(&mut self.tables().await)
        .await
        .unwrap()
    }
}

/// Statements on a connection of the test's own.
pub async fn run(connection: &mut AnyConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Waits for a condition that has to be asked for, without standing in the way of others.
pub async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(25));
        loop {
            tick.tick().await;
            if let Some(value) = condition().await {
                return value;
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("timed out waiting until {what}"))
}
