-- What is open is found by its own short indexes. `state IN (…)` would walk through all runs there have ever been.
SELECT r.id,
       r.report_id,
       r.user_id,
       r.state,
       r.priority,
       r.created_ms,
       r.not_before_ms,
       r.claimed_ms,
       COALESCE((SELECT MAX(o.claimed_ms) FROM runs o WHERE o.user_id = r.user_id), 0) AS served_ms
  FROM runs r
 WHERE r.id IN (SELECT id FROM runs WHERE state = 'queued'
                 UNION ALL
                SELECT id FROM runs WHERE state = 'running')
 ORDER BY r.created_ms, r.id
