"""Who says so: the documents behind a score, each with its way back to the root."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tracker.pages.ground import Cause, Ground
from tracker.queries.claims.detail import NamedCitation, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A document, who published it, and the claims that are taken from it."""

    document: UUID
    title: str
    url: str | None
    date: str | None
    publisher: Witness
    claims: list[tuple[Cause, NamedCitation]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """The documents, those of most claims first; `others` claims are not looked at."""

    documents: Sequence[Told]
    others: int


def of_pair(on: Ground) -> Witnesses:
    causes = on.causes()
    found: dict[UUID, Told] = {}
    for cause, cited in _cited(causes):
        document = cited.document.document
        told = found.setdefault(
            cited.document.id,
            Told(
                document=cited.document.id,
                title=document.title or document.url or "[title withheld]",
                url=document.url,
                date=document.date,
                publisher=cited.provenance[0],
            ),
        )
        told.claims.append((cause, cited))
    ordered = sorted(found.values(), key=lambda one: (-len(one.claims), one.title))
    return Witnesses(documents=ordered, others=len(on.ordered) - len(causes))


def _cited(causes: Sequence[Cause]) -> Iterator[tuple[Cause, NamedCitation]]:
    for cause in causes:
        for cited in cause.sheet.citations:
            yield cause, cited
