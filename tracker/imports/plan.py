"""Records that are to be made because claims refer to them, before they are on record."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from tracker.domain import events as e
from tracker.log import Draft


class Plans:
    """The events that make each planned record, by its id, and the records that it needs."""

    def __init__(self) -> None:
        self._events: dict[UUID, Sequence[e.Event]] = {}
        self._needs: dict[UUID, Sequence[UUID]] = {}

    def __contains__(self, stream: UUID) -> bool:
        return stream in self._events

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._events)

    def hold_any(self, wanted: Sequence[UUID]) -> bool:
        """Whether any of some records is planned."""
        return not self._events.keys().isdisjoint(wanted)

    def add(self, stream: UUID, *events: e.Event, needs: Sequence[UUID] = ()) -> UUID:
        """Plan a record and give its id. What it needs may be on record already."""
        self._events[stream] = events
        self._needs[stream] = needs
        return stream

    def needed(self, wanted: Iterable[UUID]) -> list[UUID]:
        """Those of some records that are planned, each after the planned ones that it needs."""
        found: dict[UUID, None] = {}
        for one in wanted:
            if one in self._events and one not in found:
                found |= dict.fromkeys(self.needed(self._needs[one]))
                found[one] = None
        return list(found)

    def drafts(self, stream: UUID) -> list[Draft]:
        """What puts a planned record on record."""
        return [
            Draft(stream=stream, event=event, expected=version)
            for version, event in enumerate(self._events[stream])
        ]

    def drop(self, streams: Iterable[UUID]) -> None:
        """Plan some no longer."""
        for one in streams:
            self._events.pop(one, None)
            self._needs.pop(one, None)


class Ids[K]:
    """Ids by what was asked for: for good of what is on record, for the time being of what is
    planned."""

    def __init__(self) -> None:
        self._known: dict[K, UUID] = {}
        self._planned: dict[K, UUID] = {}

    def get(self, asked: K) -> UUID | None:
        return self._known.get(asked) or self._planned.get(asked)

    def keep(self, asked: K, found: UUID, plans: Plans) -> UUID:
        """Remember an id and give it."""
        (self._planned if found in plans else self._known)[asked] = found
        return found

    def settle(self, on_record: set[UUID]) -> None:
        """Keep what came on record, and forget what was only planned."""
        self._known |= {asked: one for asked, one in self._planned.items() if one in on_record}
        self._planned.clear()
