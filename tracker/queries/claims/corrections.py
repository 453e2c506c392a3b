"""Changes of claims after they were recorded: corrections, retractions, reinstatements and verdicts
that changed a score, the latest first."""

from collections.abc import Iterable, Mapping, Sequence
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
_PAIRS = (
    "SELECT DISTINCT at, pair FROM (SELECT known_from AS at, pair FROM impact"
    " WHERE view = %(view)s AND known_from BETWEEN %(first)s AND %(last)s"
    " UNION ALL SELECT known_until, pair FROM impact"
    " WHERE view = %(view)s AND known_until BETWEEN %(first)s AND %(last)s) moved"
    " ORDER BY at, pair"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A change of a claim at `position`: what was done, why, and where the claim differs. `pairs`
    are those whose scores it changed, `more` the number of others.

    With a `number` over 1 it represents that many changes of one import, up to `last`.
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
    events = {event.position: event for event in log.at_all(place.first for place in places)}
    masked = disclosure.masked_positions(events.values(), reader=reader)
    lens = lenses.find(LENS, position=moment.now().position)
    pairs = _pairs(lens, places)
    wanted = [
        place
        for place in places
        if place.first not in masked
        and (events[place.first].kind != "VerdictGiven" or pairs.get(place.first))
    ]
    claims = {events[place.first].stream for place in wanted}
    described = {claim: _described(claim, reader) for claim in claims}
    titles = listing.titles(claims, reader=reader)
    return [
        _correction(place, events[place.first], described, titles, pairs)
        for place in wanted
        if place.first in described[events[place.first].stream]
    ]


def _described(claim: UUID, reader: Reader) -> dict[int, history.DescribedEvent]:
    found = history.described_events(claim, reader=reader, as_of=moment.now())
    return {one.recorded.position: one for one in found}


def _pairs(lens: LensVersion, places: Iterable[Place]) -> dict[int, list[str]]:
    """The pairs whose impacts changed at each place, by its first position."""
    changed: dict[int, list[str]] = {}
    for place in places:
        parameters = {"view": lens.lens.view.id, "first": place.first, "last": place.last}
        changed[place.first] = sorted({pair for _, pair in select(_PAIRS, parameters)})
    return changed


def _correction(
    place: Place,
    event: Recorded,
    described: Mapping[UUID, Mapping[int, history.DescribedEvent]],
    titles: Mapping[UUID, str],
    pairs: Mapping[int, list[str]],
) -> Correction:
    own, changed = described[event.stream][place.first], pairs.get(place.first, [])
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
