"""All values of a lens on a day as known at a position, as the lines of an edition.

They are computed twice: from the tables that the workers wrote, and from the log alone by the
domain. Both must give the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tracker.domain import editions
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import NotYet
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot
from tracker.queries.evidence import impacts
from tracker.queries.scores import knots
from tracker.queries.sql import select

_SETTLED = (
    f"SELECT s.pair, k.direction, {knots.last_block('%(day)s')}"  # noqa: S608
    " FROM scored s LEFT JOIN LATERAL"
    " (SELECT DISTINCT ON (k.direction) * FROM knot_block k WHERE k.lens = s.lens"
    " AND k.lens_version = s.lens_version AND k.pair = s.pair AND k.day <= %(day)s"
    f" ORDER BY k.direction, k.day DESC) k ON true WHERE {knots.SETTLED}"
)
_KNOWN = (
    "SELECT DISTINCT pair FROM impact WHERE view = %s AND known_from <= %s"
    " AND (known_until IS NULL OR known_until > %s)"
)


class Behind(NotYet):
    """The background work has not reached that position yet."""


def stored_lines(lens: LensVersion, day: date, *, position: int) -> list[str]:
    """Return the lines from the stored knots; for pairs that changed since, from the impacts known
    at the position.

    :raises Behind: if the lens's view has not followed the log so far.
    """
    _require_followed(lens, position)
    last_knots: dict[str, editions.LastKnots] = {**_settled(lens, day, position=position)}
    # Read after the knots: impacts known at a position never change, so a pair that is recomputed
    # meanwhile is correct either way.
    for pair in _known_pairs(lens, position):
        if pair not in last_knots:
            known = impacts.on_pair(lens.lens.view.id, pair, position=position)
            last_knots[pair] = editions.last_knots(lens, pair, known, day)
    return list(_lines(lens, last_knots, day))


def recomputed_lines(
    lens: LensVersion, impacts_by_pair: Mapping[str, Sequence[Impact]], day: date
) -> list[str]:
    """Return the lines from the impacts that the log alone gives (`refold`)."""
    last_knots = {
        pair: editions.last_knots(lens, pair, own, day) for pair, own in impacts_by_pair.items()
    }
    return list(_lines(lens, last_knots, day))


def _require_followed(lens: LensVersion, position: int) -> None:
    if (reached := impacts.followed_position(lens.lens.view.id)) < position:
        raise Behind(f"{lens.label} has reached position {reached}, not yet position {position}")


def _known_pairs(lens: LensVersion, position: int) -> list[str]:
    """The pairs with impacts known at a position."""
    return [row[0] for row in select(_KNOWN, [lens.lens.view.id, position, position])]


def _settled(lens: LensVersion, day: date, *, position: int) -> dict[str, dict[str, Knot]]:
    """The last knots by direction of the settled pairs."""
    last_knots: dict[str, dict[str, Knot]] = {}
    parameters = knots.key(lens) | {"day": day, "position": position}
    for pair, direction, *columns in select(_SETTLED, parameters):
        series = last_knots.setdefault(pair, {})
        if direction:
            series[direction] = knots.last_knot(columns, day)
    return last_knots


def _lines(
    lens: LensVersion, last_knots: Mapping[str, editions.LastKnots], day: date
) -> Iterator[str]:
    for pair in sorted(last_knots):
        yield from editions.lines(lens, pair, last_knots[pair], day)


type Series = dict[str, list[Knot]]


def pairs(lens: LensVersion, *, position: int) -> list[str]:
    """Return the pairs with impacts known at a position, by name.

    :raises Behind: if the lens's view has not followed the log so far.
    """
    _require_followed(lens, position)
    return sorted(_known_pairs(lens, position))


def knots_of(lens: LensVersion, pair: str, *, position: int) -> Series:
    """Return the knots of each stored direction of a pair that has any, by day.

    The stored knots if they are still those of the position, else a fold of the impacts known then.
    Both use the same function, so that they agree to the bit.
    """
    stored = knots.knots_at(lens, pair, position=position)
    if stored is not None:
        return stored
    known = impacts.on_pair(lens.lens.view.id, pair, position=position)
    return {
        direction: series
        for direction in lens.stored_directions(pair)
        if (series := lens.scorer.knots(lens.pulls(known, direction)))
    }
