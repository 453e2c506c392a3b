-- The truth: the log's head, its events, and the tree over them. It runs once, before the guards,
-- which keep these tables append-only. Only `tracker.log` reads and writes them.

-- One row with the last position. Its lock orders the writers. `incarnation` is random, and changes
-- when the log is restored or reopened: then a position may have another event than before.
CREATE TABLE log_head (
    id smallint PRIMARY KEY CONSTRAINT log_head_one_row CHECK (id = 1),
    log_id uuid NOT NULL,
    position bigint NOT NULL,
    last_recorded_at timestamptz NOT NULL,
    incarnation uuid NOT NULL DEFAULT gen_random_uuid());

-- One event, as canonical JSON. `leaf_hash` binds all columns (RFC 6962 leaf).
CREATE TABLE event (
    position bigint PRIMARY KEY,
    stream uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    schema smallint NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    body text NOT NULL,
    text_sha256 bytea,
    leaf_hash bytea NOT NULL,
    CONSTRAINT event_stream_version UNIQUE (stream, version));
CREATE INDEX event_recorded_at ON event (recorded_at);
-- New descriptions and corrections since a position: rare events, rarely queried.
CREATE INDEX event_said_anew ON event (kind, position)
    WHERE kind IN ('ActorDescribed', 'ClaimCorrected');
-- Later changes of claims, for the page of corrections.
CREATE INDEX event_corrections ON event (position)
    WHERE kind IN ('ClaimCorrected', 'ClaimRetracted', 'ClaimReinstated', 'VerdictGiven');
-- The claims that an account entered one by one; those of imports are in runs.
CREATE INDEX event_entered_by ON event (recorded_by) WHERE kind = 'ClaimAsserted';

-- The words of an event. The row is deleted only when they are withheld.
CREATE TABLE event_text (
    position bigint PRIMARY KEY,
    salt bytea NOT NULL,
    text text NOT NULL);

-- Consecutive events of one append, stored as a row of columns: those from `first` to `last`. The
-- first is recorded at `recorded_at`, each next one a microsecond later. `kinds` and `schemas` are
-- the kinds of events in it; `leaves` has 32 bytes for each event. `run` names its columns, which
-- are written before the positions are known.
CREATE TABLE event_run (
    first bigint PRIMARY KEY,
    last bigint NOT NULL UNIQUE,
    run bigint NOT NULL UNIQUE,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    kinds text[] NOT NULL,
    schemas smallint[] NOT NULL,
    leaves bytea NOT NULL);
CREATE INDEX event_run_recorded_at ON event_run (recorded_at);

-- The events of a run: fixed heads (see `0001_runs.sql`), and the bodies, one after the other.
CREATE TABLE event_run_body (
    run bigint PRIMARY KEY,
    heads bytea NOT NULL,
    bodies bytea NOT NULL);

-- The words of the events of a run, one after the other, where each end, and their salts. Withheld
-- words are cut out, and their salt is zero.
CREATE TABLE event_run_text (
    run bigint PRIMARY KEY,
    salts bytea NOT NULL,
    ends bytea NOT NULL,
    texts bytea NOT NULL);

-- Where an event is in its run. `kind` counts in the run's `kinds`.
CREATE TABLE event_place (
    run bigint NOT NULL,
    stream uuid NOT NULL,
    version integer NOT NULL,
    "row" smallint NOT NULL,
    kind smallint NOT NULL,
    PRIMARY KEY (stream, version));
CREATE INDEX event_place_run ON event_place (run);

-- A tile (see `domain.proofs.tiles`): up to 256 hashes of 32 bytes. A tile of level 0 also has the
-- nonces of its leaves.
CREATE TABLE seal_tile (
    level smallint NOT NULL,
    number bigint NOT NULL,
    hashes bytea NOT NULL,
    nonces bytea,
    PRIMARY KEY (level, number));

