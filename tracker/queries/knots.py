"""Knots: the days on which a series moved, as written by the last recomputation."""

from datetime import date

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.models.derived import Knot


def last(lens: LensVersion, direction: str, *, until: date) -> moments.Knot | None:
    """The last knot of a series that is not after a day."""
    rows = Knot.objects.filter(
        lens=lens.id, lens_version=lens.version, direction=direction, day__lte=until
    )
    row = rows.order_by("-day").first()
    return knot_of(row) if row else None


def knot_of(row: Knot) -> moments.Knot:
    """The knot that a row holds."""
    return moments.Knot(
        day=row.day,
        moments=tuple(row.moments),
        claims=row.claims,
        roots=row.roots,
        state_roots=row.state_roots,
        newest=row.last_claim_day,
    )
