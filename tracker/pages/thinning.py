"""Leaves out the points of a line that nobody would miss (Douglas & Peucker 1973)."""

from collections.abc import Sequence

from tracker.pages.charts import Point

# How far a line may pass by a point that is left out, as a share of the scale: less than a quarter
# of a dot on the largest picture.
NEAR = 0.001


def thinned(points: Sequence[Point], *, top: float, near: float = NEAR) -> list[Point]:
    """The points without those that lie on the straight line between their neighbours, as do the
    ends of their intervals, but for `near` of the way from 0 to `top`."""
    if len(points) < 3:
        return list(points)
    kept = {0, len(points) - 1}
    stretches = [(0, len(points) - 1)]
    while stretches:
        first, last = stretches.pop()
        far, place = max(
            ((_off(points, first, last, n), n) for n in range(first + 1, last)),
            default=(0.0, first),
        )
        if far > near * top:
            kept.add(place)
            stretches += [(first, place), (place, last)]
    return [points[n] for n in sorted(kept)]


def _off(points: Sequence[Point], first: int, last: int, place: int) -> float:
    """How far a point is from the line between two others, in any of its three numbers."""
    one, other, at = points[first], points[last], points[place]
    share = (at.day - one.day).days / (other.day - one.day).days
    return max(
        abs(at.value - (1 - share) * one.value - share * other.value),
        abs(at.low - (1 - share) * one.low - share * other.low),
        abs(at.high - (1 - share) * one.high - share * other.high),
    )
