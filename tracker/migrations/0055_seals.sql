-- Guards of the seal. It can run again: `manage.py migrate` does so when a guard is missing.

-- A tile grows at its end, up to 256 hashes, and a nonce may be erased. Nothing else changes.
CREATE OR REPLACE FUNCTION seal_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_size int := octet_length(OLD.hashes);
    at int;
BEGIN
    IF (NEW.level, NEW.number) IS DISTINCT FROM (OLD.level, OLD.number)
       OR substr(NEW.hashes, 1, old_size) <> OLD.hashes THEN
        RAISE EXCEPTION 'tile %/% of the seal only grows', OLD.level, OLD.number
            USING ERRCODE = 'restrict_violation',
                  HINT = 'manage.py audit --all says whether the log is whole.';
    END IF;
    IF substr(NEW.nonces, 1, old_size) IS DISTINCT FROM OLD.nonces THEN
        FOR at IN 1..old_size BY 32 LOOP
            IF substr(NEW.nonces, at, 32) NOT IN
               (substr(OLD.nonces, at, 32), decode(repeat('00', 32), 'hex')) THEN
                RAISE EXCEPTION 'nonces of the seal can be erased, but not changed'
                    USING ERRCODE = 'restrict_violation';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION seal_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size THEN
        RAISE EXCEPTION 'the tree of the log only grows'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- Witnesses add their signatures to a checkpoint.
CREATE OR REPLACE FUNCTION seal_checkpoint_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.size, NEW.key, NEW.signed_at) IS DISTINCT FROM (OLD.size, OLD.key, OLD.signed_at)
       OR NOT starts_with(NEW.note, OLD.note) THEN
        RAISE EXCEPTION 'the checkpoint of size % is signed and cannot change', OLD.size
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
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I'
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
