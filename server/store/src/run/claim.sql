WITH
  -- Runs per source: exact, because every claim has passed the gate.
  src AS (
    SELECT s.source_id, COUNT(*) AS c
      FROM runs r
      JOIN run_sources s ON s.run_id = r.id
     WHERE r.state = 'running'
     GROUP BY s.source_id
  ),
  -- Runs per user.
  usr AS (
    SELECT user_id, COUNT(*) AS c
      FROM runs
     WHERE state = 'running'
     GROUP BY user_id
  ),
  -- Memory this worker has given away. A run larger than the whole budget gets the whole budget.
  mem AS (
    SELECT COALESCE(SUM(CASE WHEN memory_mb > $3 THEN $3 ELSE memory_mb END), 0) AS used
      FROM runs
     WHERE state = 'running' AND worker = $1
  ),
  -- Runs whose time has come and whose user and sources have room, in the order of fairness:
  -- the least-loaded user, then priority, then who was served longest ago, then age.
  ready AS (
    SELECT r.id,
           r.not_before_ms,
           (CASE WHEN r.memory_mb > $3 THEN $3 ELSE r.memory_mb END) + mem.used <= $3 AS fits,
           ROW_NUMBER() OVER (
             ORDER BY COALESCE(usr.c, 0),
                      r.priority DESC,
                      COALESCE((SELECT MAX(o.claimed_ms) FROM runs o WHERE o.user_id = r.user_id), 0),
                      r.created_ms,
                      r.id
           ) AS place
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
  )
UPDATE runs
   SET state = 'running',
       attempt = attempt + 1,
       worker = $1,
       last_worker = $1,
       heartbeat = heartbeat + 1,
       heartbeat_ms = $2,
       started_ms = COALESCE(started_ms, $2),
       claimed_ms = $2,
       step = 'connecting',
       rows_done = 0,
       rows_total = NULL,
       bytes_done = 0,
       detail_json = NULL,
       db_session = NULL
 WHERE state = 'queued'
   AND id = (
     SELECT id
       FROM ready
      WHERE fits
        -- A worker that is to run empty takes nothing from the moment it was wished.
        AND NOT EXISTS (
              SELECT 1
                FROM workers me
               WHERE me.name = $1 AND me.drain_ms IS NOT NULL)
        -- The run whose turn it is has waited long enough for memory: nobody passes it any more.
        AND NOT EXISTS (
              SELECT 1
                FROM ready first
               WHERE first.place = 1 AND NOT first.fits AND first.not_before_ms <= $2 - $5)
      ORDER BY place
      LIMIT 1)
RETURNING *
