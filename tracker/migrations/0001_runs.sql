-- Runs: events of one append that are stored as a row of columns. Each event keeps its position,
-- stream, version, body, words and leaf hash; only the storage differs.

-- A run's `heads` have 57 bytes for each event: 16 for the stream, 4 for the version, 1 for the
-- place of its kind in `kinds`, 4 for the end of its body in `bodies`, and 32 for `text_sha256`,
-- zeros if it has no words. Numbers are big-endian. `ends` has the end of its words in `texts`.

-- The number in the four bytes from an offset on; 0 before the first.
CREATE OR REPLACE FUNCTION run_int(data bytea, at int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN at < 0 THEN 0
           ELSE ('x' || encode(substr(data, at + 1, 4), 'hex'))::bit(32)::int END
$$;

-- Where the words of each event end once those of one, from 0 on, are cut out.
CREATE OR REPLACE FUNCTION run_ends_without(ends bytea, cut int) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT substr(ends, 1, 4 * cut) || (
        SELECT string_agg(int4send(run_int(ends, 4 * i)
                                   - (run_int(ends, 4 * cut) - run_int(ends, 4 * cut - 4))), ''
                          ORDER BY i)
        FROM generate_series(cut, octet_length(ends) / 4 - 1) AS i)
$$;

-- Runs follow what is before them, in place and in time, and end at the head. Their columns have an
-- entry for each event, and each event has its place and is nowhere else.
CREATE OR REPLACE FUNCTION log_run_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    head log_head;
    r record;
    following bigint;
    before timestamptz;
    places bigint;
    others bigint;
BEGIN
    SELECT min(first) INTO following FROM added;
    IF following IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO head FROM log_head WHERE id = 1;
    SELECT recorded_at INTO before FROM event WHERE position = following - 1;
    IF NOT FOUND THEN
        SELECT recorded_at + (last - first) * tick INTO before
        FROM event_run WHERE last = following - 1;
    END IF;
    -- Another run there would end at the head as well, and `last` is unique.
    IF EXISTS (SELECT FROM event WHERE position >= following) THEN
        following := NULL;
    END IF;
    FOR r IN
        SELECT a.first, a.last, a.run, a.recorded_at, (a.last - a.first + 1)::int AS n,
               'TextWithheld' <> ALL (a.kinds) AND cardinality(a.kinds) = cardinality(a.schemas)
               AND array_dims(a.kinds) = format('[1:%s]', cardinality(a.kinds))
               AND array_dims(a.schemas) = array_dims(a.kinds)
               AND octet_length(a.leaves) = 32 * (a.last - a.first + 1) AS whole,
               cardinality(a.kinds) AS kinds
        FROM added AS a ORDER BY a.first
    LOOP
        IF r.first = following AND (r.first = 1 OR before < r.recorded_at) AND r.whole
           AND r.n BETWEEN 1 AND 4096 AND EXISTS (
               SELECT FROM event_run_body AS b JOIN event_run_text AS t USING (run)
               WHERE run = r.run AND octet_length(b.heads) = 57 * r.n
               AND octet_length(b.bodies) = run_int(b.heads, 57 * r.n - 36)
               AND octet_length(t.salts) = 16 * r.n AND octet_length(t.ends) = 4 * r.n
               AND octet_length(t.texts) = run_int(t.ends, 4 * r.n - 4)) THEN
            following := r.last + 1;
            before := r.recorded_at + (r.n - 1) * tick;
        ELSE
            following := NULL;
        END IF;
        -- OFFSET 0 lets the planner look up each event by its key.
        SELECT count(*) FILTER (WHERE p.kind < r.kinds), count(other.version) INTO places, others
        FROM event_place AS p LEFT JOIN LATERAL (
            SELECT e.version FROM event AS e
            WHERE e.stream = p.stream AND e.version = p.version OFFSET 0) AS other ON true
        WHERE p.run = r.run;
        IF others > 0 THEN
            RAISE EXCEPTION 'an event with this stream and version is recorded already'
                USING ERRCODE = 'unique_violation';
        END IF;
        IF places <> r.n THEN
            following := NULL;
        END IF;
    END LOOP;
    IF following - 1 <> head.position OR following IS NULL OR before > head.last_recorded_at THEN
        RAISE EXCEPTION 'runs of events are added whole, at the head of the log, without holes'
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it moves the head and numbers the events.';
    END IF;
    RETURN NULL;
END $$;

-- Places are added before their run is in the log, and are those of its events.
CREATE OR REPLACE FUNCTION log_place_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    r record;
    columns bytea;
BEGIN
    FOR r IN SELECT DISTINCT run FROM added LOOP
        -- In memory, or each slice would be read from disk.
        SELECT heads || ''::bytea INTO columns FROM event_run_body AS b WHERE b.run = r.run
        AND NOT EXISTS (SELECT FROM event_run AS placed WHERE placed.run = r.run);
        IF columns IS NULL OR EXISTS (
            SELECT FROM added AS a WHERE a.run = r.run AND (a.kind NOT BETWEEN 0 AND 255
            OR substr(columns, 57 * a.row + 1, 21)
               <> uuid_send(a.stream) || int4send(a.version) || set_byte('\x00', 0, a.kind))) THEN
            RAISE EXCEPTION 'these are not the places of the events of run %', r.run
                USING ERRCODE = 'restrict_violation',
                      HINT = 'Append through tracker.log: it adds a run with its places.';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Words of a run are added before it is in the log, and are those that its events bind.
CREATE OR REPLACE FUNCTION log_run_words_as_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unbound CONSTANT bytea := decode(repeat('00', 32), 'hex');
    r record;
BEGIN
    FOR r IN
        SELECT a.run, a.salts || ''::bytea AS salts, a.ends || ''::bytea AS ends,
               a.texts || ''::bytea AS texts, b.heads || ''::bytea AS heads
        FROM added AS a LEFT JOIN event_run_body AS b ON b.run = a.run
        AND NOT EXISTS (SELECT FROM event_run AS placed WHERE placed.run = a.run)
    LOOP
        IF r.heads IS NULL OR EXISTS (
            SELECT FROM generate_series(0, octet_length(r.ends) / 4 - 1) AS i, LATERAL (
                SELECT run_int(r.ends, 4 * i - 4) AS start, run_int(r.ends, 4 * i) AS finish
            ) AS place, LATERAL (
                SELECT substr(r.texts, start + 1, finish - start) AS words,
                       substr(r.heads, 57 * i + 26, 32) AS bound
            ) AS row
            WHERE CASE WHEN finish = start THEN bound <> unbound
                  ELSE bound <> sha256(substr(r.salts, 16 * i + 1, 16) || words) END) THEN
            RAISE EXCEPTION 'these are not the words of the events of run %', r.run
                USING ERRCODE = 'restrict_violation',
                      HINT = 'Append through tracker.log: it adds a run with its words.';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- The words of a run change only in that those of an event are cut out which are withheld, and that
-- their salt is zero.
CREATE OR REPLACE FUNCTION log_run_words_only_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- In memory, or each slice would be read from disk.
    salts CONSTANT bytea := OLD.salts || ''::bytea;
    salts_then CONSTANT bytea := NEW.salts || ''::bytea;
    ends CONSTANT bytea := OLD.ends || ''::bytea;
    cut int;
BEGIN
    SELECT min(i) INTO cut FROM generate_series(0, octet_length(ends) / 4 - 1) AS i
    WHERE substr(salts, 16 * i + 1, 16) <> substr(salts_then, 16 * i + 1, 16);
    IF cut IS NULL OR NEW.run <> OLD.run OR NEW.ends <> run_ends_without(ends, cut)
       OR NEW.salts <> overlay(salts PLACING decode(repeat('00', 16), 'hex') FROM 16 * cut + 1)
       OR NEW.texts <> substr(OLD.texts, 1, run_int(ends, 4 * cut - 4))
                       || substr(OLD.texts, run_int(ends, 4 * cut) + 1)
       OR NOT EXISTS (
            SELECT FROM event_run AS placed JOIN event_place AS p USING (run)
            JOIN event AS w ON w.stream = p.stream AND w.kind = 'TextWithheld'
            WHERE placed.run = OLD.run AND p.row = cut
            AND w.body::json ->> 'position' = (placed.first + cut)::text) THEN
        RAISE EXCEPTION 'the words of run % may be deleted only once they are withheld', OLD.run
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Withhold the text with a reason and an authority.';
    END IF;
    RETURN NEW;
END $$;

-- What is written of a run is in the log at the end of the transaction.
CREATE OR REPLACE FUNCTION log_run_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM event_run WHERE run = NEW.run) THEN
        RAISE EXCEPTION 'run % is not added to the log', NEW.run
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Append through tracker.log: it adds a run with its columns.';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER event_run_append_only BEFORE DELETE OR TRUNCATE ON event_run
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_run_in_turn AFTER INSERT ON event_run
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION log_run_in_turn();
CREATE OR REPLACE TRIGGER event_run_body_append_only BEFORE DELETE OR TRUNCATE ON event_run_body
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
DROP TRIGGER IF EXISTS event_run_body_placed ON event_run_body;
CREATE CONSTRAINT TRIGGER event_run_body_placed AFTER INSERT ON event_run_body
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_run_placed();
CREATE OR REPLACE TRIGGER event_place_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON event_place
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_place_as_written AFTER INSERT ON event_place
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION log_place_as_written();
CREATE OR REPLACE TRIGGER event_run_text_kept BEFORE DELETE OR TRUNCATE ON event_run_text
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
CREATE OR REPLACE TRIGGER event_run_text_as_recorded AFTER INSERT ON event_run_text
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION log_run_words_as_recorded();
CREATE OR REPLACE TRIGGER event_run_text_only_withheld BEFORE UPDATE ON event_run_text
    FOR EACH ROW EXECUTE FUNCTION log_run_words_only_withheld();
