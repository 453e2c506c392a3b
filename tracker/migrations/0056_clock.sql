-- Events are dated by the database's clock. It can run again: `manage.py migrate` does so when a
-- guard is missing.

-- As in 0023_words_and_times, but a time more than two seconds ahead of the database's clock is
-- refused, and no other is later than that clock. Only after events that are ahead of it do times
-- go on from the last one, a microsecond each. `EN001` is read by `tracker.log.versions`.
CREATE OR REPLACE FUNCTION log_advance(n int, at timestamptz) RETURNS log_head
LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    ours CONSTANT timestamptz := clock_timestamp();
    head log_head;
BEGIN
    IF n < 1 THEN
        RAISE EXCEPTION 'the head moves on by at least one event' USING ERRCODE = '22023';
    END IF;
    IF at > ours + interval '2 seconds' THEN
        RAISE EXCEPTION 'an event of % is more than 2 s ahead of the database''s clock', at
            USING ERRCODE = 'EN001',
                  DETAIL = LEAST(extract(epoch FROM at) - extract(epoch FROM ours), 1e10)::bigint,
                  HINT = 'Set the clocks of this host and of the database''s host.';
    END IF;
    UPDATE log_head AS h
    SET position = h.position + n,
        last_recorded_at = GREATEST(LEAST(at + (n - 1) * tick, ours),
                                    h.last_recorded_at + n * tick)
    RETURNING * INTO STRICT head;
    RETURN head;
END $$;

-- As in 0023_words_and_times.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION log_advance(int, timestamptz)'
                   ' SET search_path = pg_catalog, %I, pg_temp', current_schema());
    REVOKE EXECUTE ON FUNCTION log_advance(int, timestamptz) FROM PUBLIC;
END $$;

ALTER FUNCTION log_advance(int, timestamptz) SECURITY DEFINER;
