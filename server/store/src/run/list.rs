//! Looking runs up: one, or many page by page.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{RunRow, RunState, RunSummary, statements};
use crate::values::{Millis, named};
use crate::{PersonId, RunId, Store, StoreError};

/// What is selected of a run for a list; a `FROM` with `runs` in it comes next.
const SUMMARY: &str = include_str!("statements/summary.sql");

/// Which runs to list. Empty fields do not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only those this user asked for, alone or with others.
    pub user_id: Option<PersonId>,
    /// With a user: not those they have left.
    pub without_left: bool,
    /// Only in these states; empty: in any.
    pub states: Vec<RunState>,
    /// Only of this report.
    pub report_id: Option<String>,
}

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What the previous page returned, or `None` for the newest.
    pub before: Option<String>,
    /// Rows at most. At least 1, at most 200.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            before: None,
            limit: 50,
        }
    }
}

impl Store {
    /// The run with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn run(&self, id: &RunId) -> Result<Option<RunRow>, StoreError> {
        sqlx::query("SELECT * FROM runs WHERE id = $1")
            .bind(id)
            .try_map(named)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read a run"))
    }

    /// Runs, newest first, and where the next page begins. A damaged `before` begins at the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn runs(
        &self,
        filter: &RunFilter,
        page: &Page,
    ) -> Result<(Vec<RunSummary>, Option<String>), StoreError> {
        let limit = page.limit.clamp(1, 200) as usize;
        let states = RunState::ALL.map(|state| {
            let is_wanted = filter.states.is_empty() || filter.states.contains(&state);
            is_wanted.then_some(state)
        });
        let cursor = page.before.as_deref().and_then(parse_cursor);
        // The clauses are ours; everything that comes from outside is bound.
        // SQLite keeps the order of a CROSS JOIN: from the person to their runs, and not through all
        // runs there are of a report.
        let from = match filter.user_id {
            Some(_) => "run_owners o CROSS JOIN runs",
            None => "runs",
        };
        let mut sql = format!("{SUMMARY} FROM {from} WHERE state IN ($1, $2, $3, $4, $5)");
        let mut bound = 5;
        let mut next = || {
            bound += 1;
            format!("${bound}")
        };
        if filter.user_id.is_some() {
            let left = match filter.without_left {
                true => " AND o.left_ms IS NULL",
                false => "",
            };
            sql += &format!(" AND id = o.run_id AND o.user_id = {}{left}", next());
        }
        if filter.report_id.is_some() {
            sql += &format!(" AND report_id = {}", next());
        }
        if cursor.is_some() {
            sql += &format!(" AND (created_ms, id) < ({}, {})", next(), next());
        }
        // One more than asked, to know whether there is a next page.
        sql += &format!(" ORDER BY created_ms DESC, id DESC LIMIT {}", next());
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for state in states {
            query = query.bind(state.map(RunState::as_str));
        }
        for text in [filter.user_id.as_deref(), filter.report_id.as_deref()]
            .into_iter()
            .flatten()
        {
            query = query.bind(text);
        }
        if let Some((created_ms, id)) = cursor {
            query = query.bind(created_ms).bind(id);
        }
        let mut rows: Vec<RunSummary> = query
            .bind(limit as i64 + 1)
            .try_map(named)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list runs"))?;
        let next = (rows.len() > limit).then(|| {
            rows.truncate(limit);
            let last = &rows[limit - 1];
            format!("{}.{}", last.created_at.as_millisecond(), last.id)
        });
        Ok((rows, next))
    }

    /// Runs a user wants that have not finished, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn running_for(&self, user: &PersonId) -> Result<Vec<RunSummary>, StoreError> {
        sqlx::query(statements::OPEN_RUNS_OF)
            .bind(user)
            .try_map(named)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("list running runs"))
    }

    /// The reports a user has run: id, newest title, and when they last asked for it; newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reports_run_by(
        &self,
        user: &PersonId,
    ) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
        let reports: Vec<(String, String, Millis)> = sqlx::query_as(
            "SELECT report_id, title, created_ms
               FROM (SELECT r.report_id, r.title, r.created_ms,
                            ROW_NUMBER() OVER (
                              PARTITION BY r.report_id
                              ORDER BY r.created_ms DESC, r.id DESC) AS place
                       FROM runs r
                       JOIN run_owners o ON o.run_id = r.id
                      WHERE o.user_id = $1) AS newest
              WHERE place = 1
              ORDER BY created_ms DESC, report_id",
        )
        .bind(user)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("list the reports somebody ran"))?;
        Ok(reports
            .into_iter()
            .map(|(id, title, Millis(at))| (id, title, at))
            .collect())
    }

    /// The newest run with this key that has succeeded since then and whose files are still kept.
    /// None while one with the key is under way: that one is shared instead.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn same_result(
        &self,
        key: &str,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<RunRow>, StoreError> {
        sqlx::query(
            "SELECT r.* FROM runs r
              WHERE r.dedup_key = $1 AND r.state = 'succeeded' AND r.finished_ms >= $2
                AND EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id)
                AND NOT EXISTS (
                      SELECT 1 FROM artifacts a WHERE a.run_id = r.id AND a.expires_ms <= $3)
                AND NOT EXISTS (
                      SELECT 1 FROM runs other
                       WHERE other.dedup_key = $1 AND other.cancel_ms IS NULL
                         AND other.state IN ('queued', 'running'))
              ORDER BY r.finished_ms DESC, r.id DESC LIMIT 1",
        )
        .bind(key)
        .bind(Millis(since))
        .bind(Millis(now))
        .try_map(named)
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(self.failed("look for the same result"))
    }
}

fn parse_cursor(cursor: &str) -> Option<(i64, &str)> {
    let (created_ms, id) = cursor.split_once('.')?;
    Some((created_ms.parse().ok()?, id))
}
