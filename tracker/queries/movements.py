"""The days on which the series of a pair moved, as known at a position of the log."""

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring.moments import Knot
from tracker.queries import impacts, knots, values

type Series = dict[str, list[Knot]]


def pairs(lens: LensVersion, *, position: int) -> list[str]:
    """Give the pairs that anything was known of, in the order of their names.

    :raises values.Behind: where the lens's view has not followed the log so far.
    """
    view = lens.lens.view.id
    if (reached := impacts.followed(view)) < position:
        raise values.Behind(
            f"{lens.label} has come to position {reached}; position {position} is asked"
        )
    return sorted(values.known_pairs(view, position=position))


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
