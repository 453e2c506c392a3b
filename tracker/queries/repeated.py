"""Which of many new claims may repeat claims on record, as somebody who enters one is told."""

from collections.abc import Mapping
from uuid import UUID

from tracker import log
from tracker.domain import acts
from tracker.domain import folding as f
from tracker.domain.claims import Claim
from tracker.domain.lenses import View
from tracker.domain.meetings import meetings
from tracker.queries.altered import Altered
from tracker.queries.duplicates import Duplicate, Pair, Search
from tracker.queries.neighbourhood import Neighbourhood, look_ahead

# Between which countries a claim passes does not depend on a view.
_ANY = View(method="1", collections=())


def on_record(claims: Mapping[UUID, Claim]) -> dict[UUID, Duplicate]:
    """Give the likeliest claim on record that each may repeat, if there is one.

    A claim whose parties are not all on record repeats none.
    """
    if not claims:
        return {}
    position = log.head().position
    states = {
        key: f.ClaimState(id=key, claim=claim, asserted_at=position)
        for key, claim in claims.items()
    }
    snapshot = Altered(position, drafts=states)
    look_ahead(claims.values(), snapshot)
    around = Neighbourhood(snapshot, _ANY, link_streams=_no_links)
    pairs = {key: _between(state, around) for key, state in states.items()}
    return Search().on_record(claims, pairs)


def _between(state: f.ClaimState, around: Neighbourhood) -> set[Pair]:
    parties = {party.actor for party in state.claim.parties}
    if around.snapshot.all(parties, f.ActorState).keys() != parties:
        return set()
    near = around.around(state)
    # Its document may not be on record yet, and so cuts no date.
    period = acts.period(state.claim, cited=())
    return {one.countries for one in meetings(state.claim, near, period)}


def _no_links(claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """New claims have none."""
    return {one: set() for one in claims}
