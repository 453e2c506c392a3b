"""What the first page picks from a table of pairs that is too long to read as a whole.

The countries with most evidence, the pairs that changed most, and those that are at war.
"""

from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.queries.claims import disclosure, listing
from tracker.queries.scores import knots, uncounted
from tracker.queries.scores.table import TABLE
from tracker.queries.sql import select

# A smaller movement is not named, however sure it is.
LEAST_MOVED = 0.5
# Wars that a page can name.
MOST_WARS = 50
_BUSIEST = (
    f"SELECT code FROM (SELECT left(pair, 3) AS code, claims {TABLE}"  # noqa: S608
    f" UNION ALL SELECT right(pair, 3), claims {TABLE}) own"
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
    "SELECT DISTINCT i.pair, c.id FROM standing_claim c JOIN impact i ON i.claim = c.id"
    " AND i.view = %(view)s AND i.known_until IS NULL"
    " WHERE c.kind = 'situation' AND c.status = 'standing' AND c.code ~ '/ASSAULT(/|$)'"
    " AND (c.code ~ '/(heavy-weapons|aerial|drone|explosives|unconventional)$'"
    r" OR c.state #>> '{{claim,summary}}' ~* '\mwar\M')"
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
    not. What a party says, and what was judged disputed, does not say so."""
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
    pairs_of: dict[UUID, list[str]] = {}
    for pair, claim in select(_WARS.format(shown=shown), parameters):
        pairs_of.setdefault(claim, []).append(pair)
    if not pairs_of:
        return []
    entries = listing.claim_entries(pairs_of, log.head().position, reader=Reader.PUBLIC)
    sure = [one for one in entries if not one.attributed and not one.title.rstrip().endswith("]")]
    return sorted({pair for one in sure for pair in pairs_of[one.state.id]})
