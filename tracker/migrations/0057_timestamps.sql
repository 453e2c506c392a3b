-- Guards of the timestamps. It can run again: `manage.py migrate` does so when a guard is missing.

-- A timestamp is added to a checkpoint that was signed. Nothing else changes.
CREATE OR REPLACE FUNCTION seal_timestamp_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'timestamps of the log are kept: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM seal_checkpoint WHERE size = NEW.size) THEN
        RAISE EXCEPTION 'there is no checkpoint of size %', NEW.size
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER seal_timestamp_kept
    BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_timestamp
    FOR EACH STATEMENT EXECUTE FUNCTION seal_timestamp_added();
CREATE OR REPLACE TRIGGER seal_timestamp_added BEFORE INSERT ON seal_timestamp
    FOR EACH ROW EXECUTE FUNCTION seal_timestamp_added();
ALTER TABLE seal_timestamp ENABLE ALWAYS TRIGGER seal_timestamp_kept;
ALTER TABLE seal_timestamp ENABLE ALWAYS TRIGGER seal_timestamp_added;

-- With names looked up in the installation's schema only.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION seal_timestamp_added()'
                   ' SET search_path = pg_catalog, %I, pg_temp', current_schema());
    REVOKE EXECUTE ON FUNCTION seal_timestamp_added() FROM PUBLIC;
END $$;
