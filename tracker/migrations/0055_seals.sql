-- Guards of the seal. It can run again: `manage.py migrate` does so when a guard is missing.

-- A tile grows at its end, up to 256 hashes, each of level 0 with its nonce. Nothing else changes.
CREATE OR REPLACE FUNCTION seal_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    size int := octet_length(NEW.hashes);
BEGIN
    IF size NOT BETWEEN 32 AND 8192 OR size % 32 <> 0
       OR octet_length(NEW.nonces) IS DISTINCT FROM (CASE NEW.level WHEN 0 THEN size END)
       OR TG_OP = 'UPDATE' AND (
           (NEW.level, NEW.number) IS DISTINCT FROM (OLD.level, OLD.number)
           OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes
           OR substr(NEW.nonces, 1, octet_length(OLD.nonces)) <> OLD.nonces) THEN
        RAISE EXCEPTION 'tile %/% of the seal only grows', NEW.level, NEW.number
            USING ERRCODE = 'restrict_violation',
                  HINT = 'manage.py audit --all says whether the log is whole.';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION seal_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size OR NEW.size > (SELECT position FROM log_head WHERE id = 1) THEN
        RAISE EXCEPTION 'the tree of the log only grows, up to the end of the log'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- Witnesses add their signatures to a checkpoint.
CREATE OR REPLACE FUNCTION seal_checkpoint_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size > (SELECT size FROM seal_head WHERE id = 1)
       OR TG_OP = 'UPDATE' AND (
           (NEW.size, NEW.key, NEW.signed_at) IS DISTINCT FROM (OLD.size, OLD.key, OLD.signed_at)
           OR NOT starts_with(NEW.note, OLD.note)) THEN
        RAISE EXCEPTION 'the checkpoint of size % is signed and cannot change', NEW.size
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION seal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the seal of the log is kept: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE
    one text;
    own regprocedure;
BEGIN
    FOREACH one IN ARRAY ARRAY['seal_tile', 'seal_head', 'seal_checkpoint'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', one || '_kept', one);
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse()', one || '_kept', one);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', one, one || '_kept');
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', one || '_grows', one);
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION %I()', one || '_grows', one, one || '_grows');
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', one, one || '_grows');
    END LOOP;
    FOR own IN
        SELECT p.oid FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
        AND p.proname IN ('seal_tile_grows', 'seal_head_grows', 'seal_checkpoint_grows',
                          'seal_refuse')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp',
                       own, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', own);
    END LOOP;
END $$;
