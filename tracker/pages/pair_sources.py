"""Who reported the claims behind a pair's score: the roots, and the documents that cite them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tracker.pages.listed_claims import MASKED, MASKED_TITLE, ListedClaim, document_name
from tracker.pages.pair_context import PairContext
from tracker.queries.claims.detail import NamedCitation, Witness

# Roots, and documents of each, that the page of the picture lists.
MOST_ROOTS, MOST_DOCUMENTS = 6, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RootSource:
    """A source from which reports come first, with the claims of the list that it reports, and the
    documents that pass them on, each with its address on this site and its title."""

    source: UUID
    name: str
    grade: str | None
    state_owned: bool
    claims: Sequence[ListedClaim]
    documents: Sequence[tuple[UUID, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The roots, those with most claims first; `others` is the number of all
    others that the score rests on."""

    roots: Sequence[RootSource]
    others: int


def roots_behind(causes: Sequence[ListedClaim], *, number: int) -> Roots:
    """The roots of the listed claims, of the `number` that the score rests on."""
    claims: dict[UUID, dict[UUID, ListedClaim]] = {}
    documents: dict[UUID, dict[UUID, str]] = {}
    witnesses: dict[UUID, Witness] = {}
    for cause in causes:
        for cited in cause.sheet.citations:
            root = cited.provenance[-1]
            key = root.source.id
            witnesses.setdefault(key, root)
            claims.setdefault(key, {})[cause.pull.claim] = cause
            name = document_name(cited.document.document)
            documents.setdefault(key, {})[cited.document.id] = name
    ordered = sorted(claims, key=lambda key: (-len(claims[key]), witnesses[key].name))
    return Roots(
        roots=[
            RootSource(
                source=key,
                name=witnesses[key].name or str(MASKED),
                grade=witnesses[key].grade,
                state_owned=witnesses[key].source.source.state_owned,
                claims=[*claims[key].values()],
                documents=[*documents[key].items()][:MOST_DOCUMENTS],
            )
            for key in ordered[:MOST_ROOTS]
        ],
        others=max(number, len(ordered)) - min(len(ordered), MOST_ROOTS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDocument:
    """A document, its publisher, and the claims that cite it."""

    document: UUID
    title: str
    url: str | None
    date: str | None
    publisher: Witness
    claims: list[tuple[ListedClaim, NamedCitation]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDocuments:
    """The documents, those with most claims first; `others` is the number of claims left out."""

    documents: Sequence[CitedDocument]
    others: int


def documents_behind(pair: PairContext) -> CitedDocuments:
    causes = pair.causes()
    documents: dict[UUID, CitedDocument] = {}
    citations = ((cause, cited_here) for cause in causes for cited_here in cause.sheet.citations)
    for cause, citation in citations:
        document = citation.document.document
        cited = documents.setdefault(
            citation.document.id,
            CitedDocument(
                document=citation.document.id,
                title=document.title or document.url or str(MASKED_TITLE),
                url=document.url,
                date=document.date,
                publisher=citation.provenance[0],
            ),
        )
        cited.claims.append((cause, citation))
    ordered = sorted(documents.values(), key=lambda cited: (-len(cited.claims), cited.title))
    return CitedDocuments(documents=ordered, others=len(pair.ordered) - len(causes))
