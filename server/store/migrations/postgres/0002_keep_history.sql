-- History is what people rely on: the database itself refuses to rewrite it.

CREATE FUNCTION refuse_rewriting() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER runs_finished_is_final BEFORE UPDATE ON runs
FOR EACH ROW WHEN (OLD.finished_ms IS NOT NULL)
EXECUTE FUNCTION refuse_rewriting('a finished run never changes');

CREATE TRIGGER runs_attempt_only_rises BEFORE UPDATE ON runs
FOR EACH ROW WHEN (NEW.attempt < OLD.attempt)
EXECUTE FUNCTION refuse_rewriting('an attempt never goes back');

CREATE TRIGGER run_events_never_change BEFORE UPDATE ON run_events
FOR EACH ROW
EXECUTE FUNCTION refuse_rewriting('an event never changes');

-- Texts compare by their bytes, as on SQLite and whatever the language of the server: the same
-- order everywhere, and no index that goes bad when the operating system changes its alphabet.
DO $$
DECLARE
  named RECORD;
BEGIN
  FOR named IN
    SELECT c.table_name, c.column_name
      FROM information_schema.columns c
      JOIN information_schema.tables t
        ON t.table_schema = c.table_schema AND t.table_name = c.table_name
     WHERE c.table_schema = CURRENT_SCHEMA AND t.table_type = 'BASE TABLE'
       AND c.data_type = 'text' AND c.collation_name IS DISTINCT FROM 'C'
       AND c.table_name IN (
             'people', 'groups', 'person_groups', 'invites', 'sessions', 'rate_counters',
             'report_revisions', 'sources', 'schedules', 'runs', 'run_sources', 'run_outcomes',
             'run_events', 'artifacts', 'outbox', 'audit')
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE TEXT COLLATE "C"',
                   named.table_name, named.column_name);
  END LOOP;
END;
$$;
