  -- The candidates in the order of fairness: the least-loaded user, then priority, then who was served longest ago,
  -- then age. SQLite keeps the order of a CROSS JOIN; otherwise it might walk through all runs.
  line AS (
    SELECT candidate.*,
           ROW_NUMBER() OVER (
             ORDER BY COALESCE(usr.c, 0),
                      r.priority DESC,
                      COALESCE((SELECT MAX(o.claimed_ms) FROM runs o WHERE o.user_id = r.user_id), 0),
                      r.created_ms,
                      r.id
           ) AS turn
      FROM candidate
     CROSS JOIN runs r
      LEFT JOIN usr ON usr.user_id = r.user_id
     WHERE r.id = candidate.id
  )
