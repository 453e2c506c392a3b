"""Reads of the log, in the order of the positions, and the search for texts in it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Literal, NamedTuple
from uuid import UUID

from django.db import connection

from tracker.log.messages import NO_IDS, Statement, ask_prepared, id_array, select_prepared
from tracker.log.stored import (
    AT_POSITIONS,
    BETWEEN,
    FIRST_OF_STREAMS,
    MOST_IN_RUN,
    OF_STREAMS,
    Recorded,
    between,
    read_selection,
)

# Kinds of events that change an earlier record of a claim.
type EventKind = Literal["ClaimCorrected", "ClaimRetracted", "ClaimReinstated", "VerdictGiven"]


class Stamp(NamedTuple):
    """Where an event stands in the log, what kind it has, and who recorded it when."""

    position: int
    version: int
    kind: str
    recorded_at: datetime
    recorded_by: str


def wordless(one: Recorded) -> Recorded:
    """The event as it reads after its words are withheld."""
    return one._replace(words=None, salt=None, withheld=True)


# The view `logged` has all events without their content: rows (position, stream, version, kind,
# recorded_at, recorded_by, first), where `first` begins the run of an event. The condition finds
# the events `e` after one position up to another by an index.
IN_RANGE = (
    "e.position > {after} AND e.position <= {until}"
    f" AND e.first > {{after}}::bigint - {MOST_IN_RUN} AND e.first <= {{until}}"
)
# Conditions: the event of a row (`id`, `version`) is at or before a position; the next event of its
# stream is. A value, not EXISTS, which the planner may answer by reading the whole log.
RECORDED_BY = (
    "coalesce((SELECT b.position <= %s FROM logged b"
    " WHERE b.stream = {table}.id AND b.version = {table}.version), false)"
)
# The first event of a row's stream is at or before a position.
BEGUN_BY = RECORDED_BY.replace("{table}.version", "1")
ENDED_BY = RECORDED_BY.replace("{table}.version", "{table}.version + 1")
# A text (%s) is the name of the account that recorded the first event of a row's stream.
ENTERED_BY = (
    "coalesce((SELECT b.recorded_by = %s FROM logged b"
    " WHERE b.stream = {table}.id AND b.version = 1), false)"
)
# The positions at which the versions of the lens in a row were defined, in order.
DEFINED_AT = (
    "ARRAY(SELECT d.position FROM logged d WHERE d.stream = {table}.id"
    " AND d.kind = 'LensDefined' ORDER BY d.position)"
)


# The last position that a number of the database can have.
_LAST = 2**63 - 1


def read(*, after: int, limit: int, words: bool = True) -> list[Recorded]:
    """Up to `limit` events after position `after`, in order."""
    return _between(after, after + limit, words=words)


def bodies(*, after: int, until: int, words: bool = False) -> list[Recorded]:
    """The events after position `after` up to `until`, in order. None is marked as withheld: that
    needs another look-up for each."""
    return _between(after, until, words=words, marks=False)


def _between(after: int, until: int, *, words: bool = True, marks: bool = True) -> list[Recorded]:
    until = min(until, _LAST)
    if until <= after:
        return []
    return read_selection(BETWEEN, between(after, until), words=words, marks=marks)


def history(
    streams: Iterable[UUID], *, until: int | None = None, words: bool = True
) -> list[Recorded]:
    """All events of the streams up to position `until`, in the order of the log."""
    ids = id_array(streams)
    if ids == NO_IDS:
        return []
    return read_selection(OF_STREAMS, [ids, until, ids, until], words=words)


# Times as text: the driver takes ten times as long as `fromisoformat` to parse them.
_ENDS = (
    "SELECT e.stream, e.position, e.version, e.kind, e.recorded_at::text, e.recorded_by"
    " FROM unnest(%s::uuid[], %s::int[]) AS s (id, version) CROSS JOIN LATERAL"
    " (SELECT * FROM logged WHERE stream = s.id AND version IN (1, s.version) OFFSET 0) e"
    " ORDER BY e.position"
)


def ends(versions: Mapping[UUID, int]) -> dict[UUID, tuple[Stamp, Stamp]]:
    """The first event of each stream, and the event of a version."""
    found: dict[UUID, list[Stamp]] = {}
    rows = select_prepared(_ENDS, [id_array(versions), [*versions.values()]])
    for stream, position, version, kind, at, by in rows:
        stamp = Stamp(position, version, kind, datetime.fromisoformat(at), by)
        found.setdefault(stream, []).append(stamp)
    return {stream: (stamps[0], stamps[-1]) for stream, stamps in found.items()}


def firsts(streams: Iterable[UUID]) -> list[Recorded]:
    """The first event of each of the streams, if there is one."""
    ids = id_array(streams)
    return read_selection(FIRST_OF_STREAMS, [ids, ids])


_EXISTING = (
    "SELECT s.id FROM unnest(%b::uuid[]) AS s (id) CROSS JOIN LATERAL"
    " (SELECT FROM event WHERE stream = s.id AND version = 1 UNION ALL"
    " SELECT FROM event_place WHERE stream = s.id AND version = 1 OFFSET 0) e"
)


def existing(streams: Collection[UUID]) -> set[UUID]:
    """Those of some streams that are in the log. Nothing of their events is read."""
    return {row[0] for row in ask_prepared(Statement(_EXISTING, [list(streams)]))}


def streams(kind: str, *, after: int = 0, until: int | None = None) -> set[UUID]:
    """The streams with an event of a kind after one position and up to another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT stream FROM logged WHERE kind = %s AND position > %s"
            " AND position <= coalesce(%s, position)",
            [kind, after, until],
        )
        return {row[0] for row in cursor.fetchall()}


