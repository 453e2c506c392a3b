"""The table of pairs on another day than its own, from what is known now.

Of each pair one knot is read: what that costs grows with pairs, of which there are as many as two
countries make, and not with claims.
"""

from datetime import date
from typing import Any

from django.db import connection

from tracker.domain.lenses import LensVersion
from tracker.domain.shifts import WINDOW
from tracker.queries.ranking import SHOWN, Row, row_of

_EVERY = (
    "SELECT direction AS place, pair, direction, lens, lens_version, %(day)s::date AS day,"
    " NULL::date AS last_claim_day, NULL::float AS change_7, NULL::float AS change_30,"
    " NULL::float AS change_365 FROM current_score"
    " WHERE lens = %(lens)s AND lens_version = %(version)s AND direction NOT LIKE '%%>%%'"
)


def rows(lens: LensVersion, day: date) -> list[Row]:
    """Give the pairs of which anything was told by the end of a day, by name, with what they came
    to then. The changes are those of no day: nobody has looked."""
    asked: dict[str, Any] = {"lens": lens.id, "version": lens.version, "day": day, "window": WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH paged AS ({_EVERY}) SELECT {SHOWN} ORDER BY s.place", asked)
        found = [row_of(lens, columns) for columns in cursor.fetchall()]
    return [row for row in found if row.claims]
