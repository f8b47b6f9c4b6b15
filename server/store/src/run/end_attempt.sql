-- One look at the row decides, so the three expressions stand in the statement itself: a part of it that is computed
-- before would not see a wish to cancel that is committed while this waits for the row.
UPDATE runs
   SET state = CASE WHEN $8 OR cancel_ms IS NOT NULL THEN 'cancelled'
                    WHEN $6 = 1 AND (fails + 1 >= max_attempts OR fails + 1 >= $9) THEN 'failed'
                    WHEN $7 = 1 AND crashes + 1 >= max_crashes THEN 'failed'
                    ELSE 'queued' END,
       finished_ms = CASE WHEN $8 OR cancel_ms IS NOT NULL
                            OR $6 = 1 AND (fails + 1 >= max_attempts OR fails + 1 >= $9)
                            OR $7 = 1 AND crashes + 1 >= max_crashes THEN $4
                          ELSE NULL END,
       cancel_ms = CASE WHEN $8 THEN COALESCE(cancel_ms, $4) ELSE cancel_ms END,
       worker = NULL,
       fails = fails + $6,
       crashes = crashes + $7,
       not_before_ms = $5,
       error_code = COALESCE($10, error_code),
       error_text = COALESCE($11, error_text),
       error_chain = COALESCE($12, error_chain)
 WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
RETURNING state
