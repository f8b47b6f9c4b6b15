-- Digger's own tables. Times are milliseconds since 1970 in UTC; JSON is kept as text.

CREATE TABLE people (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE CHECK (login <> '' AND login = LOWER(login)),
  name          TEXT NOT NULL,
  -- Absent until the person has followed an invitation.
  password_hash TEXT,
  is_admin      BOOLEAN NOT NULL DEFAULT FALSE,
  is_disabled   BOOLEAN NOT NULL DEFAULT FALSE,
  lang          TEXT CHECK (lang IN ('ko', 'en')),
  -- Name -> list of values; feeds parameters with from = "viewer.x".
  attributes    TEXT NOT NULL DEFAULT '{}',
  created_ms    BIGINT NOT NULL
);

CREATE TABLE groups (
  name       TEXT PRIMARY KEY CHECK (name <> ''),
  created_ms BIGINT NOT NULL
);

CREATE TABLE person_groups (
  person_id  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  group_name TEXT NOT NULL REFERENCES groups (name) ON DELETE CASCADE,
  PRIMARY KEY (person_id, group_name)
);

-- One-time links. Only the hash of the token is kept.
CREATE TABLE invites (
  token_hash TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  expires_ms BIGINT NOT NULL,
  taken_ms   BIGINT
);

CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,
  data       TEXT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_ms);

CREATE TABLE rate_counters (
  key      TEXT PRIMARY KEY,
  since_ms BIGINT NOT NULL,
  hits     BIGINT NOT NULL CHECK (hits > 0)
);
CREATE INDEX rate_counters_since ON rate_counters (since_ms);

-- Every text of a report that was ever used, by the SHA-256 of the text.
CREATE TABLE report_revisions (
  report_id     TEXT NOT NULL,
  hash          TEXT NOT NULL,
  text          TEXT NOT NULL,
  first_seen_ms BIGINT NOT NULL,
  last_seen_ms  BIGINT NOT NULL,
  PRIMARY KEY (report_id, hash)
);
CREATE INDEX report_revisions_hash ON report_revisions (hash);

CREATE TABLE sources (
  id          TEXT PRIMARY KEY,
  max_running BIGINT NOT NULL DEFAULT 2 CHECK (max_running > 0),
  paused      BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE schedules (
  id           TEXT PRIMARY KEY,
  report_id    TEXT NOT NULL,
  owner_id     TEXT NOT NULL,
  -- Kind and its settings, values, recipients.
  spec         TEXT NOT NULL DEFAULT '{}',
  zone         TEXT NOT NULL,
  catch_up     TEXT NOT NULL DEFAULT 'last' CHECK (catch_up IN ('skip', 'last', 'all')),
  overlap      TEXT NOT NULL DEFAULT 'skip' CHECK (overlap IN ('skip', 'queue', 'allow')),
  enabled      BOOLEAN NOT NULL DEFAULT TRUE,
  revision     BIGINT NOT NULL DEFAULT 0,
  next_fire_ms BIGINT,
  last_fire_ms BIGINT
);
CREATE INDEX schedules_due ON schedules (next_fire_ms) WHERE enabled AND next_fire_ms IS NOT NULL;

-- The queue and the history of runs: one row per run, whatever its state.
CREATE TABLE runs (
  id              TEXT PRIMARY KEY,
  report_id       TEXT NOT NULL,
  report_revision TEXT NOT NULL,
  -- The first source it reads; all of them stand in run_sources.
  source_id       TEXT NOT NULL REFERENCES sources (id),
  user_id         TEXT NOT NULL,
  title           TEXT NOT NULL,
  lang            TEXT NOT NULL CHECK (lang IN ('ko', 'en')),
  values_json     TEXT NOT NULL DEFAULT '{}',
  input_json      TEXT NOT NULL DEFAULT '{}',
  chips_json      TEXT NOT NULL DEFAULT '[]',
  schedule_id     TEXT,
  fire_ms         BIGINT,
  dedup_key       TEXT,
  retry_of        TEXT,
  state           TEXT NOT NULL DEFAULT 'queued'
                  CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  priority        BIGINT NOT NULL DEFAULT 0,
  memory_mb       BIGINT NOT NULL DEFAULT 256 CHECK (memory_mb >= 0),
  created_ms      BIGINT NOT NULL,
  not_before_ms   BIGINT NOT NULL,
  expires_ms      BIGINT,
  -- The fencing token: raised at every claim, never reset.
  attempt         BIGINT NOT NULL DEFAULT 0,
  fails           BIGINT NOT NULL DEFAULT 0,
  max_attempts    BIGINT NOT NULL DEFAULT 3 CHECK (max_attempts > 0),
  crashes         BIGINT NOT NULL DEFAULT 0,
  max_crashes     BIGINT NOT NULL DEFAULT 2 CHECK (max_crashes > 0),
  owner           TEXT,
  -- Counts up while the owner lives; take-over watches it stand still.
  heartbeat       BIGINT NOT NULL DEFAULT 0,
  heartbeat_ms    BIGINT,
  cancel_ms       BIGINT,
  cancel_by       TEXT,
  stage           TEXT,
  rows_done       BIGINT NOT NULL DEFAULT 0,
  rows_total      BIGINT,
  bytes_done      BIGINT NOT NULL DEFAULT 0,
  detail_json     TEXT,
  db_session      TEXT,
  started_ms      BIGINT,
  claimed_ms      BIGINT,
  finished_ms     BIGINT,
  error_code      TEXT,
  error_text      TEXT,
  error_chain     TEXT,
  CONSTRAINT running_has_an_owner CHECK ((state = 'running') = (owner IS NOT NULL)),
  CONSTRAINT finished_has_an_end
    CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_ms IS NOT NULL)),
  CONSTRAINT fired_by_a_schedule CHECK ((schedule_id IS NULL) = (fire_ms IS NULL))
);
CREATE INDEX runs_ready ON runs (priority DESC, created_ms, id) WHERE state = 'queued';
CREATE INDEX runs_running ON runs (source_id, user_id) WHERE state = 'running';
CREATE UNIQUE INDEX runs_dedup ON runs (dedup_key)
  WHERE dedup_key IS NOT NULL AND state IN ('queued', 'running');
