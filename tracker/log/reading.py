"""Reads of the log, in the order of the positions."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tracker.domain.codec import NOTHING, Known, record_of, texts
from tracker.domain.events import SCHEMA, Event, decode
from tracker.domain.state import Entry
from tracker.log.messages import Statement, ask, ask_prepared, id_array


class Written(NamedTuple):
    """An event as it stands in the log: body and words as canonical JSON, `words` empty where it
    has none. `known`: the record that it is about, written."""

    kind: str
    schema: int
    body: str
    words: str
    known: Known

    @classmethod
    def of(cls, event: Event, known: Known = NOTHING) -> "Written":
        """Write an event; `known` are parts of it that are written already."""
        kind = type(event).__name__
        about = record_of(event)
        own = {} if about is None else {id(about): texts(about, known)}
        body, words, _ = texts(event, own)
        return cls(kind, SCHEMA[kind], body, words, own)


class Draft(NamedTuple):
    """An event to append. `expected` is the stream's version before it; 0 means a new stream,
    None any version. `written`: the event as JSON, if it is already encoded."""

    stream: UUID
    event: Event
    expected: int | None = None
    written: Written | None = None


class Pending(NamedTuple):
    """An event about to be appended, without its position."""

    stream: UUID
    version: int
    event: Event
    written: Written | None = None


class NewStream(NamedTuple):
    """The first event of a new stream, already encoded, whose rows of derived tables are written by
    the caller."""

    stream: UUID
    written: Written


class Sealed(NamedTuple):
    """An event about to be appended, encoded."""

    stream: UUID
    version: int
    event: Event
    written: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event of the log. `withheld`: its words were deleted.

    `words` is None if there are none, they are withheld, or they were not requested.
    """

    position: int
    stream: UUID
    version: int
    kind: str
    schema: int
    recorded_at: datetime
    recorded_by: str
    body: dict[str, Any]
    words: dict[str, Any] | None
    withheld: bool
    leaf_hash: bytes

    def decoded(self) -> Event:
        return decode(self.kind, self.schema, self.body, self.words)

    def entry(self) -> Entry:
        return Entry(stream=self.stream, position=self.position, event=self.decoded())


class Body(NamedTuple):
    """An event as its JSON. `words` is empty if there are none, they are withheld, or they were not
    requested."""

    position: int
    stream: UUID
    version: int
    kind: str
    schema: int
    leaf_hash: bytes
    body: str
    words: str

    def entry(self) -> Entry:
        """The event, decoded."""
        return Entry(stream=self.stream, position=self.position, event=self.decoded())

    def decoded(self) -> Event:
        words = json.loads(self.words) if self.words else None
        return decode(self.kind, self.schema, json.loads(self.body), words)


class First(NamedTuple):
    """The first event of a stream as stored: body and words as JSON. `words` is None if there are
    none or they are withheld."""

    stream: UUID
    position: int
    kind: str
    body: str
    words: str | None
    withheld: bool


class Stamp(NamedTuple):
    """Where an event stands in the log, what kind it has, and who recorded it when."""

    position: int
    version: int
    kind: str
    recorded_at: datetime
    recorded_by: str


class Head(NamedTuple):
    """The log's id, its last position, and the time of that position."""

    log_id: UUID
    position: int
    recorded_at: datetime


def wordless(one: Recorded) -> Recorded:
    """The event as it reads after its words are withheld."""
    return replace(one, words=None, withheld=True)


_COLUMNS = (
    "e.position, e.stream, e.version, e.kind, e.schema, e.recorded_at, e.recorded_by,"
    " e.leaf_hash, e.text_sha256 IS NOT NULL AND t.position IS NULL, e.body"
)

