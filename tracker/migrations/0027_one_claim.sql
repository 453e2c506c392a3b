-- Appends of one transaction: they wait in a line of their own, and one that had to wait commits
-- without a flush to disk. Its writer flushes afterwards, so that the next one need not wait for
-- the disk.

-- As `log_append`. `unflushed`: the commit will not wait for the disk, and the caller must flush.
-- The last statement of its transaction.
CREATE FUNCTION log_append_in_turn(drafts json, at timestamptz, by text)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, leaf_hash bytea, unflushed boolean)
LANGUAGE plpgsql AS $$
DECLARE
    waits CONSTANT boolean := NOT pg_try_advisory_xact_lock(20262, 0);
BEGIN
    IF waits THEN
        PERFORM pg_advisory_xact_lock(20262, 0);
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    RETURN QUERY SELECT a.*, waits FROM log_append(drafts, at, by) AS a;
END $$;

-- Appends events of new streams with the rows that must be there at commit: one call, whose
-- statements are planned once. `required` is the argument of `standing_require`; `claims`, `records`
-- and `links` are rows of the standing tables; `shown` are claims that the public may see. Each may
-- be null.
CREATE FUNCTION log_append_new(required json, claims json, records json, links json, shown uuid[],
                               drafts json, at timestamptz, by text)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, leaf_hash bytea, unflushed boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    IF required IS NOT NULL THEN
        PERFORM standing_require(required);
    END IF;
    IF claims IS NOT NULL THEN
        INSERT INTO standing_claim
            SELECT * FROM json_populate_recordset(NULL::standing_claim, claims);
    END IF;
    IF records IS NOT NULL THEN
        INSERT INTO standing_record
            SELECT * FROM json_populate_recordset(NULL::standing_record, records);
    END IF;
    IF links IS NOT NULL THEN
        INSERT INTO standing_link
            SELECT * FROM json_populate_recordset(NULL::standing_link, links);
    END IF;
    IF shown IS NOT NULL THEN
        INSERT INTO disclosed (claim, known_from) SELECT id, 0 FROM unnest(shown) AS new (id);
    END IF;
    RETURN QUERY SELECT * FROM log_append_in_turn(drafts, at, by);
END $$;

DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
        AND p.proname IN ('log_append_in_turn', 'log_append_new')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$;

-- As in 0004_standing_require. A document may have a day `since` which it must be dated: one of an
-- earlier date, or of one that is no plain day, month or year, counts as missing here, and the
-- caller compares the dates.
CREATE OR REPLACE FUNCTION standing_require(wanted json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
    nouns text[];
    days text[];
BEGIN
    SELECT array_agg(id), array_agg(noun), array_agg(since) INTO ids, nouns, days
    FROM json_to_recordset(wanted) AS w (id uuid, noun text, since text);
    IF (SELECT count(*) FROM standing_record AS r, array_position(ids, r.id) AS place,
               concat(r.state #>> '{document,date}') AS dated
        WHERE r.id = ANY (ids) AND r.noun = nouns[place]
        AND (days[place] IS NULL OR dated = '' OR dated ~ '^\d{4}(-\d{2}){0,2}$'
             AND dated >= left(days[place], length(dated)))) <> cardinality(ids) THEN
        RAISE EXCEPTION 'a record that is referred to is not on record'
            USING ERRCODE = 'foreign_key_violation', HINT = 'Describe it first.';
    END IF;
END $$;
