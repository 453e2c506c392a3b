"""The table of pairs as known at an earlier moment, folded from the impacts known then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot, Scorer
from tracker.domain.shifts import CHANGES
from tracker.queries.evidence import impacts
from tracker.queries.moment import At, TooManyImpacts
from tracker.queries.scores import lenses
from tracker.queries.scores.table import CHANGED, Column, Order, RankedPair, TablePart

# The most impacts that one request folds. For more, narrow it to a country or pair.
MOST_PAST = 100_000


def as_known(
    lens: str, order: Order, *, day: date, as_of: At, most: int | None = None
) -> TablePart:
    """Return all rows of the table under a lens as known at a moment, in order, at the end of a
    day. `most` lowers the limit of impacts.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises TooManyImpacts:
    """
    until = as_of.position
    chosen = lenses.find(lens, position=until)
    view = chosen.lens.view.id
    position = min(until, impacts.served_position(view))
    most = min(MOST_PAST, most or MOST_PAST)
    known = impacts.on_all_pairs(view, position=position, country=order.country, most=most)
    if len(known) > most:
        raise TooManyImpacts(
            f"more than {most} impacts were known: ask for one country, or one pair"
        )
    rows = _past_rows(chosen, known, order, day, position=position)
    ordered = sorted(filter(partial(_matches, order), rows), key=_place, reverse=order.descending)
    return TablePart(lens=chosen, position=position, waiting=0, rows=ordered)


def rows_after(part: TablePart, order: Order, *, after: tuple[Any, str] | None) -> list[RankedPair]:
    """The rows after a place and pair."""
    if after is None:
        return part.rows
    return [
        row
        for row in part.rows
        if (_place(row) < after if order.descending else _place(row) > after)
    ]


def _matches(order: Order, row: RankedPair) -> bool:
    """Whether a row of a past table matches the order's filters. Past tables have no shifts."""
    fresh = order.fresh is None or (row.days_since is not None and row.days_since < order.fresh)
    return fresh and not order.shifted


def _place(row: RankedPair) -> tuple[Any, str]:
    return row.place, row.pair


def _past_rows(
    lens: LensVersion, known: list[Impact], order: Order, day: date, *, position: int
) -> Iterator[RankedPair]:
    for pair, pair_impacts in groupby(known, key=impacts.pair_of_impact):
        if row := _past_row(lens, pair, pair_impacts, day):
            yield replace(row, place=_order_value(row, order.column), position=position)


def _past_row(
    lens: LensVersion, pair: str, known: Iterable[Impact], day: date
) -> RankedPair | None:
    """The row of a pair, folded from impacts; None before its first knot."""
    scorer = lens.scorer
    knots = scorer.knots(lens.pulls(known, pair))
    knot = moments.latest(knots, day)
    if knot is None:
        return None
    score = scorer.at(knot, day)
    changes: Iterable[Any] = (
        score.value - _value(scorer, knots, day, ago=days) for days in CHANGES
    )
    return RankedPair(
        pair=pair,
        day=day,
        score=score,
        words=scorer.words(score, since=knots[0].day),
        claims=knot.claims,
        roots=knot.roots,
        state_roots=knot.state_roots,
        last_claim_day=knot.newest,
        shift=None,
        **dict(zip(CHANGED, changes, strict=True)),
        place=pair,
        position=0,
    )


def _order_value(row: RankedPair, column: Column) -> Any:
    """The place of a row in an order."""
    match column:
        case "value":
            return row.score.value
        case "last_claim_day":
            return row.last_claim_day or date.min
    return getattr(row, column)


def _value(scorer: Scorer, knots: Sequence[Knot], day: date, *, ago: int) -> float:
    then = day - timedelta(days=ago)
    return scorer.at(moments.latest(knots, then), then).value
