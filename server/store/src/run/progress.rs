//! What people see of a run: its files, its outcome, its place in line, and what is usual.

use std::time::Duration;

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};

use super::statements;
use crate::values::{Flag, Millis, OptionalMillis};
use crate::{RunId, Store, StoreError};

/// Runs of a report that tell what is usual.
const USUAL_RUNS: i64 = 50;
/// Reports one statement asks about; SQLite takes five hundred parts in one.
const USUAL_REPORTS: usize = 100;

/// A file a run made.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Artifact {
    /// The run.
    pub run_id: RunId,
    /// The name people download it under.
    pub name: String,
    /// What it is, such as `workbook`.
    pub kind: String,
    /// Its media type.
    pub content_type: String,
    /// Where it is stored.
    pub storage_key: String,
    /// Its size.
    pub bytes: i64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Rows in it, where that means something.
    pub rows: Option<i64>,
    /// When it was made.
    #[sqlx(rename = "created_ms", try_from = "Millis")]
    pub created_at: Timestamp,
    /// When it will be deleted.
    #[sqlx(rename = "expires_ms", try_from = "OptionalMillis")]
    pub expires_at: Option<Timestamp>,
}

/// What a finished run shows.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Outcome {
    /// Rows in all sheets.
    pub rows: i64,
    /// Previews, charts, warnings, as JSON.
    pub outcome_json: String,
    /// The control totals, as JSON.
    pub totals_json: String,
}

/// How long a report usually takes, from its last claim to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// One in ten runs is faster.
    pub p10: Duration,
    /// Half of the runs are faster.
    pub p50: Duration,
    /// Nine in ten runs are faster.
    pub p90: Duration,
    /// How many runs this is learnt from, at most 50.
    pub n: usize,
}

/// Where a queued run stands.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct QueuePlace {
    /// 1 is next.
    pub place: i64,
    /// The source that keeps it waiting, or its first one.
    pub source_id: String,
    /// Runs that read that source now.
    pub source_running: i64,
    /// Runs that may.
    pub source_limit: i64,
    /// Whether an administrator has paused it.
    #[sqlx(try_from = "Flag")]
    pub source_paused: bool,
    /// Runs of the same user that are running now.
    pub user_running: i64,
    /// Before this it is not started, because it failed before or was put off.
    #[sqlx(rename = "not_before_ms", try_from = "Millis")]
    pub not_before: Timestamp,
}

impl Store {
    /// The files of a run, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn artifacts(&self, run: &RunId) -> Result<Vec<Artifact>, StoreError> {
        sqlx::query_as("SELECT * FROM artifacts WHERE run_id = $1 ORDER BY name")
            .bind(run)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list a run's files"))
    }

    /// The files of several runs, by run and name; at most 500 runs at once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn artifacts_of(&self, runs: &[&RunId]) -> Result<Vec<Artifact>, StoreError> {
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<String> = (1..=runs.len())
            .map(|number| format!("${number}"))
            .collect();
        let sql = format!(
            "SELECT * FROM artifacts WHERE run_id IN ({}) ORDER BY run_id, name",
            numbers.join(", ")
        );
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for run in runs {
            query = query.bind(*run);
        }
        query
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list the files of runs"))
    }

    /// One file of a run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn artifact(&self, run: &RunId, name: &str) -> Result<Option<Artifact>, StoreError> {
        sqlx::query_as("SELECT * FROM artifacts WHERE run_id = $1 AND name = $2")
            .bind(run)
            .bind(name)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("look up a run's file"))
    }

    /// Key and size of every file that has a row. Whatever lies in the store without one may be collected.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stored_files(&self) -> Result<Vec<(String, i64)>, StoreError> {
        sqlx::query_as("SELECT storage_key, bytes FROM artifacts ORDER BY storage_key")
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list stored files"))
    }

    /// What a succeeded run shows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn outcome(&self, run: &RunId) -> Result<Option<Outcome>, StoreError> {
        sqlx::query_as("SELECT rows, outcome_json, totals_json FROM run_outcomes WHERE run_id = $1")
            .bind(run)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read a run's outcome"))
    }

    /// The control totals of the newest succeeded run of a report with exactly these values, with
    /// the run's id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn previous_totals(
        &self,
        report_id: &str,
        values_json: &str,
    ) -> Result<Option<(RunId, String)>, StoreError> {
        sqlx::query_as(include_str!("previous_totals.sql"))
            .bind(report_id)
            .bind(values_json)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read earlier control totals"))
    }

    /// What is usual for each of these reports; those that never succeeded are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn usual(&self, reports: &[&str]) -> Result<HashMap<String, Usual>, StoreError> {
        let mut took: HashMap<String, Vec<i64>> = HashMap::new();
        for reports in reports.chunks(USUAL_REPORTS) {
            // Each by the index of its report's runs, from the newest one; all in one question.
            let newest = (1..=reports.len()).map(|number| {
                format!(
                    "SELECT * FROM (
                       SELECT report_id, finished_ms - claimed_ms AS took FROM runs
                        WHERE report_id = ${number} AND state = 'succeeded' AND claimed_ms IS NOT NULL
                        ORDER BY created_ms DESC, id DESC LIMIT {USUAL_RUNS}) AS newest_{number}"
                )
            });
            let sql = newest.collect::<Vec<_>>().join(" UNION ALL ");
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for report in reports {
                query = query.bind(*report);
            }
            let rows: Vec<(String, i64)> = query
                .fetch_all(&mut *self.reader().await?)
                .await
                .map_err(self.failed("read how long reports take"))?;
            for (report, ms) in rows {
                took.entry(report).or_default().push(ms);
            }
        }
        let usual = took.into_iter().map(|(report, mut took)| {
            took.sort_unstable();
            let last = took.len() - 1;
            let at = |share: usize| {
                let ms = took[(last * share + 50) / 100];
                Duration::from_millis(u64::try_from(ms).unwrap_or(0))
            };
            let usual = Usual {
                p10: at(10),
                p50: at(50),
                p90: at(90),
                n: took.len(),
            };
            (report, usual)
        });
        Ok(usual.collect())
    }

    /// Where a queued run stands; `None` when it is not queued.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn queue_place(&self, id: &RunId) -> Result<Option<QueuePlace>, StoreError> {
        sqlx::query_as(statements::QUEUE_PLACE)
            .bind(id)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("look up a place in the queue"))
    }
}
