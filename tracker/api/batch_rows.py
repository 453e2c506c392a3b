"""The rows of a batch: each is validated separately, with all its problems."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from rest_framework.exceptions import ValidationError

from tracker.api.errors import PROBLEMS, fault_of, faults_of
from tracker.api.problems import MOST_ERRORS, Fault, Refused, body_of
from tracker.api.resources.claim_bodies import NewClaimBody
from tracker.domain import attribution, codec
from tracker.domain.attribution import Entered
from tracker.domain.claims import Citation, Claim
from tracker.domain.problems import Problem, certain
from tracker.imports.queries import BatchRow
from tracker.log import Recorded
from tracker.operations import batches, entries, withholding
from tracker.operations.ids import statement_id
from tracker.queries.claims import copies
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.evidence.preview import Foreseen

type Url = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row by its index: its claim, or its faults."""

    place: int
    id: UUID
    claim: Entered | None = None
    faults: tuple[Fault, ...] = ()


class _Sent(NamedTuple):
    """A row as far as it can be parsed: its faults, and the pointers that could not be parsed."""

    claim: Entered
    faults: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()


def read(sent: Sequence[Any], ids: Iterable[UUID]) -> list[Row]:
    """Parse rows, give each an id, and check them against the record."""
    body = NewClaimBody()
    found = [_read(body, one) for one in sent]
    problems = batches.problems(one.claim for one in found)
    return [_row(*one) for one in zip(range(len(sent)), ids, found, problems, strict=True)]


def _read(body: NewClaimBody, sent: Any) -> _Sent:
    try:
        return _Sent(body.run_validation(sent))
    except ValidationError as problem:
        faults = faults_of(problem)
        claim, wrong = attribution.read(sent)
        unread = [one.pointer for some in (faults, wrong) for one in some]
        return _Sent(claim, tuple(faults), tuple(unread))


def _row(place: int, identifier: UUID, sent: _Sent, problems: Iterable[Problem]) -> Row:
    faults = sent.faults
    if len(faults) < MOST_ERRORS:
        faults = (*faults, *map(fault_of, certain(problems, sent.unread)))
    return Row(place=place, id=identifier, claim=None if faults else sent.claim, faults=faults)


def told(
    row: Row,
    *,
    foreseen: Mapping[UUID, Foreseen],
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
    row: Row, foreseen: Mapping[UUID, Foreseen], recorded: Mapping[UUID, Recorded], url: Url
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


_CLAIM = "/claim"


def of_claim(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    claim, unread = codec.read(Claim, sent)
    places = [*wrong, *(one.pointer for one in unread)]
    yield from map(fault_of, certain(entries.problems(claim), places))


def of_new_claim(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    entered, unread = attribution.read(sent)
    places = [*wrong, *(one.pointer for one in unread)]
    problems = entries.problems(entered.claim, entered.said_by)
    yield from map(fault_of, certain(problems, places))


def of_citation(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    # The body may also have the version that was read.
    plain = isinstance(sent, Mapping)
    own = {key: one for key, one in sent.items() if key != "expected_version"} if plain else sent
    citation, unread = codec.read(Citation, own)
    places = [*wrong, *(one.pointer for one in unread)]
    yield from map(fault_of, certain(entries.citation_problems(citation), places))


def of_withholding(position: int) -> Callable[[Any, Collection[str]], Iterator[Fault]]:
    """For an event of a claim, check the number too."""

    def faults(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
        record = copies.at(position)
        if record and record.claim and isinstance(sent, Mapping) and "/number" not in wrong:
            yield from map(fault_of, withholding.number_problems(record, sent.get("number")))

    return faults


def of_correction(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    given = sent if isinstance(sent, Mapping) else {}
    if isinstance(given.get("claim"), dict):
        inside = [one.removeprefix(_CLAIM) for one in wrong if one.startswith(_CLAIM)]
        for one in of_claim(given["claim"], inside):
            yield replace(one, pointer=_CLAIM + one.pointer)
    if isinstance(given.get("reason"), str):
        yield from map(fault_of, certain(entries.reason_problems(given["reason"]), wrong))
