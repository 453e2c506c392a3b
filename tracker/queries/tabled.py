"""Whom the table of pairs is about."""

from typing import Any

from django.db import connection

from tracker.domain.lenses import LensVersion

# So many pairs make more triangles than anybody lists.
KNOWN = 2_000
_TABLE = (
    "FROM current_score WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND direction NOT LIKE '%%>%%'"
)
_KNOWN = f"SELECT pair, claims {_TABLE} ORDER BY claims DESC, direction DESC LIMIT %(pairs)s"
_TRIANGLES = (
    f"WITH best AS ({_KNOWN}), known AS (SELECT split_part(pair, '-', 1) AS one,"  # noqa: S608 # ours
    " split_part(pair, '-', 2) AS other, claims FROM best)"
    " SELECT a.one, a.other, b.other, least(a.claims, b.claims, c.claims)"
    " FROM known a JOIN known b ON b.one = a.other"
    " JOIN known c ON c.one = a.one AND c.other = b.other"
    " ORDER BY 4 DESC, 1, 2, 3 LIMIT %(limit)s"
)


def countries(lens: LensVersion) -> set[str]:
    """Give the codes of the countries that have a pair in the table under a lens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(string_to_array(pair, '-')) FROM current_score"
            " WHERE lens = %s AND lens_version = %s AND direction = pair",
            [lens.id, lens.version],
        )
        return {row[0] for row in cursor.fetchall()}


def pairs(lens: LensVersion) -> list[str]:
    """Give the pairs in the table under a lens, by name."""
    return [row[0] for row in _asked(f"SELECT pair {_TABLE} ORDER BY pair", lens)]


def triangles(lens: LensVersion, *, limit: int) -> list[tuple[str, str, str]]:
    """Give up to `limit` triangles whose three pairs are all in the table, by code, those with most
    claims on their least known pair first. Only the pairs with most claims are looked through."""
    return [
        (one, two, three)
        for one, two, three, _ in _asked(_TRIANGLES, lens, pairs=KNOWN, limit=limit)
    ]


def _asked(question: str, lens: LensVersion, **given: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, {"lens": lens.id, "version": lens.version, **given})
        return list(cursor.fetchall())
