-- By the short indexes, as in open_runs.sql.
SELECT o.run_id, o.user_id
  FROM run_owners o
 WHERE o.run_id IN (SELECT id FROM runs WHERE state = 'queued'
                     UNION ALL
                    SELECT id FROM runs WHERE state = 'running')
   AND o.left_ms IS NULL
 ORDER BY o.run_id, o.since_ms, o.user_id
