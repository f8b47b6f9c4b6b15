SELECT line.turn AS place,
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
