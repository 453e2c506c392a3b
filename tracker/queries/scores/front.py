"""What the first page picks from a table of pairs that is too long to read as a whole.

The countries with most evidence, the pairs that changed most, and those that are at war.
"""

from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.queries.claims import disclosure
from tracker.queries.scores import knots, uncounted
from tracker.queries.scores.table import TABLE
from tracker.queries.sql import select

# A smaller movement is not named, however sure it is.
LEAST_MOVED = 0.5
# Wars that a page can name.
MOST_WARS = 50
_BUSIEST = (
    f"SELECT code FROM (SELECT unnest(string_to_array(pair, '-')) AS code, claims {TABLE}) own"  # noqa: S608
    " GROUP BY code HAVING sum(claims) > 0 ORDER BY sum(claims) DESC, code LIMIT %(most)s"
)
_CHANGED = (
    "SELECT pair FROM watched WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND abs(change_365) >= %(least)s"
    " AND (%(country)s::text IS NULL OR %(country)s = ANY(string_to_array(pair, '-')))"
    " ORDER BY abs(change_365) DESC, pair LIMIT %(most)s"
)
# Situations of armed force that were reported as going on, and that the scores of a lens count. The
# claims are found by their kind, of which there are few.
_WARS = (
    "SELECT DISTINCT i.pair FROM standing_claim c JOIN impact i ON i.claim = c.id"
    " AND i.view = %(view)s AND i.known_until IS NULL"
    " WHERE c.kind = 'situation' AND c.code ~ '/ASSAULT(/|$)' AND c.status = 'standing'"
    " AND c.collection = ANY(%(collections)s)"
    " AND c.state #>> '{{claim,occurred,edtf}}' LIKE '%%/..'"
    " AND i.p >= .5 AND {shown} ORDER BY 1 LIMIT %(most)s"
)


def busiest(lens: LensVersion, *, most: int) -> list[str]:
    """Return the codes of the countries whose pairs rest on most claims, those with most first."""
    return [row[0] for row in select(_BUSIEST, knots.key(lens) | {"most": most})]


def most_changed(lens: LensVersion, *, country: str | None, most: int) -> list[str]:
    """Return the pairs whose score changed by half a point or more within a year, those that
    changed most first, as the last search for shifts found them."""
    parameters = knots.key(lens) | {"least": LEAST_MOVED, "country": country, "most": most}
    return [row[0] for row in select(_CHANGED, parameters)]


def at_war(lens: LensVersion) -> list[str]:
    """Return the pairs of which a claim that the public may see says that they are at war, by name:
    a situation of armed force without an end, of a curated collection, that is likelier true than
    not."""
    view = lens.lens.view
    collections = [
        key
        for key, one in uncounted.collections_on_record(
            uncounted.admitted_collections(view)
        ).items()
        if one.coding == "curated"
    ]
    shown = disclosure.condition("c.id", at=None, reader=Reader.PUBLIC)
    parameters = {"view": view.id, "collections": collections, "most": MOST_WARS}
    return [row[0] for row in select(_WARS.format(shown=shown), parameters)]
