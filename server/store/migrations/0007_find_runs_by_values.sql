-- A finished run is compared with the one before it, which has certain values or was never made. Without this index all
-- runs of the report are looked through to find none. Values may be long, and PostgreSQL's indexes hold no long ones.
CREATE INDEX runs_of_values ON runs (report_id, substr(values_json, 1, 200), created_ms, id) WHERE state = 'succeeded';
