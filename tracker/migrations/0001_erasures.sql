-- Erasure: the body of an event of a claim is replaced by `null`, its leaf hash by that of the leaf
-- with this body, and its nonce by zeros, once a `BodyErased` is on record that says so. Nothing
-- else of an event changes.

-- Whether the erasure of an event is on record, with the leaf hash that it then has; null for any. A
-- record with another leaf hash, or none, does not stand in the way of the right one.
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

-- Whether the body of an event is erased.
CREATE OR REPLACE FUNCTION log_is_erased(erased bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM event WHERE position = erased AND body = 'null') OR EXISTS (
        SELECT FROM (SELECT * FROM event_run WHERE first <= erased ORDER BY first DESC LIMIT 1) AS r
        JOIN event_run_body AS b USING (run)
        CROSS JOIN LATERAL (SELECT 57 * (erased - r.first)::int AS own) AS entry
        CROSS JOIN LATERAL (SELECT run_int(b.heads, own - 36) AS start,
                                   run_int(b.heads, own + 21) AS finish) AS place
        WHERE r.last >= erased AND substr(b.bodies, start + 1, finish - start) = 'null'::bytea)
$$;

-- The heads of a run once the body of one event, from 0 on, is `null`.
CREATE OR REPLACE FUNCTION run_heads_without(heads bytea, cut int) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT substr(heads, 1, 57 * cut) || (
        SELECT string_agg(substr(heads, 57 * i + 1, 21)
                          || int4send(run_int(heads, 57 * i + 21) + 4
                                      - (run_int(heads, 57 * cut + 21)
                                         - run_int(heads, 57 * cut - 36)))
                          || substr(heads, 57 * i + 26, 32), ''::bytea ORDER BY i)
        FROM generate_series(cut, octet_length(heads) / 57 - 1) AS i)
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

-- Erases the body and the nonce of an event. The guards refuse it unless this is on record.
CREATE OR REPLACE FUNCTION log_erase_body(erased bigint, leaf bytea) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    cut int;
    run_of_it bigint;
    slot CONSTANT int := (erased - 1) % 256;
BEGIN
    -- A sealer at work would write back the nonces that it has read.
    PERFORM FROM seal_head WHERE id = 1 FOR UPDATE;
    UPDATE event SET body = 'null', leaf_hash = leaf WHERE position = erased;
    IF NOT FOUND THEN
        SELECT run, (erased - first)::int INTO run_of_it, cut
        FROM event_run WHERE first <= erased AND last >= erased ORDER BY first DESC LIMIT 1;
        UPDATE event_run_body AS b
        SET heads = run_heads_without(own.heads, cut),
            bodies = substr(b.bodies, 1, run_int(own.heads, 57 * cut - 36)) || 'null'::bytea
                     || substr(b.bodies, run_int(own.heads, 57 * cut + 21) + 1)
        FROM (SELECT o.heads || ''::bytea AS heads FROM event_run_body AS o
              WHERE o.run = run_of_it) AS own
        WHERE b.run = run_of_it;
        UPDATE event_run SET leaves = overlay(leaves PLACING leaf FROM 32 * cut + 1)
        WHERE run = run_of_it;
    END IF;
    UPDATE seal_tile
    SET nonces = overlay(nonces PLACING decode(repeat('00', 32), 'hex') FROM 32 * slot + 1)
    WHERE level = 0 AND number = (erased - 1) / 256 AND octet_length(nonces) > 32 * slot;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'event % is not sealed', erased USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE OR REPLACE TRIGGER event_only_erased BEFORE UPDATE ON event
    FOR EACH ROW EXECUTE FUNCTION log_event_only_erased();
CREATE OR REPLACE TRIGGER event_run_only_erased BEFORE UPDATE ON event_run
    FOR EACH ROW EXECUTE FUNCTION log_run_only_erased();
CREATE OR REPLACE TRIGGER event_run_body_only_erased BEFORE UPDATE ON event_run_body
    FOR EACH ROW EXECUTE FUNCTION log_run_body_only_erased();
