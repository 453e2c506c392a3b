-- The append of a claim, with typed columns: one call whose statements are planned once.

-- Fails unless all records are there, each with its noun; and each document with a day in `since` is
-- dated on it or later, or not at all. A date that is no plain day, month or year counts as missing
-- here, and the caller compares the dates.
CREATE OR REPLACE FUNCTION standing_require(ids uuid[], nouns text[], since text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- The date is read of documents with a day only.
    IF (SELECT count(*) FROM standing_record AS r
        WHERE r.id = ANY (ids) AND r.noun = nouns[array_position(ids, r.id)]
        AND (since[array_position(ids, r.id)] IS NULL
             OR coalesce(r.state #>> '{document,date}', '') = ''
             OR r.state #>> '{document,date}' ~ '^\d{4}(-\d{2}){0,2}$'
             AND r.state #>> '{document,date}' >= left(since[array_position(ids, r.id)],
                                                       length(r.state #>> '{document,date}')))
       ) <> cardinality(ids) THEN
        RAISE EXCEPTION 'a record that is referred to is not on record'
            USING ERRCODE = 'foreign_key_violation', HINT = 'Describe it first.';
    END IF;
END $$;

-- Appends the first event of a claim with the rows that must be there at commit, after the check of
-- `standing_require`. From `stream` to `state`: the columns of the row of `standing_claim`. (Not its
-- type: a rebuild drops the table.) `shown`: the public may see the claim. `salt` and `words` are
-- null if it has no words. `unflushed` is that of `log_append_in_turn`.
CREATE OR REPLACE FUNCTION log_append_claim(
    ids uuid[], nouns text[], since text[],
    stream uuid, version int, status text, collection uuid, claim_kind text, code text,
    earliest date, latest date, actors uuid[], documents uuid[], sources uuid[], state jsonb,
    shown boolean, kind text, schema smallint, body text, salt bytea, words text,
    at timestamptz, by text
) RETURNS TABLE ("position" bigint, recorded_at timestamptz, leaf_hash bytea, unflushed boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    waits boolean;
    head log_head;
    text_sha256 CONSTANT bytea := sha256(salt || convert_to(words, 'UTF8'));
    leaf bytea;
BEGIN
    PERFORM standing_require(ids, nouns, since);
    INSERT INTO standing_claim (id, version, status, collection, kind, code, earliest, latest,
                                actors, documents, sources, state)
    VALUES (stream, version, status, collection, claim_kind, code, earliest, latest,
            actors, documents, sources, state);
    IF shown THEN
        INSERT INTO disclosed (claim, known_from) VALUES (stream, 0);
    END IF;
    waits := NOT pg_try_advisory_xact_lock(20262, 0);
    IF waits THEN
        PERFORM pg_advisory_xact_lock(20262, 0);
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    head := log_advance(1, at);
    -- As in `log_append`.
    leaf := sha256('\x00' || convert_to(concat(
        '["', head.log_id, '",', head.position, ',"', stream, '",', version, ',',
        to_json(kind), ',', schema, ',',
        (extract(epoch FROM head.last_recorded_at) * 1000000)::bigint, ',', to_json(by), ',"',
        encode(sha256(convert_to(body, 'UTF8')), 'hex'), '","', encode(text_sha256, 'hex'), '"]'),
        'UTF8'));
    INSERT INTO event AS e (position, stream, version, kind, schema, recorded_at, recorded_by, body,
                            text_sha256, leaf_hash)
    VALUES (head.position, stream, version, kind, schema, head.last_recorded_at, by, body,
            text_sha256, leaf);
    IF words IS NOT NULL THEN
        INSERT INTO event_text AS t (position, salt, text) VALUES (head.position, salt, words);
    END IF;
    RETURN QUERY SELECT head.position, head.last_recorded_at, leaf, waits;
END $$;
