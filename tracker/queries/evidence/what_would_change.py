"""What would change the finding about a pair: claims, a source's grade, and new acts.

The domain computes everything again, from the log up to the position of the series. Nothing is
written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from tracker.domain import decisive
from tracker.domain import state as f
from tracker.domain.absence import Absence
from tracker.domain.around import prefetch_claims
from tracker.domain.certainty import CORROBORATED_CAP
from tracker.domain.codebooks import find
from tracker.domain.decisive import ActsNeeded, Finding, Search, SeriesOn
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import evaluate
from tracker.domain.movements import over_window
from tracker.domain.problems import BadParameter
from tracker.domain.records import Rating, Reliability
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.level import Level
from tracker.queries.claims import disclosure
from tracker.queries.evidence import what_if
from tracker.queries.evidence.record import Neighbourhood, Snapshot
from tracker.queries.records import states
from tracker.queries.scores.pairs import Series

# Grades from the best to the worst.
GRADES: tuple[Reliability, ...] = ("A", "B", "C", "D", "E")
# The most sources whose grade is tried, and the most claims that are evaluated again for them.
MOST_SOURCES, MOST_REGRADED = 6, 150
# Everyday kinds of acts, each reported with the highest certainty.
EVERYDAY = (
    "plover-2.0/CONSULT/visit",
    "plover-2.0/AGREE",
    "plover-2.0/COOPERATE",
    "plover-2.0/THREATEN",
    "plover-2.0/SANCTION",
)
# A smaller change of a level or movement is not shown.
LEAST_CHANGE = 0.05


class NoLevel(BadParameter):
    """The lens does not measure a level in the way that this needs."""

    parameter = "lens"
    code = "invalid"


class Values(NamedTuple):
    """The level and, if an act moved it, the movement, in points."""

    level: float
    movement: float | None

    def apart(self, other: "Values") -> float:
        """The distance of two findings: between their movements, or their levels if one has no
        movement."""
        if self.movement is None or other.movement is None:
            return abs(self.level - other.level)
        return abs(self.movement - other.movement)


class Regraded(NamedTuple):
    """The finding if a source had another grade."""

    grade: Reliability
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeEffect:
    """The grade of a source, and the findings with the next `lower` and `higher` one."""

    source: UUID
    name: str
    grade: Reliability
    lower: Regraded | None
    higher: Regraded | None
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatWouldChange:
    """What a finding depends on. `grade` is that of the source that matters most; None if no grade
    that may be named changes the finding by a tenth of a point."""

    now: Finding
    values: Values
    since: date | None
    search: Search
    grade: GradeEffect | None
    acts: Sequence[ActsNeeded]


def of_series(series: Series, day: date, *, since: date | None, reader: Reader) -> WhatWouldChange:
    """Return what would change the finding of a series on a day.

    :raises NoLevel: :raises decisive.TooMuchWork:
    """
    if not isinstance(series.scorer, Level):
        raise NoLevel(_("Choose the lens of the overall relationship: others cannot be tried."))
    pulls = what_if.pulls_of(series)
    moved = over_window(series.scorer, pulls, day, since=since)
    start = moved.since if moved else since
    on_day = SeriesOn(scorer=series.scorer, pulls=pulls, day=day, since=start)
    search = decisive.search(
        on_day, _weights(series, pulls, day, reader), holds=_Removal(series, on_day, reader)
    )
    return WhatWouldChange(
        now=on_day.finding(),
        values=_values(on_day),
        since=start,
        search=search,
        grade=_grade_that_matters(series, on_day, reader),
        acts=[*_acts(on_day)],
    )


def _weights(series: Series, pulls: Sequence[Pull], day: date, reader: Reader) -> dict[UUID, float]:
    """What each claim that may be named contributes. For the public a withheld claim is not tried,
    since the result would reveal its pair."""
    parts = series.scorer.contributions(pulls, day).parts
    amounts = {part.claim: part.amount for part in parts}
    hidden = disclosure.withheld_claims(amounts, at=series.position, reader=reader)
    return {claim: amount for claim, amount in amounts.items() if claim not in hidden}


class _Removal:
    """The finding without some claims in full: others that depend on them are evaluated again."""

    def __init__(self, series: Series, on_day: SeriesOn, reader: Reader) -> None:
        self.series, self.on_day, self.reader = series, on_day, reader

    def __call__(self, claims: Collection[UUID]) -> Finding:
        lens = self.series.lens
        try:
            remaining = what_if.impacts_without(
                lens.lens.view,
                self.series.pair,
                position=self.series.position,
                absence=Absence(claims=frozenset(claims)),
                reader=self.reader,
            )
        except what_if.TooManyClaims:
            return self.on_day.finding()
        return replace(self.on_day, pulls=lens.pulls(remaining, self.series.direction)).finding()


def _values(on_day: SeriesOn) -> Values:
    moved = on_day.moved()
    return Values(on_day.score().value, moved.value if moved else None)


def _acts(on_day: SeriesOn) -> Iterator[ActsNeeded]:
    """How many acts of each everyday kind would bring another band."""
    if decisive.band_of(on_day.score()) is None or on_day.finding().band is None:
        return
    day = on_day.day.toordinal()
    for code in EVERYDAY:
        yield decisive.acts_needed(
            on_day,
            Pull(
                claim=UUID(int=0),
                first=day,
                last=day,
                situation=False,
                fades=False,
                value=find(code).value or 0.0,
                weight=1.0,
                p=CORROBORATED_CAP,
                roots=(),
                state_roots=(),
                code=code,
            ),
        )


def _grade_that_matters(series: Series, on_day: SeriesOn, reader: Reader) -> GradeEffect | None:
    """The source whose grade, one step lower or higher, changes the finding most."""
    effects = [one for one in _grade_effects(series, on_day, reader) if one.largest >= LEAST_CHANGE]
    return max(effects, key=lambda one: (one.largest, one.name), default=None)


def _grade_effects(series: Series, on_day: SeriesOn, reader: Reader) -> Iterator[GradeEffect]:
    snapshot = Snapshot(series.position)
    claims = _heaviest(series, on_day, reader)
    prefetch_claims(claims, snapshot)
    behind = _claims_by_source(claims, snapshot, series, reader)
    ranked = sorted(behind, key=lambda source: (-len(behind[source]), source.int))[:MOST_SOURCES]
    records = states.records(ranked, at=series.position)
    names, now = states.names(records, at=series.position), _values(on_day)
    for source in ranked:
        state = snapshot.get(source, f.SourceState)
        if state is None or not names.get(source) or not _grade_of(state):
            continue
        tried = [
            _regraded(series, on_day, snapshot, state, behind[source], step) for step in (1, -1)
        ]
        yield GradeEffect(
            source=source,
            name=names[source],
            grade=_grade_of(state) or "C",
            lower=tried[0],
            higher=tried[1],
            largest=max((now.apart(one.values) for one in tried if one), default=0.0),
        )


def _heaviest(series: Series, on_day: SeriesOn, reader: Reader) -> list[UUID]:
    weights = _weights(series, on_day.pulls, on_day.day, reader)
    ranked = sorted(weights, key=lambda claim: (-abs(weights[claim]), claim.int))
    return ranked[:MOST_REGRADED]


def _claims_by_source(
    claims: Iterable[UUID], snapshot: Snapshot, series: Series, reader: Reader
) -> dict[UUID, set[UUID]]:
    """The claims that depend on each source, as publisher, link of a chain or root. For the public,
    without those that are the same as a withheld claim, whose sources would be among them."""
    states_found = snapshot.all(claims, f.ClaimState).values()
    near = Neighbourhood(snapshot, series.lens.lens.view)
    around = {state: near.around(state) for state in states_found}
    same = {member.id for one in around.values() for member in one.cluster}
    hidden = disclosure.withheld_claims(same, at=series.position, reader=reader)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for state, surroundings in around.items():
        if not hidden.isdisjoint(member.id for member in surroundings.cluster):
            continue
        for testimony in evaluate(state, surroundings).certainty.testimonies:
            for link in testimony.links:
                found[link.source].add(state.id)
    return found


def _grade_of(source: f.SourceState) -> Reliability | None:
    """The last grade of a source, if it is between A and E."""
    last = max(source.ratings, key=lambda rating: rating.since, default=None)
    return last.reliability if last and last.reliability in GRADES else None


def _stepped(grade: Reliability, step: int) -> Reliability:
    """The grade some steps lower (higher if `steps` is negative), at most the last one of the
    scale."""
    if grade not in GRADES:
        return grade
    return GRADES[min(max(GRADES.index(grade) + step, 0), len(GRADES) - 1)]


def _regraded(
    series: Series,
    on_day: SeriesOn,
    snapshot: Snapshot,
    source: f.SourceState,
    claims: Collection[UUID],
    step: int,
) -> Regraded | None:
    """The finding if all grades of a source were one step lower or higher; None if there is no such
    grade."""
    grade = _grade_of(source)
    if grade is None or _stepped(grade, step) == grade:
        return None
    ratings = tuple(
        Rating(reliability=_stepped(rating.reliability, step), since=rating.since)
        for rating in source.ratings
    )
    altered = snapshot.altered({source.id: replace(source, ratings=ratings)})
    lens = series.lens
    impacts = what_if.replace_impacts(
        what_if.impacts_of(series),
        claims,
        what_if.evaluate_claims(claims, altered, lens.lens.view),
        series.pair,
    )
    pulls = lens.pulls(impacts, series.direction)
    return Regraded(_stepped(grade, step), _values(replace(on_day, pulls=pulls)))


def titles_of(found: WhatWouldChange) -> set[UUID]:
    """The claims that a page names."""
    return {claim for one in found.search.found for claim in one.claims}
