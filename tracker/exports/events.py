"""The log itself: every event, byte for byte, so that others can verify it on their own."""

import json
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.events import ERASED
from tracker.exports.claimlines import instant
from tracker.exports.tables import Column, Table, TableFacts
from tracker.log import Recorded
from tracker.queries.claims import disclosure

PAGE = 1_000
# With these and the rest of a row a reader could confirm a guess of the body.
_SECRETS = frozenset({"body", "words", "salt", "text_sha256", "leaf_hash"})


class EventRow(NamedTuple):
    """An event. `masked`: its content is withheld from the reader."""

    stored: Recorded
    masked: bool

    def hides(self, column: str) -> bool:
        if not self.masked:
            return False
        return column in _SECRETS or (
            column == "stream" and not disclosure.shows_stream(self.stored.kind)
        )


def _hex(value: bytes | None) -> str | None:
    return bytes(value).hex() if value is not None else None


def _body(value: str) -> str | None:
    return None if value == ERASED else value


def _column(name: str, convert: Callable[[Any], Any] | None = None, **options: Any) -> Column:
    get = attrgetter(name)

    def cell(row: EventRow) -> Any:
        if row.hides(name):
            return None
        return convert(get(row.stored)) if convert else get(row.stored)

    return Column(name=name, cell=cell, **options)


COLUMNS = (
    _column("position", type="integer", doc="from 1, without gaps"),
    _column("stream", str, doc="of the record that the event is about"),
    _column("version", type="integer", doc="in its stream, from 1"),
    _column("kind"),
    _column("schema", type="integer", doc="of the kind"),
    _column("recorded_at", type="moment", unit="UTC, to the microsecond"),
    _column("recorded_by"),
    _column(
        "body",
        _body,
        doc="the structure, as canonical JSON (RFC 8785); absent if it is erased",
    ),
    _column("words", doc="the text written by people, as canonical JSON; absent if withheld"),
    _column("withheld", type="flag", doc="whether its words were deleted"),
    _column("salt", _hex, unit="hex digits", doc="hashed before the words"),
    _column("text_sha256", _hex, unit="hex digits", doc="SHA-256(salt ‖ words)"),
    _column("leaf_hash", _hex, unit="hex digits", doc="see the notes"),
)
MASKED = (
    "body, words, salt, text_sha256 and leaf_hash are absent if an event accuses a person or"
    " company and is withheld from the public, and for imports; so is the stream of a link with"
    " such a claim. A download with a token has them: only with one can the whole log be verified"
)
LEAF = (
    "leaf_hash = SHA-256(0x00 ‖ RFC 8785 JSON of [log id, position, stream, version, kind, schema,"
    " recorded_at as whole microseconds since 1970, recorded_by, SHA-256(body) in hex digits,"
    " text_sha256 in hex digits or an empty text]). The tree of the log is over SHA-256(0x00 ‖"
    " 'entente/leaf/v1' and a line feed ‖ nonce ‖ leaf_hash), at index position − 1 (RFC 6962); the"
    " proof of an event has its nonce. The body of an erased event counts as null; a later event"
    " BodyErased has its position and this leaf_hash, and the nonce is erased too"
)


def table(facts: TableFacts, *, reader: Reader) -> Table[EventRow]:
    """The events up to the position, in order; masked events without their content."""
    return Table(
        name="events",
        title="The log: every event in the order in which it was recorded",
        facts=facts,
        columns=COLUMNS,
        rows=_rows(until=facts.position, reader=reader),
        line=line,
        total=facts.position,
        notes=(LEAF, MASKED) if reader is Reader.PUBLIC else (LEAF,),
    )


def _rows(*, until: int, reader: Reader) -> Iterator[EventRow]:
    after = 0
    while after < until:
        page = log.read(after=after, limit=min(PAGE, until - after))
        yield from rows_of(page, at=until, reader=reader)
        after = page[-1].position


def rows_of(events: Iterable[Recorded], *, at: int | None, reader: Reader) -> Iterator[EventRow]:
    """Events as a reader may see them, now or as of a position."""
    page = list(events)
    masked = disclosure.masked_positions(page, at=at, reader=reader)
    return (EventRow(stored, stored.position in masked) for stored in page)


def line(row: EventRow) -> str:
    """An event as in the API's feed, with the data that its words' hash is made from. The body and
    the words are written as they were hashed."""
    cells = {column.name: column.getter(row) for column in COLUMNS}
    cells["recorded_at"] = instant(row.stored.recorded_at)
    raw = {name: cells[name] or "null" for name in ("body", "words")}
    return f"{{{','.join(f'"{name}":{raw.get(name) or _json(cells[name])}' for name in cells)}}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
