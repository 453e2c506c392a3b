-- The log: how events are appended, and the guards of events and their words.

-- Guards are triggers that the database keeps for every role, and also as a replica. The files
-- beside this one, but `0001_storage`, can run again: `manage.py migrate` does so when a guard is
-- missing. `0001_rights` is the last.

-- Moves the head on by `n` and locks it until the end of the transaction; the caller then adds the
-- events. Without them the guard `log_head_with_event` refuses the commit.
--
-- Events are dated by the database's clock. A time more than two seconds ahead of it is refused, and
-- no other is later than it. Only after events that are ahead of it do times go on from the last one,
-- a microsecond each. `EN001` is read by `tracker.log.versions`.
CREATE OR REPLACE FUNCTION log_advance(n int, at timestamptz) RETURNS log_head
LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    ours CONSTANT timestamptz := clock_timestamp();
    head log_head;
BEGIN
    IF n < 1 THEN
        RAISE EXCEPTION 'the head moves on by at least one event' USING ERRCODE = '22023';
    END IF;
    IF at > ours + interval '2 seconds' THEN
        RAISE EXCEPTION 'an event of % is more than 2 s ahead of the database''s clock', at
            USING ERRCODE = 'EN001',
                  DETAIL = LEAST(extract(epoch FROM at) - extract(epoch FROM ours), 1e10)::bigint,
                  HINT = 'Set the clocks of this host and of the database''s host.';
    END IF;
    UPDATE log_head AS h
    SET position = h.position + n,
        last_recorded_at = GREATEST(LEAST(at + (n - 1) * tick, ours),
                                    h.last_recorded_at + n * tick)
    RETURNING * INTO STRICT head;
    RETURN head;
END $$;

-- One call appends a transaction's events: it locks the head last and for as short as can be.
--
-- `drafts` is an array of {stream, version, kind, schema, body, words?, salt?}; body and words are
-- canonical JSON as text, the salt is hexadecimal. Each draft gets the next position, and a time that
-- is later than the one before it, whatever the clock says. `leaf_hash` is the RFC 6962 leaf over the
-- columns as RFC 8785 JSON.
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

-- As `log_append`, for appends of one transaction: they wait in a line of their own, and one that had
-- to wait commits without a flush to disk. `unflushed`: the caller must flush after the commit, so
-- that the next one need not wait for the disk. The last statement of its transaction.
CREATE OR REPLACE FUNCTION log_append_in_turn(drafts json, at timestamptz, by text)
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

