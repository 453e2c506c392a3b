-- Gives the log another incarnation: tags and cursors of the one before are no longer valid.
CREATE FUNCTION log_new_incarnation(given uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE log_head SET incarnation = given WHERE id = 1;
END $$;

DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION log_new_incarnation(uuid) SET search_path = pg_catalog, %I,'
                   ' pg_temp', current_schema());
END $$;

REVOKE EXECUTE ON FUNCTION log_new_incarnation(uuid) FROM PUBLIC;
ALTER FUNCTION log_new_incarnation(uuid) SECURITY DEFINER;
