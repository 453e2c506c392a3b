-- The database refuses to append for code that is older than it allows. It can run again:
-- `manage.py migrate` does so when a guard is missing.

-- As in 0056_clock, with that refusal. A process names its code by `application_name`: poolers pass
-- it on. `EN002` is read by `tracker.log.versions`. Code from before this migration names no number,
-- and takes the other error for a log that is busy: it answers 503.
CREATE OR REPLACE FUNCTION log_advance(n int, at timestamptz) RETURNS log_head
LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    ours CONSTANT timestamptz := clock_timestamp();
    code text;
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
    IF head.minimum_code > 0 THEN
        code := substring(current_setting('application_name') FROM '^entente (\d{1,9})(?:\D|$)');
        IF head.minimum_code > coalesce(code::int, 0) THEN
            RAISE EXCEPTION 'the log takes events of code % or newer', head.minimum_code
                USING ERRCODE = CASE WHEN code IS NULL THEN '55P03' ELSE 'EN002' END,
                      DETAIL = head.minimum_code,
                      HINT = 'Install the newer version.';
        END IF;
    END IF;
    RETURN head;
END $$;

-- As in 0056_clock.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION log_advance(int, timestamptz)'
                   ' SET search_path = pg_catalog, %I, pg_temp', current_schema());
    REVOKE EXECUTE ON FUNCTION log_advance(int, timestamptz) FROM PUBLIC;
END $$;

ALTER FUNCTION log_advance(int, timestamptz) SECURITY DEFINER;