-- Closes the book up to a moment: from here on no event gets a time that is not later, whatever the
-- clocks of those who write say. So what was known at that moment is the same for ever. False for a
-- moment that has not come yet by the database's clock: the book stays as it is.
CREATE OR REPLACE FUNCTION log_settle(moment timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF moment > clock_timestamp() THEN
        RETURN false;
    END IF;
    -- The head is locked, and its writer waited for, only for a moment after the last event.
    IF moment > (SELECT last_recorded_at FROM log_head) THEN
        UPDATE log_head SET last_recorded_at = moment WHERE last_recorded_at < moment;
    END IF;
    RETURN true;
END $$;

-- Gives the log another incarnation: tags and cursors of the one before are no longer valid.
CREATE OR REPLACE FUNCTION log_new_incarnation(given uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE log_head SET incarnation = given WHERE id = 1;
END $$;

-- Deletes the words of one event. The guards `event_text_only_withheld` and
-- `event_run_text_only_withheld` refuse it unless they are withheld.
CREATE OR REPLACE FUNCTION log_delete_text(withheld bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    run_of_it bigint;
    row_of_it int;
BEGIN
    DELETE FROM event_text WHERE position = withheld;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT run, (withheld - first)::int INTO run_of_it, row_of_it
    FROM event_run WHERE first <= withheld AND last >= withheld ORDER BY first DESC LIMIT 1;
    UPDATE event_run_text AS t
    SET salts = overlay(t.salts PLACING decode(repeat('00', 16), 'hex') FROM 16 * row_of_it + 1),
        ends = run_ends_without(cut.ends, row_of_it),
        texts = substr(t.texts, 1, cut.start) || substr(t.texts, cut.finish + 1)
    FROM (SELECT o.ends || ''::bytea AS ends, run_int(o.ends, 4 * row_of_it - 4) AS start,
                 run_int(o.ends, 4 * row_of_it) AS finish
          FROM event_run_text AS o WHERE o.run = run_of_it) AS cut
    WHERE t.run = run_of_it AND cut.finish > cut.start;
END $$;

CREATE OR REPLACE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Correct or retract the claim instead: that appends an event.';
END $$;

-- Events follow an event or a run, and none has the stream and version of one in a run.
CREATE OR REPLACE FUNCTION log_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    head log_head;
    a record;
    before timestamptz;
BEGIN
    SELECT max(position) AS last, min(position) AS first, count(*) AS n,
           min(recorded_at) AS since, max(recorded_at) AS until INTO a FROM added;
    IF a.n = 0 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO head FROM log_head WHERE id = 1;
    SELECT recorded_at INTO before FROM event WHERE position = a.first - 1;
    IF NOT FOUND THEN
        SELECT recorded_at + (last - first) * tick INTO before
        FROM event_run WHERE last = a.first - 1;
    END IF;
    -- What is added ends at the head and follows the event before it, in place and in time.
    IF a.last <> head.position OR a.last - a.first + 1 <> a.n OR a.until > head.last_recorded_at
       OR a.first <> 1 AND (before < a.since) IS NOT TRUE
       OR EXISTS (SELECT FROM event_run WHERE last >= a.first) THEN
        RAISE EXCEPTION 'events are added at the head of the log, without holes'
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it moves the head and numbers the events.';
    END IF;
    -- OFFSET 0 lets the planner look up each event by its key.
    IF EXISTS (SELECT FROM added AS e CROSS JOIN LATERAL (SELECT FROM event_place AS p
               WHERE p.stream = e.stream AND p.version = e.version OFFSET 0) AS other) THEN
        RAISE EXCEPTION 'an event with this stream and version is recorded already'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END $$;

-- Words are added only as their event was recorded.
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
            AND w.kind = 'TextWithheld' AND w.body::json ->> 'position' = e.position::text
            OFFSET 0)
        OFFSET 0);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'these are not the words of event %, or they are withheld', wrong
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it adds the words with their event.';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION log_only_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The stream's few events are found by their key; the log may have millions.
    IF NOT EXISTS (SELECT FROM event AS e JOIN event AS w USING (stream)
                   WHERE e.position = OLD.position AND w.kind = 'TextWithheld'
                   AND w.body::json ->> 'position' = OLD.position::text) THEN
        RAISE EXCEPTION 'the words of event % may be deleted only once they are withheld',
            OLD.position
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Withhold the text with a reason and an authority.';
    END IF;
    RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION log_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.id <> OLD.id OR NEW.position < OLD.position
       OR NEW.last_recorded_at < OLD.last_recorded_at THEN
        RAISE EXCEPTION 'the head of the log only moves forward'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- The head is at the last event, which may be in a run.
CREATE OR REPLACE FUNCTION log_head_with_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position > 0 AND NOT EXISTS (SELECT FROM event WHERE position = NEW.position)
       AND NOT EXISTS (SELECT FROM event_run WHERE last = NEW.position) THEN
        RAISE EXCEPTION 'the head of the log says %, but no event is there', NEW.position
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it moves the head with its events.';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER event_append_only BEFORE DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_in_turn AFTER INSERT ON event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION log_in_turn();
CREATE OR REPLACE TRIGGER event_text_append_only BEFORE UPDATE OR TRUNCATE ON event_text
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_text_as_recorded AFTER INSERT ON event_text
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION log_words_as_recorded();
CREATE OR REPLACE TRIGGER event_text_only_withheld BEFORE DELETE ON event_text
    FOR EACH ROW EXECUTE FUNCTION log_only_withheld();
CREATE OR REPLACE TRIGGER log_head_kept BEFORE DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER log_head_forward BEFORE UPDATE ON log_head
    FOR EACH ROW EXECUTE FUNCTION log_head_forward();
-- Deferred, since the head moves before its events are there.
DROP TRIGGER IF EXISTS log_head_with_event ON log_head;
CREATE CONSTRAINT TRIGGER log_head_with_event AFTER INSERT OR UPDATE ON log_head
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_head_with_event();
