"""When pairs shifted, for the marks on their courses."""

from collections.abc import Sequence

from django.db import connection

from tracker.domain.lenses import LensVersion
from tracker.domain.shifts import Shift
from tracker.queries.ranking import shift

MOST = 20


def of_pairs(lens: LensVersion, pairs: Sequence[str]) -> dict[str, list[Shift]]:
    """Give the last shifts of each of some pairs, with one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pair, start, seen, peak, amount, sd FROM (SELECT *, row_number() OVER"
            " (PARTITION BY pair ORDER BY seen DESC, start DESC) AS place FROM shift"
            " WHERE lens = %s AND lens_version = %s AND pair = ANY(%s)) ranked"
            " WHERE place <= %s ORDER BY pair, seen, start",
            [lens.id, lens.version, list(pairs), MOST],
        )
        found: dict[str, list[Shift]] = {}
        for pair, *columns in cursor.fetchall():
            found.setdefault(pair, []).append(shift(columns))
        return found
