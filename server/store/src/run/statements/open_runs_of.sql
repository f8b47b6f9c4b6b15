-- By the short indexes, as in open_runs.sql: what is open is little, what a person has ever asked for may be much.
  FROM runs
 WHERE id IN (SELECT id FROM runs WHERE state = 'queued'
               UNION ALL
              SELECT id FROM runs WHERE state = 'running')
   AND EXISTS (SELECT 1 FROM run_owners o
                WHERE o.run_id = runs.id AND o.user_id = $1 AND o.left_ms IS NULL)
 ORDER BY created_ms DESC, id DESC
