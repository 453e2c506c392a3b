"""Who publishes or witnesses, what they publish, and the collections that claims are kept in."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tracker.domain import dates
from tracker.domain.codec import text
from tracker.domain.parties import _is_person

Reliability = Literal["A", "B", "C", "D", "E", "F"]
Ownership = Literal["state", "ruling party", "party", "public", "private", "society"]
# Its own government's voice: such a root says what the state wants said.
STATE_OWNED: frozenset[str] = frozenset({"state", "ruling party"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who publishes or witnesses. `actor` is set where the source is itself an actor."""

    kind: Literal["outlet", "agency", "firm", "organisation", "person"]
    name: str = text(when=_is_person, default="")
    actor: UUID | None = None
    country: UUID | None = None
    ownership: Ownership | None = None
    url: str | None = None

    @property
    def state_owned(self) -> bool:
        return self.ownership in STATE_OWNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """An Admiralty reliability, from a day on."""

    reliability: Reliability
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One publication of a source. `date` is EDTF; a URL is given or absent, never made up."""

    source: UUID
    title: str = text(default="")
    authors: tuple[str, ...] = text(default=())
    date: str | None = None
    language: str | None = None
    url: str | None = None
    archive_url: str | None = None
    note: str = text(default="")


def dated(document: Document) -> date | None:
    """The last day on which a document can have been published; None where that is unknown."""
    return dates.bounds(document.date).latest if document.date else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Claims that are kept by one rule. `review`: they score only once accepted.

    The default grades stand in where a source or a citation has none.
    """

    name: str
    coding: Literal["curated", "machine"]
    review: bool
    description: str = ""
    default_reliability: Reliability | None = None
    default_credibility: int | None = None
