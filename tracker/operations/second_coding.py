"""The second coding of claims by people who did not enter them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker.domain import second_coding
from tracker.domain.problems import NotFound, Problem, refuse
from tracker.domain.second_coding import Coding
from tracker.log import VersionConflict
from tracker.models.operational import SecondCoding
from tracker.operations import claims
from tracker.operations.name_locks import lock_name
from tracker.queries.claims.second_coding import is_waiting, waiting
from tracker.queries.records import states

# The authors of so many claims are read at once.
_BATCH = 100


class NotSampled(NotFound):
    """The claim waits for no second coding: it is not sampled, or somebody coded it meanwhile."""


def code_again(
    claim_id: UUID, coding: Coding, *, expected: int, at: datetime, by: str
) -> SecondCoding:
    """Keep the second coding of a sampled claim beside the first one, in the version that the user
    saw.

    :raises NotSampled: :raises Invalid: also for one who entered, corrected or cited the claim.
    :raises VersionConflict: if the claim was changed meanwhile.
    """
    with transaction.atomic():
        lock_name(f"second coding of {claim_id}")
        if not is_waiting(claim_id):
            raise NotSampled(f"claim {claim_id} waits for no second coding")
        own = "you entered or corrected the claim: another user must code it"
        four_eyes = [Problem(pointer="", code="four_eyes", detail=own)]
        refuse(four_eyes if by in claims.authors(claim_id) else [])
        refuse(second_coding.problems(coding))
        [stored] = states.stored_claims([claim_id], at=None)
        if stored.version != expected:
            raise VersionConflict(claim_id, expected=expected, actual=stored.version)
        claim = stored.built.claim
        return SecondCoding.objects.create(
            claim=claim_id,
            version=stored.version,
            collection=claim.collection,
            coder=by,
            coded_at=at,
            first=second_coding.coding_of(claim)._asdict(),
            second=coding._asdict(),
        )


def waiting_for(user: str, *, limit: int) -> list[UUID]:
    """Return up to `limit` claims that wait for a second coding and that others entered."""
    found: list[UUID] = []
    some = waiting(limit=_BATCH)
    while some and len(found) < limit:
        authors = claims.authors_of(some)
        found += [claim for claim in some if user not in authors[claim]]
        some = waiting(after=some[-1], limit=_BATCH)
    return found[:limit]
