"""Folds a pair's impacts into the knots of one lens, in all three directions of the pair.

Only the days from the first change on are folded anew; the knots before them still hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.queries.scores.knots import knot as read_knot

type Key = tuple[UUID, str]
type Kept = Mapping[Key, moments.Knot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One direction of a pair under a lens: `knots` replace those from `from_day` on; `kept` is
    the last knot before them."""

    lens: LensVersion
    direction: str
    from_day: date
    kept: moments.Knot | None
    knots: Sequence[moments.Knot]

    @property
    def key(self) -> Key:
        return self.lens.id, self.direction

    def on(self, day: date) -> moments.Knot | None:
        """The last knot that is not after a day, of those that are at hand."""
        return moments.latest([self.kept, *self.knots] if self.kept else self.knots, day)


def fold(
    lens: LensVersion, pair: str, impacts: Iterable[Impact], *, from_day: date, kept: Kept
) -> list[Line]:
    """Fold a pair's impacts under a lens."""
    known = list(impacts)
    lines = []
    for direction in directions(pair):
        last = kept.get((lens.id, direction))
        made = lens.scorer(direction).knots(lens.pulls(known, direction), after=last)
        lines.append(Line(lens=lens, direction=direction, from_day=from_day, kept=last, knots=made))
    return lines


def last_knots(pair: str, before: Iterable[tuple[LensVersion, date]]) -> dict[Key, moments.Knot]:
    """The last knot of each direction of a pair before a lens's day, with one question."""
    asked = [(lens.id, lens.version, day) for lens, day in before]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.lens, s.direction, k.day, k.moments, k.claims, k.roots, k.state_roots,"
            " k.last_claim_day FROM"
            " (SELECT * FROM unnest(%s::uuid[], %s::int[], %s::date[]) AS l (lens, version, day)"
            "  CROSS JOIN unnest(%s::text[]) AS d (direction)) AS s"
            " CROSS JOIN LATERAL (SELECT * FROM knot WHERE lens = s.lens"
            " AND lens_version = s.version AND pair = %s AND direction = s.direction"
            " AND day < s.day ORDER BY day DESC LIMIT 1) AS k",
            [*([one[n] for one in asked] for n in range(3)), list(directions(pair)), pair],
        )
        return {(row[0], row[1]): read_knot(row[2:]) for row in cursor.fetchall()}