_NEW_STREAMS = (
    f"SELECT e.stream FROM logged e WHERE {IN_RANGE.format(after='%(after)s', until='%(until)s')}"  # noqa: S608
    " AND e.kind = %(kind)s AND e.version = 1 ORDER BY e.position"
)


def new_streams(kind: str, *, first: int, last: int) -> list[UUID]:
    """The streams whose first event is of a kind and between two positions, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_STREAMS, {"after": first - 1, "until": last, "kind": kind})
        return [row[0] for row in cursor.fetchall()]


# The two halves of the view `logged` apart, so that each is found by its own index.
_BEGUN_BY_ACCOUNT = (
    "(SELECT stream FROM event WHERE recorded_by = %(by)s AND kind = %(kind)s AND version = 1"
    " LIMIT %(limit)s) UNION ALL"
    " (SELECT p.stream FROM event_run r JOIN event_place p USING (run)"
    " WHERE r.recorded_by = %(by)s AND p.version = 1 AND r.kinds[p.kind + 1] = %(kind)s"
    " LIMIT %(limit)s) LIMIT %(limit)s"
)


def streams_begun(kind: str, *, by: str, limit: int) -> list[UUID]:
    """Up to `limit` streams whose first event is of a kind and was recorded by an account."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN_BY_ACCOUNT, {"kind": kind, "by": by, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


class Place(NamedTuple):
    """Where events of one kind are: one event, or a number of events of one append, stored as a run
    from `first` to `last`. `positions` are the first `MOST_OF_RUN` of them."""

    first: int
    last: int
    number: int
    positions: tuple[int, ...]


# Positions of a run that a place holds.
MOST_OF_RUN = 1_000


# The kinds are literals, so that the partial index of corrections is used.
_LATEST = (
    "(SELECT position, position, 1, ARRAY[position] FROM event"
    " WHERE kind IN ({kinds}) AND position < %(before)s"
    " ORDER BY position DESC LIMIT %(limit)s) UNION ALL"
    " (SELECT min(r.first + p.row), max(r.first + p.row), count(*),"
    " (array_agg(r.first + p.row ORDER BY p.row))[:%(most)s] FROM event_run r"
    " JOIN event_place p USING (run) WHERE r.kinds && ARRAY[{kinds}]::text[]"
    " AND r.first < %(before)s AND r.kinds[p.kind + 1] IN ({kinds})"
    " GROUP BY r.run, p.kind HAVING min(r.first + p.row) < %(before)s"
    " ORDER BY 1 DESC LIMIT %(limit)s) ORDER BY 1 DESC LIMIT %(limit)s"
)


def latest(kinds: Sequence[EventKind], *, before: int | None, limit: int) -> list[Place]:
    """The last `limit` places before a position with events of some kinds, the latest first."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    parameters = {
        "before": _LAST if before is None else min(before, _LAST),
        "limit": limit,
        "most": MOST_OF_RUN,
    }
    rows = select_prepared(_LATEST.format(kinds=listed), parameters)
    return [Place(first, last, number, tuple(own)) for first, last, number, own in rows]


def at(position: int) -> Recorded | None:
    """The event at a position, if there is one."""
    return next(iter(at_all([position])), None)


def at_all(positions: Iterable[int]) -> list[Recorded]:
    """The events at some positions, in order."""
    wanted = [position for position in positions if 0 < position <= _LAST]
    return read_selection(AT_POSITIONS, [wanted, wanted])


# Where texts are: events, and runs with at least some of their bytes.
_PLACES_OF_TEXTS = (
    "SELECT e.position, e.position FROM event e LEFT JOIN event_text t ON t.position = e.position"
    " WHERE e.position > %(after)s AND EXISTS (SELECT FROM unnest(%(texts)s::text[]) AS wanted"
    " WHERE strpos(t.text, wanted) > 0 OR strpos(e.body, wanted) > 0)"
    " UNION ALL SELECT r.first, r.last FROM event_run r JOIN event_run_body b USING (run)"
    " JOIN event_run_text t USING (run) WHERE r.first > %(after)s"
    " AND EXISTS (SELECT FROM unnest(%(texts)s::text[]) AS wanted"
    " WHERE position(convert_to(wanted, 'UTF8') IN t.texts) > 0"
    " OR position(convert_to(wanted, 'UTF8') IN b.bodies) > 0) ORDER BY 1 LIMIT %(limit)s"
)
_FEW_PLACES = 20


def find_texts(texts: Iterable[str], *, but: Iterable[int], most: int) -> list[Recorded]:
    """Up to `most` events, in order, whose words or body contain one of some texts, except those at
    some positions. It reads the whole log."""
    # The words are stored as JSON, with escapes.
    escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
    others = set(but)
    found = (
        one.position
        for first, last in _places_of_texts(escaped)
        for one in read(after=first - 1, limit=last - first + 1)
        if one.position not in others
        and any(text in one.body or text in (one.words or "") for text in escaped)
    )
    return at_all(islice(found, most))


def _places_of_texts(texts: list[str]) -> Iterator[tuple[int, int]]:
    """The first and last position of what may have a text, in order."""
    parameters = {"after": 0, "texts": texts, "limit": _FEW_PLACES}
    while places := select_prepared(_PLACES_OF_TEXTS, parameters):
        yield from places
        parameters |= {"after": places[-1][1]}
