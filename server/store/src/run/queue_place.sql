WITH
  src AS (
    SELECT s.source_id, COUNT(*) AS c
      FROM runs r
      JOIN run_sources s ON s.run_id = r.id
     WHERE r.state = 'running'
     GROUP BY s.source_id
  ),
  usr AS (
    SELECT user_id, COUNT(*) AS c
      FROM runs
     WHERE state = 'running'
     GROUP BY user_id
  ),
  -- Queued runs that share a source with this one, in the order of claim.sql.
  line AS (
    SELECT r.id,
           ROW_NUMBER() OVER (
             ORDER BY COALESCE(usr.c, 0),
                      r.priority DESC,
                      COALESCE((SELECT MAX(o.claimed_ms) FROM runs o WHERE o.user_id = r.user_id), 0),
                      r.created_ms,
                      r.id
           ) AS place
      FROM runs r
      LEFT JOIN usr ON usr.user_id = r.user_id
     WHERE r.state = 'queued'
       AND EXISTS (
             SELECT 1
               FROM run_sources mine
               JOIN run_sources theirs ON theirs.source_id = mine.source_id
              WHERE mine.run_id = $1 AND theirs.run_id = r.id)
  )
SELECT line.place,
       s.id AS source_id,
       COALESCE(src.c, 0) AS source_running,
       s.max_running AS source_limit,
       CASE WHEN s.paused THEN 1 ELSE 0 END AS source_paused,
       COALESCE(usr.c, 0) AS user_running,
       r.not_before_ms
  FROM runs r
  JOIN line ON line.id = r.id
  JOIN run_sources w ON w.run_id = r.id
  JOIN sources s ON s.id = w.source_id
  LEFT JOIN src ON src.source_id = s.id
  LEFT JOIN usr ON usr.user_id = r.user_id
 WHERE r.id = $1
 -- A paused source explains more than a full one, a full one more than the first one.
 ORDER BY s.paused DESC, (COALESCE(src.c, 0) >= s.max_running) DESC, (s.id = r.source_id) DESC
 LIMIT 1
