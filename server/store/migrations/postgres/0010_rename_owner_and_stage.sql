-- One word per idea: a run's owners are people, so what executes it is its worker; stages are Parquet files, so what a
-- run is doing is a step. Processes of an earlier version know the old names only: each of their statements fails
-- whole from here on, they change nothing any more, and whoever watches takes over what they had.
ALTER TABLE runs RENAME COLUMN worker TO last_worker;
ALTER TABLE runs RENAME COLUMN owner TO worker;
ALTER TABLE runs RENAME COLUMN stage TO step;
ALTER TABLE outbox RENAME COLUMN owner TO worker;
-- SQLite cannot rename a constraint; its message never leaves the log.
ALTER TABLE runs RENAME CONSTRAINT running_has_an_owner TO running_has_a_worker;
ALTER TABLE outbox RENAME CONSTRAINT sending_has_an_owner TO sending_has_a_worker;
