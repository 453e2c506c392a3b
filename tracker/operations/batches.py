"""Many claims at once: what is wrong with each, and one append for those that are right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.claims import Claim
from tracker.domain.validity import Problem
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import references
from tracker.projections import standing
from tracker.queries import records


def problems(claims: Iterable[Claim]) -> list[list[Problem]]:
    """Name all that is wrong with each claim, in their order, with one look-up for all."""
    given = list(claims)
    referred = [list(references.of_claim(claim)) for claim in given]
    nouns = records.nouns({identifier for some in referred for _, identifier, _ in some})
    return [
        list(_problems(claim, list(references.absent(some, nouns))))
        for claim, some in zip(given, referred, strict=True)
    ]


def assert_claims(claims: Mapping[UUID, Claim], *, at: datetime, by: str) -> list[Recorded]:
    """Put new claims on record under the ids given, in their order: all of them or none.

    :raises Invalid: where something they refer to is not on record.
    :raises log.VersionConflict: if a claim with one of the ids is on record.
    """
    referred = references.Referred()
    for claim in claims.values():
        referred.add(claim)

    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.required(referred), *standing.project(pending)]

    drafts = [Draft(key, e.ClaimAsserted(claim=claim), 0) for key, claim in claims.items()]
    with references.named(referred):
        return log.append(drafts, at=at, by=by, project=project)


def _problems(claim: Claim, absent: Sequence[Problem]) -> Iterator[Problem]:
    """Of what is not on record no more than that."""
    places = {one.pointer for one in absent}
    wrong = validity.event_problems(e.ClaimAsserted(claim=claim))
    yield from (one for one in wrong if one.pointer not in places)
    yield from absent
