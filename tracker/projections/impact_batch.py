"""The reads and writes of a follower for a batch of events: few queries before the batch, few
writes after it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.around import References, load_references, related_actors
from tracker.domain.lenses import View, pair_of
from tracker.domain.plain import PlainClaim
from tracker.domain.records import Document
from tracker.domain.scoring.evidence import Impact
from tracker.domain.state import Entry
from tracker.log import BinaryRows, Rows, Statement, Step, binary
from tracker.log.appending import execute_steps
from tracker.log.messages import ask, ask_prepared
from tracker.models.derived import Dependency, ImpactVersion
from tracker.projections.inserts import MANY, column_types, insert_rows
from tracker.projections.relevance import excluded_collections
from tracker.queries.evidence.dependents import ON_CLAIM, may_change_others, resting_on
from tracker.queries.evidence.impacts import Ends, open_versions
from tracker.queries.evidence.record import Snapshot, standing_links

_COLUMNS = tuple(column_types(ImpactVersion))
_COUNT = binary.count(len(_COLUMNS))

# An impact, the position from which it is known, and that until which it is, or None.
type Known = tuple[Impact, int, int | None]

# Limited for each stream: a source can have a million claims.
_SELECT_DEPENDENTS = (
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
_DELETE_DEPENDENCIES = (
    "DELETE FROM dependency AS d WHERE d.view = %s AND d.claim = ANY(%s) AND NOT EXISTS"
    " (SELECT FROM unnest(%s::uuid[], %s::uuid[]) AS n (claim, stream)"
    " WHERE n.claim = d.claim AND n.stream = d.stream)"
)
_INSERT_DEPENDENCIES = (
    "INSERT INTO dependency (view, claim, stream)"
    " SELECT %s, claim, stream FROM unnest(%s::uuid[], %s::uuid[]) AS n (claim, stream)"
    " ON CONFLICT DO NOTHING"
)

# The table can be ahead of the follower: only claims asserted up to its position count.
_IN_COLLECTION = (
    "SELECT c.id FROM standing_claim c WHERE c.collection = %s"  # noqa: S608
    f" AND (%s::uuid IS NULL OR c.id > %s) AND {log.BEGUN_BY.format(table='c')}"
    " ORDER BY c.id LIMIT %s"
)
_FORGET = (
    "DELETE FROM impact WHERE claim = %s AND view = coalesce(%s, view)",
    "DELETE FROM dependency WHERE claim = %s AND view = coalesce(%s, view)",
    "DELETE FROM quarantine WHERE subject = 'claim:' || %s AND view = coalesce(%s, view)",
)


def forget(claim: UUID, view: str | None = None) -> list[Statement]:
    """Return the statements that delete what a view, or each view, knows of an erased claim, also
    at earlier positions."""
    return [Statement(sql, [str(claim), view]) for sql in _FORGET]


class ImpactBatch:
    """Consecutive events, for one view; `reported` are the plain claims among them that are
    reported again.

    Reads combine the tables with the changes of this batch. `most`: how many claims of an event
    are processed; if more are affected, `affected` returns those that follow the claim `after`, at
    least one more than `most`.
    """

    def __init__(
        self,
        view: View,
        entries: Sequence[Entry],
        reported: set[UUID],
        *,
        after: UUID | None,
        most: int,
    ) -> None:
        self._view = view
        self._after = after
        self._most = most
        self._dependent = self._dependents(reported.union(*map(streams_of, entries)))
        # A new claim has no impacts and links yet.
        self._new = {
            entry.stream
            for entry in entries
            if isinstance(entry.event, e.ClaimAsserted)
            and entry.stream not in self._dependent[entry.stream]
        }
        claims = (claims_of(entries) | reported) - self._new
        self._known: dict[UUID, dict[Ends, Impact]] = {claim: {} for claim in self._new}
        self._known |= open_versions(view.id, claims)
        self._links = dict(standing_links(self._new | claims))
        self._opened: dict[tuple[UUID, Ends], tuple[Impact, int]] = {}
        self._closed: list[Known] = []
        self._closing: list[tuple[UUID, str, str, int]] = []
        self._streams: dict[UUID, set[UUID]] = {}

    def _dependents(self, streams: set[UUID]) -> dict[UUID, set[UUID]]:
        """The claims whose impacts depend on each of some streams."""
        found: dict[UUID, set[UUID]] = {stream: set() for stream in streams}
        if found:
            parameters = [list(found), self._view.id, self._after, self._after, self._most + 1]
            for stream, claim in ask_prepared(Statement(_SELECT_DEPENDENTS, parameters)):
                found[stream].add(claim)
        return found

    def begin(self, claim: UUID) -> None:
        """A plain claim is asserted: it has no impacts yet, and gets no rows of dependencies."""
        self._known[claim] = {}

    def affected(self, entry: Entry, snapshot: Snapshot) -> set[UUID]:
        """The claims whose impacts depend on a stream of the event; `snapshot` is before it."""
        changes = may_change_others(entry)
        excluded = excluded_collections(self._view, snapshot) if changes else []
        resting = resting_on(entry, excluded=excluded, after=self._after, most=self._most + 1)
        streams = streams_of(entry)
        dependent = (self._dependent[stream] for stream in streams if stream in self._dependent)
        return set(resting).union(*dependent)

    def links(self, claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
        """The streams of all links that each claim ever had, also at later positions."""
        # Not a difference of sets, which would iterate over all known links.
        if unknown := {claim for claim in claims if claim not in self._links}:
            self._links |= standing_links(unknown)
        return {claim: self._links[claim] for claim in claims}

    def known(self, claims: Sequence[UUID]) -> list[dict[Ends, Impact]]:
        """The current impacts of each claim."""
        if unknown := [claim for claim in claims if claim not in self._known]:
            self._known |= open_versions(self._view.id, unknown)
        return [self._known[claim] for claim in claims]

    def close(self, claim: UUID, ends: Ends, *, position: int) -> None:
        """End an impact of a claim at a position."""
        del self._known[claim][ends]
        if opened := self._opened.pop((claim, ends), None):
            self._closed.append((*opened, position))
        else:
            self._closing.append((claim, *ends, position))

    def open(self, impact: Impact, *, position: int) -> None:
        """Start an impact at a position."""
        ends = Ends(impact.initiator, impact.recipient)
        self._known[impact.claim][ends] = impact
        self._opened[impact.claim, ends] = impact, position

    def depends(self, claim: UUID, streams: set[UUID]) -> None:
        """Note that the claim's impacts depend on these streams."""
        self._streams[claim] = streams
        for stream in streams & self._dependent.keys():
            self._dependent[stream].add(claim)

    def write(self, *last: Step) -> list[tuple[Any, ...]]:
        """Write the changes since the last call, then run some steps, in one message if the changes
        are few. Returns the rows of the last step."""
        rows = execute_steps([*self._impacts(), *self._dependencies(), *last])
        self._opened.clear()
        self._closed.clear()
        self._closing.clear()
        self._new -= self._streams.keys()
        self._streams.clear()
        return rows

    def _impacts(self) -> Iterator[Step]:
        if self._closing:
            columns = [list(column) for column in zip(*self._closing, strict=True)]
            yield Statement(_CLOSE, [*columns, self._view.id])
        rows = [*self._closed, *((*opened, None) for opened in self._opened.values())]
        if len(rows) >= MANY:
            yield _copied_rows(self._view.id, rows)
        elif rows:
            yield insert_rows(ImpactVersion, [self._row(*row) for row in rows])

    def _row(self, impact: Impact, known_from: int, known_until: int | None) -> dict[str, Any]:
        own = {"view": self._view.id, "pair": pair_of(impact.initiator, impact.recipient)}
        known = {"known_from": known_from, "known_until": known_until}
        return own | known | impact._asdict()

    def _dependencies(self) -> Iterator[Statement | Rows]:
        view = self._view.id
        new = [
            {"view": view, "stream": stream, "claim": claim}
            for claim, streams in self._streams.items()
            if claim in self._new
            for stream in streams
        ]
        if new:
            yield insert_rows(Dependency, new)
        old = {claim: streams for claim, streams in self._streams.items() if claim not in self._new}
        pairs = [(claim, stream) for claim, streams in old.items() for stream in streams]
        if pairs:
            claims, streams = [claim for claim, _ in pairs], [stream for _, stream in pairs]
            yield Statement(_DELETE_DEPENDENCIES, [view, list(old), claims, streams])
            yield Statement(_INSERT_DEPENDENCIES, [view, claims, streams])


