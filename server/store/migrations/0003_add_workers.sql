-- The processes that execute runs: one row per start, kept because the history of runs names them.

CREATE TABLE workers (
  -- New at every start; the owner of the runs it claims.
  name       TEXT PRIMARY KEY CHECK (name <> ''),
  host       TEXT NOT NULL,
  pid        BIGINT NOT NULL,
  version    TEXT NOT NULL,
  -- Memory it may give to its runs.
  memory_mb  BIGINT NOT NULL CHECK (memory_mb > 0),
  started_ms BIGINT NOT NULL,
  -- Counts up while it lives; whoever watches it stand still for a lease declares it lost.
  beat       BIGINT NOT NULL DEFAULT 0,
  -- When it last did, for people; no decision uses it.
  beat_ms    BIGINT NOT NULL,
  -- The wish that it takes no more runs.
  drain_ms   BIGINT,
  ended_ms   BIGINT,
  -- It did not say that it ended.
  lost_ms    BIGINT,
  CONSTRAINT lost_has_ended CHECK (lost_ms IS NULL OR ended_ms IS NOT NULL)
);
CREATE INDEX workers_living ON workers (started_ms) WHERE ended_ms IS NULL;

-- Who claimed it last, also when it is over; `owner` is empty then.
ALTER TABLE runs ADD COLUMN worker TEXT;
