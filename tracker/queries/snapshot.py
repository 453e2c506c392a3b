"""The log folded up to a position: streams are read as asked for, and moved on event by event."""

from collections.abc import Iterable
from uuid import UUID

from tracker import log
from tracker.domain.folding import Entry, OutOfOrder, State, fold

_BATCH = 2_000


class Snapshot:
    """The state of every stream as it stood at `position`, without words.

    A stream whose events cannot follow one another raises `OutOfOrder` when it is asked for, and
    spoils none of the others.
    """

    def __init__(self, position: int) -> None:
        self.position = position
        self._states: dict[UUID, State | None] = {}
        self._broken: dict[UUID, OutOfOrder] = {}

    @classmethod
    def whole(cls, position: int) -> "Snapshot":
        """Read the whole log up to a position, in order."""
        made = cls(0)
        while batch := log.read(after=made.position, limit=_BATCH, words=False):
            for recorded in batch:
                if recorded.position > position:
                    return made
                made.advance(recorded.entry(), begins=recorded.version == 1)
        return made

    def loaded[T](self, kind: type[T]) -> dict[UUID, T]:
        """Give the states of class `kind` that were read so far and are whole, by id."""
        return self.all(self._states.keys() - self._broken.keys(), kind)

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
