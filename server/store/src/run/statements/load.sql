-- What runs now: per source, exact, because every claim has passed the gate; and per user.
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
