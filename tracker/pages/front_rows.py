"""The pairs behind the map, the matrix and the lists of the first page, with their movements."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations

from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.pages.matrix import MOST_COUNTRIES
from tracker.pages.pair_list import MOST_WHOLE, PairList
from tracker.pages.request_params import PageParams
from tracker.queries.scores import front, movements, table
from tracker.queries.scores.table import Order, RankedPair

# Pairs that changed most, of a table that is too long to read as a whole, and relations of a
# country.
MOST_CHANGED, MOST_NEIGHBOURS = 24, 250
# "Lately" is within a year. This is the limit of impacts to fold for it, and for pairs outside the
# table: about a tenth of a second of work.
LATELY, MOST_FOLDED = timedelta(days=365), 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontRows:
    """`country` is the one on the map (empty without any pair) and `neighbours` its pairs, those
    with most claims first; `busiest` are the countries of the matrix and `among` their pairs.
    `listed` are the pairs for the lists of what moved, `wars` the names of those at war, `lately`
    the movements since the day `since`, by pair. `by_pair` has all of these rows, and those of the
    table."""

    country: str
    neighbours: Sequence[RankedPair]
    busiest: Sequence[str]
    among: Sequence[RankedPair]
    listed: Sequence[RankedPair]
    wars: Sequence[str] = ()
    since: date = date.min
    lately: Mapping[str, WindowMovement | None] = field(default_factory=dict)
    by_pair: Mapping[str, RankedPair] = field(default_factory=dict)


def read(
    page_pairs: PairList, shown: Sequence[RankedPair], params: PageParams, *, today: date
) -> FrontRows:
    """Pick the rows; `shown` are those of this page of the table.

    :raises movements.NoWindow: :raises movements.TooMuchToFold:
    """
    lens = page_pairs.lens
    wars = front.at_war(lens) if lens.model.levels and page_pairs.position is None else []
    found = (
        _of_whole(page_pairs, shown, params, wars)
        if page_pairs.whole
        else _of_part(page_pairs, params, wars)
    )
    rows = {row.pair: row for row in (*shown, *found.neighbours, *found.among, *found.listed)}
    since = params.since or (page_pairs.day or today) - LATELY
    by_pair = rows | _moved(lens, list(rows.values()), shown, params)
    return replace(
        found,
        neighbours=[by_pair[row.pair] for row in found.neighbours],
        among=[by_pair[row.pair] for row in found.among],
        listed=[by_pair[row.pair] for row in found.listed],
        wars=wars,
        since=since,
        lately=_lately(page_pairs, found.listed, since),
        by_pair=by_pair,
    )


def _moved(
    lens: LensVersion,
    rows: Sequence[RankedPair],
    shown: Sequence[RankedPair],
    params: PageParams,
) -> dict[str, RankedPair]:
    """The rows with their movements. Since a day that the reader chose, only the rows of the table
    have one: for all rows it would take too long."""
    of_table = movements.with_movements(lens, shown, since=params.since)
    own = {row.pair for row in shown}
    rest = [row for row in rows if row.pair not in own]
    if params.since is None:
        others = movements.with_movements(lens, rest, most=MOST_FOLDED)
    else:
        others = [replace(row, movement=None, moved_known=False) for row in rest]
    return {row.pair: row for row in (*others, *of_table)}


def _lately(
    page_pairs: PairList, listed: Sequence[RankedPair], since: date
) -> dict[str, WindowMovement | None]:
    """The movements since a day of the pairs with an act since then. If they are too many, only of
    the pairs whose scores changed most."""
    acted = [row for row in listed if row.last_claim_day and row.last_claim_day > since]
    acted.sort(key=lambda row: (-abs(row.change_365 or 0.0), row.pair))
    return movements.of_some(page_pairs.lens, acted, since=since, most=MOST_FOLDED)


def _of_whole(
    page_pairs: PairList, shown: Sequence[RankedPair], params: PageParams, wars: Sequence[str]
) -> FrontRows:
    """The rows of a table that was read as a whole. If it is very long, which happens only for
    another day, the lists have only the shown rows and the pairs at war."""
    rows = page_pairs.clear
    claims: Counter[str] = Counter()
    for row in rows:
        for code in row.pair.split("-"):
            claims[code] += row.claims
    ranked = sorted((code for code in claims if claims[code]), key=lambda one: (-claims[one], one))
    country = params.country or next(iter(ranked), "")
    busiest = ranked[:MOST_COUNTRIES]
    own = [row for row in rows if country in row.pair.split("-")]
    own.sort(key=lambda row: (row.claims, row.pair), reverse=True)
    listed = page_pairs.shown
    if len(rows) > MOST_WHOLE:
        some = {*wars, *(row.pair for row in shown)}
        listed = [row for row in listed if row.pair in some]
    return FrontRows(
        country=country,
        neighbours=own[:MOST_NEIGHBOURS],
        busiest=sorted(busiest),
        among=[row for row in rows if {*row.pair.split("-")} <= {*busiest}],
        listed=listed,
    )


def _of_part(page_pairs: PairList, params: PageParams, wars: Sequence[str]) -> FrontRows:
    """The rows of a table that is too long to read as a whole."""
    lens = page_pairs.lens
    busiest = front.busiest(lens, most=MOST_COUNTRIES)
    country = params.country or next(iter(busiest), "")
    most_claims = Order(column="claims", descending=True, country=country)
    pairs = tuple("-".join(two) for two in combinations(sorted(busiest), 2))
    changed = front.most_changed(lens, country=params.country, most=MOST_CHANGED)
    fighting = [pair for pair in wars if params.country in (None, *pair.split("-"))]
    named = Order(column="pair", among=tuple({*changed, *fighting}))
    return FrontRows(
        country=country,
        neighbours=table.page(lens, most_claims, limit=MOST_NEIGHBOURS),
        busiest=sorted(busiest),
        among=table.page(lens, Order(column="pair", among=pairs), limit=None),
        listed=table.page(lens, named, limit=None),
    )
