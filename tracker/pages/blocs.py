"""Sources of one bloc against all others: whether they put a pair apart."""

from dataclasses import replace
from datetime import date
from itertools import combinations

from tracker.domain.lenses import LensVersion
from tracker.pages.headlines import Apart
from tracker.queries import divergence, lenses
from tracker.queries.moment import AsOf
from tracker.queries.pairs import Series


def apart(series: Series, day: date, *, as_of: AsOf) -> Apart | None:
    """The first two lenses of the series's model that listen to a bloc and to all but that bloc,
    and are apart by more than doubt; None where none are."""
    for one, other in combinations(lenses.latest(), 2):
        if one.lens.model == series.lens.lens.model and _complementary(one, other):
            labels = (one.lens.name, other.lens.name)
            two = divergence.sides(
                series.pair, direction=series.direction, lenses=labels, as_of=as_of
            )
            found = divergence.on(two, day)
            if found.divergence and found.divergence.apart:
                return Apart(lenses=labels, values=(found.one.score.value, found.other.score.value))
    return None


def _complementary(one: LensVersion, other: LensVersion) -> bool:
    """Whether two lenses look at the same with blocs that are each other's rest."""
    ours, theirs = one.lens.view.bloc, other.lens.view.bloc
    if ours is None or theirs is None or ours.rule == theirs.rule:
        return False
    return replace(ours, rule=theirs.rule) == theirs and replace(
        one.lens.view, bloc=None
    ) == replace(other.lens.view, bloc=None)
