//! Statements that go by the order of the queue, each composed of the same two pieces, so that what people are told
//! about their place is what the claim does: `load.sql` counts what runs now, and `turn.sql` puts candidates into the
//! order of fairness. Between them each statement says what its candidates are.

/// Takes the next run: worker, now, memory in MB, runs per user, milliseconds after which nobody passes.
pub const CLAIM: &str = concat!(
    include_str!("statements/load.sql"),
    include_str!("statements/claim_candidates.sql"),
    include_str!("statements/turn.sql"),
    include_str!("statements/claim.sql"),
);

/// The head of the queue, next first: how many.
pub const QUEUE: &str = concat!(
    include_str!("statements/load.sql"),
    "candidate AS (SELECT id FROM runs WHERE state = 'queued'),",
    include_str!("statements/turn.sql"),
    ",",
    include_str!("statements/queue.sql"),
);

/// What lists show of the runs somebody wants that have not finished, newest first: the person.
pub const OPEN_RUNS_OF: &str = concat!(
    include_str!("statements/summary.sql"),
    include_str!("statements/open_runs_of.sql"),
);

/// Where one queued run stands among those that share a source with it: the run.
pub const QUEUE_PLACE: &str = concat!(
    include_str!("statements/load.sql"),
    "candidate AS (
       SELECT r.id
         FROM runs r
        WHERE r.state = 'queued'
          AND EXISTS (
                SELECT 1
                  FROM run_sources mine
                  JOIN run_sources theirs ON theirs.source_id = mine.source_id
                 WHERE mine.run_id = $1 AND theirs.run_id = r.id)
     ),",
    include_str!("statements/turn.sql"),
    include_str!("statements/queue_place.sql"),
);