CREATE UNIQUE INDEX runs_fire ON runs (schedule_id, fire_ms) WHERE schedule_id IS NOT NULL;
CREATE INDEX runs_newest ON runs (created_ms, id);
CREATE INDEX runs_of_user ON runs (user_id, created_ms, id);
CREATE INDEX runs_last_claim ON runs (user_id, claimed_ms);
CREATE INDEX runs_of_report ON runs (report_id, created_ms, id);

-- Every source a run reads; each counts against its own limit.
CREATE TABLE run_sources (
  run_id    TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  source_id TEXT NOT NULL REFERENCES sources (id),
  PRIMARY KEY (run_id, source_id)
);

-- What a finished run shows: previews, charts, totals. Apart from runs so that lists stay light.
CREATE TABLE run_outcomes (
  run_id       TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  rows         BIGINT NOT NULL,
  outcome_json TEXT NOT NULL,
  totals_json  TEXT NOT NULL DEFAULT '[]'
);

-- Written in the same transaction as each transition; never changed.
CREATE TABLE run_events (
  run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq     BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  at_ms   BIGINT NOT NULL,
  kind    TEXT NOT NULL,
  data    TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, seq)
);
CREATE UNIQUE INDEX run_events_one_end ON run_events (run_id)
  WHERE kind IN ('succeeded', 'failed', 'cancelled');

CREATE TABLE artifacts (
  run_id       TEXT NOT NULL REFERENCES runs (id),
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  storage_key  TEXT NOT NULL UNIQUE,
  bytes        BIGINT NOT NULL CHECK (bytes >= 0),
  sha256       TEXT NOT NULL,
  rows         BIGINT,
  created_ms   BIGINT NOT NULL,
  expires_ms   BIGINT,
  PRIMARY KEY (run_id, name)
);

CREATE TABLE outbox (
  id            TEXT PRIMARY KEY,
  run_id        TEXT NOT NULL REFERENCES runs (id),
  kind          TEXT NOT NULL,
  recipient     TEXT NOT NULL,
  message_id    TEXT NOT NULL UNIQUE,
  payload       TEXT NOT NULL,
  state         TEXT NOT NULL DEFAULT 'queued'
                CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unsure')),
  not_before_ms BIGINT NOT NULL,
  attempt       BIGINT NOT NULL DEFAULT 0,
  owner         TEXT,
  sent_ms       BIGINT,
  reply         TEXT,
  UNIQUE (run_id, kind, recipient),
  CONSTRAINT sending_has_an_owner CHECK ((state = 'sending') = (owner IS NOT NULL))
);
CREATE INDEX outbox_ready ON outbox (not_before_ms, id) WHERE state = 'queued';

-- One row that every claim bumps first, so that limits are counted serially.
CREATE TABLE claim_gate (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  n  BIGINT NOT NULL
);
INSERT INTO claim_gate (id, n) VALUES (1, 0);

CREATE TABLE audit (
  at_ms   BIGINT NOT NULL,
  actor   TEXT NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_newest ON audit (at_ms);
