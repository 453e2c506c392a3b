"""The rows of a batch: each is validated separately, with all its problems."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse

from tracker.api import bodies
from tracker.api.errors import PROBLEMS, fault_of
from tracker.api.problems import MOST_ERRORS, Fault, Refused, body_of
from tracker.domain import attribution, codec
from tracker.domain.attribution import NewClaim, Submission
from tracker.domain.claims import Citation
from tracker.domain.problems import Problem, certain
from tracker.imports.queries import BatchRow
from tracker.log import Recorded
from tracker.operations import batches, entries, withholding
from tracker.operations.ids import statement_id
from tracker.queries.claims import copies
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.evidence.preview import DraftPreview

type Url = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row by its index: its claim, or its faults."""

    place: int
    id: UUID
    claim: Submission | None = None
    faults: tuple[Fault, ...] = ()


class _Sent(NamedTuple):
    """A row as far as it can be parsed: its faults, and the pointers that could not be parsed."""

    claim: Submission
    faults: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()


def read(sent: Sequence[Any], ids: Iterable[UUID]) -> list[Row]:
    """Parse rows, give each an id, and check them against the record."""
    found = [_read(one) for one in sent]
    problems = batches.problems(one.claim for one in found)
    return [_row(*one) for one in zip(range(len(sent)), ids, found, problems, strict=True)]


def _read(sent: Any) -> _Sent:
    claim, wrong = attribution.read(sent)
    faults = bodies.faults_of_sent(wrong, sent)
    return _Sent(claim, tuple(faults), tuple(one.pointer for one in wrong))


def _row(place: int, identifier: UUID, sent: _Sent, problems: Iterable[Problem]) -> Row:
    faults = sent.faults
    if len(faults) < MOST_ERRORS:
        faults = (*faults, *map(fault_of, certain(problems, sent.unread)))
    return Row(place=place, id=identifier, claim=None if faults else sent.claim, faults=faults)


def told(
    row: Row,
    *,
    foreseen: Mapping[UUID, DraftPreview],
    recorded: Mapping[UUID, Recorded],
    held: bool,
    places: Mapping[UUID, int],
    url: Url,
) -> dict[str, Any]:
    """The result of a row. `held`: nothing of this batch is written because other rows are invalid.

    `url` turns a path into an address, `places` maps drafts to rows.
    """
    done, ahead = recorded.get(row.id), foreseen.get(row.id)
    right = "recorded" if done else "held" if held else "valid"
    return {
        "row": row.place,
        "status": right if row.claim else "refused",
        "id": row.id if done else None,
        "position": done.position if done else None,
        "url": url(reverse("api:claim", args=[row.id])) if done else None,
        "problem": _problem(row.faults, url) if row.faults else None,
        "duplicates": [_duplicate(one, places, url) for one in ahead.duplicates] if ahead else [],
        "effects": ahead.effects if ahead else (),
        "statement": _statement(row, foreseen, recorded, url),
    }


def _statement(
    row: Row, foreseen: Mapping[UUID, DraftPreview], recorded: Mapping[UUID, Recorded], url: Url
) -> dict[str, Any] | None:
    """The statement: the claim that a party says the claim of the row."""
    if row.claim is None or row.claim.said_by is None:
        return None
    key = statement_id(row.id)
    done = recorded.get(key)
    return {
        "id": key if done else None,
        "position": done.position if done else None,
        "url": url(reverse("api:claim", args=[key])) if done else None,
        "effects": foreseen[key].effects if key in foreseen else (),
    }


def _problem(faults: Sequence[Fault], url: Url) -> dict[str, Any]:
    body = body_of(Refused("invalid", faults=faults), base=url(PROBLEMS), request_id="")
    return {name: value for name, value in body.items() if name != "request_id"}


def _duplicate(one: Duplicate, places: Mapping[UUID, int], url: Url) -> dict[str, Any]:
    said = {"title": one.title, "reason": one.reason, "likeness": one.likeness.share}
    return said | _duplicate_place(one.claim, places, url)


def _duplicate_place(claim: UUID, places: Mapping[UUID, int], url: Url) -> dict[str, Any]:
    row = places.get(claim)
    if row is not None:
        return {"claim": None, "row": row, "url": None}
    return {"claim": claim, "row": None, "url": url(reverse("api:claim", args=[claim]))}


def reported(row: BatchRow, places: Mapping[UUID, int], url: Url) -> dict[str, Any]:
    """The result of a row that a worker processed, in the form of `told`."""
    errors = row.told.get("errors", [])
    done = row.status == "recorded"
    return {
        "row": row.place,
        "status": row.status,
        "id": row.claim if done else None,
        "position": row.position,
        "url": url(reverse("api:claim", args=[row.claim])) if done else None,
        "problem": _problem([Fault(**one) for one in errors], url) if errors else None,
        "duplicates": [
            one | _duplicate_place(UUID(one["claim"]), places, url)
            for one in row.told.get("duplicates", [])
        ],
        "effects": row.told.get("effects", []),
        "statement": _statement_reported(row, url),
    }


def _statement_reported(row: BatchRow, url: Url) -> dict[str, Any] | None:
    said = row.told.get("statement")
    if said is None:
        return None
    key = statement_id(row.claim)
    # The statement follows its claim in the log.
    done = {"id": key, "position": row.position + 1} if row.position else {}
    place = url(reverse("api:claim", args=[key])) if done else None
    return {"id": None, "position": None, **said, **done, "url": place}


def of_new_claim(sent: NewClaim) -> Iterator[Problem]:
    submission = sent.submission
    yield from entries.problems(submission.claim, submission.said_by)


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
    for one in entries.problems(sent.claim):
        rests_on = tuple(f"/claim{place}" for place in one.rests_on)
        yield replace(one, pointer=f"/claim{one.pointer}", rests_on=rests_on)
    yield from entries.reason_problems(sent.reason)
