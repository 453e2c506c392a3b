"""The log as it was at a position, and what surrounds its claims, read from the database."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from tracker import log
from tracker.domain import around
from tracker.domain.around import LinkStreams, Read
from tracker.domain.lenses import View
from tracker.domain.state import Entry
from tracker.log import Statement
from tracker.log.messages import ask_prepared


def read_entries(streams: set[UUID], until: int) -> Iterable[Entry]:
    """Read the entries of streams up to a position from the log, without texts."""
    return (one.entry() for one in log.history(streams, until=until, words=False))


class Snapshot(around.Snapshot):
    """The state of every stream as of `position`, by default read from the log."""

    def __init__(self, position: int, *, read: Read = read_entries) -> None:
        super().__init__(position, read=read)


def standing_links(claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return the links on record at either end of the claims, also undone ones."""
    by_claim: dict[UUID, set[UUID]] = {claim: set() for claim in claims}
    if not claims:
        return by_claim
    wanted = list(claims)
    for link, *ends in ask_prepared(
        Statement(
            "SELECT id, from_claim, to_claim FROM standing_link"
            " WHERE from_claim = ANY(%s) OR to_claim = ANY(%s)",
            [wanted, wanted],
        )
    ):
        for end in claims.intersection(ends):
            by_claim[end].add(link)
    return by_claim


def prefetched_links(claims: Iterable[UUID]) -> LinkStreams:
    """Return the links of claims, read at once; those of others are read when they are needed."""
    known = standing_links(set(claims))
    return lambda wanted: {**standing_links(wanted - known.keys()), **known}


class Neighbourhood(around.Neighbourhood):
    """The records and claims around claims of one view, by default with the links on record."""

    def __init__(
        self, snapshot: Snapshot, view: View, *, link_streams: LinkStreams = standing_links
    ) -> None:
        super().__init__(snapshot, view, link_streams=link_streams)
