-- What lists show of a run: the columns of `RunSummary`.
SELECT runs.id, runs.report_id, runs.report_revision, runs.user_id, runs.title, runs.values_json,
       runs.chips_json, runs.state, runs.created_ms, runs.attempt, runs.worker, runs.cancel_ms, runs.step,
       runs.rows_done, runs.detail_json, runs.claimed_ms, runs.finished_ms, runs.error_text
