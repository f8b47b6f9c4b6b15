//! A database for one test, and short words for what tests do all the time.

use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lang::{Failure, FailureClass, Message, Text, Told};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions};
use store::{
    ClaimLimits, Claimed, Enqueued, Finish, Lease, NewArtifact, NewMessage, NewRun, Observed,
    RunId, RunRow, Store, Swept,
};
use tempfile::TempDir;
use testbed::{Database, Postgres};

/// A moment to count from.
pub const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// The window of the counters.
pub const MINUTE: Duration = Duration::from_mins(1);

/// So many milliseconds.
pub const fn ms(ms: i64) -> SignedDuration {
    SignedDuration::from_millis(ms)
}

/// Limits that stop nothing.
pub const NO_LIMITS: ClaimLimits = ClaimLimits {
    memory_mb: 1_000_000,
    per_user: 1_000,
};

/// Makes two tests of each: `sqlite::name` and `postgres::name`.
macro_rules! on_both {
    ([$($test:ident),* $(,)?], four_threads: [$($wide:ident),* $(,)?]) => {
        mod sqlite {
            crate::place::on_both!(@ crate::place::Db::Sqlite, [$($test),*], [$($wide),*]);
        }

        mod postgres {
            crate::place::on_both!(@ crate::place::Db::Postgres, [$($test),*], [$($wide),*]);
        }
    };
    (@ $db:expr, [$($test:ident),*], [$($wide:ident),*]) => {
        $(
            #[tokio::test]
            async fn $test() {
                super::$test($db).await;
            }
        )*
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $wide() {
                super::$wide($db).await;
            }
        )*
    };
}

pub(crate) use on_both;

/// Which database a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Db {
    Sqlite,
    Postgres,
}

/// An opened database of one test.
pub struct Place {
    pub store: Store,
    home: Home,
}

/// The database of one test, whoever works there.
pub enum Home {
    Folder(TempDir),
    /// Boxed, because it is so much larger.
    Database(Box<Database>),
}

impl Place {
    pub async fn new(db: Db) -> Self {
        Self::at(Home::new(db)).await
    }

    pub async fn at(home: Home) -> Self {
        let store = home.open().await;
        Self { store, home }
    }

    /// Closes the store and opens it again, as a restart does.
    pub async fn restart(self) -> Self {
        let Self { store, home } = self;
        store.close().await;
        drop(store);
        Self::at(home).await
    }

    pub async fn queue(&self, run: NewRun) -> RunId {
        match self.store.enqueue(run).await.unwrap() {
            Enqueued::New(id) => id,
            Enqueued::Already(id) => panic!("{id} was queued already"),
        }
    }

    pub async fn claim(&self, worker: &str, now: Timestamp) -> Option<Claimed> {
        self.store
            .claim(&worker.into(), NO_LIMITS, now)
            .await
            .unwrap()
    }

    pub async fn run(&self, id: &str) -> RunRow {
        self.store.run(&id.into()).await.unwrap().unwrap()
    }

    /// The kinds of a run's events, in order.
    pub async fn story(&self, id: &str) -> Vec<String> {
        self.store
            .events(&id.into(), 0)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .collect()
    }
}

impl Deref for Place {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

impl Home {
    pub fn new(db: Db) -> Self {
        match db {
            Db::Sqlite => Self::Folder(tempfile::tempdir().unwrap()),
            Db::Postgres => Self::database(testbed::postgres()),
        }
    }

    /// In a new database of a server.
    pub fn database(server: &Postgres) -> Self {
        Self::Database(Box::new(server.database().unwrap()))
    }

    /// A handle; on PostgreSQL there may be many, as of several processes.
    pub async fn open(&self) -> Store {
        Store::connect(&self.place()).await.unwrap()
    }

    pub fn place(&self) -> store::Location {
        store::Location::parse(&self.url()).unwrap()
    }