# LATERAL with OFFSET 0 forces one look-up per event or stream: after fast growth, the planner lacks
# statistics and would scan the whole table.
_WORDS = (
    " LEFT JOIN LATERAL (SELECT position, salt, text FROM event_text"
    " WHERE position = e.position OFFSET 0) t ON true"
)
SPOKEN = f"event e{_WORDS}"
_OF_STREAMS = (
    "(SELECT DISTINCT unnest(%s::uuid[]) AS id) s CROSS JOIN LATERAL"  # noqa: S608
    f" (SELECT * FROM event WHERE stream = s.id OFFSET 0) e{_WORDS}"
)
_AT_POSITIONS = (
    "(SELECT DISTINCT unnest(%s::bigint[]) AS id) s CROSS JOIN LATERAL"  # noqa: S608
    f" (SELECT * FROM event WHERE position = s.id OFFSET 0) e{_WORDS}"
)
# Subqueries for other statements: the end of the log as a text that begins with its position, and
# the log's id.
END = "(SELECT concat_ws(' ', position, last_recorded_at, log_id) FROM log_head)"
LOG = "(SELECT log_id FROM log_head)"
# Conditions: the event of a row (`id`, `version`) is at or before a position; the next event of its
# stream is.
RECORDED_BY = (
    "EXISTS (SELECT FROM event b WHERE b.stream = {table}.id AND b.version = {table}.version"
    " AND b.position <= %s)"
)
ENDED_BY = RECORDED_BY.replace("{table}.version", "{table}.version + 1")
# The positions at which the versions of the lens in a row were defined, in order.
DEFINED_AT = (
    "ARRAY(SELECT d.position FROM event d WHERE d.stream = {table}.id"
    " AND d.kind = 'LensDefined' ORDER BY d.position)"
)
# Positions have no holes, so that the last one follows from the limit.
FOLLOWING = "e.position > %s AND e.position <= %s ORDER BY e.position"

_FIELDS = (
    "position",
    "stream",
    "version",
    "kind",
    "schema",
    "recorded_at",
    "recorded_by",
    "leaf_hash",
    "withheld",
)


def read(*, after: int, limit: int, words: bool = True) -> list[Recorded]:
    """Up to `limit` events after position `after`, in order."""
    return _select(f"{SPOKEN} WHERE {FOLLOWING}", [after, after + limit], words=words)


def bodies(*, after: int, until: int, words: bool = False) -> list[Body]:
    """The events after position `after` up to `until`, in order."""
    source, text = (SPOKEN, "coalesce(t.text, '')") if words else ("event e", "''")
    statement = Statement(
        "SELECT e.position, e.stream, e.version, e.kind, e.schema, e.leaf_hash, e.body,"  # noqa: S608
        f" {text} FROM {source} WHERE e.position > %s AND e.position <= %s ORDER BY e.position",
        [after, until],
    )
    return [Body(*row) for row in ask_prepared(statement)]


def history(
    streams: Iterable[UUID], *, until: int | None = None, words: bool = True
) -> list[Recorded]:
    """All events of the streams up to position `until`, in the order of the log."""
    ids = list(streams)
    if not ids:
        return []
    return _select(
        f"{_OF_STREAMS} WHERE e.position <= coalesce(%s, e.position) ORDER BY e.position",
        [id_array(ids), until],
        words=words,
    )


# Times as text: the driver takes ten times as long as `fromisoformat` to parse them.
_ENDS = (
    "SELECT e.stream, e.position, e.version, e.kind, e.recorded_at::text, e.recorded_by"
    " FROM unnest(%s::uuid[], %s::int[]) AS s (id, version) CROSS JOIN LATERAL"
    " (SELECT * FROM event WHERE stream = s.id AND version IN (1, s.version) OFFSET 0) e"
    " ORDER BY e.position"
)


def ends(versions: Mapping[UUID, int]) -> dict[UUID, tuple[Stamp, Stamp]]:
    """The first event of each stream, and the event of a version."""
    found: dict[UUID, list[Stamp]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [id_array(versions), [*versions.values()]])
        for stream, position, version, kind, at, by in cursor.fetchall():
            stamp = Stamp(position, version, kind, datetime.fromisoformat(at), by)
            found.setdefault(stream, []).append(stamp)
    return {stream: (stamps[0], stamps[-1]) for stream, stamps in found.items()}


