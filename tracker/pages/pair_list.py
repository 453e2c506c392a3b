"""The pairs on the first page: all of them, or the relevant ones where there are very many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.lenses import LensVersion
from tracker.pages.request_params import PageParams
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.scores import lenses, past_table, table
from tracker.queries.scores.table import Order, RankedPair

# A table of more pairs than these is not read as a whole.
MOST_WHOLE = 400
LINES = 50
MOST_SHIFTED = 50
# Impacts that a page of the past folds: about a second's work.
MOST_THEN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairList:
    """The pairs of a page of the table (`shown`), those that the headline may name (`named`), and
    those whose sign or level may be certain (`clear`). Each holds all pairs where `whole` is true.
    `count` is the number of pairs of the chosen country, `total` of all. `position` is None for
    now; for a past moment it is set, and shifts are not known."""

    lens: LensVersion
    shown: Sequence[RankedPair]
    named: Sequence[RankedPair]
    clear: Sequence[RankedPair]
    count: int
    total: int
    whole: bool
    codes: set[str]
    day: date | None
    position: int | None = None


def read(params: PageParams, *, today: date) -> PairList:
    """Read the pairs that a page needs.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises moment.TooManyThen:
    """
    if not params.as_of.is_now:
        return _past(params, today)
    lens = lenses.find(params.lens, position=moment.now().position)
    impacts.served_position(lens.lens.view.id)
    if lens not in lenses.latest(lens.lens.view.id):
        return _past(params, today)
    total = table.count(lens, table.BY_NAME)
    if total > MOST_WHOLE and not params.day:
        return _relevant(lens, params, total)
    if params.day:
        return _whole(lens, params, table.rows_on_day(lens, params.day))
    return _whole(lens, params, table.page(lens, table.BY_NAME, limit=None))


def _whole(lens: LensVersion, params: PageParams, rows: Sequence[RankedPair]) -> PairList:
    chosen = [row for row in rows if params.country in (None, *row.pair.split("-"))]
    return PairList(
        lens=lens,
        shown=chosen,
        named=chosen,
        clear=rows,
        count=len(chosen),
        total=len(rows),
        whole=True,
        codes={code for row in rows for code in row.pair.split("-")},
        day=params.day or (rows[0].day if rows else None),
    )


def _past(params: PageParams, today: date) -> PairList:
    """Compute the table as of a past moment, or under an old version of a lens. Without a `day` the
    scores are of the day of `as_of`."""
    day = params.day or params.as_of.day() or today
    ranking = past_table.as_known(
        params.lens,
        Order(column="pair", country=params.country),
        day=day,
        as_of=params.as_of,
        most=MOST_THEN,
    )
    whole = _whole(ranking.lens, params, ranking.rows)
    return replace(whole, day=day, position=ranking.position)


def _relevant(lens: LensVersion, params: PageParams, total: int) -> PairList:
    country, most = params.country, params.page * LINES
    ends = [Order(column="value", descending=down, country=country) for down in (True, False)]
    orders = {
        "claims": [Order(column="claims", descending=True, country=country)],
        "latest": [Order(column="last_claim_day", descending=True, country=country)],
        "name": [Order(column="pair", country=country)],
    }
    shown = _first_rows(lens, orders.get(params.order, ends), most)
    strongest = shown if orders.get(params.order) is None else _first_rows(lens, ends, LINES)
    late = Order(column="last_claim_day", descending=True, country=country)
    named = _first_rows(lens, [late], LINES) | _first_rows(
        lens, [Order(column="value", country=country, shifted=True)], MOST_SHIFTED
    )
    return PairList(
        lens=lens,
        shown=[*shown.values()],
        named=[*named.values()],
        clear=[*strongest.values()],
        count=table.count(lens, Order(column="pair", country=country)),
        total=total,
        whole=False,
        codes=table.countries(lens),
        day=next((row.day for row in shown.values()), None),
    )


def _first_rows(lens: LensVersion, orders: Sequence[Order], most: int) -> dict[str, RankedPair]:
    """The first rows of each order, by pair."""
    return {row.pair: row for order in orders for row in table.page(lens, order, limit=most)}
