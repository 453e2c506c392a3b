"""What readers of articles proposed before claims were entered, and what was entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tracker import log
from tracker.domain import codec, proposed
from tracker.domain.attribution import statement_id
from tracker.domain.claims import Claim
from tracker.domain.proposed import Proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenProposal:
    """A proposal, and the claim as it was first entered, in the same shape."""

    proposed: Proposed
    entered: Proposed

    @property
    def changes(self) -> tuple[str, ...]:
        """The names of the fields that were changed before the claim was entered."""
        return proposed.changes(self.proposed, self.entered)


def taken(claims: Iterable[UUID]) -> dict[UUID, TakenProposal]:
    """Return the proposals of those claims that were proposed, by claim."""
    firsts = [first for first in log.firsts(claims) if not first.erased]
    bodies = {first.stream: first.content for first in firsts}
    bodies = {claim: body for claim, body in bodies.items() if "proposed" in body}
    speakers = _speakers(bodies)
    found = {}
    for key, body in bodies.items():
        proposal = codec.build(Proposed, body["proposed"])
        claim = codec.build(Claim, body["claim"])
        entered = proposed.of(proposal.by, claim, speakers.get(key))
        found[key] = TakenProposal(proposed=proposal, entered=entered)
    return found


def _speakers(claims: Iterable[UUID]) -> dict[UUID, UUID]:
    """The parties that make some claims, by claim: those of the statements entered with them."""
    statements = {statement_id(claim): claim for claim in claims}
    firsts = [first for first in log.firsts(statements) if not first.erased]
    made = ((first.stream, first.content["claim"]) for first in firsts)
    return {
        statements[stream]: codec.build(Claim, claim).actors("initiator")[0]
        for stream, claim in made
    }
