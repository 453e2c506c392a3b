"""What moved a score during a shift: the claims that acted then, and the changed weight of others.

A pair of an archive has thousands of claims, and computing what each contributes takes seconds. So
the workers keep the result for the latest shifts of each lens. It is read only while its scores are
the current ones.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.domain.lenses import LensVersion
from tracker.domain.shifts import Shift
from tracker.queries.evidence import changes, impacts
from tracker.queries.evidence.changes import Change, Changes
from tracker.queries.scores import knots
from tracker.queries.scores.pairs import Series
from tracker.queries.sql import select

# Why a claim is a cause of a shift: it began in the days of the shift, or goes on in them.
ACTED = frozenset({"began", "goes on"})
# The most claims that are kept for a shift.
MOST_KEPT = 30
_KEPT = (
    "SELECT k.pair, k.seen, k.start, k.peak, k.parts::text FROM shift_causes k JOIN scored s"
    " ON s.lens = k.lens AND s.lens_version = k.lens_version AND s.pair = k.pair"
    " AND s.position = k.position WHERE k.lens = %(lens)s AND k.lens_version = %(version)s"
    " AND k.pair = ANY(%(pairs)s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftParts:
    """The claims that acted during a shift, largest first, perhaps not all of `count`; what all of
    them contributed; the number of claims that only weigh less or more than before, and what they
    contributed; and the `rest`, of the start value. The amounts sum to that of the shift."""

    acted: Sequence[Change]
    count: int
    amount: float
    older: int
    older_amount: float
    rest: float


def parts_of(change_set: Changes) -> ShiftParts:
    """Return the parts of a shift, with all claims that acted."""
    acted = [change for change in change_set.changes if change.because in ACTED]
    older = [change for change in change_set.changes if change.because not in ACTED]
    return ShiftParts(
        acted=acted,
        count=len(acted),
        amount=sum(change.amount for change in acted),
        older=len(older),
        older_amount=sum(change.amount for change in older),
        rest=change_set.remainder,
    )


def work_out(
    view: str, rows: Sequence[tuple[str, Shift]], series: Mapping[str, Series]
) -> list[ShiftParts]:
    """Return the parts of each shift of a pair, from the impacts on the pairs. What began to act
    after the last of the shifts is not read."""
    if not rows:
        return []
    wanted = {pair: series[pair].position for pair, _ in rows}
    known = impacts.on_pairs_at(view, wanted, begun=max(shift.peak for _, shift in rows))
    return [
        parts_of(changes.of_series(series[pair], (shift.start, shift.peak), known=known[pair]))
        for pair, shift in rows
    ]


def kept(
    lens: LensVersion, rows: Sequence[tuple[str, Shift]]
) -> dict[tuple[str, Shift], ShiftParts]:
    """Return the parts of those shifts for which they are kept and up to date."""
    places = {(pair, shift.seen, shift.start, shift.peak): (pair, shift) for pair, shift in rows}
    found = select(_KEPT, knots.key(lens) | {"pairs": sorted({pair for pair, _ in rows})})
    return {
        places[place]: _read(json.loads(text))
        for *columns, text in found
        if (place := tuple(columns)) in places
    }


def written(parts: ShiftParts) -> dict[str, Any]:
    """Return parts as JSON, with the largest claims."""
    acted = [
        [str(change.claim), change.before, change.after, change.because]
        for change in parts.acted[:MOST_KEPT]
    ]
    return {
        "acted": acted,
        "count": parts.count,
        "amount": parts.amount,
        "older": parts.older,
        "older_amount": parts.older_amount,
        "rest": parts.rest,
    }


def _read(parts: Mapping[str, Any]) -> ShiftParts:
    acted = [
        Change(claim=UUID(claim), before=before, after=after, because=because)
        for claim, before, after, because in parts["acted"]
    ]
    return ShiftParts(**{**parts, "acted": acted})
