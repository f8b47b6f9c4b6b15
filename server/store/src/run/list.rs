//! Looking runs up: one, or many page by page.

use sqlx::{QueryBuilder, Sqlite};

use super::{RunRow, RunState};
use crate::{Store, StoreError};

/// Which runs to list. Empty fields do not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only of this user.
    pub user_id: Option<String>,
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
    pub async fn run(&self, id: &str) -> Result<Option<RunRow>, StoreError> {
        sqlx::query_as("SELECT * FROM runs WHERE id = $1")
            .bind(id)
            .fetch_optional(self.readers())
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
    ) -> Result<(Vec<RunRow>, Option<String>), StoreError> {
        let limit = page.limit.clamp(1, 200) as usize;
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM runs WHERE TRUE");
        if let Some(user) = &filter.user_id {
            query.push(" AND user_id = ").push_bind(user);
        }
        if let Some(report) = &filter.report_id {
            query.push(" AND report_id = ").push_bind(report);
        }
        if !filter.states.is_empty() {
            let mut states = query.push(" AND state IN (").separated(", ");
            for state in &filter.states {
                states.push_bind(*state);
            }
            query.push(")");
        }
        if let Some((created_ms, id)) = page.before.as_deref().and_then(parse_cursor) {
            query
                .push(" AND (created_ms, id) < (")
                .push_bind(created_ms);
            query.push(", ").push_bind(id).push(")");
        }
        // One more than asked, to know whether there is a next page.
        query
            .push(" ORDER BY created_ms DESC, id DESC LIMIT ")
            .push_bind(limit as i64 + 1);
        let mut rows: Vec<RunRow> = query
            .build_query_as()
            .fetch_all(self.readers())
            .await
            .map_err(self.failed("list runs"))?;
        let next = (rows.len() > limit).then(|| {
            rows.truncate(limit);
            let last = &rows[limit - 1];
            format!("{}.{}", last.created_ms, last.id)
        });
        Ok((rows, next))
    }

    /// Runs of a user that have not finished, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn running_for(&self, user: &str) -> Result<Vec<RunRow>, StoreError> {
        sqlx::query_as(
            "SELECT * FROM runs WHERE user_id = $1 AND state IN ('queued', 'running')
              ORDER BY created_ms DESC, id DESC",
        )
        .bind(user)
        .fetch_all(self.readers())
        .await
        .map_err(self.failed("list running runs"))
    }

    /// The reports a user has run: id, newest title, and when they last asked for it; newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reports_run_by(
        &self,
        user: &str,
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        sqlx::query_as(
            "SELECT report_id, title, created_ms
               FROM (SELECT report_id, title, created_ms,
                            ROW_NUMBER() OVER (
                              PARTITION BY report_id ORDER BY created_ms DESC, id DESC) AS place
                       FROM runs
                      WHERE user_id = $1) AS newest
              WHERE place = 1
              ORDER BY created_ms DESC, report_id",
        )
        .bind(user)
        .fetch_all(self.readers())
        .await
        .map_err(self.failed("list the reports somebody ran"))
    }

    /// The newest succeeded run of a report with exactly these values, such as the previous
    /// period's, whose control totals stand beside this one's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn succeeded_with(
        &self,
        report_id: &str,
        values_json: &str,
    ) -> Result<Option<RunRow>, StoreError> {
        sqlx::query_as(
            "SELECT * FROM runs
              WHERE report_id = $1 AND state = 'succeeded' AND values_json = $2
              ORDER BY created_ms DESC, id DESC LIMIT 1",
        )
        .bind(report_id)
        .bind(values_json)
        .fetch_optional(self.readers())
        .await
        .map_err(self.failed("look for a run with the same values"))
    }
}

fn parse_cursor(cursor: &str) -> Option<(i64, &str)> {
    let (created_ms, id) = cursor.split_once('.')?;
    Some((created_ms.parse().ok()?, id))
}
