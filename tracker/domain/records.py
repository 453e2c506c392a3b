"""Actors, the parts they play in a claim, and the country that each speaks for."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from tracker.domain.dates import edtf
from tracker.domain.fields import (
    SLUG,
    Address,
    Credibility,
    Edtf,
    Language,
    Most,
    Name200,
    Prose,
    Reason,
    Words,
    text,
)

Sector = Literal[
    "government",
    "military",
    "intelligence",
    "legislature",
    "judiciary",
    "ruling party",
    "party",
    "state media",
    "private media",
    "state business",
    "business",
    "society",
    "armed proxy",
]
ActorKind = Literal["state", "organisation", "company", "person", "group"]
Role = Literal["initiator", "recipient", "affected", "about"]
# The steps of state responsibility (Healey 2012), from the MISP taxonomy of that name.
Responsibility = Literal[
    "state-prohibited",
    "state-prohibited-but-inadequate",
    "state-ignored",
    "state-encouraged",
    "state-shaped",
    "state-coordinated",
    "state-ordered",
    "state-rogue-conducted",
    "state-executed",
    "state-integrated",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An actor in its role in one claim."""

    actor: UUID
    role: Role
    responsibility: Responsibility | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """The country an actor speaks for, and from which sector: from `since`, before `until`."""

    country: UUID
    sector: Sector
    since: date | None = None
    until: date | None = None

    def overlaps(self, first: date, last: date) -> bool:
        """Whether it is in force on any day from `first` to `last`."""
        return (self.since is None or self.since <= last) and (
            self.until is None or first < self.until
        )


def _is_person(actor: Any) -> bool:
    return bool(actor.kind == "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in a language (BCP 47), or in none when `language` is absent."""

    text: Name200
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A state, an organisation, a company, a public person or a named group.

    The first name is the one that is printed. A group lists its members, or stands for nobody.
    """

    kind: ActorKind
    names: Annotated[tuple[Name, ...], Most(100, required=True)] = text(when=_is_person, default=())
    aliases: Annotated[tuple[Name200, ...], Most(100)] = text(when=_is_person, default=())
    code: (
        Annotated[str, Words(20, form="[A-Z0-9]+([.-][A-Z0-9]+)*", example="KAZ or NATO")] | None
    ) = None
    wikidata: Annotated[str, Words(20, form="Q[1-9][0-9]*", example="Q232")] | None = text(
        when=_is_person, default=None
    )
    affiliations: Annotated[tuple[Affiliation, ...], Most(100)] = ()
    members: Annotated[tuple[UUID, ...], Most(300)] = ()

    @property
    def name(self) -> str:
        return self.names[0].text if self.names else ""

    def speaks_for(self, first: date, last: date) -> tuple[Affiliation, ...]:
        """The affiliations in force on any day from `first` to `last`.

        A state has none and speaks for itself.
        """
        return tuple(one for one in self.affiliations if one.overlaps(first, last))


Reliability = Literal["A", "B", "C", "D", "E", "F"]
Ownership = Literal["state", "ruling party", "party", "public", "private", "society"]
# Its own government's voice: such a root says what the state wants said.
STATE_OWNED: frozenset[str] = frozenset({"state", "ruling party"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who publishes or witnesses. `actor` is set where the source is itself an actor."""

    kind: Literal["outlet", "agency", "firm", "organisation", "person"]
    name: Name200 = text(when=_is_person, default="")
    actor: UUID | None = None
    country: UUID | None = None
    ownership: Ownership | None = None
    url: Address | None = None

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
    title: Annotated[str, Words(1_000)] = text(default="")
    authors: Annotated[tuple[Name200, ...], Most(100)] = text(default=())
    date: Edtf | None = None
    language: Language | None = None
    url: Address | None = None
    archive_url: Address | None = None
    note: Prose = text(default="")


def dated(document: Document) -> date | None:
    """The last day on which a document can have been published; None where that is unknown."""
    return edtf.bounds(document.date).latest if document.date else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Claims that are kept by one rule. `review`: they score only once accepted.

    The default grades stand in where a source or a citation has none.
    """

    name: Annotated[
        str,
        SLUG._replace(required="a collection requires a name"),
        "used in queries, such as machine-feed",
    ]
    coding: Literal["curated", "machine"]
    review: Annotated[bool, "whether claims must be accepted before they move scores"]
    description: Reason = ""
    default_reliability: Reliability | None = None
    default_credibility: Credibility | None = None
