-- How functions and guards of the log run. It comes after the files that make them.

DO $$
DECLARE
    one record;
BEGIN
    -- Nobody but the owner, and those to whom it is granted, may call them. Names are looked up in
    -- the installation's schema only: no temporary table can take a real one's place. (Not in the
    -- two that run with their caller's rights and are called for every claim.)
    FOR one IN
        SELECT p.oid::regprocedure AS name,
               p.proname IN ('log_append_in_turn', 'log_append_claim') AS plain FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname ~ '^(log|seal)_'
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one.name);
        CONTINUE WHEN one.plain;
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp',
                       one.name, current_schema());
    END LOOP;
    -- For every role, and also as a replica.
    FOR one IN
        SELECT t.tgname AS guard, t.tgrelid::regclass AS guarded
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname ~ '^(log|seal)_'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', one.guarded, one.guard);
    END LOOP;
END $$;

-- What writes the log runs with the owner's rights, so that the role of web and workers needs none
-- on the log beyond INSERT.
ALTER FUNCTION log_append(json, timestamptz, text) SECURITY DEFINER;
ALTER FUNCTION log_advance(int, timestamptz) SECURITY DEFINER;
ALTER FUNCTION log_settle(timestamptz) SECURITY DEFINER;
ALTER FUNCTION log_delete_text(bigint) SECURITY DEFINER;
ALTER FUNCTION log_new_incarnation(uuid) SECURITY DEFINER;
-- It locks the head, which needs more than web and workers may.
ALTER FUNCTION log_words_as_recorded() SECURITY DEFINER;

-- Plans are kept from when the log was small, and must look up events by their key also when it has
-- millions.
ALTER FUNCTION log_words_as_recorded() SET enable_seqscan = off;
ALTER FUNCTION log_in_turn() SET enable_seqscan = off;
ALTER FUNCTION log_run_in_turn() SET enable_seqscan = off;
