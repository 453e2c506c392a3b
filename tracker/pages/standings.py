"""The pairs that the first page shows and names: all there are, or of very many those alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.moments import Score
from tracker.domain.shifts import Shift
from tracker.pages.request_params import Asked
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.scores import lenses, table
from tracker.queries.scores.table import Order, Row

# Beyond these the table is not read as a whole.
FEW = 400
LINES = 50
MOST_SHIFTED = 50
# Impacts that a page of a past moment folds: they are a second's work.
MOST_THEN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A pair on the day of the page."""

    pair: str
    score: Score
    words: str
    claims: int
    last_claim_day: date | None
    shift: Shift | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """`shown` are the pairs among which a page of the table is, `named` those that may be named
    above it, `clear` those of which something may be known for sure; all of them where `whole`.
    `count` is of the pairs that were asked for, `total` of all. Of a past moment `position` is the
    one of which they are, and shifts are not known; now it is None."""

    lens: LensVersion
    shown: Sequence[Stand]
    named: Sequence[Stand]
    clear: Sequence[Stand]
    count: int
    total: int
    whole: bool
    codes: set[str]
    day: date | None
    position: int | None = None


def gathered(asked: Asked, *, today: date) -> Standings:
    """Read the pairs that a page needs.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises pasttable.TooManyThen:
    """
    if asked.as_of is not None:
        return _then(asked, today)
    lens = lenses.named(asked.lens, position=moment.resolve(None))
    impacts.served(lens.lens.view.id)
    if lens not in lenses.latest(lens.lens.view.id):
        return _then(asked, today)
    total = table.count(lens, table.BY_NAME)
    if total > FEW and not asked.day:
        return _some(lens, asked, total)
    rows = table.rows(lens, asked.day) if asked.day else table.page(lens, table.BY_NAME, limit=None)
    return _whole(lens, asked, rows)


def _whole(lens: LensVersion, asked: Asked, rows: Sequence[Row]) -> Standings:
    every = [stand(row) for row in rows]
    narrowed = [one for one in every if asked.country in (None, *one.pair.split("-"))]
    return Standings(
        lens=lens,
        shown=narrowed,
        named=narrowed,
        clear=every,
        count=len(narrowed),
        total=len(every),
        whole=True,
        codes={code for one in every for code in one.pair.split("-")},
        day=asked.day or (rows[0].day if rows else None),
    )


def _then(asked: Asked, today: date) -> Standings:
    """What was known at a moment, without a day on the day on which so much was known; or what a
    lens that is no more in force makes of what is known."""
    day = asked.day or moment.day_of(asked.as_of) or today
    found = table.past_ranked(
        asked.lens,
        Order(column="pair", country=asked.country),
        day=day,
        as_of=asked.as_of,
        most=MOST_THEN,
    )
    whole = _whole(found.lens, asked, found.rows)
    return replace(whole, day=day, position=found.position)


def _some(lens: LensVersion, asked: Asked, total: int) -> Standings:
    country, most = asked.country, asked.page * LINES
    ends = [Order(column="value", descending=down, country=country) for down in (True, False)]
    orders = {
        "claims": [Order(column="claims", descending=True, country=country)],
        "latest": [Order(column="last_claim_day", descending=True, country=country)],
        "name": [Order(column="pair", country=country)],
    }
    shown = _read(lens, orders.get(asked.order, ends), most)
    strongest = shown if orders.get(asked.order) is None else _read(lens, ends, LINES)
    late = Order(column="last_claim_day", descending=True, country=country)
    named = _read(lens, [late], LINES) | _read(
        lens, [Order(column="value", country=country, shifted=True)], MOST_SHIFTED
    )
    return Standings(
        lens=lens,
        shown=[stand(row) for row in shown.values()],
        named=[stand(row) for row in named.values()],
        clear=[stand(row) for row in strongest.values()],
        count=table.count(lens, Order(column="pair", country=country)),
        total=total,
        whole=False,
        codes=table.countries(lens),
        day=next((row.day for row in shown.values()), None),
    )


def _read(lens: LensVersion, orders: Sequence[Order], most: int) -> dict[str, Row]:
    """The first of each order, by pair: the strongest are among the best and the worst."""
    return {row.pair: row for order in orders for row in table.page(lens, order, limit=most)}


def stand(row: Row) -> Stand:
    return Stand(
        pair=row.pair,
        score=row.score,
        words=row.words,
        claims=row.claims,
        last_claim_day=row.last_claim_day,
        shift=row.shift,
    )
