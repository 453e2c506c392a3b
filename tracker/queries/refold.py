"""The scores folded anew from the log alone, with the pure domain and none of the derived tables.

Slow and plain on purpose: it is what the tables are held against.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain import folding as f
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import LensVersion, View, directions, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot
from tracker.queries import lenses
from tracker.queries.neighbourhood import Neighbourhood
from tracker.queries.snapshot import Snapshot

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


def refold(view: View, *, position: int, pairs: Collection[str] | None = None) -> Refold:
    """Evaluate every claim from the log up to a position; with `pairs`, only those that can be
    about one of them."""
    snapshot = Snapshot.whole(position)
    links = _ends(snapshot.loaded(f.LinkState).values())
    claims = snapshot.loaded(f.ClaimState)
    if pairs is not None:
        claims = _about(claims, pairs, snapshot)
    found: Impacts = {}
    poison = set()
    for claim_id, state in claims.items():
        around = Neighbourhood(snapshot, view, link_streams=lambda ends: _at(links, ends))
        try:
            impacts = evaluate(state, around.around(state)).impacts
        except Exception:  # noqa: BLE001 # the follower says what is wrong with it
            poison.add(claim_id)
            continue
        for one in impacts:
            found.setdefault(pair_of(one.initiator, one.recipient), []).append(one)
    latest = [lenses.latest_of(one) for one in snapshot.loaded(f.LensState).values()]
    return Refold(
        view=view,
        position=position,
        lenses=sorted((one for one in latest if one.lens.view.id == view.id), key=_label),
        impacts=found,
        poison=poison,
    )


def _label(lens: LensVersion) -> str:
    return lens.label


def _ends(links: Iterable[f.LinkState]) -> dict[UUID, set[UUID]]:
    """The links at either end of each claim."""
    found: dict[UUID, set[UUID]] = {}
    for link in links:
        for end in (link.from_, link.to):
            found.setdefault(end, set()).add(link.id)
    return found


def _at(links: Mapping[UUID, set[UUID]], claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    return {one: links.get(one, set()) for one in claims}


def _about(
    claims: Mapping[UUID, f.ClaimState], pairs: Collection[str], snapshot: Snapshot
) -> dict[UUID, f.ClaimState]:
    """The claims whose parties can ever speak for both countries of one of the pairs."""
    actors = snapshot.loaded(f.ActorState)
    codes = {key: one.actor.code for key, one in actors.items()}
    voices = {
        key: {
            codes.get(country)
            for country in (
                key,
                *one.actor.members,
                *(affiliation.country for affiliation in one.actor.affiliations),
            )
        }
        for key, one in actors.items()
    }
    wanted = [set(pair.split("-")) for pair in pairs]
    return {
        key: state
        for key, state in claims.items()
        if any(
            pair <= set().union(*(voices.get(one.actor, set()) for one in state.claim.parties))
            for pair in wanted
        )
    }
