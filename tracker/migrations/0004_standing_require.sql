-- Refuses the transaction in which it is called unless all records are there: so the check of what
-- an event refers to travels with the event.

-- `wanted` is an array of {id, noun}. The records are looked up by their keys, all at once.
CREATE FUNCTION standing_require(wanted json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
    nouns text[];
BEGIN
    SELECT array_agg(id), array_agg(noun) INTO ids, nouns
    FROM json_to_recordset(wanted) AS w (id uuid, noun text);
    IF (SELECT count(*) FROM standing_record AS r WHERE r.id = ANY (ids)
        AND r.noun = nouns[array_position(ids, r.id)]) <> cardinality(ids) THEN
        RAISE EXCEPTION 'a record that is referred to is not on record'
            USING ERRCODE = 'foreign_key_violation', HINT = 'Describe it first.';
    END IF;
END $$;
