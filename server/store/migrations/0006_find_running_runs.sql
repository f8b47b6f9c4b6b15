-- What runs is counted per user and per source at every claim, and for every waiting run somebody watches. Without an
-- index in the order of users SQLite walks the whole history in the order of `runs_last_claim`; without the ids in it, it
-- makes an index of its own for the sources, out of the whole history, at every claim.
CREATE INDEX runs_running_of_user ON runs (user_id, id) WHERE state = 'running';
