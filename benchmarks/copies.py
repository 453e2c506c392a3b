"""Claims by the million: copies of those that were entered, with all rows that the pipeline writes.

A copy is a claim about another pair of countries on another day. It goes into the log by the log's
own function; its standing row, its impact and its dependencies are written beside it, and the
cursor is moved on. Whether they are what the pipeline would have written the auditor says; of the
dependencies, at which it does not look, a test does.
"""

import multiprocessing
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from benchmarks.cast import BY
from benchmarks.crowds import DAYS, FIRST_DAY, Countries
from tracker.domain.lenses import View
from tracker.log.messages import send
from tracker.operations import ids
from tracker.projections import impacts, scores
from tracker.projections.scores import Touched, mark
from tracker.projections.transaction_settings import be_patient
from tracker.queries.evidence.impacts import followed

CHUNK = 2_000
PROCESSES = 2
# What differs from copy to copy becomes a mark in the text.
_TEMPLATES = """
CREATE TABLE growth_template AS
SELECT row_number() OVER (ORDER BY e.position) - 1 AS number, e.kind, e.schema, t.text AS words,
    s AS standing, i AS impact, texts[1] AS body, texts[2] AS state,
    ARRAY(SELECT d.stream FROM dependency d WHERE d.view = i.view AND d.claim = i.claim
          AND d.stream <> i.claim AND d.stream <> ALL (s.actors)) AS streams
FROM event e JOIN event_text t USING (position) JOIN standing_claim s ON s.id = e.stream
JOIN impact i ON i.claim = e.stream AND i.view = %(view)s AND i.known_until IS NULL
JOIN standing_record a ON a.noun = 'actor' AND a.name = i.initiator
JOIN standing_record b ON b.noun = 'actor' AND b.name = i.recipient
CROSS JOIN LATERAL (SELECT ARRAY(
    SELECT replace(replace(replace(replace(plain, i.claim::text, '@claim'), a.id::text, '@from'),
        b.id::text, '@to'), i.first::text, '@day')
    FROM unnest(ARRAY[e.body, s.state::text]) WITH ORDINALITY AS text (plain, n) ORDER BY n
) AS texts) AS marked
WHERE e.stream = ANY (%(claims)s)
"""
_COPY = """
WITH country AS (
    SELECT * FROM unnest(%(countries)s::uuid[], %(codes)s::text[]) AS given (id, code)
), pair AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY a.code, b.code) - 1 AS number, a.id AS from_id,
        a.code AS from_code, b.id AS to_id, b.code AS to_code
    FROM country a JOIN country b ON a.id <> b.id
), made AS MATERIALIZED (
    SELECT n, new.id, (date %(first_day)s + (nth * 7919 %% %(days)s)::int)::text AS day, pair.*, t.*
    FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS new (id, n)
    CROSS JOIN LATERAL (SELECT %(done)s + n - 1 AS nth) AS counted
    JOIN pair ON pair.number = nth %% (SELECT count(*) FROM pair)
    JOIN growth_template t ON t.number = nth %% (SELECT count(*) FROM growth_template)
), drafted AS (
    SELECT json_agg(json_build_object('stream', id, 'version', 1, 'kind', kind, 'schema', schema,
        'body', replace(replace(replace(body, '@from', from_id::text), '@to', to_id::text),
            '@day', day),
        'words', words, 'salt', replace(gen_random_uuid()::text, '-', '')) ORDER BY n) AS drafts
    FROM made
), appended AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY position) AS n, position
    FROM drafted, log_append(drafts, %(at)s, %(by)s)
), standing AS (
    INSERT INTO standing_claim SELECT new.* FROM made, json_populate_record(standing,
        json_build_object('id', id, 'earliest', day, 'latest', day,
            'actors', ARRAY[LEAST(from_id, to_id), GREATEST(from_id, to_id)],
            'state', replace(replace(replace(replace(state, '@claim', id::text),
                '@from', from_id::text), '@to', to_id::text), '@day', day)::json)) AS new
), moved AS (
    INSERT INTO impact SELECT new.* FROM made JOIN appended USING (n), json_populate_record(impact,
        json_build_object('claim', id, 'known_from', position, 'first', day, 'last', day,
            'initiator', from_code, 'recipient', to_code, 'pair',
            LEAST(from_code, to_code) || '-' || GREATEST(from_code, to_code))) AS new
), depending AS (
    INSERT INTO dependency (view, stream, claim)
    SELECT %(view)s, stream, id FROM made, unnest(streams || id || from_id || to_id) AS stream
    ORDER BY stream, id
)
UPDATE cursor SET position = (SELECT max(position) FROM appended) WHERE view = %(view)s
"""


def prepare(claims: Sequence[UUID], view: View) -> None:
    """Keep what copies of these claims are made from, in a table of our own."""
    with connection.cursor() as cursor:
        cursor.execute(_TEMPLATES, {"claims": list(claims), "view": view.id})


def fill(countries: Countries, view: View, *, times: int) -> None:
    """Add so many copies about countries that had none, spread evenly over their pairs."""
    for done in range(0, times, CHUNK):
        at = datetime.now(UTC)
        given: dict[str, Any] = {
            "ids": [ids.new_id(at) for _ in range(min(CHUNK, times - done))],
            "countries": list(countries.values()),
            "codes": list(countries),
            "done": done,
            "first_day": FIRST_DAY.isoformat(),
            "days": DAYS,
            "view": view.id,
            "at": at,
            "by": BY,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            be_patient()
            cursor.execute(_COPY, given)


def score(view: View) -> None:
    """Score every pair anew with the scorer that people use, in several processes."""
    mark_all(view)
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_work_off) for _ in range(PROCESSES - 1)]
    for one in others:
        one.start()
    _work_off()
    for one in others:
        one.join()


def mark_all(view: View) -> None:
    """Have the scores of every pair wait to be computed anew, as a new lens does."""
    with transaction.atomic():
        touched = Touched()
        touched.add_all(view)
        send(*mark(view, touched, position=followed(view.id)))


def settle() -> None:
    """Do at once what PostgreSQL's autovacuum does after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _work_off() -> None:
    impacts.follow_all()
    scores.recompute_all(at=datetime.now(UTC))
