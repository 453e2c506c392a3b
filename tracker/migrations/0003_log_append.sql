-- One call appends a transaction's events: it locks the head last and for as short as can be.

-- `drafts` is an array of {stream, version, kind, schema, body, words?, salt?}; body and words are
-- canonical JSON as text, the salt is hexadecimal. Each draft gets the next position, and a time
-- that is later than the one before it, whatever the clock says. `leaf_hash` is the RFC 6962 leaf
-- over the columns as RFC 8785 JSON.
CREATE FUNCTION log_append(drafts json, at timestamptz, by text)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, leaf_hash bytea)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    tick CONSTANT interval := '1 microsecond';
    n CONSTANT int := json_array_length(drafts);
    head log_head;
BEGIN
    UPDATE log_head AS h
    SET position = h.position + n,
        last_recorded_at = GREATEST(at, h.last_recorded_at + tick) + (n - 1) * tick
    RETURNING * INTO STRICT head;
    RETURN QUERY
    WITH numbered AS (
        SELECT head.position - n + d.i AS position, d.stream, d.version, d.kind, d.schema,
               head.last_recorded_at - (n - d.i) * tick AS recorded_at, d.body,
               decode(d.salt, 'hex') AS salt, d.words
        FROM ROWS FROM (json_to_recordset(drafts) AS (
            stream uuid, version int, kind text, schema smallint, body text, salt text, words text
        )) WITH ORDINALITY AS d (stream, version, kind, schema, body, salt, words, i)
    ), bound AS (
        SELECT *, sha256(salt || convert_to(words, 'UTF8')) AS text_sha256 FROM numbered
    ), spoken AS (
        INSERT INTO event_text (position, salt, text)
        SELECT position, salt, words FROM bound WHERE words IS NOT NULL
    )
    INSERT INTO event AS e (position, stream, version, kind, schema, recorded_at, recorded_by,
                            body, text_sha256, leaf_hash)
    SELECT position, stream, version, kind, schema, recorded_at, by, body, text_sha256,
        sha256('\x00' || convert_to(concat(
            '["', head.log_id, '",', position, ',"', stream, '",', version, ',', to_json(kind),
            ',', schema, ',', (extract(epoch FROM recorded_at) * 1000000)::bigint, ',',
            to_json(by), ',"', encode(sha256(convert_to(body, 'UTF8')), 'hex'), '","',
            encode(text_sha256, 'hex'), '"]'), 'UTF8'))
    FROM bound
    RETURNING e.position, e.recorded_at, e.leaf_hash;
END $$;