def claims_in(collection: UUID, *, until: int, after: UUID | None, most: int) -> set[UUID]:
    """The claims of a collection that were asserted up to a position, from the one after `after`
    on, at most `most` + 1."""
    return {
        claim
        for (claim,) in ask(Statement(_IN_COLLECTION, [collection, after, after, until, most + 1]))
    }


def streams_of(entry: Entry) -> set[UUID]:
    """The streams that an event concerns: its own, and for a link also both claims."""
    match entry.event:
        case e.ClaimsLinked() | e.ClaimsUnlinked() as link:
            return {entry.stream, link.from_, link.to}
    return {entry.stream}


def claims_of(entries: Iterable[Entry]) -> set[UUID]:
    """The claims whose own streams the events continue."""
    return {entry.stream for entry in entries if isinstance(entry.event, ON_CLAIM)}


def prefetch(
    entries: Sequence[Entry],
    plain: Mapping[UUID, PlainClaim],
    documents: Mapping[str, Document],
    snapshot: Snapshot,
) -> None:
    """Load what these events refer to, before the snapshot advances. `plain` are the plain claims
    that are asserted between them, and `documents` those that are described."""
    references = References()
    for entry in entries:
        match entry.event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                references.add(claim)
            case e.CitationAdded(citation=citation):
                references.add_cited(citation)
            case e.DocumentDescribed(document=document):
                references.records.add(document.source)
            case e.ActorDescribed(actor=actor):
                references.records |= related_actors(actor)
    continued = claims_of(entries)
    snapshot.load(continued)
    for state in snapshot.readable(continued, f.ClaimState).values():
        references.add(state.claim)
    for claim_id in continued & plain.keys():
        references.add_plain(plain[claim_id])
    cited = [documents.get(str(document)) for document in references.documents]
    references.records.update(document.source for document in cited if document)
    load_references(references, snapshot)


