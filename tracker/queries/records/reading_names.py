"""The names that a reader of articles knows: actors and sources on record, and all states."""

from collections.abc import Iterator
from uuid import UUID

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.reading import reference_names
from tracker.domain.reading.names import Meaning, NameEntry, Names
from tracker.models.derived import StandingRecord
from tracker.queries.records import names


def actors() -> Names:
    """Return the names of the actors on record and of all states."""
    rows = StandingRecord.objects.filter(noun="actor").order_by("name", "id")
    known = {row.id: codec.build(f.ActorState, row.state).actor for row in rows}
    states = {
        actor.code: key for key, actor in known.items() if actor.kind == "state" and actor.code
    }
    others = {
        actor.code: key for key, actor in known.items() if actor.kind != "state" and actor.code
    }
    entries = list(_entries({key: actor.name for key, actor in known.items()}, "actor"))
    return Names([*entries, *reference_names.entries(states, others)])


def sources() -> Names:
    """Return the names of the sources on record."""
    return Names(_entries({}, "source"))


def _entries(_known: dict[UUID, str], noun: str) -> Iterator[NameEntry]:
    for record in names.directory(noun):
        for text in (record.name, *record.also):
            yield NameEntry(text, Meaning(record.id, None, "name"))
