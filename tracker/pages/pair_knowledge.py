"""What the page of a pair shows beside its score: what was known when, and measures."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.disclosure import Reader
from tracker.pages.pair_context import PairContext
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import causes
from tracker.queries.evidence.causes import ChangePoint
from tracker.queries.scores import measures
from tracker.queries.scores.measures import Measure

MOST_STOPS = 12
MOST_RETRACTED = 10
MOST_MEASURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What was known when: the last positions that changed the score (`stops`), and claims that
    were retracted. `position` is the page's own. The slider goes from `first`, before anything was
    known, to `last`, after the last change."""

    position: int
    first: int
    last: int
    stops: Sequence[ChangePoint]
    retracted: Sequence[ClaimEntry]


def knowledge(pair: PairContext) -> Knowledge:
    lens, code, position = pair.series.lens, pair.series.pair, pair.series.position
    course = causes.timeline(lens, code, until=position, limit=MOST_STOPS, reader=Reader.PUBLIC)
    return Knowledge(
        position=position,
        first=course.first - 1,
        last=course.last,
        stops=course.stops,
        retracted=causes.retracted_claims(
            lens, code, until=position, limit=MOST_RETRACTED, reader=Reader.PUBLIC
        ),
    )


def measurements(pair: PairContext) -> Sequence[Measure]:
    """Measures between the two countries, the latest first; they move no score."""
    found = measures.measures_of(
        pair.series.pair,
        measures.DayRange(),
        lens=pair.series.lens.label,
        as_of=pair.params.as_of,
        reader=Reader.PUBLIC,
    )
    return found.measures[:MOST_MEASURES]
