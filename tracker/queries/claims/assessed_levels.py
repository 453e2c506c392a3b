"""Levels of pairs that claims assess."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple, cast
from uuid import UUID

from tracker import level_wording
from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim, Level
from tracker.models.derived import StandingClaim
from tracker.queries.claims.duplicates import Pair
from tracker.queries.records import states

# The claims that are searched for the last levels, the latest first.
MOST_READ = 5_000


class MemberLevel(NamedTuple):
    """The level of a pair as a source assessed it, with the last day that its date can mean."""

    claim: UUID
    level: Level
    day: date


def last_levels(
    countries: Collection[UUID], members: Collection[UUID], *, until: date
) -> dict[tuple[Pair, UUID], MemberLevel]:
    """The last level in force of each pair of some countries by each of some sources, up to a day.
    A source counts where it is the root of the claim's first citation."""
    rows = StandingClaim.objects.filter(
        kind="level", status="standing", latest__lte=until, actors__contained_by=list(countries)
    )
    days = dict(rows.order_by("-latest", "-id").values_list("id", "latest")[:MOST_READ])
    claims = states.claims(days, at=None)
    roots = _roots({key: state.claim.citations[0] for key, state in claims.items()})
    found: dict[tuple[Pair, UUID], MemberLevel] = {}
    for key, day in days.items():
        claim, root = claims[key].claim, roots[key]
        if root in members and claim.level and day:
            last = MemberLevel(key, claim.level, day)
            found.setdefault((frozenset(claim.actors("about")), root), last)
    return found


def _roots(cited: dict[UUID, Citation]) -> dict[UUID, UUID]:
    """The root of each claim's first citation."""
    documents = {citation.document for citation in cited.values()}
    facts = states.documents(ids=documents, urls=())
    publishers = {document.id: document.source for document in facts}
    return {
        key: citation.chain[-1] if citation.chain else publishers[citation.document]
        for key, citation in cited.items()
    }


def in_short(claim_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The levels that some claims assess, in short: "KAZ–RUS +2 ± 2.5, negative peace"."""
    claims = states.claims(claim_ids, at=None)
    parties = {actor for state in claims.values() for actor in state.claim.actors("about")}
    actors = states.records(parties, at=None)
    return {
        key: f"{_pair(state.claim, actors)} {level_wording.claimed(level)}"
        for key, state in claims.items()
        if (level := state.claim.level) is not None
    }


def _pair(claim: Claim, actors: Mapping[UUID, f.State]) -> str:
    parties = (cast("f.ActorState", actors[party]).actor for party in claim.actors("about"))
    return "–".join(sorted(party.code or party.name for party in parties))
