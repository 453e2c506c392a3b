"""What the first page picks from a table of pairs that is too long to read as a whole.

The countries with most evidence, the pairs that changed most, and those that are at war.
"""

from datetime import date
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion, View
from tracker.domain.movements import LEAST_MOVE
from tracker.log.messages import id_array
from tracker.models.derived import StandingClaim
from tracker.queries import in_force
from tracker.queries.claims import disclosure, listing
from tracker.queries.in_force import Condition
from tracker.queries.scores import knots, uncounted
from tracker.queries.scores.table import TABLE
from tracker.queries.sql import select

# Wars that a page can name, and situations of force among which they are looked for: those
# that go on, and those that ended last.
MOST_WARS, MOST_FORCES = 50, 1_000
# Claims of a pair that are looked at for one that says so, the surest.
MOST_OF_PAIR = 5
# Of a pair the direction has the same name, and stands in the index that has the claims.
_CLAIMS = (
    f"SELECT code, sum(claims)::bigint FROM (SELECT direction, claims {TABLE}) own"  # noqa: S608
    " CROSS JOIN LATERAL (VALUES (left(direction, 3)), (right(direction, 3))) AS ends (code)"
    " GROUP BY code ORDER BY sum(claims) DESC, code"
)
_CHANGED = (
    "SELECT pair FROM watched WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND abs(change_365) >= %(least)s"
    " AND (%(country)s::text IS NULL OR %(country)s = ANY(string_to_array(pair, '-')))"
    " ORDER BY abs(change_365) DESC, pair LIMIT %(most)s"
)
# Situations of armed force, and whether each has no end. They are found by their kind, of which
# there are few.
_FORCE = (
    "kind = 'situation' AND status = 'standing' AND code ~ '/ASSAULT(/|$)'"
    " AND (code ~ '/(heavy-weapons|aerial|drone|explosives|unconventional)$'"
    r" OR state #>> '{claim,summary}' ~* '\mwar\M')"
    " AND collection = ANY(%s)"
)
_OPEN = "coalesce(right(state #>> '{claim,occurred,edtf}', 3) = '/..', FALSE)"
# The pairs on which some claims act on a day, as known now or at a position, with those claims. Of
# the pairs those first that acted last.
_ACTIVE = (
    "SELECT pair, (array_agg(claim ORDER BY p DESC, claim))[:%(of_pair)s] FROM"
    " (SELECT pair, claim, max(p) AS p, max(last) AS last FROM impact WHERE view = %(view)s"
    " AND claim = ANY(%(claims)s) AND p >= .5 AND first <= %(day)s AND {known}"
    " AND (claim = ANY(%(open)s) OR last >= %(day)s) GROUP BY pair, claim) active"
    " GROUP BY pair ORDER BY max(last) DESC, pair LIMIT %(most)s"
)
_KNOWN = "known_from <= %(at)s AND (known_until IS NULL OR known_until > %(at)s)"


def claims_of_countries(lens: LensVersion) -> dict[str, int]:
    """Return for each country, by code, the number of claims on which its pairs rest, those with
    most first."""
    return dict(select(_CLAIMS, knots.key(lens)))


def most_changed(lens: LensVersion, *, country: str | None, most: int) -> list[str]:
    """Return the pairs whose score changed by half a point or more within a year, those that
    changed most first, as the last search for shifts found them."""
    parameters = knots.key(lens) | {"least": LEAST_MOVE, "country": country, "most": most}
    return [row[0] for row in select(_CHANGED, parameters)]


def at_war(lens: LensVersion, day: date, *, at: int | None = None) -> list[str]:
    """Return the pairs of which a claim that the public may see says that they are at war on a day,
    by name: a situation of armed force, of a curated collection, that is likelier true than not,
    and did not end before. What a party says, and what was judged disputed, does not say so. By
    what is known now, or was as of a position."""
    forces = dict(_forces(lens.lens.view, at=at))
    known = "known_until IS NULL" if at is None else _KNOWN
    parameters = {
        "view": lens.lens.view.id,
        "claims": id_array(forces),
        "open": id_array([claim for claim, is_open in forces.items() if is_open]),
        "day": day,
        "at": at,
        "of_pair": MOST_OF_PAIR,
        "most": MOST_WARS,
    }
    pairs_of: dict[UUID, list[str]] = {}
    for pair, claims in select(_ACTIVE.format(known=known), parameters) if forces else ():
        for claim in claims:
            pairs_of.setdefault(claim, []).append(pair)
    if not pairs_of:
        return []
    position = log.head().position if at is None else at
    entries = listing.claim_entries(pairs_of, position, reader=Reader.PUBLIC)
    sure = [one for one in entries if not one.attributed and not one.title.rstrip().endswith("]")]
    return sorted({pair for one in sure for pair in pairs_of[one.state.id]})


def _forces(view: View, *, at: int | None) -> list[tuple[UUID, bool]]:
    """The situations of armed force that the public may see, and whether each has no end."""
    admitted = uncounted.collections_on_record(uncounted.admitted_collections(view))
    curated = [key for key, one in admitted.items() if one.coding == "curated"]
    shown = disclosure.condition("id", at=at, reader=Reader.PUBLIC)
    condition = Condition(where=f"{_FORCE} AND {shown}", parameters=[curated], at=at, usual=False)
    # Those that go on have no last day.
    columns, order = f"id, {_OPEN}, latest", "latest DESC NULLS FIRST, id"
    rows = in_force.look_up(StandingClaim, columns, condition, order=order, limit=MOST_FORCES)
    return [(claim, is_open) for claim, is_open, _ in rows]
