"""Between which countries a claim's act passes, through whom, and how much of it between each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from uuid import UUID

from tracker.domain import acts
from tracker.domain.claims import Claim
from tracker.domain.folding import ClaimState
from tracker.domain.surroundings import Period, Surroundings, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One country's act towards another: who acted for the one, who bore it for the other, and
    its share of the whole."""

    initiators: tuple[Voice, ...]
    recipients: tuple[Voice, ...]
    share: float

    @property
    def initiator(self) -> UUID:
        return self.initiators[0].country

    @property
    def recipient(self) -> UUID:
        return self.recipients[0].country

    @property
    def countries(self) -> frozenset[UUID]:
        return frozenset((self.initiator, self.recipient))


def meetings(claim: Claim, around: Surroundings, period: Period) -> Iterator[Meeting]:
    """Every ordered pair of distinct initiator and recipient countries.

    No recipient and several initiators means mutual. Where the same k ≥ 3 countries meet, each
    pair gets 1/(k − 1), so that a summit of many is not worth more to each than one of two.
    """
    ours = _by_country(around.voices(claim.actors("initiator"), period))
    theirs = _by_country(around.voices(claim.actors("recipient"), period))
    if not claim.actors("recipient"):
        theirs = ours
    together = ours.keys() == theirs.keys()
    share = 1 / max(1, len(ours) - 1) if together else 1.0
    pairs = permutations(sorted(ours), 2) if together else product(sorted(ours), sorted(theirs))
    for one, other in pairs:
        if one != other:
            yield Meeting(initiators=ours[one], recipients=theirs[other], share=share)


def pairs_of(state: ClaimState, around: Surroundings) -> set[frozenset[UUID]]:
    """The undirected pairs of countries that a claim would move by itself; none if it is silent."""
    cited = acts.cited_on([state], around.documents)
    try:
        acts.scoring_code(state.claim)
        acts.span(state.claim, cited=cited)
    except acts.Silent:
        return set()
    days = acts.period(state.claim, cited=cited)
    return {one.countries for one in meetings(state.claim, around, days)}


def _by_country(voices: Sequence[Voice]) -> dict[UUID, tuple[Voice, ...]]:
    found: dict[UUID, tuple[Voice, ...]] = {}
    for one in voices:
        found[one.country] = (*found.get(one.country, ()), one)
    return found
