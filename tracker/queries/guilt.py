"""Which claims may not be printed in public yet, since they blame a person or a firm."""

from collections.abc import Iterable
from contextvars import ContextVar
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain import guilt
from tracker.domain.guilt import Backing
from tracker.log import Recorded
from tracker.queries import states

# Whether what is read now is printed for everybody. Set by the public pages' middleware alone.
in_public: ContextVar[bool] = ContextVar("in_public", default=False)
_WROTE = ("ClaimAsserted", "ClaimCorrected", "CitationAdded")
_VOUCHED = ("ClaimReviewed", "VerdictGiven")


def unprinted(held: Iterable[f.ClaimState], *, at: int | None = None) -> dict[UUID, list[str]]:
    """Give the claims that may not be printed in public, each with what is missing; `at` is the
    position as of which that is asked. Where no claim is about anything grave, nothing is read."""
    grave = [one for one in held if guilt.grave(one.claim)]
    if not grave:
        return {}
    actors = states.records({p.actor for one in grave for p in one.claim.parties}, at=at)
    kinds = {key: one.actor.kind for key, one in actors.items() if isinstance(one, f.ActorState)}
    blaming = [one for one in grave if guilt.blamed(one.claim, kinds)]
    backed = _backing(blaming, at=at) if blaming else {}
    return {key: lacks for key, one in backed.items() if (lacks := guilt.missing(one))}


def _backing(blaming: list[f.ClaimState], *, at: int | None) -> dict[UUID, Backing]:
    cited = {one.document for state in blaming for one in state.claim.citations}
    documents = states.records(cited, at=at)
    publishers = {
        key: one.document.source
        for key, one in documents.items()
        if isinstance(one, f.DocumentState)
    }
    told: dict[UUID, list[Recorded]] = {one.id: [] for one in blaming}
    for recorded in log.history(told, until=at, words=False):
        told[recorded.stream].append(recorded)
    return {
        one.id: Backing(
            roots=guilt.roots(one.claim.citations, publishers),
            found=any(said.verdict == "confirmed" and said.source for said in one.verdicts),
            authors={each.recorded_by for each in told[one.id] if each.kind in _WROTE},
            vouched={each.recorded_by for each in told[one.id] if _vouches(each)},
        )
        for one in blaming
    }


def _vouches(recorded: Recorded) -> bool:
    if recorded.kind not in _VOUCHED:
        return False
    match recorded.decoded():
        case e.ClaimReviewed(outcome=outcome):
            return outcome == "accepted"
        case e.VerdictGiven(verdict=verdict):
            return verdict == "confirmed"
    return False
