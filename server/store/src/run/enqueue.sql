INSERT INTO runs
  (id, report_id, report_revision, source_id, user_id, title, lang, values_json, input_json,
   chips_json, retry_of, dedup_key, priority, memory_mb, max_attempts, max_crashes, expires_ms,
   created_ms, not_before_ms, schedule_id, fire_ms)
VALUES
  ($1, $2, $3, $4, $5, $6, $7, $8, $9,
   $10, $11, $12, $13, $14, $15, $16, $17,
   $18, $18, $19, $20)
ON CONFLICT (dedup_key)
  WHERE dedup_key IS NOT NULL AND cancel_ms IS NULL AND state IN ('queued', 'running') DO NOTHING
