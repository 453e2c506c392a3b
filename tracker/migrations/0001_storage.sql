-- What tables have beyond their columns and indexes. It runs once, before the guards.

-- Uncompressed, so that one event, or a part of a knot, is read without the rest of its row. Hashes
-- and nonces have no pattern.
ALTER TABLE event_run ALTER COLUMN leaves SET STORAGE EXTERNAL;
ALTER TABLE event_run_body
    ALTER COLUMN heads SET STORAGE EXTERNAL, ALTER COLUMN bodies SET STORAGE EXTERNAL;
ALTER TABLE event_run_text
    ALTER COLUMN salts SET STORAGE EXTERNAL, ALTER COLUMN ends SET STORAGE EXTERNAL,
    ALTER COLUMN texts SET STORAGE EXTERNAL;
ALTER TABLE knot_block
    ALTER COLUMN days SET STORAGE EXTERNAL, ALTER COLUMN moments SET STORAGE EXTERNAL,
    ALTER COLUMN claims SET STORAGE EXTERNAL, ALTER COLUMN roots SET STORAGE EXTERNAL,
    ALTER COLUMN state_roots SET STORAGE EXTERNAL, ALTER COLUMN newest SET STORAGE EXTERNAL;
ALTER TABLE seal_tile
    ALTER COLUMN hashes SET STORAGE EXTERNAL, ALTER COLUMN nonces SET STORAGE EXTERNAL;

-- The number of changes of a table of current values by time and not by an event. It is part of the
-- version of cached responses.
CREATE TABLE renewal (name text PRIMARY KEY, number bigint NOT NULL);

CREATE SEQUENCE event_run_number OWNED BY event_run.run;

-- All events, without their content. `first`: the first position of its run, or its own.
CREATE VIEW logged AS
SELECT position, stream, version, kind, recorded_at, recorded_by, position AS first FROM event
UNION ALL
SELECT r.first + p.row, p.stream, p.version, r.kinds[p.kind + 1],
       r.recorded_at + p.row * interval '1 microsecond', r.recorded_by, r.first
FROM event_place AS p JOIN event_run AS r ON r.run = p.run;

-- An empty log with an id of its own, of which nothing is sealed.
INSERT INTO log_head (id, log_id, position, last_recorded_at)
    VALUES (1, gen_random_uuid(), 0, 'epoch');
INSERT INTO seal_head (id, size, alarm) VALUES (1, 0, '');