    /// Where it is, as a URL with its password.
    pub fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite:{}", folder.path().display()),
            Self::Database(database) => database.writer.clone(),
        }
    }

    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) => folder.path(),
            Self::Database(_) => panic!("PostgreSQL has no folder"),
        }
    }

    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Database(_))
    }

    /// A plain connection, past the store.
    pub async fn connect(&self) -> AnyConnection {
        match self {
            Self::Folder(folder) => connect(folder.path()).await,
            Self::Database(database) => connect_to(&database.writer).await,
        }
    }

    /// One number, past the store.
    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut self.connect().await)
            .await
            .unwrap()
    }

    /// Statements of the test's own, past the store.
    pub async fn change(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut self.connect().await)
            .await
            .unwrap();
    }

    /// Gives columns the names they had before migration 10, as if it had not been made yet.
    pub async fn undo_renames(&self) {
        self.change(
            "ALTER TABLE runs RENAME COLUMN worker TO owner;
             ALTER TABLE runs RENAME COLUMN last_worker TO worker;
             ALTER TABLE runs RENAME COLUMN step TO stage;
             ALTER TABLE outbox RENAME COLUMN worker TO owner;
             DELETE FROM _sqlx_migrations WHERE version = 10",
        )
        .await;
        if self.is_shared() {
            self.change(
                "ALTER TABLE runs RENAME CONSTRAINT running_has_a_worker TO running_has_an_owner;
                 ALTER TABLE outbox RENAME CONSTRAINT sending_has_a_worker TO sending_has_an_owner",
            )
            .await;
        }
    }

    /// Numbers the events in the order they are written, for [`peaks`](crate::invariants::peaks).
    /// SQLite does so by itself.
    pub async fn number_events(&self) {
        if self.is_shared() {
            let numbers =
                "ALTER TABLE run_events ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY";
            self.change(numbers).await;
        }
    }
}

/// A plain connection to the file of a data directory.
pub async fn connect(folder: &Path) -> AnyConnection {
    connect_to(&format!("sqlite://{}/digger.sqlite", folder.display())).await
}

/// A plain connection.
pub async fn connect_to(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse().unwrap();
    options.connect().await.unwrap()
}

/// Takes the runs and messages of workers that are known to be dead: by the lock of the directory,
/// or on PostgreSQL as a watcher does who has seen them stand still.
pub async fn take_over(store: &Store) -> Vec<Swept> {
    if !store.place().is_shared() {
        return store.own_leftovers(NOW).await.unwrap();
    }
    let sending = store.sending().await.unwrap();
    store.give_up_messages(&sending).await.unwrap();
    let running = store.running().await.unwrap();
    let seen: Vec<Observed> = running
        .into_iter()
        .map(|run| Observed {
            id: run.lease.run,
            attempt: run.lease.attempt,
            heartbeat: run.heartbeat,
        })
        .collect();
    store.lost(&seen, NOW).await.unwrap()
}

/// A lease as a claim gives it, or a forged one.
pub fn lease(run: &str, worker: &str, attempt: i64) -> Lease {
    Lease {
        run: run.into(),
        worker: worker.into(),
        attempt,
    }
}

/// A run of a user on a source.
pub fn run(id: &str, user: &str, source: &str) -> NewRun {
    NewRun {
        id: id.into(),
        report_id: "sales/daily".to_owned(),
        report_revision: "abc".to_owned(),
        source_id: source.to_owned(),
        user_id: user.into(),
        title: "일별 매출".to_owned(),
        now: NOW,
        ..NewRun::default()
    }
}

/// A finish with one file and one message.
pub fn finish(claimed: &Claimed, now: Timestamp) -> Finish {
    let Lease {
        run: id, attempt, ..
    } = &claimed.lease;
    Finish {
        lease: claimed.lease.clone(),
        now,
        rows: 9,
        artifacts: vec![NewArtifact {
            name: "result.xlsx".to_owned(),
            kind: "workbook".to_owned(),
            content_type: "application/octet-stream".to_owned(),
            storage_key: format!("results/{id}/{attempt}/result.xlsx"),
            bytes: 10,
            sha256: "00".to_owned(),
            rows: Some(9),
        }],
        outcome_json: "{\"sheets\":[]}".to_owned(),
        totals_json: "[\"1\"]".to_owned(),
        outbox: vec![NewMessage {
            id: format!("{id}-m"),
            kind: "result".to_owned(),
            recipient: "x@example.com".to_owned(),
            message_id: format!("<{id}.result.1@digger>"),
            payload: "{}".to_owned(),
        }],
    }
}

pub fn failure(class: FailureClass, is_transient: bool) -> Failure {
    Failure {
        class,
        told: Told {
            message: Message::new(Text::both("실패", "failed")),
            ..Told::default()
        },
        chain: "a: b: c".to_owned(),
        is_transient,
    }
}