def _copied_rows(view: str, impacts: list[Known]) -> BinaryRows:
    """Return the rows of impacts of a view."""
    beginning = _COUNT + binary.text(view)
    return BinaryRows("impact", _COLUMNS, (_copied(beginning, *known) for known in impacts))


def _copied(beginning: bytes, impact: Impact, known_from: int, known_until: int | None) -> bytes:
    return b"".join(
        (
            beginning,
            _ends(impact.initiator, impact.recipient),
            binary.uuid(impact.claim),
            binary.int8(known_from),
            binary.NULL if known_until is None else binary.int8(known_until),
            _text(impact.recipient),
            _day(impact.first),
            _day(impact.last),
            binary.boolean(impact.situation),
            binary.boolean(impact.fades),
            binary.float8(impact.value),
            binary.float8(impact.weight),
            binary.float8(impact.p),
            _texts(impact.sectors),
            _uuids(impact.roots),
            _uuids(impact.state_roots),
            _text(impact.code),
            binary.NULL if impact.sd is None else binary.float8(impact.sd),
        )
    )


@lru_cache(65_536)
def _ends(initiator: str, recipient: str) -> bytes:
    """The pair and the initiator."""
    return binary.text(pair_of(initiator, recipient)) + binary.text(initiator)


_text = lru_cache(4_096)(binary.text)
_texts = lru_cache(4_096)(binary.texts)
_uuids = lru_cache(65_536)(binary.uuids)


@lru_cache(65_536)
def _day(day: date) -> bytes:
    return binary.day(day.toordinal())
