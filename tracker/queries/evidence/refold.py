"""The scores folded anew from the log alone, with the pure domain and none of the derived tables.

Slow and plain on purpose: it is what the tables are held against.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from tracker import log
from tracker.domain import state as f
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import LensVersion, View, directions, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot
from tracker.queries.evidence.neighbourhood import Neighbourhood, prefetch_claims
from tracker.queries.evidence.snapshot import Snapshot
from tracker.queries.scores import lenses

CLAIMS = 2_000

type Impacts = dict[str, list[Impact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refold:
    """What a view makes of the log up to a position: impacts by pair, and the claims that cannot
    be evaluated."""

    view: View
    position: int
    lenses: list[LensVersion]
    impacts: Impacts
    poison: set[UUID]

    def knots(self, lens: LensVersion, pair: str) -> dict[str, list[Knot]]:
        """The knots of a pair in its three directions."""
        known = self.impacts.get(pair, [])
        return {
            direction: lens.scorer(direction).knots(lens.pulls(known, direction))
            for direction in directions(pair)
        }


def refold(view: View, *, position: int, claims: Collection[UUID] | None = None) -> Refold:
    """Evaluate claims, or every claim, from the log up to a position."""
    ends = _ends(position)
    wanted = log.streams("ClaimAsserted", until=position) if claims is None else claims
    impacts: Impacts = {}
    poison: set[UUID] = set()
    for chunk in batched(sorted(wanted), CLAIMS, strict=False):
        # A snapshot keeps all that it has read, so that each chunk has its own.
        snapshot = Snapshot(position)
        prefetch_claims(chunk, snapshot)
        for claim_id in chunk:
            around = Neighbourhood(snapshot, view, link_streams=lambda of: _at(ends, of))
            try:
                for one in _impacts(claim_id, around):
                    impacts.setdefault(pair_of(one.initiator, one.recipient), []).append(one)
            except Exception:  # noqa: BLE001 # the follower says what is wrong with it
                poison.add(claim_id)
    return Refold(
        view=view, position=position, lenses=_lenses(view, position), impacts=impacts, poison=poison
    )


def _impacts(claim_id: UUID, around: Neighbourhood) -> tuple[Impact, ...]:
    state = around.snapshot.get(claim_id, f.ClaimState)
    return evaluate(state, around.around(state)).impacts if state else ()


def _lenses(view: View, position: int) -> list[LensVersion]:
    """The lenses that look through a view, in their versions of a position, by label."""
    states = Snapshot(position).all(log.streams("LensDefined", until=position), f.LensState)
    latest = [lenses.latest_of(one) for one in states.values()]
    return sorted((one for one in latest if one.lens.view.id == view.id), key=_label)


def _label(lens: LensVersion) -> str:
    return lens.label


def _ends(position: int) -> dict[UUID, set[UUID]]:
    """The links at either end of each claim that has any."""
    streams = log.streams("ClaimsLinked", until=position)
    found: dict[UUID, set[UUID]] = {}
    for link in Snapshot(position).sound(streams, f.LinkState).values():
        for end in (link.from_, link.to):
            found.setdefault(end, set()).add(link.id)
    return found


def _at(links: Mapping[UUID, set[UUID]], claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    return {one: links.get(one, set()) for one in claims}
