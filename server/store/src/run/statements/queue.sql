  -- The source that explains most, as in queue_place.sql.
  why AS (
    SELECT w.run_id,
           s.id AS source_id,
           COALESCE(src.c, 0) AS source_running,
           s.max_running AS source_limit,
           CASE WHEN s.paused THEN 1 ELSE 0 END AS source_paused,
           ROW_NUMBER() OVER (
             PARTITION BY w.run_id
             ORDER BY CASE WHEN s.paused THEN 1 ELSE 0 END DESC,
                      CASE WHEN COALESCE(src.c, 0) >= s.max_running THEN 1 ELSE 0 END DESC,
                      CASE WHEN s.id = r.source_id THEN 1 ELSE 0 END DESC,
                      s.id
           ) AS n
      -- SQLite keeps the order of a CROSS JOIN; otherwise it would walk through the sources of all runs.
      FROM line
     CROSS JOIN runs r
     CROSS JOIN run_sources w
      JOIN sources s ON s.id = w.source_id
      LEFT JOIN src ON src.source_id = s.id
     WHERE r.id = line.id AND w.run_id = line.id
  )
SELECT r.id,
       r.report_id,
       r.title,
       r.user_id,
       r.created_ms,
       r.not_before_ms,
       COALESCE(usr.c, 0) AS user_running,
       -- Among the runs that share a source with it, itself included.
       (SELECT COUNT(*)
          FROM line ahead
         WHERE ahead.turn <= line.turn
           AND EXISTS (
                 SELECT 1
                   FROM run_sources mine
                   JOIN run_sources theirs ON theirs.source_id = mine.source_id
                  WHERE mine.run_id = line.id AND theirs.run_id = ahead.id)) AS place,
       why.source_id,
       why.source_running,
       why.source_limit,
       why.source_paused
  FROM line
 CROSS JOIN runs r
  JOIN why ON why.run_id = line.id AND why.n = 1
  LEFT JOIN usr ON usr.user_id = r.user_id
 WHERE r.id = line.id
 ORDER BY line.turn
 LIMIT $1
