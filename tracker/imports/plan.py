"""Plans of the records that claims refer to and that are not on record yet."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from tracker.domain import events as e
from tracker.log import Draft


class Plans:
    """The events of each planned record, by its id, and the records that it refers to."""

    def __init__(self) -> None:
        self._events: dict[UUID, Sequence[e.Event]] = {}
        self._needs: dict[UUID, Sequence[UUID]] = {}

    def __contains__(self, stream: UUID) -> bool:
        return stream in self._events

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._events)

    def hold_any(self, records: Sequence[UUID]) -> bool:
        """Whether any of these records is planned."""
        return not self._events.keys().isdisjoint(records)

    def add(self, stream: UUID, *events: e.Event, needs: Sequence[UUID] = ()) -> UUID:
        """Plan a record and return its id. What it needs may be on record already."""
        self._events[stream] = events
        self._needs[stream] = needs
        return stream

    def needed(self, records: Iterable[UUID]) -> list[UUID]:
        """The planned ones of these records, each after those that it needs. Where some need each
        other, as an organisation and the source of its list, one of them comes first."""
        ordered: dict[UUID, None] = {}
        self._order(records, ordered, above=frozenset())
        return list(ordered)

    def _order(
        self, records: Iterable[UUID], ordered: dict[UUID, None], *, above: frozenset[UUID]
    ) -> None:
        for id_ in records:
            if id_ in self._events and id_ not in ordered and id_ not in above:
                self._order(self._needs[id_], ordered, above=above | {id_})
                ordered[id_] = None

    def drafts(self, stream: UUID) -> list[Draft]:
        """The drafts of the events of a planned record."""
        return [
            Draft(stream=stream, event=event, expected=version)
            for version, event in enumerate(self._events[stream])
        ]

    def drop(self, streams: Iterable[UUID]) -> None:
        """Drop the plans of some records."""
        for stream in streams:
            self._events.pop(stream, None)
            self._needs.pop(stream, None)


class IdCache[K]:
    """Ids by key: those of records for good, those of planned records until `settle`."""

    def __init__(self) -> None:
        self._known: dict[K, UUID] = {}
        self._planned: dict[K, UUID] = {}

    def get(self, key: K) -> UUID | None:
        return self._known.get(key) or self._planned.get(key)

    def remember(self, key: K, record: UUID, plans: Plans) -> UUID:
        """Remember an id and return it."""
        (self._planned if record in plans else self._known)[key] = record
        return record

    def settle(self, on_record: set[UUID]) -> None:
        """Keep the ids of what is on record now, and forget the others that were planned."""
        self._known |= {key: record for key, record in self._planned.items() if record in on_record}
        self._planned.clear()
