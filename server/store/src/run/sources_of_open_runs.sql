-- By the short indexes, as in open_runs.sql.
SELECT s.run_id, s.source_id
  FROM run_sources s
 WHERE s.run_id IN (SELECT id FROM runs WHERE state = 'queued'
                     UNION ALL
                    SELECT id FROM runs WHERE state = 'running')
 ORDER BY s.run_id, s.source_id
