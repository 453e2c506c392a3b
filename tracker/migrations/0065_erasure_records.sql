-- As in 0062_erasures, but a record of an erasure that has another leaf hash, or none, does not stand
-- in the way of the right one. It can run again: `manage.py migrate` does so when a guard is missing.

-- Whether the erasure of an event is on record, with the leaf hash that it then has; null for any.
CREATE OR REPLACE FUNCTION log_has_erasure(erased bigint, of_stream uuid, of_kind text, leaf bytea)
RETURNS boolean LANGUAGE sql STABLE AS $$
    -- As texts: whoever may add events may add one without a number or a hash.
    SELECT EXISTS (
        SELECT FROM event AS b WHERE b.stream = of_stream AND b.kind = 'BodyErased'
        AND b.body::json ->> 'position' = erased::text
        AND (leaf IS NULL OR b.body::json ->> 'leaf_hash' = encode(leaf, 'hex'))
        AND of_kind IN ('ClaimAsserted', 'ClaimCorrected', 'ClaimRetracted', 'ClaimReinstated',
                        'CitationAdded', 'VerdictGiven', 'ClaimReviewed', 'ForecastResolved'))
$$;

CREATE OR REPLACE FUNCTION log_event_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.position, NEW.stream, NEW.version, NEW.kind, NEW.schema, NEW.recorded_at,
        NEW.recorded_by, NEW.text_sha256)
       IS DISTINCT FROM (OLD.position, OLD.stream, OLD.version, OLD.kind, OLD.schema,
                         OLD.recorded_at, OLD.recorded_by, OLD.text_sha256)
       OR NEW.body <> 'null'
       OR NOT log_has_erasure(OLD.position, OLD.stream, OLD.kind, NEW.leaf_hash)
       OR EXISTS (SELECT FROM event_text WHERE position = OLD.position) THEN
        RAISE EXCEPTION 'the log is append-only: event % may change only by its erasure',
            OLD.position
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Correct or retract the claim instead: that appends an event.';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION log_run_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    leaves CONSTANT bytea := OLD.leaves || ''::bytea;
    leaves_then CONSTANT bytea := NEW.leaves || ''::bytea;
    cut int;
BEGIN
    SELECT min(i) INTO cut FROM generate_series(0, octet_length(leaves) / 32 - 1) AS i
    WHERE substr(leaves, 32 * i + 1, 32) <> substr(leaves_then, 32 * i + 1, 32);
    IF cut IS NULL
       OR (NEW.first, NEW.last, NEW.run, NEW.recorded_at, NEW.recorded_by, NEW.kinds, NEW.schemas)
          IS DISTINCT FROM (OLD.first, OLD.last, OLD.run, OLD.recorded_at, OLD.recorded_by,
                            OLD.kinds, OLD.schemas)
       OR leaves_then <> overlay(leaves PLACING substr(leaves_then, 32 * cut + 1, 32)
                                 FROM 32 * cut + 1)
       OR NOT EXISTS (
            SELECT FROM event_place AS p WHERE p.run = OLD.run AND p.row = cut
            AND log_has_erasure(OLD.first + cut, p.stream, OLD.kinds[p.kind + 1],
                                substr(leaves_then, 32 * cut + 1, 32))) THEN
        RAISE EXCEPTION 'the log is append-only: run % may change only by an erasure', OLD.run
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION log_run_body_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- In memory, or each slice would be read from disk.
    heads CONSTANT bytea := OLD.heads || ''::bytea;
    heads_then CONSTANT bytea := NEW.heads || ''::bytea;
    cut int;
BEGIN
    SELECT min(i) INTO cut FROM generate_series(0, octet_length(heads) / 57 - 1) AS i
    WHERE substr(heads, 57 * i + 1, 57) <> substr(heads_then, 57 * i + 1, 57);
    IF cut IS NULL OR NEW.run <> OLD.run OR heads_then <> run_heads_without(heads, cut)
       OR NEW.bodies <> substr(OLD.bodies, 1, run_int(heads, 57 * cut - 36)) || 'null'::bytea
                        || substr(OLD.bodies, run_int(heads, 57 * cut + 21) + 1)
       OR NOT EXISTS (
            SELECT FROM event_run AS r JOIN event_place AS p USING (run)
            JOIN event_run_text AS t USING (run)
            WHERE r.run = OLD.run AND p.row = cut
            AND run_int(t.ends, 4 * cut) = run_int(t.ends, 4 * cut - 4)
            AND log_has_erasure(r.first + cut, p.stream, r.kinds[p.kind + 1], NULL)) THEN
        RAISE EXCEPTION 'the log is append-only: run % may change only by an erasure', OLD.run
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

DROP FUNCTION IF EXISTS log_erased_leaf(bigint, uuid, text);

-- With names looked up in the installation's schema only.
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname IN (
            'log_has_erasure', 'log_event_only_erased', 'log_run_only_erased',
            'log_run_body_only_erased')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp',
                       one, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$;
