"""The table of pairs as known at a past moment, folded anew. Shifts are kept of now alone."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot, Scorer
from tracker.domain.shifts import CHANGES
from tracker.queries import impacts, lenses, moment
from tracker.queries.moment import AsOf, TooManyThen
from tracker.queries.ranking import CHANGED, Order, Ranked, Row

# Impacts that one answer folds; of more, a country's or a pair's can be asked for.
MOST = 100_000


def ranked(lens: str, order: Order, *, day: date, as_of: AsOf, most: int | None = None) -> Ranked:
    """Give all rows of the table under a lens as known at a moment, in order, at the end of a day.
    `most` is how many impacts may be folded, where that is less than else.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises TooManyThen: without a country, where too much was known.
    """
    asked = moment.resolve(as_of)
    chosen = lenses.named(lens, position=asked)
    view = chosen.lens.view.id
    position = min(asked, impacts.served(view))
    most = min(MOST, most or MOST)
    known = impacts.everywhere(view, position=position, country=order.country, most=most)
    if len(known) > most:
        raise TooManyThen(f"more than {most} impacts were known: ask for one country, or one pair")
    every = _rows(chosen, known, order, day)
    rows = sorted(filter(partial(_wanted, order), every), key=_place, reverse=order.descending)
    return Ranked(lens=chosen, position=position, waiting=0, rows=rows)


def beyond(found: Ranked, order: Order, *, after: tuple[Any, str] | None) -> list[Row]:
    """The rows that follow a place and pair."""
    if after is None:
        return found.rows
    return [
        row
        for row in found.rows
        if (_place(row) < after if order.descending else _place(row) > after)
    ]


def _wanted(order: Order, row: Row) -> bool:
    """Whether a row is left when the table is narrowed; nothing shifts in one of the past."""
    fresh = order.fresh is None or (row.days_since is not None and row.days_since < order.fresh)
    return fresh and not order.shifted


def _place(row: Row) -> tuple[Any, str]:
    return row.place, row.pair


def _rows(lens: LensVersion, known: list[Impact], order: Order, day: date) -> Iterator[Row]:
    for pair, own in groupby(known, key=impacts.pair_of_impact):
        scorer = lens.scorer(pair)
        knots = scorer.knots(lens.pulls(own, pair))
        knot = moments.latest(knots, day)
        if knot is not None:
            score = scorer.at(knot, day)
            changes = {
                name: score.value - _value(scorer, knots, day, ago=days)
                for name, days in zip(CHANGED, CHANGES, strict=True)
            }
            places = {
                **changes,
                "pair": pair,
                "value": score.value,
                "claims": knot.claims,
                "roots": knot.roots,
                "last_claim_day": knot.newest or date.min,
            }
            yield Row(
                pair=pair,
                day=day,
                score=score,
                words=scorer.words(score, since=knots[0].day),
                claims=knot.claims,
                roots=knot.roots,
                state_roots=knot.state_roots,
                last_claim_day=knot.newest,
                shift=None,
                **changes,
                place=places[order.column],
            )


def _value(scorer: Scorer, knots: Sequence[Knot], day: date, *, ago: int) -> float:
    then = day - timedelta(days=ago)
    return scorer.at(moments.latest(knots, then), then).value
