"""The log itself: every event to the byte, so that others can verify it without us."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.exports.claimlines import instant
from tracker.exports.tables import Column, Facts, Table
from tracker.log import Recorded, Stored
from tracker.queries.claims import disclosure

PAGE = 1_000
_SHARED = (
    *("position", "stream", "version", "kind", "schema"),
    *("recorded_at", "recorded_by", "leaf_hash"),
)
COLUMNS = (
    Column(name="position", type="integer", says="from 1, without holes"),
    Column(name="stream", says="of the record that the event is about"),
    Column(name="version", type="integer", says="in its stream, from 1"),
    Column(name="kind"),
    Column(name="schema", type="integer", says="of the kind"),
    Column(name="recorded_at", type="moment", unit="UTC, to the microsecond"),
    Column(name="recorded_by"),
    Column(name="body", says="what it says of the world, as canonical JSON (RFC 8785)"),
    Column(name="words", says="what people said, as canonical JSON; absent where withheld"),
    Column(name="withheld", type="flag", says="whether its words were deleted since"),
    Column(name="salt", unit="hex digits", says="that is hashed before the words"),
    Column(name="text_sha256", unit="hex digits", says="SHA-256(salt ‖ words)"),
    Column(name="leaf_hash", unit="hex digits", says="see the notes"),
)
MASKED = (
    "body, words, salt, text_sha256 and leaf_hash are absent where an event blames a person or firm"
    " and may not be printed yet, and of imports; so is the stream of a link with such a claim. A"
    " download with a token has them: only with one can the whole log be verified"
)
# From these and the rest of a row a guess of the body could be confirmed.
_SECRETS = frozenset({"body", "words", "salt", "text_sha256", "leaf_hash"})
LEAF = (
    "leaf_hash = SHA-256(0x00 ‖ RFC 8785 JSON of [log id, position, stream, version, kind, schema,"
    " recorded_at as whole microseconds since 1970, recorded_by, SHA-256(body) in hex digits,"
    " text_sha256 in hex digits or an empty text]): the leaf at index position − 1 of an RFC 6962"
    " tree"
)


class Told(NamedTuple):
    """An event, and whether what it says may not be printed where it is read."""

    stored: Stored
    masked: bool


def table(facts: Facts, *, reader: Reader) -> Table[Told]:
    """The events up to the position, in its order; those that are masked without content."""
    return Table(
        name="events",
        title="The log: every event in the order in which it was recorded",
        facts=facts,
        columns=COLUMNS,
        rows=_events(until=facts.position, reader=reader),
        line=_line,
        row=_row,
        total=facts.position,
        notes=(LEAF, MASKED) if reader is Reader.PUBLIC else (LEAF,),
    )


def _events(*, until: int, reader: Reader) -> Iterator[Told]:
    after = 0
    while after < until:
        page = log.stored(after=after, limit=min(PAGE, until - after))
        masked = disclosure.masked_positions(map(_read, page), at=until, reader=reader)
        yield from (Told(one, one.position in masked) for one in page)
        after = page[-1].position


def _read(one: Stored) -> Recorded:
    """What an event says, without its words."""
    given = {name: getattr(one, name) for name in _SHARED}
    return Recorded(body=json.loads(one.body), words=None, withheld=False, **given)


def _row(told: Told) -> tuple[Any, ...]:
    one = told.stored
    row = (
        one.position,
        str(one.stream),
        one.version,
        one.kind,
        one.schema,
        one.recorded_at,
        one.recorded_by,
        one.body,
        one.text,
        one.withheld,
        _hex(one.salt),
        _hex(one.text_sha256),
        _hex(one.leaf_hash),
    )
    return _without_secrets(one.kind, row) if told.masked else row


def _without_secrets(kind: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row without what says or confirms a body that may not be printed."""
    hidden = _SECRETS if disclosure.shows_stream(kind) else _SECRETS | {"stream"}
    return tuple(
        None if column.name in hidden else cell for column, cell in zip(COLUMNS, row, strict=True)
    )


def _line(told: Told) -> str:
    """As the API's feed has it, and what the words' hash is made from. The body and the words stand
    there as they were hashed."""
    named = dict(zip((column.name for column in COLUMNS), _row(told), strict=True))
    named["recorded_at"] = instant(told.stored.recorded_at)
    raw = {name: named[name] or "null" for name in ("body", "words")}
    return f"{{{','.join(f'"{name}":{raw.get(name) or _json(named[name])}' for name in named)}}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _hex(value: bytes | None) -> str | None:
    return bytes(value).hex() if value is not None else None
