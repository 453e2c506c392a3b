"""Copies of entered claims by the million, with all rows that the pipeline writes.

A copy is a claim about another pair of countries on another day. The log's database function
appends it; one statement also writes its standing row, its impact and its dependencies, and
advances the cursor. The audit checks that the rows are those of the pipeline; a test checks the
dependencies, which the audit does not read.
"""

import multiprocessing
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from benchmarks.records import BY, DAYS, FIRST_DAY, Countries
from tracker.domain.lenses import View
from tracker.log.messages import send
from tracker.operations import ids
from tracker.projections import impacts, scores
from tracker.projections.scores import ChangedPairs, mark
from tracker.projections.transaction_settings import be_patient
from tracker.queries.evidence.impacts import followed_position

CHUNK = 2_000
PROCESSES = 2
# Values that differ between copies are placeholders in the text.
_TEMPLATES = """
CREATE TABLE growth_template AS
SELECT row_number() OVER (ORDER BY e.position) - 1 AS number, e.kind, e.schema, t.text AS words,
    s AS standing, i AS impact, texts[1] AS body, texts[2] AS state
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
), shown AS (
    INSERT INTO disclosed (claim, known_from) SELECT id, 0 FROM made
)
UPDATE cursor SET position = (SELECT max(position) FROM appended)
WHERE view IN (%(view)s, 'disclosure')
"""


def prepare(claims: Sequence[UUID], view: View) -> None:
    """Save the templates for copies of these claims in a separate table."""
    with connection.cursor() as cursor:
        cursor.execute(_TEMPLATES, {"claims": list(claims), "view": view.id})


def end() -> None:
    """Remove the table, which would keep a rebuild from replacing those that it refers to."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE growth_template")


def fill(countries: Countries, view: View, *, times: int) -> None:
    """Add copies about countries without claims, spread evenly over their pairs."""
    for done in range(0, times, CHUNK):
        at = datetime.now(UTC)
        parameters: dict[str, Any] = {
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
            cursor.execute(_COPY, parameters)


def score(view: View) -> None:
    """Recompute the scores of every pair with the workers' function, in several processes."""
    mark_all(view)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_score_dirty_pairs) for _ in range(PROCESSES - 1)]
    for process in processes:
        process.start()
    _score_dirty_pairs()
    for process in processes:
        process.join()


def mark_all(view: View) -> None:
    """Mark every pair dirty, as a new lens does."""
    with transaction.atomic():
        touched = ChangedPairs()
        touched.add_all(view)
        send(*mark(view, touched, position=followed_position(view.id)))


def vacuum() -> None:
    """Do what PostgreSQL's autovacuum would do later."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _score_dirty_pairs() -> None:
    impacts.follow_all()
    scores.recompute_all(at=datetime.now(UTC))
