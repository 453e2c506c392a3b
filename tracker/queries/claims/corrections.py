"""Changes of claims after they were recorded: corrections, retractions, reinstatements and verdicts
that changed a score, the latest first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.log import Place, Recorded
from tracker.log.reading import EventKind
from tracker.queries import moment
from tracker.queries.claims import disclosure, history, listing
from tracker.queries.claims.history import Difference
from tracker.queries.scores import lenses
from tracker.queries.sql import select

KINDS: tuple[EventKind, ...] = (
    "ClaimCorrected",
    "ClaimRetracted",
    "ClaimReinstated",
    "VerdictGiven",
)
LENS = "standing"
# Pairs that an entry names.
MOST_PAIRS = 6
# Places that are read at once. Entries that may not be shown do not count towards a page.
CHUNK = 50
# The most places that one page reads: there may be many verdicts that changed nothing.
MOST_READ = 500
# The events of an import that are looked at for what may not be shown, and the pairs that are read
# of each change.
MOST_LOOKED_AT, MOST_CHANGED = 50, 100
_PAIRS = (
    "SELECT wanted.at, moved.pair FROM unnest(%(positions)s::bigint[]) AS wanted (at)"
    " CROSS JOIN LATERAL ((SELECT DISTINCT pair FROM impact"
    " WHERE view = %(view)s AND known_from = wanted.at LIMIT %(most)s)"
    " UNION (SELECT DISTINCT pair FROM impact"
    " WHERE view = %(view)s AND known_until = wanted.at LIMIT %(most)s)) AS moved"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A change of a claim at `position`: what was done, why, and where the claim differs. `pairs`
    are those whose scores it changed, `more` the number of others.

    With a `number` over 1 it represents that many changes of one kind by one import, up to `last`:
    `claim` is the first that may be shown.
    """

    position: int
    last: int
    number: int
    kind: str
    recorded_at: datetime
    claim: UUID
    title: str
    does: str
    why: str
    differences: tuple[Difference, ...]
    pairs: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage:
    """Corrections, the latest first; `before` is the position at which the next page begins, None
    on the last."""

    entries: Sequence[Correction]
    before: int | None


def page(*, before: int | None, limit: int, reader: Reader) -> CorrectionPage:
    """Return up to `limit` corrections before a position. What may not be shown to the reader is
    left out, and does not count."""
    shown: list[Correction] = []
    read, end = 0, before
    while len(shown) < limit and read < MOST_READ:
        places = log.latest(KINDS, before=end, limit=CHUNK)
        shown += _shown(places, reader)
        read += len(places)
        if len(places) < CHUNK:
            end = None
            break
        end = places[-1].first
    more = len(shown) > limit
    entries = shown[:limit]
    return CorrectionPage(entries=entries, before=entries[-1].position if more else end)


def _shown(places: Sequence[Place], reader: Reader) -> list[Correction]:
    looked_at = [at for place in places for at in place.positions[:MOST_LOOKED_AT]]
    events = {event.position: event for event in log.at_all(looked_at)}
    masked = disclosure.masked_positions(events.values(), reader=reader)
    lens = lenses.find(LENS, position=moment.now().position)
    pairs = _pairs(lens, places)
    hidden = {
        at
        for at, event in events.items()
        if at in masked or event.erased or (event.kind == "VerdictGiven" and not pairs.get(at))
    }
    # What stands for each place: its first event that may be shown.
    wanted = {
        place: events[first]
        for place in places
        if (first := next((at for at in place.positions if at in events.keys() - hidden), None))
    }
    claims = {event.stream for event in wanted.values()}
    described = {claim: _described(claim, reader) for claim in claims}
    titles = listing.titles(claims, reader=reader)
    return [
        _correction(_without(place, hidden), event, described, titles, pairs)
        for place, event in wanted.items()
        if event.position in described[event.stream]
    ]


def _without(place: Place, hidden: Collection[int]) -> Place:
    """A place without what may not be shown."""
    shown = tuple(at for at in place.positions if at not in hidden)
    number = place.number - (len(place.positions) - len(shown))
    return place._replace(number=number, positions=shown)


def _described(claim: UUID, reader: Reader) -> dict[int, history.DescribedEvent]:
    found = history.described_events(claim, reader=reader, as_of=moment.now())
    return {one.recorded.position: one for one in found}


def _pairs(lens: LensVersion, places: Iterable[Place]) -> dict[int, list[str]]:
    """The pairs whose impacts changed at each position of some places."""
    positions = [at for place in places for at in place.positions]
    parameters = {"view": lens.lens.view.id, "positions": positions, "most": MOST_CHANGED}
    changed: dict[int, list[str]] = {}
    for at, pair in select(_PAIRS, parameters):
        changed.setdefault(at, []).append(pair)
    return changed


def _correction(
    place: Place,
    event: Recorded,
    described: Mapping[UUID, Mapping[int, history.DescribedEvent]],
    titles: Mapping[UUID, str],
    pairs: Mapping[int, list[str]],
) -> Correction:
    own = described[event.stream][event.position]
    changed = sorted({pair for at in place.positions for pair in pairs.get(at, ())})
    return Correction(
        position=place.first,
        last=place.last,
        number=place.number,
        kind=event.kind,
        recorded_at=event.recorded_at,
        claim=event.stream,
        title=titles[event.stream],
        does=own.does,
        why=own.why,
        differences=own.differences,
        pairs=tuple(changed[:MOST_PAIRS]),
        more=len(changed[MOST_PAIRS:]),
    )
