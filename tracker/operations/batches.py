"""Batches of claims: the problems of each, and one append for all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import attribution, codec, validity
from tracker.domain import events as e
from tracker.domain.attribution import NewClaim, Submission
from tracker.domain.claims import Claim
from tracker.domain.proposed import Proposed
from tracker.domain.validity import Problem
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import references, statements
from tracker.operations.references import date_warnings, level_party_problems
from tracker.operations.statements import AttributedClaim, DeniedClaim
from tracker.projections import standing
from tracker.queries.records import states
from tracker.queries.records.request_names import RequestNames


def read(sent: Iterable[Any]) -> list[tuple[Submission, list[Problem]]]:
    """Read submitted claims, each with all problems of its form. A collection may be named."""
    collections = RequestNames()
    read_claims = []
    for body in sent:
        with_ids, unknown = collections.in_body(NewClaim, body)
        submission, problems_ = attribution.read(with_ids)
        read_claims.append((submission, [*unknown, *problems_]))
    return read_claims


def problems(submissions: Iterable[Submission], *, at: datetime) -> list[list[Problem]]:
    """The problems of each claim entered at a moment, in order, with one look-up for all."""
    batch = list(submissions)
    claims = [entry.claim for entry in batch]
    referred = [list(references.of_claim(claim)) for claim in claims]
    nouns = states.nouns({identifier for some in referred for _, identifier, _ in some})
    missing = [list(references.missing_among(some, nouns)) for some in referred]
    more = zip(
        date_warnings(claims),
        level_party_problems(claims),
        statements.problems(batch, at=at),
        [list(validity.future_problems(claim, at=at)) for claim in claims],
        strict=True,
    )
    return [
        list(_problems(claim, absent, more=list(chain.from_iterable(others))))
        for claim, absent, others in zip(claims, missing, more, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What is recorded together with new claims: links from them, denials of them or of claims on
    record, and what a reader proposed for some of them. The deniers are locked by
    `statements.lock_speakers`."""

    links: tuple[e.ClaimsLinked, ...] = ()
    denials: tuple[DeniedClaim, ...] = ()
    proposed: Mapping[UUID, Proposed] = MappingProxyType({})

    def drafts(self) -> Iterator[Draft]:
        """The events of the links and of the denials."""
        for link in self.links:
            yield Draft(e.link_id(link.type, link.from_, link.to), link, 0)
        for denial in self.denials:
            yield denial.draft()


NOTHING_ATTACHED = Attached()


def assert_claims(
    submissions: Mapping[UUID, Submission],
    *,
    at: datetime,
    by: str,
    attached: Attached = NOTHING_ATTACHED,
) -> list[Recorded]:
    """Record new claims with these ids, in order: all or none. A claim that a party makes gets a
    statement too.

    :raises Invalid: if a referenced record does not exist, or a proposal is not valid.
    :raises log.VersionConflict: if a claim with one of the ids is on record.
    """
    for proposal in attached.proposed.values():
        validity.refuse(codec.problems(proposal, "/proposed"))
    if not any(entry.said_by for entry in submissions.values()):
        return _append(submissions, {}, attached, at=at, by=by)
    with transaction.atomic():
        statements.lock_speakers(submissions.values())
        attributed = statements.as_statements(submissions)
        return _append(submissions, attributed, attached, at=at, by=by)


def _append(
    submissions: Mapping[UUID, Submission],
    attributed: Mapping[UUID, AttributedClaim],
    attached: Attached,
    *,
    at: datetime,
    by: str,
) -> list[Recorded]:
    referred = references.ReferenceSet()
    for entry in submissions.values():
        referred.add(entry.claim)
    for denial in attached.denials:
        referred.add_named(denial.references)
    drafts = list(_drafts(submissions, attributed, attached))

    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.require(referred), *standing.project(pending)]

    with references.name_missing(referred):
        return log.append(drafts, at=at, by=by, project=project)


def _drafts(
    submissions: Mapping[UUID, Submission],
    attributed: Mapping[UUID, AttributedClaim],
    attached: Attached,
) -> Iterator[Draft]:
    """The events of new sources, of the claims with their statements, and of what is attached."""
    speakers = [claim.speaker for claim in attributed.values()]
    yield from statements.new_sources([*speakers, *(one.denier for one in attached.denials)])
    for key, entry in submissions.items():
        proposal = attached.proposed.get(key)
        if entry.said_by and key not in attributed:
            validity.refuse([statements.unknown_speaker(entry.said_by)])
        if key in attributed:
            yield from attributed[key].drafts(proposal)
        else:
            yield Draft(key, e.ClaimAsserted(claim=entry.claim, proposed=proposal), 0)
    yield from attached.drafts()


def _problems(
    claim: Claim, missing: Sequence[Problem], *, more: Sequence[Problem]
) -> Iterator[Problem]:
    """All problems. For a missing reference, only that."""
    pointers = {problem.pointer for problem in missing}
    others = [*validity.event_problems(e.ClaimAsserted(claim=claim)), *more]
    yield from (problem for problem in others if problem.pointer not in pointers)
    yield from missing
