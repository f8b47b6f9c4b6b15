-- History is what people rely on: the database itself refuses to rewrite it.

CREATE TRIGGER runs_finished_is_final BEFORE UPDATE ON runs
WHEN OLD.finished_ms IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a finished run never changes');
END;

CREATE TRIGGER runs_attempt_only_rises BEFORE UPDATE ON runs
WHEN NEW.attempt < OLD.attempt
BEGIN
  SELECT RAISE(ABORT, 'an attempt never goes back');
END;

CREATE TRIGGER run_events_never_change BEFORE UPDATE ON run_events
BEGIN
  SELECT RAISE(ABORT, 'an event never changes');
END;
