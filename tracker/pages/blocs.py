"""Sources of one bloc against all others: whether they put a pair apart."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import combinations

from tracker.domain.lenses import LensVersion
from tracker.pages.headlines import Apart
from tracker.queries.evidence import impacts
from tracker.queries.moment import AsOf
from tracker.queries.scores import lenses, pairs
from tracker.queries.scores.pairs import Series


def apart(series: Series, day: date, *, as_of: AsOf) -> Apart | None:
    """The first two lenses of the series's model that listen to a bloc and to all but that bloc,
    and are apart by more than doubt; None where none are."""
    for one, other in combinations(lenses.latest(), 2):
        if one.lens.model == series.lens.lens.model and _complementary(one, other):
            names = (one.lens.name, other.lens.name)
            found = _compared(series, names, day, as_of=as_of)
            if found and found.divergence and found.divergence.apart:
                return Apart(lenses=names, values=(found.one.score.value, found.other.score.value))
    return None


def _compared(
    series: Series, names: tuple[str, str], day: date, *, as_of: AsOf
) -> pairs.Day | None:
    """None where a lens was not defined yet, or its view still catches up."""
    with suppress(lenses.NoSuchLens, impacts.CatchingUp):
        two = pairs.sides(series.pair, direction=series.direction, lenses=names, as_of=as_of)
        return pairs.on(two, day)
    return None


def _complementary(one: LensVersion, other: LensVersion) -> bool:
    """Whether two lenses look at the same with blocs that are each other's rest."""
    ours, theirs = one.lens.view.bloc, other.lens.view.bloc
    if ours is None or theirs is None or ours.rule == theirs.rule:
        return False
    return replace(ours, rule=theirs.rule) == theirs and replace(
        one.lens.view, bloc=None
    ) == replace(other.lens.view, bloc=None)
