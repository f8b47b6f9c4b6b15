//! A data directory for one test, and short words for what tests do all the time.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use store::{
    ClaimLimits, Claimed, Enqueued, Failure, Finish, NewArtifact, NewMessage, NewRun, RunRow, Store,
};
use tempfile::TempDir;

/// A moment to count from.
pub const NOW: i64 = 1_790_000_000_000;

/// Limits that stop nothing.
pub const NO_LIMITS: ClaimLimits = ClaimLimits {
    memory_mb: 1_000_000,
    per_user: 1_000,
};

pub struct Place {
    folder: TempDir,
    pub store: Store,
}

impl Place {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        Self { folder, store }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Closes the store and opens it again, as a restart does.
    pub async fn restart(self) -> Self {
        let Self { folder, store } = self;
        store.close().await;
        drop(store);
        let store = Store::open(folder.path()).await.unwrap();
        Self { folder, store }
    }

    pub async fn queue(&self, run: NewRun) -> String {
        match self.store.enqueue(run).await.unwrap() {
            Enqueued::New(id) => id,
            Enqueued::Already(id) => panic!("{id} was queued already"),
        }
    }

    pub async fn claim(&self, owner: &str, now: i64) -> Option<Claimed> {
        self.store.claim(owner, NO_LIMITS, now).await.unwrap()
    }

    pub async fn run(&self, id: &str) -> RunRow {
        self.store.run(id).await.unwrap().unwrap()
    }

    /// The kinds of a run's events, in order.
    pub async fn story(&self, id: &str) -> Vec<String> {
        self.store
            .events(id, 0)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .collect()
    }

    /// One number, past the store.
    pub async fn count(&self, sql: &str) -> i64 {
        count(self.folder(), sql).await
    }
}

/// A plain connection to the file, past the store.
pub async fn connect(folder: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(folder.join("digger.sqlite"))
        .connect()
        .await
        .unwrap()
}

pub async fn count(folder: &Path, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .fetch_one(&mut connect(folder).await)
        .await
        .unwrap()
}

/// A run of a user on a source.
pub fn run(id: &str, user: &str, source: &str) -> NewRun {
    NewRun {
        id: id.to_owned(),
        report_id: "sales/daily".to_owned(),
        report_revision: "abc".to_owned(),
        source_id: source.to_owned(),
        user_id: user.to_owned(),
        title: "일별 매출".to_owned(),
        now: NOW,
        ..NewRun::default()
    }
}

/// A finish with one file and one message.
pub fn finish(claimed: &Claimed, now: i64) -> Finish {
    let Claimed {
        id, attempt, owner, ..
    } = claimed;
    Finish {
        id: id.clone(),
        owner: owner.clone(),
        attempt: *attempt,
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

pub fn failure(code: &str, transient: bool) -> Failure {
    Failure {
        code: code.to_owned(),
        text_json: r#"{"ko":"실패","en":"failed"}"#.to_owned(),
        chain: "a: b: c".to_owned(),
        transient,
    }
}
