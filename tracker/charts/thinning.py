"""Which points of a line are left out because they lie on the straight line between others."""

from collections.abc import Sequence


def kept_places(
    days: Sequence[int], lines: Sequence[Sequence[float]], *, reach: float
) -> list[int]:
    """Return the places of the points that are drawn (Douglas and Peucker).

    Each line has a number for each day, and the days ascend. In no line is a point that is left out
    further than `reach` from the straight line between its drawn neighbours.
    """
    if len(days) < 3:
        return [*range(len(days))]
    kept = {0, len(days) - 1}
    parts = [(0, len(days) - 1)]
    while parts:
        first, last = parts.pop()
        distance, place = max(_farthest(days, line, first, last, reach) for line in lines)
        if distance > reach:
            kept.add(place)
            parts += [(first, place), (place, last)]
    return sorted(kept)


def _farthest(
    days: Sequence[int], line: Sequence[float], first: int, last: int, reach: float
) -> tuple[float, int]:
    """The greatest distance of a point from the straight line between two others, and its place;
    0 where the line is so flat that no distance can exceed the reach."""
    part = line[first : last + 1]
    if max(part) - min(part) <= reach:
        return 0.0, first
    start, length = days[first], days[last] - days[first]
    before, after = line[first], line[last]
    farthest, place = 0.0, first
    for n in range(first + 1, last):
        share = (days[n] - start) / length
        distance = abs(line[n] - (1 - share) * before - share * after)
        if distance >= farthest:
            farthest, place = distance, n
    return farthest, place
