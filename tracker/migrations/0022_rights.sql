-- What writes the log runs with the owner's rights, so that the role of web and workers needs none
-- on the log beyond INSERT. It can run again.

-- Moves the head on by `n` and locks it until the end of the transaction; the caller then adds the
-- events. Without them the guard `log_head_with_event` refuses the commit.
CREATE OR REPLACE FUNCTION log_advance(n int, at timestamptz) RETURNS log_head
LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    head log_head;
BEGIN
    IF n < 1 THEN
        RAISE EXCEPTION 'the head moves on by at least one event' USING ERRCODE = '22023';
    END IF;
    UPDATE log_head AS h
    SET position = h.position + n,
        last_recorded_at = GREATEST(at, h.last_recorded_at + tick) + (n - 1) * tick
    RETURNING * INTO STRICT head;
    RETURN head;
END $$;

-- Deletes the words of one event. The guard `event_text_only_withheld` refuses it unless they are
-- withheld.
CREATE OR REPLACE FUNCTION log_delete_text(withheld bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM event_text WHERE position = withheld;
END $$;

-- With names looked up in the installation's schema only: nobody can put a temporary table in a
-- real one's place.
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname IN (
            'log_append', 'log_advance', 'log_settle', 'log_delete_text', 'log_refuse',
            'log_only_withheld', 'log_in_turn', 'log_head_forward', 'log_head_with_event')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp',
                       one, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$;

ALTER FUNCTION log_append(json, timestamptz, text) SECURITY DEFINER;
ALTER FUNCTION log_advance(int, timestamptz) SECURITY DEFINER;
ALTER FUNCTION log_settle(timestamptz) SECURITY DEFINER;
ALTER FUNCTION log_delete_text(bigint) SECURITY DEFINER;
