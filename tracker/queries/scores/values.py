"""All values of a lens on a day as known at a position, as the lines of an edition.

Once from the tables that the workers wrote, and once from the log alone by the pure domain: the
two are the same bytes, or something is wrong.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.domain import editions
from tracker.domain.lenses import LensVersion, directions
from tracker.domain.problems import NotYet
from tracker.domain.scoring.moments import Knot
from tracker.queries.evidence import impacts
from tracker.queries.evidence.refold import refold
from tracker.queries.scores import knots
from tracker.queries.scores.knots import knot
from tracker.queries.sql import select

# A pair is settled if nothing that was known of it changed after the position and its scores are
# through: then the knots on record are those of the position.
_SETTLED = (
    "SELECT s.pair, k.direction, k.day, k.moments, k.claims, k.roots, k.state_roots,"
    " k.last_claim_day FROM scored s LEFT JOIN LATERAL"
    " (SELECT DISTINCT ON (k.direction) * FROM knot k WHERE k.lens = s.lens"
    " AND k.lens_version = s.lens_version AND k.pair = s.pair AND k.day <= %(day)s"
    " ORDER BY k.direction, k.day DESC) k ON true"
    " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s AND s.position <= %(position)s"
    " AND NOT EXISTS (SELECT FROM dirty_pair d WHERE d.view = %(view)s AND d.pair = s.pair)"
    " AND NOT EXISTS (SELECT FROM quarantine q WHERE q.view = %(view)s"
    " AND q.subject = 'pair:' || s.pair)"
)
_KNOWN = (
    "SELECT DISTINCT pair FROM impact WHERE view = %s AND known_from <= %s"
    " AND (known_until IS NULL OR known_until > %s)"
)


class Behind(NotYet):
    """The background work has not come to that position yet."""


def stored_lines(lens: LensVersion, day: date, *, position: int) -> list[str]:
    """Give the lines from the knots on record, and of pairs that changed since from the impacts
    known at the position.

    :raises Behind: where the lens's view has not followed the log so far.
    """
    view = lens.lens.view.id
    if (reached := impacts.followed(view)) < position:
        raise Behind(f"{lens.label} has come to position {reached}; position {position} is asked")
    found = _settled(lens, day, position=position)
    # Read after the knots: what was known at a position never changes, so that a pair which is
    # scored anew meanwhile is right either way.
    for pair in known_pairs(view, position=position):
        if pair not in found:
            known = impacts.known(view, pair, position=position)
            found[pair] = editions.last_knots(lens, pair, known, day)
    return list(_lines(lens, found, day))


def recomputed_lines(lens: LensVersion, day: date, *, position: int) -> list[str]:
    """Give the lines from the log alone, by the pure domain."""
    anew = refold(lens.lens.view, position=position)
    found = {
        pair: editions.last_knots(lens, pair, anew.impacts[pair], day) for pair in anew.impacts
    }
    return list(_lines(lens, found, day))


def known_pairs(view: str, *, position: int) -> list[str]:
    """The pairs that anything was known of at a position."""
    return [row[0] for row in select(_KNOWN, [view, position, position])]


def _settled(lens: LensVersion, day: date, *, position: int) -> dict[str, editions.LastKnots]:
    found: dict[str, editions.LastKnots] = {}
    for pair, direction, *columns in select(
        _SETTLED,
        {
            "lens": lens.id,
            "version": lens.version,
            "view": lens.lens.view.id,
            "day": day,
            "position": position,
        },
    ):
        own = {direction: knot(columns)} if direction else {}
        found[pair] = {**found.get(pair, {}), **own}
    return found


def _lines(lens: LensVersion, found: Mapping[str, editions.LastKnots], day: date) -> Iterator[str]:
    for pair in sorted(found):
        yield from editions.lines(lens, pair, found[pair], day)


type Series = dict[str, list[Knot]]


def pairs(lens: LensVersion, *, position: int) -> list[str]:
    """Give the pairs that anything was known of, in the order of their names.

    :raises values.Behind: where the lens's view has not followed the log so far.
    """
    view = lens.lens.view.id
    if (reached := impacts.followed(view)) < position:
        raise Behind(f"{lens.label} has come to position {reached}; position {position} is asked")
    return sorted(known_pairs(view, position=position))


def knots_of(lens: LensVersion, pair: str, *, position: int) -> Series:
    """Give the knots of each direction of a pair that has any, in the order of their days.

    Those on record where they are still those of the position, else a fold of what was known then:
    the same function, so that they are equal to the bit.
    """
    found = knots.settled(lens, pair, position=position)
    if found is not None:
        return found
    known = impacts.known(lens.lens.view.id, pair, position=position)
    return {
        direction: made
        for direction in directions(pair)
        if (made := lens.scorer(direction).knots(lens.pulls(known, direction)))
    }
