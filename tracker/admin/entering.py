"""What can be recorded instead of one more claim: a link to the likely duplicate, or a citation."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from tracker.admin.trying import Outcome, attempt
from tracker.domain.claims import Claim
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import claims, links
from tracker.operations.claims import NoSuchClaim

SAME = "_same_as"
CITES = "_cite_to"


def decided(data: Mapping[str, str]) -> bool:
    """Whether the person chose what is to become of a likely duplicate."""
    return SAME in data or CITES in data


def instead(claim: Claim, data: Mapping[str, str], stamp: Mapping[str, Any]) -> Outcome:
    """Record the claim as the same as another, or its citations alone with that; all or nothing."""
    act: Callable[[Claim, UUID, Mapping[str, Any]], Recorded] = _same if SAME in data else _cite
    try:
        other = UUID(data.get(SAME) or data.get(CITES) or "")
        with transaction.atomic():
            outcome = attempt(lambda: act(claim, other, stamp))
            transaction.set_rollback(outcome.recorded is None)
    except (ValueError, NoSuchClaim) as problem:
        return Outcome(problems=[Problem(pointer="", code="unknown", detail=str(problem))])
    return outcome


def _same(claim: Claim, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    recorded = claims.assert_claim(claim, **stamp)
    links.link("same_as", recorded.stream, other, **stamp)
    return recorded


def _cite(claim: Claim, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    *rest, last = claim.citations
    for citation in rest:
        claims.cite(other, citation, **stamp)
    return claims.cite(other, last, **stamp)
