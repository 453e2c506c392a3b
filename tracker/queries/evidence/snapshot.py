"""The log folded up to a position: streams are read as asked for, and moved on event by event."""

from collections.abc import Iterable
from uuid import UUID

from tracker import log
from tracker.domain.state import Entry, OutOfOrder, State, fold


class Snapshot:
    """The state of every stream as it stood at `position`, without words.

    A stream whose events cannot follow one another raises `OutOfOrder` when it is asked for, and
    spoils none of the others.
    """

    def __init__(self, position: int) -> None:
        self.position = position
        self._states: dict[UUID, State | None] = {}
        self._broken: dict[UUID, OutOfOrder] = {}

    def load(self, streams: Iterable[UUID]) -> bool:
        """Read streams that are not known yet, with one question to the log; give whether there
        were any."""
        # Not a difference of sets, which goes through all that is known.
        unknown = {one for one in streams if one not in self._states}
        if not unknown:
            return False
        self._states.update(dict.fromkeys(unknown))
        for recorded in log.history(unknown, until=self.position, words=False):
            self._apply(recorded.entry())
        return True

    def sound[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Give the same as `all`, without the streams that cannot be folded."""
        wanted = set(streams)
        self.load(wanted)
        return self.all((one for one in wanted if one not in self._broken), kind)

    def get[T](self, stream: UUID, kind: type[T]) -> T | None:
        """Give the state of a stream if it is of class `kind`."""
        return self.all([stream], kind).get(stream)

    def all[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Give the states of those streams that are of class `kind`, by id."""
        wanted = set(streams)
        self.load(wanted)
        if self._broken:
            for stream in sorted(wanted & self._broken.keys()):
                raise self._broken[stream]
        found = ((stream, self._states[stream]) for stream in sorted(wanted))
        return {stream: state for stream, state in found if isinstance(state, kind)}

    def advance(self, entry: Entry, *, begins: bool) -> None:
        """Move on to the next event of the log, which may begin its stream."""
        self.position = entry.position
        if begins:
            self._states.setdefault(entry.stream, None)
        if entry.stream in self._states:
            self._apply(entry)

    def _apply(self, entry: Entry) -> None:
        before = self._states[entry.stream]
        try:
            self._states[entry.stream] = fold([entry], before)
        except OutOfOrder as problem:
            self._broken.setdefault(entry.stream, problem)
