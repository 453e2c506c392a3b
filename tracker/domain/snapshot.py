"""The log folded up to a position: streams are read on demand, and advanced event by event."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Self
from uuid import UUID

from tracker.domain.state import ClaimState, Entry, OutOfOrder, State, fold

# Returns the entries of some streams up to a position, in order.
type Read = Callable[[set[UUID], int], Iterable[Entry]]


class Snapshot:
    """The state of every stream as of `position`, without withheld texts.

    Reading a stream whose events cannot be folded raises `OutOfOrder`; other streams are not
    affected. `read` reads the entries.
    """

    def __init__(self, position: int, *, read: Read) -> None:
        self.position = position
        self._read = read
        self._states: dict[UUID, State | None] = {}
        self._broken: dict[UUID, OutOfOrder] = {}

    def load(self, streams: Iterable[UUID]) -> bool:
        """Read streams that are not loaded yet, with one query. Return whether there were any."""
        # Not a difference of sets, which would iterate over all loaded streams.
        unknown = {stream for stream in streams if stream not in self._states}
        if not unknown:
            return False
        self._states.update(dict.fromkeys(unknown))
        for entry in self._read(unknown, self.position):
            self._apply(entry)
        return True

    def holds(self, stream: UUID) -> bool:
        """Return whether a stream is loaded, so that its events have to be applied."""
        return stream in self._states

    def altered(self, states: Mapping[UUID, State]) -> Self:
        """A copy in which some streams have other states, with all that was read so far."""
        other = copy(self)
        other._states = {**self._states, **states}  # noqa: SLF001 # of its own class
        other._broken = dict(self._broken)  # noqa: SLF001
        return other

    def readable[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Return what `all` does, without the streams that cannot be folded."""
        wanted = set(streams)
        self.load(wanted)
        return self.all((stream for stream in wanted if stream not in self._broken), kind)

    def get[T](self, stream: UUID, kind: type[T]) -> T | None:
        """Return the state of a stream if it is of class `kind`."""
        return self.all([stream], kind).get(stream)

    def all[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Return the states of the streams that are of class `kind`, by id."""
        wanted = set(streams)
        self.load(wanted)
        if self._broken:
            for stream in sorted(wanted & self._broken.keys()):
                raise self._broken[stream]
        states = ((stream, self._states[stream]) for stream in sorted(wanted))
        return {stream: state for stream, state in states if isinstance(state, kind)}

    def joint_evidence(
        self, state: ClaimState, same: tuple[ClaimState, ...]
    ) -> tuple[ClaimState, ...]:
        """Return those of the claims that are the same as `state` whose evidence counts for it."""
        del state
        return same

    def advance(self, entry: Entry, *, begins: bool) -> None:
        """Advance to the next event of the log, which may begin its stream."""
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
