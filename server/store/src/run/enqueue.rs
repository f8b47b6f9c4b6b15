//! Putting a run into the queue.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;

use super::{event, owner};
use crate::store::{Change, pass_gate};
use crate::values::Millis;
use crate::{PersonId, RunId, Store, StoreError};

/// A run to queue.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Its id, unique for ever.
    pub id: RunId,
    /// Which report.
    pub report_id: String,
    /// SHA-256 of the report's text, kept with [`Store::keep_revision`].
    pub report_revision: String,
    /// The first source it reads. Unknown sources get the default limit.
    pub source_id: String,
    /// The other sources it reads; each counts against its own limit.
    pub more_sources: Vec<String>,
    /// Who asks.
    pub user_id: PersonId,
    /// The report's title in the run's language.
    pub title: String,
    /// `ko` or `en`. Default: `ko`.
    pub lang: String,
    /// The values, relative dates resolved. Default: `{}`.
    pub values_json: String,
    /// The input as it was typed. Default: `{}`.
    pub input_json: String,
    /// The values for people. Default: `[]`.
    pub chips_json: String,
    /// The run it repeats.
    pub retry_of: Option<RunId>,
    /// What would make the same result. While a run with the same key is queued or running and
    /// nobody asked to stop it, that one is shared instead. Default: none, which is never shared.
    pub dedup_key: Option<String>,
    /// Higher goes first among equally loaded users. Default: 0.
    pub priority: i64,
    /// Memory it is given. Default: 256.
    pub memory_mb: i64,
    /// Failed for good after this many transient failures. Default: 3; at least 1.
    pub max_attempts: i64,
    /// Failed for good after this many vanished workers. Default: 2; at least 1.
    pub max_crashes: i64,
    /// Fails when it is still queued then. Default: never.
    pub expires_at: Option<Timestamp>,
    /// Runs of the asker that may wait and run at once, this one included. Default: any number.
    pub most_open: Option<i64>,
    /// Now.
    pub now: Timestamp,
}

impl Default for NewRun {
    fn default() -> Self {
        Self {
            id: RunId::default(),
            report_id: String::new(),
            report_revision: String::new(),
            source_id: String::new(),
            more_sources: Vec::new(),
            user_id: PersonId::default(),
            title: String::new(),
            lang: "ko".to_owned(),
            values_json: "{}".to_owned(),
            input_json: "{}".to_owned(),
            chips_json: "[]".to_owned(),
            retry_of: None,
            dedup_key: None,
            priority: 0,
            memory_mb: 256,
            max_attempts: 3,
            max_crashes: 2,
            expires_at: None,
            most_open: None,
            now: Timestamp::UNIX_EPOCH,
        }
    }
}

/// What became of a run to queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It waits in the queue under its id.
    New(RunId),
    /// This one has the same key and is queued or running; whoever asked is one of its owners now.
    Already(RunId),
}

impl Enqueued {
    /// The run to look at, new or not.
    pub fn id(&self) -> &RunId {
        match self {
            Self::New(id) | Self::Already(id) => id,
        }
    }
}

impl Store {
    /// Queues a run, with its event, in one transaction. Once this returns the run is never lost.
    ///
    /// When a run with the same key is under way, the asker becomes one of its owners in the same
    /// transaction, also when they had left it.
    ///
    /// # Errors
    /// [`StoreError::TooManyOpen`] when the asker has too many runs of their own, with this one; when the id exists
    /// already or the database cannot be written.
    pub async fn enqueue(&self, run: NewRun) -> Result<Enqueued, StoreError> {
        let failed = self.failed("queue a run");
        let mut tx = self.begin().await?;
        if run.most_open.is_some() {
            // Runs queued at the same moment would not count each other.
            pass_gate(&mut tx).await.map_err(&failed)?;
        }
        // The run with the same key may end between the two questions, and then ours is new.
        let other = loop {
            if insert(&mut tx, &run, None).await.map_err(&failed)? {
                break None;
            }
            let key = run.dedup_key.as_deref();
            let other = owner::take_open(&mut tx, key).await.map_err(&failed)?;
            if other.is_some() {
                break other;
            }
        };
        let enqueued = match other {
            None => {
                if let Some(limit) = run.most_open
                    && open_of(&mut tx, &run.user_id).await.map_err(&failed)? > limit
                {
                    return Err(StoreError::TooManyOpen { limit });
                }
                tx.tell(Change::Run(run.id.clone()));
                tx.tell(Change::Queued);
                Enqueued::New(run.id)
            }
            Some((id, attempt)) => {
                let joined = owner::join(&mut tx, &id, attempt, &run.user_id, run.now).await;
                if joined.map_err(&failed)? {
                    tx.tell(Change::Run(id.clone()));
                }
                Enqueued::Already(id)
            }
        };
        tx.commit().await.map_err(failed)?;
        Ok(enqueued)
    }
}

/// Runs somebody asked for first that wait or run. Whoever only shares a run adds nothing to the queue.
async fn open_of(connection: &mut AnyConnection, user: &PersonId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM runs WHERE user_id = $1 AND state IN ('queued', 'running')",
    )
    .bind(user)
    .fetch_one(connection)
    .await
}

/// Inserts the run with its sources, its first owner and its event; `false` when its key or its fire time has a run
/// already.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    run: &NewRun,
    fire: Option<(&str, Timestamp)>,
) -> Result<bool, sqlx::Error> {
    // In one order, so that two runs with the same new sources do not wait for each other.
    let sources: BTreeSet<&String> = [&run.source_id]
        .into_iter()
        .chain(&run.more_sources)
        .collect();
    for source in &sources {
        sqlx::query("INSERT INTO sources (id) VALUES ($1) ON CONFLICT (id) DO NOTHING")
            .bind(source)
            .execute(&mut *connection)
            .await?;
    }
    // Two partial unique indexes may object, and one statement names only one of them.
    let statement = match fire {
        None => include_str!("enqueue.sql"),
        Some(_) => include_str!("enqueue_fire.sql"),
    };
    let inserted = sqlx::query(statement)
        .bind(&run.id)
        .bind(&run.report_id)
        .bind(&run.report_revision)
        .bind(&run.source_id)
        .bind(&run.user_id)
        .bind(&run.title)
        .bind(&run.lang)
        .bind(&run.values_json)
        .bind(&run.input_json)
        .bind(&run.chips_json)
        .bind(&run.retry_of)
        .bind(&run.dedup_key)
        .bind(run.priority)
        .bind(run.memory_mb)
        .bind(run.max_attempts)
        .bind(run.max_crashes)
        .bind(run.expires_at.map(Millis))
        .bind(Millis(run.now))
        .bind(fire.map(|(schedule, _)| schedule))
        .bind(fire.map(|(_, at)| Millis(at)))
        .execute(&mut *connection)
        .await?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    for source in &sources {
        sqlx::query("INSERT INTO run_sources (run_id, source_id) VALUES ($1, $2)")
            .bind(&run.id)
            .bind(source)
            .execute(&mut *connection)
            .await?;
    }
    owner::add(connection, &run.id, &run.user_id, run.now).await?;
    let data = json!({ "by": run.user_id, "schedule": fire.map(|(schedule, _)| schedule) });
    event::add(connection, &run.id, 0, run.now, "queued", data).await?;
    Ok(true)
}