def firsts(streams: Iterable[UUID]) -> list[First]:
    """The first event of each of the streams, if there is one, undecoded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.stream, e.position, e.kind, e.body, t.text,"  # noqa: S608
            f" e.text_sha256 IS NOT NULL AND t.position IS NULL FROM {_OF_STREAMS}"
            " WHERE e.version = 1",
            [id_array(streams)],
        )
        return [First(*row) for row in cursor.fetchall()]


_EXISTING = (
    "SELECT s.id FROM unnest(%b::uuid[]) AS s (id) CROSS JOIN LATERAL"
    " (SELECT FROM event WHERE stream = s.id AND version = 1 OFFSET 0) e"
)


def existing(streams: Collection[UUID]) -> set[UUID]:
    """Those of some streams that are in the log. Nothing of their events is read."""
    return {row[0] for row in ask_prepared(Statement(_EXISTING, [list(streams)]))}


def streams(kind: str, *, after: int = 0, until: int | None = None) -> set[UUID]:
    """The streams with an event of a kind after one position and up to another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT stream FROM event WHERE kind = %s AND position > %s"
            " AND position <= coalesce(%s, position)",
            [kind, after, until],
        )
        return {row[0] for row in cursor.fetchall()}


def new_streams(kind: str, *, first: int, last: int) -> list[UUID]:
    """The streams whose first event is of a kind and between two positions, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream FROM event WHERE position BETWEEN %s AND %s AND kind = %s"
            " AND version = 1 ORDER BY position",
            [first, last, kind],
        )
        return [row[0] for row in cursor.fetchall()]


def at(position: int) -> Recorded | None:
    """The event at a position, if there is one."""
    return next(iter(_select(f"{SPOKEN} WHERE e.position = %s", [position], words=True)), None)


def at_all(positions: Iterable[int]) -> list[Recorded]:
    """The events at some positions, in order."""
    return _select(f"{_AT_POSITIONS} ORDER BY e.position", [list(positions)], words=True)


def find_texts(texts: Iterable[str], *, but: Iterable[int], most: int) -> list[Recorded]:
    """Up to `most` events, in order, whose words or body contain one of some texts, except those at
    some positions. It reads the whole log."""
    # The words are stored as JSON, with escapes.
    escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
    return _select(
        "event e LEFT JOIN event_text t ON t.position = e.position"
        " WHERE e.position <> ALL(%s::bigint[]) AND EXISTS"
        " (SELECT FROM unnest(%s::text[]) AS wanted"
        " WHERE strpos(t.text, wanted) > 0 OR strpos(e.body, wanted) > 0)"
        " ORDER BY e.position LIMIT %s",
        [list(but), escaped, most],
        words=True,
    )


def head() -> Head:
    """The end of the log as committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head")
        return Head(*cursor.fetchone())


def _select(source: str, parameters: Sequence[Any], *, words: bool) -> list[Recorded]:
    statement = Statement(
        f"SELECT {_COLUMNS}, {'t.text' if words else 'NULL'} FROM {source}",  # noqa: S608
        parameters,
    )
    # Without words followers read, a few events at a time.
    rows = ask(statement) if words else ask_prepared(statement)
    return [_recorded(*row) for row in rows]


def _recorded(*row: Any) -> Recorded:
    *columns, body, words = row
    return Recorded(
        **dict(zip(_FIELDS, columns, strict=True)),
        body=json.loads(body),
        words=json.loads(words) if words is not None else None,
    )


class Stored(NamedTuple):
    """An event exactly as stored: `body` and `text` are canonical JSON.

    `salt` and `text` are None if there are no words, or if they are withheld; in the second case
    there is a `text_sha256`.
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
    salt: bytes | None
    text: str | None

    @property
    def withheld(self) -> bool:
        return self.text_sha256 is not None and self.text is None


_STORED_COLUMNS = ", ".join(f"e.{name}" for name in Stored._fields[:-2])


def stored(*, after: int, limit: int) -> list[Stored]:
    """Up to `limit` events after position `after`, in order, exactly as stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_STORED_COLUMNS}, t.salt, t.text FROM {SPOKEN} WHERE {FOLLOWING}",  # noqa: S608
            [after, after + limit],
        )
        return [Stored(*row) for row in cursor.fetchall()]
