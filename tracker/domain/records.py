"""Actors, their roles in claims, sources, documents and collections."""

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
    PlainDate,
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
# Who codes the claims of a collection.
Coding = Literal["curated", "machine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An actor in its role in one claim."""

    actor: UUID
    role: Role
    responsibility: Responsibility | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """The country for which an actor speaks and its sector, from `since` until before `until`."""

    country: UUID
    sector: Sector
    since: date | None = None
    until: date | None = None

    def overlaps(self, first: date, last: date) -> bool:
        """Return whether it is in force on any day from `first` to `last`."""
        return (self.since is None or self.since <= last) and (
            self.until is None or first < self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A country that belongs to an organisation, from `since` until before `until`, the day on
    which it left; of both the month or the year alone may be known (EDTF). With the `status`
    suspended, the entry says when a member took no part in decisions; the membership itself is
    another entry. `document` says so."""

    country: UUID
    since: PlainDate | None = None
    until: PlainDate | None = None
    status: Literal["suspended"] | None = None
    document: UUID | None = None


# The most members for which an organisation acts: bodies of nearly all states act for none.
MOST_REPRESENTED = 60


def _is_person(actor: Any) -> bool:
    return bool(actor.kind == "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in a language (BCP 47), or of no particular language."""

    text: Name200
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A state, an organisation, a company, a public person or a named group.

    The first name is the display name. A group lists its members, an organisation its dated
    memberships; without these they represent no country.
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
    memberships: Annotated[tuple[Membership, ...], Most(500)] = ()

    @property
    def name(self) -> str:
        return self.names[0].text if self.names else ""

    @property
    def terms(self) -> "tuple[Affiliation | Membership, ...]":
        """All that the countries behind the actor depend on by day."""
        return (*self.affiliations, *self.memberships)

    @property
    def represented(self) -> frozenset[UUID]:
        """The countries for which an organisation acts on one day or another: its members, unless
        it lists more than `MOST_REPRESENTED`."""
        countries = frozenset(membership.country for membership in self.memberships)
        return countries if len(countries) <= MOST_REPRESENTED else frozenset()

    def speaks_for(self, first: date, last: date) -> tuple[Affiliation, ...]:
        """Return the affiliations in force on any day from `first` to `last`.

        A state has none: it speaks for itself.
        """
        return tuple(
            affiliation for affiliation in self.affiliations if affiliation.overlaps(first, last)
        )


Reliability = Literal["A", "B", "C", "D", "E", "F"]
Ownership = Literal["state", "ruling party", "party", "public", "private", "society"]
# Sources that publish what the state wants published.
STATE_OWNED: frozenset[str] = frozenset({"state", "ruling party"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher or witness. `actor` is set where the source is itself an actor."""

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
    """An Admiralty reliability that applies from a day on."""

    reliability: Reliability
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One publication of a source. `date` is EDTF. A URL is only given, never constructed."""

    source: UUID
    title: Annotated[str, Words(1_000)] = text(default="")
    authors: Annotated[tuple[Name200, ...], Most(100)] = text(default=())
    date: Edtf | None = None
    language: Language | None = None
    url: Address | None = None
    archive_url: Address | None = None
    note: Prose = text(default="")


def dated(document: Document) -> date | None:
    """Return the last day on which a document can have been published; None if unknown."""
    return edtf.bounds(document.date).latest if document.date else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Claims that were recorded under one set of rules. With `review`, claims score once accepted.

    The default grades apply where a source or a citation has none.
    """

    name: Annotated[
        str,
        SLUG._replace(required="a collection requires a name"),
        "used in queries, such as machine-feed",
    ]
    coding: Coding
    review: Annotated[bool, "whether claims must be accepted before they move scores"]
    description: Reason = ""
    default_reliability: Reliability | None = None
    default_credibility: Credibility | None = None
