"""Checks that referenced records exist, with one query, or without a query in most writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from uuid import UUID

import psycopg
from django.db import IntegrityError

from tracker.domain import validity
from tracker.domain.claims import Citation, Claim
from tracker.domain.validity import Problem
from tracker.log import Statement
from tracker.log.messages import NO_IDS, id_array
from tracker.queries.records import states

NOUNS = ("collection", "actor", "document", "source")

_REQUIRE = "SELECT standing_require(%s::uuid[], %s::text[], %s::text[])"

type Reference = tuple[str, UUID, str]


class ReferenceSet:
    """The references of many claims, without repeats."""

    def __init__(self) -> None:
        self._ids: dict[str, set[UUID]] = {noun: set() for noun in NOUNS}

    def add(self, claim: Claim) -> None:
        """Add the references of a claim."""
        self._ids["collection"].add(claim.collection)
        self._ids["actor"].update([party.actor for party in claim.parties])
        for citation in claim.citations:
            self.add_cited(citation)

    def add_cited(self, citation: Citation) -> None:
        """Add the references of a citation."""
        self._ids["document"].add(citation.document)
        if citation.chain:
            self._ids["source"].update(citation.chain)

    def add_named(self, references: Iterable[Reference]) -> None:
        """Add references."""
        for _, id_, noun in references:
            self._ids[noun].add(id_)

    def __iter__(self) -> Iterator[Reference]:
        return (("", id_, noun) for noun, ids in self._ids.items() for id_ in ids)


def missing(references: Iterable[Reference]) -> Iterator[Problem]:
    """A problem for each reference (pointer, id, noun) to a record that does not exist."""
    required = list(references)
    nouns = states.nouns({identifier for _, identifier, _ in required})
    yield from missing_among(required, nouns)


def missing_among(references: Iterable[Reference], nouns: Mapping[UUID, str]) -> Iterator[Problem]:
    """The same as `missing`; `nouns` are those of the referenced records that exist."""
    for pointer, identifier, noun in references:
        actual = nouns.get(identifier)
        if actual != noun:
            what = "nothing" if actual is None else f"a {actual}"
            yield Problem(
                pointer=pointer,
                code="unknown_reference",
                detail=f"{identifier} is {what} on record; expected a {noun}: record it first",
            )


class NoneMissing(Exception):  # it is handled
    """No referenced record is missing: the date of a document has to be compared."""


def require(
    references: Iterable[Reference], *, since: Mapping[UUID, date] = MappingProxyType({})
) -> list[Statement]:
    """The statement that fails unless all referenced records exist, and unless the documents in
    `since` are plainly dated on that day or later, or not at all.

    It is part of the write, so a valid write needs no separate query.
    """
    arrays = required_arrays(references, since=since)
    return [Statement(_REQUIRE, arrays)] if arrays[0] != NO_IDS else []


def required_arrays(
    references: Iterable[Reference], *, since: Mapping[UUID, date]
) -> tuple[str, str, str]:
    """The parameters of the statement of `require`: ids, nouns and days, as texts of arrays."""
    required = dict.fromkeys((identifier, noun) for _, identifier, noun in references)
    days = [since[one].isoformat() if one in since else "NULL" for one, _ in required]
    ids, nouns = ([pair[0] for pair in required], [pair[1] for pair in required])
    return id_array(ids), f"{{{','.join(nouns)}}}", f"{{{','.join(days)}}}"


@contextmanager
def name_missing(references: Iterable[Reference]) -> Iterator[None]:
    """Translate the error of the statement of `require`.

    :raises Invalid: with all missing references. :raises NoneMissing: if none is missing.
    """
    try:
        yield
    except IntegrityError as problem:
        if not isinstance(problem.__cause__, psycopg.errors.ForeignKeyViolation):
            raise
        validity.refuse(missing(references))
        raise NoneMissing from problem


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
    """The problem that a claim is dated after its document, if it is."""
    return date_warnings([claim])[0]


def date_warnings(claims: Sequence[Claim]) -> list[list[Problem]]:
    """The result of `date_warning` for each claim, in order."""
    cited = {citation.document for claim in claims for citation in claim.citations}
    dates = states.dates(cited) if cited else {}
    return [list(validity.claim_order_problems(claim, dates)) for claim in claims]


def level_party_problems(claims: Sequence[Claim]) -> list[list[Problem]]:
    """The problems that levels are about others than countries, for each claim, in order."""
    parties = {party.actor for one in claims if one.kind == "level" for party in one.parties}
    kinds = states.actor_kinds(parties)
    return [list(validity.level_party_problems(claim, kinds)) for claim in claims]


def citation_date_warning(claim: Claim, citation: Citation) -> list[Problem]:
    """The problem that a document is older than the event that it supports, if it is."""
    dates = states.dates([citation.document])
    return list(validity.citation_order_problems(claim, citation, dates))
