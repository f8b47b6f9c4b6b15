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
       FROM line
      WHERE fits
        -- A worker that is to run empty takes nothing from the moment it was wished.
        AND NOT EXISTS (
              SELECT 1
                FROM workers me
               WHERE me.name = $1 AND me.drain_ms IS NOT NULL)
        -- The run whose turn it is has waited long enough for memory: nobody passes it any more.
        AND NOT EXISTS (
              SELECT 1
                FROM line first
               WHERE first.turn = 1 AND NOT first.fits AND first.not_before_ms <= $2 - $5)
      ORDER BY turn
      LIMIT 1)
RETURNING *
