  -- Memory this worker has given away. A run larger than the whole budget gets the whole budget.
  mem AS (
    SELECT COALESCE(SUM(CASE WHEN memory_mb > $3 THEN $3 ELSE memory_mb END), 0) AS used
      FROM runs
     WHERE state = 'running' AND worker = $1
  ),
  -- Runs whose time has come and whose user and sources have room.
  candidate AS (
    SELECT r.id,
           r.not_before_ms,
           (CASE WHEN r.memory_mb > $3 THEN $3 ELSE r.memory_mb END) + mem.used <= $3 AS fits
      FROM runs r
     CROSS JOIN mem
      LEFT JOIN usr ON usr.user_id = r.user_id
     WHERE r.state = 'queued'
       -- Only a run that has failed waits. Any other is due by whatever clock it was queued.
       AND (r.not_before_ms <= $2 OR r.fails = 0)
       AND r.cancel_ms IS NULL
       AND (r.expires_ms IS NULL OR r.expires_ms > $2)
       AND COALESCE(usr.c, 0) < $4
       AND NOT EXISTS (
             SELECT 1
               FROM run_sources w
               JOIN sources s ON s.id = w.source_id
               LEFT JOIN src ON src.source_id = s.id
              WHERE w.run_id = r.id
                AND (s.paused OR COALESCE(src.c, 0) >= s.max_running))
  ),
