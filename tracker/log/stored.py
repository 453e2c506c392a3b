"""Reads events exactly as stored: rows of the table of events, and slices of runs.

A slice of a run is one row of its columns, and is taken apart here. Each event reads the same in
whichever way it is stored.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from struct import Struct, iter_unpack
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain.events import ERASED, Event, decode
from tracker.domain.state import Entry
from tracker.log.messages import select_prepared

# The most events of a run; the database refuses more.
MOST_IN_RUN = 4096
# An event's entry in the heads of its run: stream, version, place of its kind, end of its body, and
# `text_sha256`, or zeros if it has no words.
HEAD = Struct(">16siBi32s")
UNBOUND = bytes(32)
_TICK = timedelta(microseconds=1)
_LEAF, _SALT = 32, 16


class Recorded(NamedTuple):
    """An event of the log exactly as stored: `body` and `words` are canonical JSON.

    `salt` and `words` are None if there are none, or if they are withheld or were not requested.
    A body that is erased is `null`.
    """

    position: int
    stream: UUID
    version: int
    kind: str
    schema: int
    recorded_at: datetime
    recorded_by: str
    body: str
    text_sha256: bytes | None
    leaf_hash: bytes
    withheld: bool
    salt: bytes | None
    words: str | None

    @property
    def erased(self) -> bool:
        return self.body == ERASED

    @property
    def content(self) -> Any:
        """The body, read: an object, or None if it is erased."""
        return json.loads(self.body)

    @property
    def content_words(self) -> Any:
        """The words, read: an object, or None if there are none."""
        return json.loads(self.words) if self.words else None

    def has(self, field: str) -> bool:
        """Whether the body has a field."""
        return field in (self.content or {})

    def decoded(self) -> Event:
        return decode(self.kind, self.schema, self.content, self.content_words)

    def entry(self) -> Entry:
        return Entry(stream=self.stream, position=self.position, event=self.decoded())


class Selection(NamedTuple):
    """Which events to read: rows `e` of the table of events, and runs `r`, each from `first_row` to
    `last_row`, counted from 0. Both are FROM clauses with their WHERE."""

    events: str
    events_where: str
    runs: str
    runs_where: str


# LATERAL with OFFSET 0 forces one look-up per event or stream: after fast growth, the planner lacks
# statistics and would scan the whole table.
_STREAMS = "(SELECT DISTINCT unnest(%s::uuid[]) AS id) s CROSS JOIN LATERAL"
_POSITIONS = "(SELECT DISTINCT unnest(%s::bigint[]) AS id) s CROSS JOIN LATERAL"
_RUN_OF_PLACE = (
    " CROSS JOIN LATERAL (SELECT * FROM event_run WHERE run = p.run OFFSET 0) r"
    " CROSS JOIN LATERAL (SELECT p.row::int AS first_row, p.row::int AS last_row) rows"
)
# The events after one position up to a later one, with the parameters of `between`. Positions have
# no holes, so that the last one follows from a limit. OFFSET 0: a slice is taken only of runs that
# have these events.
BETWEEN = Selection(
    "event e",
    "e.position > %s AND e.position <= %s",
    f"(SELECT * FROM event_run WHERE first > %s::bigint - {MOST_IN_RUN} AND first <= %s"  # noqa: S608
    " AND last > %s OFFSET 0) r CROSS JOIN LATERAL"
    " (SELECT greatest(%s::bigint + 1 - r.first, 0)::int AS first_row,"
    " (least(%s::bigint, r.last) - r.first)::int AS last_row) rows",
    "true",
)
# All events of streams up to a position, or without one.
OF_STREAMS = Selection(
    f"{_STREAMS} (SELECT * FROM event WHERE stream = s.id OFFSET 0) e",  # noqa: S608
    "e.position <= coalesce(%s, e.position)",
    f"{_STREAMS} (SELECT run, row FROM event_place WHERE stream = s.id OFFSET 0) p{_RUN_OF_PLACE}",  # noqa: S608
    "r.first + p.row <= coalesce(%s, r.first + p.row)",
)
FIRST_OF_STREAMS = Selection(
    f"{_STREAMS} (SELECT * FROM event WHERE stream = s.id AND version = 1 OFFSET 0) e",  # noqa: S608
    "true",
    f"{_STREAMS} (SELECT run, row FROM event_place WHERE stream = s.id AND version = 1 OFFSET 0) p"  # noqa: S608
    f"{_RUN_OF_PLACE}",
    "true",
)
AT_POSITIONS = Selection(
    f"{_POSITIONS} (SELECT * FROM event WHERE position = s.id OFFSET 0) e",  # noqa: S608
    "true",
    f"{_POSITIONS} (SELECT * FROM (SELECT * FROM event_run WHERE first <= s.id"  # noqa: S608
    " ORDER BY first DESC LIMIT 1) nearest WHERE last >= s.id OFFSET 0) r"
    " CROSS JOIN LATERAL (SELECT (s.id - r.first)::int AS first_row,"
    " (s.id - r.first)::int AS last_row) rows",
    "true",
)


def between(after: int, until: int) -> list[int]:
    """The parameters of `BETWEEN`."""
    return [after, until, after, until, after, after, until]


def read_selection(
    selection: Selection, parameters: Sequence[Any], *, words: bool = True, marks: bool = True
) -> list[Recorded]:
    """Return the selected events, in the order of the log. Without `words` these are not read;
    without `marks` no event is marked as withheld."""
    sql = _sql(selection, words=words, marks=words or marks)
    events: list[Recorded] = []
    for row in select_prepared(sql, parameters, binary=True):
        if row[_EVENTS] is None:
            events.append(Recorded(*row[:_EVENTS]))
        else:
            events += _unpacked(Slice(*row), marks=words or marks)
    return events


_EVENTS = len(Recorded._fields)


@cache
def _sql(selection: Selection, *, words: bool, marks: bool) -> str:
    texts = (
        " LEFT JOIN LATERAL (SELECT position, salt, text FROM event_text"
        " WHERE position = e.position OFFSET 0) t ON true"
    )
    withheld = "e.text_sha256 IS NOT NULL AND t.position IS NULL" if marks else "false"
    return (
        "SELECT e.position, e.stream, e.version, e.kind, e.schema, e.recorded_at, e.recorded_by,"  # noqa: S608 # constants
        f" e.body, e.text_sha256, e.leaf_hash, {withheld},"
        f" {'t.salt, t.text' if words else _NO_WORDS},"
        " NULL::int, NULL::bytea, NULL::text[], NULL::smallint[], NULL::int, NULL::bytea,"
        " NULL::int, NULL::bytea, NULL::bytea"
        f" FROM {selection.events}{texts if marks else ''} WHERE {selection.events_where}"
        " UNION ALL SELECT r.first + first_row, NULL, NULL, NULL, NULL,"
        " r.recorded_at + first_row * interval '1 microsecond', r.recorded_by, NULL, NULL,"
        f" substr(r.leaves, {_LEAF} * first_row + 1, {_LEAF} * number), false,"
        f" {_SALTS if words else 'NULL'}, NULL,"
        f" number, substr(b.heads, {HEAD.size} * first_row + 1, {HEAD.size} * number),"
        " r.kinds, r.schemas, body_start, substr(t.ends, 4 * first_row + 1, 4 * number),"
        " text_start, substr(b.bodies, body_start + 1, greatest(body_end - body_start, 0)),"
        f" {_WORDS if words else 'NULL'}"
        f" FROM {selection.runs}"
        " CROSS JOIN LATERAL (SELECT * FROM event_run_body WHERE run = r.run OFFSET 0) b"
        " CROSS JOIN LATERAL (SELECT * FROM event_run_text WHERE run = r.run OFFSET 0) t"
        " CROSS JOIN LATERAL (SELECT last_row - first_row + 1 AS number,"
        f" run_int(b.heads, {HEAD.size} * first_row - {_END_BEFORE}) AS body_start,"
        f" run_int(b.heads, {HEAD.size} * last_row + {_END}) AS body_end,"
        " run_int(t.ends, 4 * first_row - 4) AS text_start,"
        " run_int(t.ends, 4 * last_row) AS text_end) cut"
        f" WHERE {selection.runs_where} ORDER BY 1"
    )


# Where the end of a body is in an entry of the heads, and in the entry before it.
_END = 21
_END_BEFORE = HEAD.size - _END
# What a damaged run says of an event; its leaf tells.
_NO_KIND = ("", 0)
_NO_WORDS = "NULL::bytea, NULL::text"
_SALTS = f"substr(t.salts, {_SALT} * first_row + 1, {_SALT} * number)"
_WORDS = "substr(t.texts, text_start + 1, greatest(text_end - text_start, 0))"


class Slice(NamedTuple):
    """Consecutive events of a run. The columns up to `number` are those of `Recorded`: of the first
    event, of all one after the other, or empty."""

    position: int
    stream: None
    version: None
    kind: None
    schema: None
    recorded_at: datetime
    recorded_by: str
    body: None
    text_sha256: None
    leaves: bytes
    withheld: bool
    salts: bytes | None
    text: None
    number: int
    heads: bytes
    kinds: list[str]
    schemas: list[int]
    body_start: int
    ends: bytes
    text_start: int
    bodies: bytes
    texts: bytes | None


def _unpacked(one: Slice, *, marks: bool) -> Iterator[Recorded]:
    """The events of a slice. A damaged one has as many, whose leaves tell."""
    heads = list(HEAD.iter_unpack(_filled(one.heads, HEAD.size * one.number)))
    ends = [
        one.text_start,
        *(end for (end,) in iter_unpack(">i", _filled(one.ends, 4 * one.number))),
    ]
    bodies = _cut(one.bodies, [one.body_start, *(head[3] for head in heads)])
    texts = None if one.texts is None else list(_cut(one.texts, ends))
    salts = one.salts or b""
    kinds = dict(enumerate(zip(one.kinds, one.schemas, strict=False)))
    numbered = enumerate(zip(heads, bodies, strict=True))
    for row, ((stream, version, place, _, bound), body) in numbered:
        has_words = bound != UNBOUND
        withheld = has_words and ends[row] == ends[row + 1]
        kind, schema = kinds.get(place, _NO_KIND)
        words = texts[row] if texts and has_words and not withheld else None
        yield Recorded(
            position=one.position + row,
            stream=UUID(bytes=stream),
            version=version,
            kind=kind,
            schema=schema,
            recorded_at=one.recorded_at + row * _TICK,
            recorded_by=one.recorded_by,
            body=body,
            text_sha256=bound if has_words else None,
            leaf_hash=one.leaves[_LEAF * row : _LEAF * (row + 1)],
            withheld=withheld and marks,
            salt=None if words is None else salts[_SALT * row : _SALT * (row + 1)],
            words=words,
        )


def _filled(column: bytes, size: int) -> bytes:
    return column.ljust(size, b"\0")[:size]


def _cut(data: bytes, ends: Sequence[int]) -> Iterator[str]:
    """The texts between ends, which count bytes from the first of them on."""
    start = ends[0]
    return (data[one - start : end - start].decode(errors="replace") for one, end in pairwise(ends))
