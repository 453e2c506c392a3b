"""Whom the table of pairs is about."""

from django.db import connection

from tracker.domain.lenses import LensVersion


def countries(lens: LensVersion) -> set[str]:
    """Give the codes of the countries that have a pair in the table under a lens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(string_to_array(pair, '-')) FROM current_score"
            " WHERE lens = %s AND lens_version = %s AND direction = pair",
            [lens.id, lens.version],
        )
        return {row[0] for row in cursor.fetchall()}
