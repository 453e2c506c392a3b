"""Rows of the table of pairs by the names of pairs and countries, as a search asks for them."""

from collections.abc import Collection
from datetime import date

from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.shifts import WINDOW
from tracker.log.messages import select_prepared
from tracker.queries.scores import knots, table
from tracker.queries.scores.table import RankedPair


def of_pairs(lens: LensVersion, codes: Collection[str]) -> dict[str, RankedPair]:
    """Return the rows of some pairs by pair, without those that are not in the table."""
    rows = select_prepared(
        f"WITH paged AS (SELECT s.direction AS place, s.*, {table.WATCHED}"
        f" {table.PAIRS} AND s.pair = ANY(%(pairs)s)) SELECT {table.SHOWN}",
        knots.key(lens) | {"pairs": list(codes), "window": WINDOW},
        binary=True,
    )
    return {row.pair: row for row in (table.row_of(lens, columns) for columns in rows)}


def latest_news(
    lens: LensVersion, codes: Collection[str], *, among: Collection[str]
) -> dict[str, tuple[int, date | None]]:
    """Return by country the number of its pairs in the table with the countries `among` which it
    is, and the day of the latest claim of all of them; without countries that have none."""
    named = [(code, pair_of(code, other)) for code in codes for other in among if other != code]
    # OFFSET 0 keeps the planner from reading the whole table.
    rows = select_prepared(
        "SELECT code, count(*), max(last_claim_day)"
        " FROM unnest(%(codes)s::text[], %(pairs)s::text[]) AS named (code, pair)"
        " CROSS JOIN LATERAL (SELECT last_claim_day FROM current_score WHERE lens = %(lens)s"
        " AND lens_version = %(version)s AND direction = named.pair OFFSET 0) own GROUP BY code",
        knots.key(lens)
        | {"codes": [code for code, _ in named], "pairs": [pair for _, pair in named]},
    )
    return {code: (pairs, latest) for code, pairs, latest in rows}
