"""Entry of claims, with an optional party that makes the claim, and previews of their effect."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from tracker.domain import attribution, validity
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Citation, Claim
from tracker.domain.disclosure import Reader
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import batches, claims, ids, references, statements
from tracker.operations.batches import Attached
from tracker.operations.statements import DeniedClaim
from tracker.queries.evidence.preview import JointPreview, Preview, preview, previews
from tracker.queries.records import states


def check(claim: Claim, said_by: SaidBy | None = None, *, at: datetime) -> None:
    """Check a claim as `enter` does at a moment, without recording it.

    :raises Invalid: with all problems.
    """
    validity.refuse(problems(claim, said_by, at=at))


def problems(claim: Claim, said_by: SaidBy | None = None, *, at: datetime) -> list[Problem]:
    """The problems of a claim that is entered at a moment, and of the party that makes it."""
    return batches.problems([Submission(claim=claim, said_by=said_by)], at=at)[0]


def citation_problems(citation: Citation) -> Iterator[Problem]:
    """The problems of a citation."""
    yield from validity.citation_problems(citation)
    yield from references.missing(references.of_citation(citation))


def reason_problems(reason: str) -> Iterator[Problem]:
    """The problems of a reason for a change."""
    yield from validity.event_problems(e.ClaimRetracted(reason=reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """The recorded claim, and its statement if a party makes the claim."""

    claim: Recorded
    statement: Recorded | None = None


def enter(submission: Submission, *, at: datetime, by: str) -> Asserted:
    """Record a new claim. If a party makes it, also the statement and the link.

    :raises Invalid: with all problems.
    """
    if submission.said_by is None:
        return Asserted(claim=claims.assert_claim(submission.claim, at=at, by=by))
    check(submission.claim, submission.said_by, at=at)
    key = ids.new_id(at)
    events = batches.assert_claims({key: submission}, at=at, by=by)
    recorded = {event.stream: event for event in events}
    return Asserted(claim=recorded[key], statement=recorded[attribution.statement_id(key)])


def preview_claim(submission: Submission, *, at: datetime, reader: Reader) -> Preview:
    """Preview the effect of a valid claim that is not on record.

    :raises TooMuch: if it is linked with too many others.
    """
    key = ids.new_id(at)
    attributed = statements.as_statements({key: submission}).get(key)
    if attributed is None:
        return preview(submission.claim, claim_id=key, today=at.date(), reader=reader)
    claim, statement = attributed.parts.content, attributed.draft_statement
    return preview(claim, claim_id=key, today=at.date(), statement=statement, reader=reader)


def preview_claims(
    submissions: Mapping[UUID, Submission],
    *,
    today: date,
    reader: Reader,
    attached: Attached | None = None,
) -> JointPreview:
    """Preview the joint effect of several claims, and of what is recorded with them.

    :raises TooMuch: if they are linked with too many others.
    """
    attached = attached or Attached()
    entered = _with_denials(submissions, attached.denials)
    attributed = statements.as_statements(entered)
    claims = {
        key: attributed[key].parts.content if key in attributed else entry.claim
        for key, entry in entered.items()
    }
    deniers = {one.denier.source: one.denier.new for one in attached.denials if one.denier.new}
    return previews(
        claims,
        today=today,
        reader=reader,
        statements=[claim.draft_statement for claim in attributed.values()],
        links=attached.links,
        sources=[f.SourceState(id=key, source=source) for key, source in deniers.items()],
    )


def _with_denials(
    submissions: Mapping[UUID, Submission], denials: Iterable[DeniedClaim]
) -> dict[UUID, Submission]:
    """The claims with the citations that deny them; also claims on record that are denied."""
    entered = dict(submissions)
    others = {denial.claim for denial in denials} - entered.keys()
    for key, state in states.claims(others, at=None).items():
        entered[key] = Submission(claim=state.claim)
    for denial in denials:
        entry = entered[denial.claim]
        citations = (*entry.claim.citations, denial.citation)
        entered[denial.claim] = replace(entry, claim=replace(entry.claim, citations=citations))
    return entered
