"""Triangles of countries under the lens `standing`."""

from datetime import date
from itertools import combinations

from tracker.domain.lenses import pair_of
from tracker.domain.triads import Edge, Triad, triad
from tracker.queries import pairs
from tracker.queries.moment import AsOf


def on(
    countries: tuple[str, str, str], day: date, *, lens: str = "standing", as_of: AsOf = None
) -> Triad:
    """Give the triangle of three countries at the end of a day.

    :raises NoTriangle: if they are not three. :raises lenses.NoSuchLens: :raises NotYet:
    """
    edges = []
    for one, other in combinations(sorted(countries), 2):
        pair = pair_of(one, other)
        score = pairs.series(pair, direction=pair, lens=lens, as_of=as_of).on(day).score
        edges.append(Edge(pair=pair, value=score.value, low=score.low, high=score.high))
    return triad(edges)
