"""What goes into the log and what comes out of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain.events import SCHEMA, Event, decode
from tracker.domain.folding import Entry
from tracker.domain.writing import NOTHING, Known, record_of, texts


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
    None whatever it is. `written`: the event, if somebody has written it already."""

    stream: UUID
    event: Event
    expected: int | None = None
    written: Written | None = None


class Pending(NamedTuple):
    """An event about to be appended: all but its position is known."""

    stream: UUID
    version: int
    event: Event
    written: Written | None = None


class Sealed(NamedTuple):
    """An event about to be appended, with the salt that keeps short words unguessable."""

    stream: UUID
    version: int
    event: Event
    written: Written
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event of the log. `withheld`: its words were deleted since.

    `words` is None where it has none, where they are withheld or were not asked for.
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


class First(NamedTuple):
    """The first event of a stream as it stands in the log: body and words as JSON, `words` None
    where it has none or they are withheld."""

    stream: UUID
    position: int
    kind: str
    body: str
    words: str | None
    withheld: bool


class Head(NamedTuple):
    """The log's id, its last position, and when that was recorded."""

    log_id: UUID
    position: int
    recorded_at: datetime


def wordless(one: Recorded) -> Recorded:
    """Give an event as it reads once its words are withheld."""
    return replace(one, words=None, withheld=True)
