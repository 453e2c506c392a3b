"""Checks that what a record refers to is on record, with one look-up for all, or with none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import psycopg
from django.db import IntegrityError

from tracker.domain import codec, validity
from tracker.domain.claims import Citation, Claim
from tracker.domain.validity import Problem
from tracker.log import Statement
from tracker.queries.records import states

NOUNS = ("collection", "actor", "document", "source")

type Reference = tuple[str, UUID, str]


class ReferenceSet:
    """What many claims refer to, each once."""

    def __init__(self) -> None:
        self._ids: dict[str, set[UUID]] = {noun: set() for noun in NOUNS}

    def add(self, claim: Claim) -> None:
        """Add what a claim refers to."""
        self._ids["collection"].add(claim.collection)
        self._ids["actor"].update([party.actor for party in claim.parties])
        for citation in claim.citations:
            self.add_cited(citation)

    def add_cited(self, citation: Citation) -> None:
        """Add what a citation refers to."""
        self._ids["document"].add(citation.document)
        if citation.chain:
            self._ids["source"].update(citation.chain)

    def add_named(self, references: Iterable[Reference]) -> None:
        """Add what references name."""
        for _, one, noun in references:
            self._ids[noun].add(one)

    def __iter__(self) -> Iterator[Reference]:
        return (("", one, noun) for noun, ids in self._ids.items() for one in ids)


def missing(references: Iterable[Reference]) -> Iterator[Problem]:
    """Name each reference (pointer, id, noun) to something that is not on record."""
    wanted = list(references)
    yield from missing_among(wanted, states.nouns({identifier for _, identifier, _ in wanted}))


def missing_among(references: Iterable[Reference], nouns: Mapping[UUID, str]) -> Iterator[Problem]:
    """The same, where the nouns of all that is on record are known."""
    for pointer, identifier, noun in references:
        found = nouns.get(identifier)
        if found != noun:
            what = "nothing" if found is None else f"a {found}"
            yield Problem(
                pointer=pointer,
                code="unknown_reference",
                detail=f"{identifier} is {what} on record; expected a {noun}: record it first",
            )


def require(references: Iterable[Reference]) -> list[Statement]:
    """What refuses the transaction that it leads unless all is on record.

    So nearly every write, whose references are right, saves the look-up.
    """
    wanted = {(str(identifier), noun) for _, identifier, noun in references}
    if not wanted:
        return []
    rows = [{"id": identifier, "noun": noun} for identifier, noun in sorted(wanted)]
    return [Statement("SELECT standing_require(%s)", [codec.canonical(rows)])]


@contextmanager
def name_missing(references: Iterable[Reference]) -> Iterator[None]:
    """Say which of the required references are missing.

    :raises Invalid: naming each of them.
    """
    try:
        yield
    except IntegrityError as problem:
        if isinstance(problem.__cause__, psycopg.errors.ForeignKeyViolation):
            validity.refuse(missing(references))
        raise


def of_claim(claim: Claim) -> Iterator[Reference]:
    yield "/collection", claim.collection, "collection"
    for index, party in enumerate(claim.parties):
        yield f"/parties/{index}/actor", party.actor, "actor"
    for index, citation in enumerate(claim.citations):
        yield from of_citation(citation, f"/citations/{index}")


def of_citation(citation: Citation, pointer: str = "") -> Iterator[Reference]:
    yield f"{pointer}/document", citation.document, "document"
    for index, source in enumerate(citation.chain):
        yield f"{pointer}/chain/{index}", source, "source"


def date_warning(claim: Claim) -> list[Problem]:
    """Say that a claim is dated after its document, if it is."""
    return date_warnings([claim])[0]


def date_warnings(claims: Sequence[Claim]) -> list[list[Problem]]:
    """Say it of each of several claims, in their order."""
    cited = {one.document for claim in claims for one in claim.citations}
    dates = states.dates(cited) if cited else {}
    return [list(validity.claim_order_problems(claim, dates)) for claim in claims]


def citation_date_warning(claim: Claim, citation: Citation) -> list[Problem]:
    """Say that a document is older than the event which it is to support, if it is."""
    dates = states.dates([citation.document])
    return list(validity.citation_order_problems(claim, citation, dates))
