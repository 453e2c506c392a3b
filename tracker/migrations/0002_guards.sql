-- The promises that the database keeps, for every role and also as a replica (ENABLE ALWAYS).
-- It can run again: `manage.py migrate` does so when a guard is missing.

CREATE OR REPLACE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Correct or retract the claim instead: that appends an event.';
END $$;

CREATE OR REPLACE FUNCTION log_only_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The stream's few events are found by their key; the log may have millions.
    IF NOT EXISTS (SELECT FROM event AS e JOIN event AS w USING (stream)
                   WHERE e.position = OLD.position AND w.kind = 'TextWithheld'
                   AND (w.body::json ->> 'position')::bigint = OLD.position) THEN
        RAISE EXCEPTION 'the words of event % may be deleted only once they are withheld',
            OLD.position
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Withhold the text with a reason and an authority.';
    END IF;
    RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION log_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What is added ends at the head and follows the event before it, in place and in time.
    -- (By its id, or a new database takes the head for many rows and reads the log for each.)
    IF EXISTS (SELECT FROM (SELECT max(position) AS last, min(position) AS first, count(*) AS n,
                                   min(recorded_at) AS since FROM added) AS a
               JOIN log_head AS h ON h.id = 1 LEFT JOIN event AS p ON p.position = a.first - 1
               WHERE a.n > 0 AND (a.last <> h.position OR a.last - a.first + 1 <> a.n
                                  OR (p.recorded_at < a.since) IS NOT TRUE AND a.first <> 1)) THEN
        RAISE EXCEPTION 'events are added at the head of the log, without holes'
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it moves the head and numbers the events.';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION log_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.id <> OLD.id OR NEW.position < OLD.position
       OR NEW.last_recorded_at < OLD.last_recorded_at THEN
        RAISE EXCEPTION 'the head of the log only moves forward'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION log_head_with_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position > 0 AND NOT EXISTS (SELECT FROM event WHERE position = NEW.position) THEN
        RAISE EXCEPTION 'the head of the log says %, but no event is there', NEW.position
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it moves the head with its events.';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_in_turn AFTER INSERT ON event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION log_in_turn();
CREATE OR REPLACE TRIGGER event_text_append_only BEFORE UPDATE OR TRUNCATE ON event_text
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_text_only_withheld BEFORE DELETE ON event_text
    FOR EACH ROW EXECUTE FUNCTION log_only_withheld();
CREATE OR REPLACE TRIGGER log_head_kept BEFORE DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER log_head_forward BEFORE UPDATE ON log_head
    FOR EACH ROW EXECUTE FUNCTION log_head_forward();
-- Deferred, since the head moves before its events are there.
DROP TRIGGER IF EXISTS log_head_with_event ON log_head;
CREATE CONSTRAINT TRIGGER log_head_with_event AFTER INSERT OR UPDATE ON log_head
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_head_with_event();

ALTER TABLE event ENABLE ALWAYS TRIGGER event_append_only;
ALTER TABLE event ENABLE ALWAYS TRIGGER event_in_turn;
ALTER TABLE event_text ENABLE ALWAYS TRIGGER event_text_append_only;
ALTER TABLE event_text ENABLE ALWAYS TRIGGER event_text_only_withheld;
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_kept;
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_forward;
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_with_event;

INSERT INTO log_head (id, log_id, position, last_recorded_at)
    VALUES (1, gen_random_uuid(), 0, 'epoch') ON CONFLICT DO NOTHING;

-- With names looked up in the installation's schema only: no temporary table can take a real one's
-- place.
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname IN (
            'log_refuse', 'log_only_withheld', 'log_in_turn', 'log_head_forward',
            'log_head_with_event')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp',
                       one, current_schema());
    END LOOP;
END $$;
