"""The log folded up to a position: streams are read as asked for, and moved on event by event."""

from collections.abc import Iterable
from uuid import UUID

from tracker import log
from tracker.domain.folding import State, fold
from tracker.log import Recorded


class Snapshot:
    """The state of every stream as it stood at `position`, without words."""

    def __init__(self, position: int) -> None:
        self.position = position
        self._states: dict[UUID, State | None] = {}

    def load(self, streams: Iterable[UUID]) -> None:
        """Read streams that are not known yet, with one question to the log."""
        unknown = set(streams) - self._states.keys()
        if not unknown:
            return
        self._states.update(dict.fromkeys(unknown))
        for recorded in log.history(unknown, until=self.position, words=False):
            self._apply(recorded)

    def get[T](self, stream: UUID, kind: type[T]) -> T | None:
        """Give the state of a stream if it is of class `kind`."""
        self.load([stream])
        state = self._states[stream]
        return state if isinstance(state, kind) else None

    def all[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Give the states of those streams that are of class `kind`, by id."""
        wanted = set(streams)
        self.load(wanted)
        found = {stream: self._states[stream] for stream in sorted(wanted)}
        return {stream: state for stream, state in found.items() if isinstance(state, kind)}

    def advance(self, recorded: Recorded) -> None:
        """Move on to the next event of the log."""
        self.position = recorded.position
        if recorded.stream in self._states:
            self._apply(recorded)

    def _apply(self, recorded: Recorded) -> None:
        before = self._states[recorded.stream]
        self._states[recorded.stream] = fold([recorded.entry()], before)
