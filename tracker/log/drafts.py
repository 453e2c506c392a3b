"""Events before they are appended: drafts, and events that are encoded and ready."""

from typing import NamedTuple
from uuid import UUID

from tracker.domain.codec import NOTHING, Known, record_of, texts
from tracker.domain.events import SCHEMA, Event


class Written(NamedTuple):
    """An event as the log stores it: body and words as canonical JSON; `words` is empty if it has
    none. `known`: the encoded record that the event is about."""

    kind: str
    schema: int
    body: str
    words: str
    known: Known

    @classmethod
    def of(cls, event: Event, known: Known = NOTHING) -> "Written":
        """Encode an event; `known` are parts of it that are already encoded."""
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
    """An event without its position. `written`: the event as JSON, as it is about to be appended;
    None if it is on record."""

    stream: UUID
    version: int
    event: Event
    written: Written | None = None

    def encoded(self) -> Written:
        return self.written or Written.of(self.event)


class NewStream(NamedTuple):
    """The first event of a new stream, already encoded, whose rows of derived tables are written by
    the caller."""

    stream: UUID
    written: Written
