"""Rows of the table of pairs by the names of pairs and countries, as a search asks for them."""

from collections.abc import Collection
from datetime import date

from tracker.domain.lenses import LensVersion
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


def latest_news(lens: LensVersion, codes: Collection[str]) -> dict[str, tuple[int, date | None]]:
    """Return by country the number of its pairs in the table, and the day of the latest claim of
    all of them; without countries that have none."""
    rows = select_prepared(
        "SELECT code, count(*), max(last_claim_day) FROM current_score"
        " CROSS JOIN unnest(%(codes)s::text[]) AS code WHERE lens = %(lens)s"
        " AND lens_version = %(version)s AND direction NOT LIKE '%%>%%'"
        " AND code IN (left(pair, 3), right(pair, 3)) GROUP BY code",
        knots.key(lens) | {"codes": list(codes)},
    )
    return {code: (pairs, latest) for code, pairs, latest in rows}
