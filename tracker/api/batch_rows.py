"""The rows of a batch, each validated separately. Checks of request bodies."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request

from tracker.api import bodies
from tracker.api.answers import address
from tracker.api.errors import PROBLEMS, fault_of
from tracker.api.problems import MOST_ERRORS, Fault, Refusal, body_of
from tracker.domain import codec
from tracker.domain.attribution import NewClaim, Submission, statement_id
from tracker.domain.claims import Citation
from tracker.domain.problems import Problem, certain
from tracker.imports.queries import BatchRowResult
from tracker.log import Recorded
from tracker.operations import batches, entries, withholding
from tracker.queries.claims import copies
from tracker.queries.evidence.preview import DraftPreview


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """A row by its index: its claim, or its faults."""

    place: int
    id: UUID
    claim: Submission | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The results of a batch. `is_held`: nothing is written because other rows are invalid.
    `places` maps claims to rows."""

    request: Request
    previews: Mapping[UUID, DraftPreview]
    recorded: Mapping[UUID, Recorded]
    is_held: bool
    places: Mapping[UUID, int]


def read(sent: Sequence[Any], ids: Iterable[UUID], *, at: datetime) -> list[SentRow]:
    """Parse rows, give each an id, and check them against the record."""
    parsed = batches.read(sent)
    problems_of = batches.problems((claim for claim, _ in parsed), at=at)
    rows = []
    for place, (row, id_, (claim, unread), problems) in enumerate(
        zip(sent, ids, parsed, problems_of, strict=True)
    ):
        faults = bodies.faults_of_sent(unread, row)
        if len(faults) < MOST_ERRORS:
            pointers = [problem.pointer for problem in unread]
            faults += map(fault_of, certain(problems, pointers))
        valid = None if faults else claim
        rows.append(SentRow(place=place, id=id_, claim=valid, faults=tuple(faults)))
    return rows


def result(row: SentRow, context: Context) -> dict[str, Any]:
    """The result of a row of a batch that is answered directly."""
    event, preview = context.recorded.get(row.id), context.previews.get(row.id)
    valid_status = "recorded" if event else "held" if context.is_held else "valid"
    request = context.request
    duplicates = preview.duplicates if preview else ()
    return {
        "row": row.place,
        "status": valid_status if row.claim else "refused",
        **_recorded(row.id, event.position if event else None, request),
        "problem": _problem(row.faults, request) if row.faults else None,
        "duplicates": [
            {"title": one.title, "reason": one.reason, "likeness": one.likeness.share}
            | _duplicate_place(one.claim, context.places, request)
            for one in duplicates
        ],
        "effects": preview.effects if preview else (),
        "statement": _statement(row, context),
    }


def _statement(row: SentRow, context: Context) -> dict[str, Any] | None:
    """The statement: the claim that a party says the claim of the row."""
    if row.claim is None or row.claim.said_by is None:
        return None
    key = statement_id(row.id)
    event, preview = context.recorded.get(key), context.previews.get(key)
    position = event.position if event else None
    effects = preview.effects if preview else ()
    return {**_recorded(key, position, context.request), "effects": effects}


def stored_result(
    row: BatchRowResult, places: Mapping[UUID, int], request: Request
) -> dict[str, Any]:
    """The result of a row that a worker processed, in the form of `result`."""
    faults = [Fault(**error) for error in row.told.get("errors", [])]
    statement = row.told.get("statement")
    if statement is not None:
        # The statement follows its claim in the log.
        position = row.position + 1 if row.position else None
        statement = statement | _recorded(statement_id(row.claim), position, request)
    return {
        "row": row.place,
        "status": row.status,
        **_recorded(row.claim, row.position if row.status == "recorded" else None, request),
        "problem": _problem(faults, request) if faults else None,
        "duplicates": [
            one | _duplicate_place(UUID(one["claim"]), places, request)
            for one in row.told.get("duplicates", [])
        ],
        "effects": row.told.get("effects", []),
        "statement": statement,
    }


def _recorded(claim: UUID, position: int | None, request: Request) -> dict[str, Any]:
    """Where a claim is recorded, if it is."""
    if position is None:
        return {"id": None, "position": None, "url": None}
    return {"id": claim, "position": position, "url": address(request, "claim", claim)}


def _problem(faults: Sequence[Fault], request: Request) -> dict[str, Any]:
    base = request.build_absolute_uri(PROBLEMS)
    body = body_of(Refusal("invalid", faults=faults), base=base, request_id="")
    return {name: value for name, value in body.items() if name != "request_id"}


def _duplicate_place(claim: UUID, places: Mapping[UUID, int], request: Request) -> dict[str, Any]:
    row = places.get(claim)
    if row is not None:
        return {"claim": None, "row": row, "url": None}
    return {"claim": claim, "row": None, "url": address(request, "claim", claim)}


def of_new_claim(sent: NewClaim) -> Iterator[Problem]:
    submission = sent.submission
    yield from entries.problems(submission.claim, submission.said_by, at=timezone.now())


def of_citation(sent: Any) -> Iterator[Problem]:
    yield from entries.citation_problems(codec.base(Citation, sent))


def of_withholding(position: int) -> Callable[[Any], Iterator[Problem]]:
    """For an event of a claim, check the number too."""

    def problems(sent: Any) -> Iterator[Problem]:
        yield from codec.problems(sent)
        record = copies.text_at(position)
        if record and record.claim:
            yield from withholding.number_problems(record, sent.number)

    return problems


def of_correction(sent: Any) -> Iterator[Problem]:
    for problem in entries.problems(sent.claim, at=timezone.now()):
        rests_on = tuple(f"/claim{place}" for place in problem.rests_on)
        yield replace(problem, pointer=f"/claim{problem.pointer}", rests_on=rests_on)
    yield from entries.reason_problems(sent.reason)
