-- Who wants a run: whoever asks for the same while it is under way shares it.
CREATE TABLE run_owners (
  run_id   TEXT COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  user_id  TEXT COLLATE "C" NOT NULL,
  since_ms BIGINT NOT NULL,
  -- The run went on without them.
  left_ms  BIGINT,
  PRIMARY KEY (run_id, user_id)
);
CREATE INDEX run_owners_of_user ON run_owners (user_id, run_id);
INSERT INTO run_owners (run_id, user_id, since_ms) SELECT id, user_id, created_ms FROM runs;

-- Lists go by owners now.
DROP INDEX runs_of_user;

-- A run that was asked to stop is nobody's to share: whoever asks then gets a new one.
DROP INDEX runs_dedup;
CREATE UNIQUE INDEX runs_dedup ON runs (dedup_key)
  WHERE dedup_key IS NOT NULL AND cancel_ms IS NULL AND state IN ('queued', 'running');

-- Finished results are found by the same key.
CREATE INDEX runs_same_result ON runs (dedup_key, finished_ms)
  WHERE dedup_key IS NOT NULL AND state = 'succeeded';
