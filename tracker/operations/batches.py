"""Many claims at once: what is wrong with each, and one append for those that are right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.attribution import Entered
from tracker.domain.claims import Claim
from tracker.domain.validity import Problem
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import references, statements
from tracker.operations.references import date_warnings
from tracker.operations.statements import AttributedClaim
from tracker.projections import standing
from tracker.queries.records import states


def problems(entered: Iterable[Entered]) -> list[list[Problem]]:
    """Name all that is wrong with each claim, in their order, with one look-up for all."""
    given = list(entered)
    claims = [one.claim for one in given]
    referred = [list(references.of_claim(claim)) for claim in claims]
    nouns = states.nouns({identifier for some in referred for _, identifier, _ in some})
    late = date_warnings(claims)
    said = statements.problems(given)
    return [
        list(
            _problems(
                claim, list(references.missing_among(some, nouns)), more=[*after, *of_speaker]
            )
        )
        for claim, some, after, of_speaker in zip(claims, referred, late, said, strict=True)
    ]


def assert_claims(entered: Mapping[UUID, Entered], *, at: datetime, by: str) -> list[Recorded]:
    """Put new claims on record under the ids given, in their order, each that a party says with
    the statement: all of them or none.

    :raises Invalid: where something they refer to is not on record.
    :raises log.VersionConflict: if a claim with one of the ids is on record.
    """
    if not any(one.said_by for one in entered.values()):
        return _append(entered, {}, at=at, by=by)
    with transaction.atomic():
        statements.lock_speakers(entered.values())
        return _append(entered, statements.as_statements(entered), at=at, by=by)


def _append(
    entered: Mapping[UUID, Entered], told: Mapping[UUID, AttributedClaim], *, at: datetime, by: str
) -> list[Recorded]:
    referred = references.ReferenceSet()
    drafts = statements.new_sources(one.speaker for one in told.values())
    for key, one in entered.items():
        if one.said_by and key not in told:
            validity.refuse(statements.problems([one])[0])
        referred.add(one.claim)
        own = told[key].drafts() if key in told else (_asserted(key, one.claim),)
        drafts += own

    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.require(referred), *standing.project(pending)]

    with references.name_missing(referred):
        return log.append(drafts, at=at, by=by, project=project)


def _asserted(key: UUID, claim: Claim) -> Draft:
    return Draft(key, e.ClaimAsserted(claim=claim), 0)


def _problems(
    claim: Claim, absent: Sequence[Problem], *, more: Sequence[Problem]
) -> Iterator[Problem]:
    """Of what is not on record no more than that."""
    places = {one.pointer for one in absent}
    wrong = [*validity.event_problems(e.ClaimAsserted(claim=claim)), *more]
    yield from (one for one in wrong if one.pointer not in places)
    yield from absent
