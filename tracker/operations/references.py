"""Checks that what a record refers to is on record, with one look-up for all, or with none."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from django.db import IntegrityError

from tracker.domain import codec, validity
from tracker.domain.claims import Citation, Claim
from tracker.domain.validity import Problem
from tracker.log import Statement
from tracker.queries import records

type Reference = tuple[str, UUID, str]


def missing(references: Iterable[Reference]) -> Iterator[Problem]:
    """Name each reference (pointer, id, noun) to something that is not on record."""
    wanted = list(references)
    nouns = records.nouns({identifier for _, identifier, _ in wanted})
    for pointer, identifier, noun in wanted:
        found = nouns.get(identifier)
        if found != noun:
            what = "nothing" if found is None else f"a {found}"
            yield Problem(
                pointer=pointer,
                code="unknown_reference",
                detail=f"{identifier} is {what} on record; a {noun} is wanted: describe it first",
            )


def required(references: Iterable[Reference]) -> list[Statement]:
    """What refuses the transaction that it leads unless all is on record.

    So nearly every write, whose references are right, saves the look-up.
    """
    wanted = {(str(identifier), noun) for _, identifier, noun in references}
    if not wanted:
        return []
    rows = [{"id": identifier, "noun": noun} for identifier, noun in sorted(wanted)]
    return [Statement("SELECT standing_require(%s)", [codec.canonical(rows)])]


@contextmanager
def named(references: Iterable[Reference]) -> Iterator[None]:
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
