"""Actors, the parts they play in a claim, and the country that each speaks for."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from tracker.domain.codec import text

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

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A state, an organisation, a company, a public person or a named group.

    The first name is the one that is printed. A group lists its members, or stands for nobody.
    """

    kind: ActorKind
    names: tuple[Name, ...] = text(when=_is_person, default=())
    aliases: tuple[str, ...] = text(when=_is_person, default=())
    code: str | None = None
    wikidata: str | None = text(when=_is_person, default=None)
    affiliations: tuple[Affiliation, ...] = ()
    members: tuple[UUID, ...] = ()

    @property
    def name(self) -> str:
        return self.names[0].text if self.names else ""

    def speaks_for(self, first: date, last: date) -> tuple[Affiliation, ...]:
        """The affiliations in force on any day from `first` to `last`.

        A state has none and speaks for itself.
        """
        return tuple(one for one in self.affiliations if one.overlaps(first, last))
