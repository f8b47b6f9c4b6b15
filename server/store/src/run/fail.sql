UPDATE runs
   SET fails = fails + 1,
       worker = NULL,
       error_code = $7,
       error_text = $8,
       error_chain = $9,
       state = CASE WHEN cancel_ms IS NOT NULL THEN 'cancelled'
                    WHEN fails + 1 < max_attempts AND fails + 1 < $6 THEN 'queued'
                    ELSE 'failed' END,
       finished_ms = CASE WHEN cancel_ms IS NULL AND fails + 1 < max_attempts AND fails + 1 < $6
                          THEN NULL ELSE $4 END,
       not_before_ms = $5
 WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
RETURNING state
