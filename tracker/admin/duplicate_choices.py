"""What can be recorded instead of one more claim: a link to the likely duplicate, a citation of it,
or that somebody denies it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from tracker.admin.write_result import Outcome, attempt
from tracker.domain.attribution import Entered
from tracker.domain.problems import Invalid
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import claims, entries, links, statements
from tracker.operations.claims import NoSuchClaim
from tracker.operations.statements import Denial

SAME = "_same_as"
CITES = "_cite_to"
DENIES = "_deny_to"
# What is told of each that makes no claim.
SAYS = {CITES: "Your citation is added to", DENIES: "The denial is added to"}

type Act = Callable[[Entered, UUID, Mapping[str, Any]], Recorded]


def decided(data: Mapping[str, str]) -> bool:
    """Whether the person chose what is to become of a likely duplicate."""
    return any(name in data for name in _ACTS)


def instead(entered: Entered, data: Mapping[str, str], stamp: Mapping[str, Any]) -> Outcome:
    """Record the claim as the same as another, or its citations alone with that, as support or as
    denials; all or nothing."""
    name = next(name for name in _ACTS if name in data)
    try:
        other = UUID(data[name])
        with transaction.atomic():
            outcome = attempt(lambda: _ACTS[name](entered, other, stamp))
            transaction.set_rollback(outcome.recorded is None)
    except (ValueError, NoSuchClaim) as problem:
        return Outcome(problems=[Problem(pointer="", code="unknown", detail=str(problem))])
    return outcome


def _same(entered: Entered, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    recorded = entries.enter(entered, **stamp).claim
    links.link("same_as", recorded.stream, other, **stamp)
    return recorded


def _cite(entered: Entered, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    if entered.said_by:
        detail = "a party's own statement is no further evidence: link the claim as the same"
        raise Invalid([Problem(pointer="/said_by", code="no_witness", detail=detail)])
    *rest, last = entered.claim.citations
    for citation in rest:
        claims.cite(other, citation, **stamp)
    return claims.cite(other, last, **stamp)


def _deny(entered: Entered, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    if entered.said_by is None:
        detail = "say who denies it"
        raise Invalid([Problem(pointer="/said_by", code="required", detail=detail)])
    denier, (*rest, last) = entered.said_by.actor, entered.claim.citations
    for citation in rest:
        statements.deny(other, Denial(actor=denier, citation=citation), **stamp)
    return statements.deny(other, Denial(actor=denier, citation=last), **stamp)


_ACTS: dict[str, Act] = {SAME: _same, CITES: _cite, DENIES: _deny}
