"""What a follower's next stretch of the log has to do with the tables: asked for at once before it
is taken in, written at once afterwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.lenses import View, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.domain.state import Entry
from tracker.log import Rows, Statement
from tracker.log.appending import perform
from tracker.log.messages import ask
from tracker.models.derived import Dependency, ImpactVersion
from tracker.projections.standing import added
from tracker.queries.evidence.impacts import Ends, open_versions
from tracker.queries.evidence.neighbourhood import look_ahead, stand_behind, standing_links
from tracker.queries.evidence.snapshot import Snapshot

# Of each stream as many claims as are wanted at most: a source can have a million.
_DEPENDENT = (
    "SELECT s.stream, d.claim FROM unnest(%s::uuid[]) AS s (stream) CROSS JOIN LATERAL"
    " (SELECT claim FROM dependency WHERE view = %s AND stream = s.stream"
    " AND (%s::uuid IS NULL OR claim > %s) ORDER BY claim LIMIT %s) AS d"
)
_CLOSE = (
    "UPDATE impact SET known_until = c.known_until"
    " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bigint[])"
    " AS c (claim, initiator, recipient, known_until)"
    " WHERE impact.view = %s AND impact.claim = c.claim AND impact.known_until IS NULL"
    " AND impact.initiator = c.initiator AND impact.recipient = c.recipient"
)
_INDEPENDENT = (
    "DELETE FROM dependency AS d WHERE d.view = %s AND d.claim = ANY(%s) AND NOT EXISTS"
    " (SELECT FROM unnest(%s::uuid[], %s::uuid[]) AS n (claim, stream)"
    " WHERE n.claim = d.claim AND n.stream = d.stream)"
)
_DEPEND = (
    "INSERT INTO dependency (view, claim, stream)"
    " SELECT %s, claim, stream FROM unnest(%s::uuid[], %s::uuid[]) AS n (claim, stream)"
    " ON CONFLICT DO NOTHING"
)

# The table may be ahead of the follower: only claims asserted up to its position are taken.
_IN_COLLECTION = (
    "SELECT c.id FROM standing_claim c JOIN event e ON e.stream = c.id AND e.version = 1"
    " WHERE c.collection = %s AND (%s::uuid IS NULL OR c.id > %s) AND e.position <= %s"
    " ORDER BY c.id LIMIT %s"
)


class Stretch:
    """Some events in a row, for one view.

    Each question is answered by the tables and by what the stretch has found out since. `most` is
    how many claims one event may affect here; of more, `affected` gives the first that come after
    the claim `after`, and at least one too many.
    """

    def __init__(
        self, view: View, entries: Sequence[Entry], *, after: UUID | None, most: int
    ) -> None:
        self._view = view
        self._dependent: dict[UUID, set[UUID]] = {
            stream: set() for one in entries for stream in about(one)
        }
        asked = [list(self._dependent), view.id, after, after, most + 1]
        for stream, claim in ask(Statement(_DEPENDENT, asked)):
            self._dependent[stream].add(claim)
        # Nothing is known of a claim before it is asserted.
        self._new = {
            one.stream
            for one in entries
            if isinstance(one.event, e.ClaimAsserted)
            and one.stream not in self._dependent[one.stream]
        }
        self._known: dict[UUID, dict[Ends, Impact]] = {one: {} for one in self._new}
        self._links = dict(standing_links(self._new))
        self._opened: dict[tuple[UUID, Ends], dict[str, Any]] = {}
        self._closed: list[dict[str, Any]] = []
        self._closing: list[tuple[UUID, str, str, int]] = []
        self._streams: dict[UUID, set[UUID]] = {}

    def affected(self, entry: Entry) -> set[UUID]:
        """The claims that were computed from a stream that an event is about."""
        return set[UUID]().union(*(self._dependent[stream] for stream in about(entry)))

    def links(self, claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
        """The streams of the links that each claim ever had, those of later positions too."""
        # Not a difference of sets, which goes through all that is known.
        if unknown := {one for one in claims if one not in self._links}:
            self._links |= standing_links(unknown)
        return {one: self._links[one] for one in claims}

    def known(self, claims: Sequence[UUID]) -> list[dict[Ends, Impact]]:
        """What each of some claims does, as far as is known."""
        if unknown := [one for one in claims if one not in self._known]:
            self._known |= open_versions(self._view.id, unknown)
        return [self._known[one] for one in claims]

    def close(self, claim: UUID, ends: Ends, *, position: int) -> None:
        """From a position on, a claim does not do any more what it did."""
        del self._known[claim][ends]
        if row := self._opened.pop((claim, ends), None):
            self._closed.append(row | {"known_until": position})
        else:
            self._closing.append((claim, *ends, position))

    def open(self, impact: Impact, *, position: int) -> None:
        """From a position on, a claim does this."""
        ends = Ends(impact.initiator, impact.recipient)
        self._known[impact.claim][ends] = impact
        self._opened[impact.claim, ends] = {
            "view": self._view.id,
            "pair": pair_of(*ends),
            "known_from": position,
            **impact._asdict(),
        }

    def depends(self, claim: UUID, streams: set[UUID]) -> None:
        """What a claim does was computed from these streams."""
        self._streams[claim] = streams
        for one in streams & self._dependent.keys():
            self._dependent[one].add(claim)

    def write(self) -> None:
        """Write what was found out since the last time."""
        perform([*self._impacts(), *self._dependencies()])
        self._opened.clear()
        self._closed.clear()
        self._closing.clear()
        self._new -= self._streams.keys()
        self._streams.clear()

    def _impacts(self) -> Iterator[Statement | Rows]:
        if self._closing:
            columns = [list(column) for column in zip(*self._closing, strict=True)]
            yield Statement(_CLOSE, [*columns, self._view.id])
        if rows := [*self._closed, *self._opened.values()]:
            yield added(ImpactVersion, rows)

    def _dependencies(self) -> Iterator[Statement | Rows]:
        view = self._view.id
        new = [
            {"view": view, "stream": stream, "claim": claim}
            for claim, streams in self._streams.items()
            if claim in self._new
            for stream in streams
        ]
        if new:
            yield added(Dependency, new)
        old = {one: streams for one, streams in self._streams.items() if one not in self._new}
        pairs = [(claim, one) for claim, streams in old.items() for one in streams]
        if pairs:
            claims, streams = [one for one, _ in pairs], [one for _, one in pairs]
            yield Statement(_INDEPENDENT, [view, list(old), claims, streams])
            yield Statement(_DEPEND, [view, claims, streams])


def claims_in(collection: UUID, *, until: int, after: UUID | None, most: int) -> set[UUID]:
    """The claims of a collection that were asserted up to a position: of more than `most`, the
    first that come after the claim `after`, and one too many."""
    return {
        claim
        for (claim,) in ask(Statement(_IN_COLLECTION, [collection, after, after, until, most + 1]))
    }


def about(entry: Entry) -> set[UUID]:
    """The streams that an event is about: its own, and for a link both ends."""
    match entry.event:
        case e.ClaimsLinked() | e.ClaimsUnlinked() as link:
            return {entry.stream, link.from_, link.to}
    return {entry.stream}


def look_around(entries: Iterable[Entry], snapshot: Snapshot) -> None:
    """Read at once, before the snapshot moves on, what these events refer to."""
    claims: list[Claim] = []
    behind: set[UUID] = set()
    for one in entries:
        match one.event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                claims.append(claim)
            case e.DocumentDescribed(document=document):
                behind.add(document.source)
            case e.ActorDescribed(actor=actor):
                behind |= stand_behind(actor)
    look_ahead(claims, snapshot)
    snapshot.load(behind)
