"""Scores folded again from the log alone, by the domain and without the derived tables.

Deliberately slow and plain: the tables are checked against it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import batched
from operator import attrgetter
from uuid import UUID

from tracker import log
from tracker.domain import state as f
from tracker.domain.around import LinkStreams, prefetch_claims
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import LensVersion, View, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot
from tracker.queries.evidence.record import Neighbourhood, Snapshot
from tracker.queries.scores import lenses

CLAIMS = 2_000

type Impacts = dict[str, list[Impact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refold:
    """A view's impacts by pair, from the log up to a position, and the claims that cannot be
    evaluated."""

    view: View
    position: int
    lenses: list[LensVersion]
    impacts: Impacts
    failed: set[UUID]

    def knots(self, lens: LensVersion, pair: str) -> dict[str, list[Knot]]:
        """Return the knots of a pair in its stored directions."""
        known = self.impacts.get(pair, [])
        return {
            direction: lens.scorer.knots(lens.pulls(known, direction))
            for direction in lens.stored_directions(pair)
        }


def refold(
    view: View,
    *,
    position: int,
    claims: Collection[UUID] | None = None,
    report: Callable[[str], object] = lambda _text: None,
) -> Refold:
    """Evaluate the given claims, or every claim, from the log up to a position. `report` gets how
    far it is."""
    links = _links(position)
    wanted = log.streams("ClaimAsserted", until=position) if claims is None else claims
    impacts: Impacts = {}
    failed: set[UUID] = set()
    for number, chunk in enumerate(batched(sorted(wanted), CLAIMS, strict=False)):
        report(f"claim {number * CLAIMS:,} of {len(wanted):,}")
        # Each chunk has its own snapshot, since a snapshot keeps all that it has read.
        snapshot = Snapshot(position)
        prefetch_claims(chunk, snapshot)
        for claim_id in chunk:
            around = Neighbourhood(snapshot, view, link_streams=links)
            try:
                for impact in _impacts(claim_id, around):
                    impacts.setdefault(pair_of(impact.initiator, impact.recipient), []).append(
                        impact
                    )
            except Exception:  # noqa: BLE001 # the follower logs the error
                failed.add(claim_id)
    return Refold(
        view=view, position=position, lenses=_lenses(view, position), impacts=impacts, failed=failed
    )


def _impacts(claim_id: UUID, around: Neighbourhood) -> tuple[Impact, ...]:
    state = around.snapshot.get(claim_id, f.ClaimState)
    return evaluate(state, around.around(state)).impacts if state else ()


def _lenses(view: View, position: int) -> list[LensVersion]:
    """The lenses of a view, in their versions at a position, by label."""
    states = Snapshot(position).all(log.streams("LensDefined", until=position), f.LensState)
    latest = [lenses.latest_of(state) for state in states.values()]
    return sorted(
        (lens for lens in latest if lens.lens.view.id == view.id), key=attrgetter("label")
    )


def _links(position: int) -> LinkStreams:
    """The links at either end of claims, up to a position."""
    streams = log.streams("ClaimsLinked", until=position)
    links: dict[UUID, set[UUID]] = {}
    for link in Snapshot(position).readable(streams, f.LinkState).values():
        for end in (link.from_, link.to):
            links.setdefault(end, set()).add(link.id)
    return lambda claims: {claim: links.get(claim, set()) for claim in claims}
