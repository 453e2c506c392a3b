-- The seal: guards of the tree of the log, its checkpoints, and their timestamps.

-- A tile grows at its end, up to 256 hashes, each of level 0 with its nonce. The nonce of an erased
-- event becomes zero. Nothing else changes.
CREATE OR REPLACE FUNCTION seal_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    size int := octet_length(NEW.hashes);
BEGIN
    IF size NOT BETWEEN 32 AND 8192 OR size % 32 <> 0
       OR octet_length(NEW.nonces) IS DISTINCT FROM (CASE NEW.level WHEN 0 THEN size END)
       OR TG_OP = 'UPDATE' AND (
           (NEW.level, NEW.number) IS DISTINCT FROM (OLD.level, OLD.number)
           OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes
           OR substr(NEW.nonces, 1, octet_length(OLD.nonces)) <> OLD.nonces AND EXISTS (
               SELECT FROM generate_series(0, octet_length(OLD.nonces) / 32 - 1) AS i, LATERAL (
                   SELECT substr(NEW.nonces, 32 * i + 1, 32) AS nonce) AS now
               WHERE nonce <> substr(OLD.nonces, 32 * i + 1, 32)
               AND (nonce <> decode(repeat('00', 32), 'hex')
                    OR NOT log_is_erased(256 * NEW.number + i + 1)))) THEN
        RAISE EXCEPTION 'tile %/% of the seal only grows', NEW.level, NEW.number
            USING ERRCODE = 'restrict_violation',
                  HINT = 'manage.py audit --all says whether the log is whole.';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION seal_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only of a changed size: the alarm that the tree goes beyond the end of the log is kept here.
    IF NEW.size <> OLD.size AND (
        NEW.size < OLD.size OR NEW.size > (SELECT position FROM log_head WHERE id = 1)) THEN
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

CREATE OR REPLACE TRIGGER seal_tile_kept BEFORE DELETE OR TRUNCATE ON seal_tile
    FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse();
CREATE OR REPLACE TRIGGER seal_tile_grows BEFORE INSERT OR UPDATE ON seal_tile
    FOR EACH ROW EXECUTE FUNCTION seal_tile_grows();
CREATE OR REPLACE TRIGGER seal_head_kept BEFORE DELETE OR TRUNCATE ON seal_head
    FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse();
CREATE OR REPLACE TRIGGER seal_head_grows BEFORE INSERT OR UPDATE ON seal_head
    FOR EACH ROW EXECUTE FUNCTION seal_head_grows();
CREATE OR REPLACE TRIGGER seal_checkpoint_kept BEFORE DELETE OR TRUNCATE ON seal_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse();
CREATE OR REPLACE TRIGGER seal_checkpoint_grows BEFORE INSERT OR UPDATE ON seal_checkpoint
    FOR EACH ROW EXECUTE FUNCTION seal_checkpoint_grows();
CREATE OR REPLACE TRIGGER seal_timestamp_kept
    BEFORE DELETE OR UPDATE OR TRUNCATE ON seal_timestamp
    FOR EACH STATEMENT EXECUTE FUNCTION seal_timestamp_added();
CREATE OR REPLACE TRIGGER seal_timestamp_added BEFORE INSERT ON seal_timestamp
    FOR EACH ROW EXECUTE FUNCTION seal_timestamp_added();
