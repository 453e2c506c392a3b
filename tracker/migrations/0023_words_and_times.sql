-- Words are added only as their event was recorded, and no event is dated after the clock. It can
-- run again: `manage.py migrate` does so when a guard is missing.

CREATE OR REPLACE FUNCTION log_words_as_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    -- While the head is locked nobody can withhold words: what is withheld is seen here. An append
    -- has locked it already.
    PERFORM FROM log_head FOR SHARE;
    -- OFFSET 0 lets the planner look up each event by its key.
    SELECT min(position) INTO wrong FROM added AS a WHERE NOT EXISTS (
        SELECT FROM event AS e WHERE e.position = a.position
        AND e.text_sha256 = sha256(a.salt || convert_to(a.text, 'UTF8'))
        AND NOT EXISTS (
            SELECT FROM event AS w WHERE w.stream = e.stream AND w.version > e.version
            AND w.kind = 'TextWithheld' AND (w.body::json ->> 'position')::bigint = e.position
            OFFSET 0)
        OFFSET 0);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'these are not the words of event %, or they are withheld', wrong
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it adds the words with their event.';
    END IF;
    RETURN NULL;
END $$;

-- As in 0002_guards, and no event is dated after the head: the next one could not follow it.
CREATE OR REPLACE FUNCTION log_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What is added ends at the head and follows the event before it, in place and in time.
    -- (By its id, or a new database takes the head for many rows and reads the log for each.)
    IF EXISTS (SELECT FROM (SELECT max(position) AS last, min(position) AS first, count(*) AS n,
                                   min(recorded_at) AS since, max(recorded_at) AS until
                            FROM added) AS a
               JOIN log_head AS h ON h.id = 1 LEFT JOIN event AS p ON p.position = a.first - 1
               WHERE a.n > 0 AND (a.last <> h.position OR a.last - a.first + 1 <> a.n
                                  OR a.until > h.last_recorded_at
                                  OR (p.recorded_at < a.since) IS NOT TRUE AND a.first <> 1)) THEN
        RAISE EXCEPTION 'events are added at the head of the log, without holes'
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it moves the head and numbers the events.';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER event_text_as_recorded AFTER INSERT ON event_text
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION log_words_as_recorded();
ALTER TABLE event_text ENABLE ALWAYS TRIGGER event_text_as_recorded;

-- As in 0022_rights, and a time that is later than the clock is refused: all events to come would
-- be dated after it. The clock of the writer may differ from the database's by a minute.
CREATE OR REPLACE FUNCTION log_advance(n int, at timestamptz) RETURNS log_head
LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    head log_head;
BEGIN
    IF n < 1 THEN
        RAISE EXCEPTION 'the head moves on by at least one event' USING ERRCODE = '22023';
    END IF;
    IF at > clock_timestamp() + interval '1 minute' THEN
        RAISE EXCEPTION 'an event of % is more than a minute ahead of the database''s clock', at
            USING ERRCODE = '22023',
                  HINT = 'Set the clocks of this host and of the database''s host.';
    END IF;
    UPDATE log_head AS h
    SET position = h.position + n,
        last_recorded_at = GREATEST(at, h.last_recorded_at + tick) + (n - 1) * tick
    RETURNING * INTO STRICT head;
    RETURN head;
END $$;

-- As in 0003_log_append, but the head moves in one function only.
CREATE OR REPLACE FUNCTION log_append(drafts json, at timestamptz, by text)
RETURNS TABLE ("position" bigint, recorded_at timestamptz, leaf_hash bytea)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    tick CONSTANT interval := '1 microsecond';
    n CONSTANT int := json_array_length(drafts);
    head CONSTANT log_head := log_advance(n, at);
BEGIN
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

-- With names looked up in the installation's schema only, and what writes with the owner's rights.
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace AND p.proname IN (
            'log_append', 'log_advance', 'log_in_turn', 'log_words_as_recorded')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp',
                       one, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$;

ALTER FUNCTION log_append(json, timestamptz, text) SECURITY DEFINER;
ALTER FUNCTION log_advance(int, timestamptz) SECURITY DEFINER;
-- It locks the head, which needs more than web and workers may. The plan is kept from when the log
-- was small, and must look up events by their key also when it has millions.
ALTER FUNCTION log_words_as_recorded() SECURITY DEFINER SET enable_seqscan = off;
