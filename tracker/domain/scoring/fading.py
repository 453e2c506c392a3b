"""How the weight of an impact falls on the days on which it acts."""

from collections.abc import Iterator

from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Pull


def weights(pull: Pull, *, until: int, days: int, fade: float) -> Iterator[tuple[int, float]]:
    """The days on which a pull acts, up to `until`, with its weight on each.

    An act has its one day; a situation has 1/`days` of its weight on each, left over from day to
    day to `fade` of it.
    """
    acting = range(pull.first, min(pull.last, until) + 1)
    if not pull.situation:
        yield from ((day, pull.weight) for day in acting)
        return
    daily = pull.weight / days
    left = moments.powers(fade, upto=len(acting))
    for place, day in enumerate(acting):
        yield day, daily * left[place] if pull.fades else daily
