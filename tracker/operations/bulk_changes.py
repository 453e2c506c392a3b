"""Changes of several claims at once: all of them are recorded, or none."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain.problems import Invalid, Problem
from tracker.domain.state import OutOfOrder
from tracker.log import Recorded
from tracker.operations.claims import NoSuchClaim, correct_claim
from tracker.queries.records import states

# What is done to one claim, in the version that the user saw.
type Change = Callable[[UUID, int], Recorded]

CHANGED = "it was changed meanwhile: look at it again"


def change_all(seen: Mapping[UUID, int], change: Change) -> dict[UUID, str]:
    """Change every claim, in the version that was seen. Return the problem of each that cannot be
    changed; then nothing is recorded.

    :raises log.LogBusy:
    """
    problems: dict[UUID, str] = {}
    with transaction.atomic():
        for claim, version in seen.items():
            try:
                change(claim, version)
            except log.VersionConflict:
                problems[claim] = CHANGED
            except Invalid as problem:
                problems[claim] = "; ".join(found.detail for found in problem.problems)
            except (OutOfOrder, NoSuchClaim) as problem:
                problems[claim] = str(problem)
        transaction.set_rollback(bool(problems))
    return problems


def add_tag(
    claim_id: UUID, tag: str, *, reason: str, expected: int, at: datetime, by: str
) -> Recorded:
    """Correct a claim so that it has a further tag.

    :raises NoSuchClaim: :raises Invalid: also if it has the tag. :raises OutOfOrder: if it is
        retracted. :raises log.VersionConflict:
    """
    state = states.claim(claim_id)
    if state is None:
        raise NoSuchClaim(claim_id)
    if tag in state.claim.tags:
        raise Invalid([Problem(pointer="/tags", code="repeated", detail=f"it has the tag {tag}")])
    claim = replace(state.claim, tags=(*state.claim.tags, tag))
    return correct_claim(claim_id, claim, reason=reason, expected=expected, at=at, by=by)
