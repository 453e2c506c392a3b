"""Claims as somebody enters them, which parties may say; and what they would do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.attribution import Entered, SaidBy
from tracker.domain.claims import Citation, Claim
from tracker.domain.disclosure import Reader
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import batches, claims, ids, references, statements
from tracker.queries.evidence.preview import Preview, Together, preview, previews


def check(claim: Claim, said_by: SaidBy | None = None) -> None:
    """Refuse what `enter` would refuse.

    :raises Invalid: naming every field that does not fit.
    """
    validity.refuse(problems(claim, said_by))


def problems(claim: Claim, said_by: SaidBy | None = None) -> list[Problem]:
    """All that is wrong with a claim, and with who says it."""
    return batches.problems([Entered(claim=claim, said_by=said_by)])[0]


def citation_problems(citation: Citation) -> Iterator[Problem]:
    """All that is wrong with a citation."""
    yield from validity.citation_problems(citation)
    yield from references.missing(references.of_citation(citation))


def reason_problems(reason: str) -> Iterator[Problem]:
    """All that is wrong with what somebody gives as the reason of a change."""
    yield from validity.event_problems(e.ClaimRetracted(reason=reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """What was recorded: the claim, and the statement where a party says it."""

    claim: Recorded
    statement: Recorded | None = None


def enter(entered: Entered, *, at: datetime, by: str) -> Asserted:
    """Put a new claim on record; where a party says it, the statement and the link with it.

    :raises Invalid: naming every field that does not fit.
    """
    if entered.said_by is None:
        return Asserted(claim=claims.assert_claim(entered.claim, at=at, by=by))
    check(entered.claim, entered.said_by)
    key = ids.new_id(at)
    recorded = {one.stream: one for one in batches.assert_claims({key: entered}, at=at, by=by)}
    return Asserted(claim=recorded[key], statement=recorded[ids.statement_id(key)])


def foresee(entered: Entered, *, at: datetime, reader: Reader) -> Preview:
    """Say what a claim would do, which is as valid as one on record.

    :raises TooMuch: if it is linked with too many others.
    """
    key = ids.new_id(at)
    told = statements.as_statements({key: entered}).get(key)
    if told is None:
        return preview(entered.claim, claim_id=key, today=at.date(), reader=reader)
    return preview(
        told.spoken.said, claim_id=key, today=at.date(), saying=told.saying, reader=reader
    )


def foresee_all(entered: Mapping[UUID, Entered], *, today: date, reader: Reader) -> Together:
    """Say the same of several claims that would be put on record together.

    :raises TooMuch: if they are linked with too many others.
    """
    told = statements.as_statements(entered)
    claims = {
        key: told[key].spoken.said if key in told else one.claim for key, one in entered.items()
    }
    sayings = [one.saying for one in told.values()]
    return previews(claims, today=today, sayings=sayings, reader=reader)
