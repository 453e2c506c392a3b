"""The log itself: every event to the byte, so that others can verify it without us."""

import json
from collections.abc import Iterator
from typing import Any

from tracker import log
from tracker.exports.claimlines import instant
from tracker.exports.tables import Column, Facts, Table
from tracker.log import Stored

PAGE = 1_000
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
LEAF = (
    "leaf_hash = SHA-256(0x00 ‖ RFC 8785 JSON of [log id, position, stream, version, kind, schema,"
    " recorded_at as whole microseconds since 1970, recorded_by, SHA-256(body) in hex digits,"
    " text_sha256 in hex digits or an empty text]): the leaf at index position − 1 of an RFC 6962"
    " tree"
)


def table(facts: Facts) -> Table[Stored]:
    """The events up to the position, in its order."""
    return Table(
        name="events",
        title="The log: every event in the order in which it was recorded",
        facts=facts,
        columns=COLUMNS,
        rows=_events(until=facts.position),
        line=_line,
        row=_row,
        total=facts.position,
        notes=(LEAF,),
    )


def _events(*, until: int) -> Iterator[Stored]:
    after = 0
    while after < until:
        page = log.stored(after=after, limit=min(PAGE, until - after))
        yield from page
        after = page[-1].position


def _row(one: Stored) -> tuple[Any, ...]:
    return (
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


def _line(one: Stored) -> str:
    """As the API's feed has it, and what the words' hash is made from. The body and the words stand
    there as they were hashed."""
    named = dict(zip((column.name for column in COLUMNS), _row(one), strict=True))
    named["recorded_at"] = instant(one.recorded_at)
    raw = {"body": one.body, "words": one.text or "null"}
    return f"{{{','.join(f'"{name}":{raw.get(name) or _json(named[name])}' for name in named)}}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _hex(value: bytes | None) -> str | None:
    return bytes(value).hex() if value is not None else None
