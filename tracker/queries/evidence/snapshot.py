"""The log as it was at a position."""

from collections.abc import Iterable
from uuid import UUID

from tracker import log
from tracker.domain import snapshot
from tracker.domain.snapshot import Read
from tracker.domain.state import Entry


def read_entries(streams: set[UUID], until: int) -> Iterable[Entry]:
    """Read the entries of streams up to a position from the log, without texts."""
    return (one.entry() for one in log.history(streams, until=until, words=False))


class Snapshot(snapshot.Snapshot):
    """The state of every stream as of `position`, by default read from the log."""

    def __init__(self, position: int, *, read: Read = read_entries) -> None:
        super().__init__(position, read=read)
