-- Refuses the transaction in which it is called unless all records are there: so the check of what
-- an event refers to travels with the event.

-- `wanted` is an array of {id, noun}. They are looked up one by one, each by its key.
CREATE FUNCTION standing_require(wanted json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM json_to_recordset(wanted) AS w (id uuid, noun text) LOOP
        PERFORM FROM standing_record AS r WHERE r.id = one.id AND r.noun = one.noun;
        IF NOT FOUND THEN
            RAISE EXCEPTION '% is no % on record', one.id, one.noun
                USING ERRCODE = 'foreign_key_violation', HINT = 'Describe it first.';
        END IF;
    END LOOP;
END $$;
