"""Series of a pair without some claims, sources or roots: equal to a record that never had them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.absence import NOTHING, Absence
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Explanation
from tracker.queries import impacts, lenses, moment, otherwise, pairs
from tracker.queries.moment import AsOf
from tracker.queries.pairs import Series


@dataclass(frozen=True, kw_only=True)
class Thinned(Series):
    """A series from which something is left out; `known` is what is left of the impacts."""

    known: Sequence[Impact]
    absence: Absence


def series(pair: str, *, direction: str, lens: str, as_of: AsOf, absence: Absence) -> Series:
    """Give a series; where something is absent, one that never had it.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises otherwise.NotThere: if what is to be absent is not on record.
    :raises otherwise.TooMuch: if too many claims would have to be evaluated anew.
    """
    if not absence:
        return pairs.series(pair, direction=direction, lens=lens, as_of=as_of)
    asked = moment.resolve(as_of)
    chosen = lenses.named(lens, position=asked)
    position = min(asked, impacts.served(chosen.lens.view.id))
    otherwise.check(absence, position=position)
    first, last = (end.id for end in pairs.ends(*pair.split("-")))
    left = otherwise.known(
        chosen.lens.view, pair, (first, last), position=position, absence=absence
    )
    return Thinned(
        pair=pair,
        direction=direction,
        lens=chosen,
        as_of=position if as_of is None else asked,
        position=position,
        knots=chosen.scorer(direction).knots(chosen.pulls(left, direction)),
        known=left,
        absence=absence,
    )


def known(series: Series) -> Sequence[Impact]:
    """The impacts on a series' pair, in both directions, that it is folded from."""
    if isinstance(series, Thinned):
        return series.known
    return impacts.known(series.lens.lens.view.id, series.pair, position=series.position)


def absent(series: Series) -> Absence:
    """What is left out of a series."""
    return series.absence if isinstance(series, Thinned) else NOTHING


def explanation(series: Series, day: date) -> Explanation:
    """Take the score of a series on a day apart, claim by claim."""
    pulls = series.lens.pulls(known(series), series.direction)
    return series.scorer.contributions(pulls, day)
