"""What archives call those who act: their roles, and the sector that each speaks from."""

from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple, cast

from tracker.domain.facts import rows
from tracker.domain.records import Sector

type Scheme = Literal["cameo", "icews", "plover", "role"]

# A state's government is the state itself.
STATE: Sector = "government"


class Speaker(NamedTuple):
    """Whom a party is for the record: a country, and the sector it is spoken for from."""

    country: str
    sector: Sector = STATE

    @property
    def code(self) -> str:
        """The code of the actor: the country's own, or `CHN.MILITARY`."""
        if self.sector == STATE:
            return self.country
        return f"{self.country}.{self.sector.replace(' ', '-').upper()}"


class Called(NamedTuple):
    """Somebody by name, to be looked up among the actors on record."""

    name: str

    @property
    def code(self) -> str:
        return self.name


class NoSpeaker(LookupError):
    """Who acts in this role speaks for no country, or the role is unknown."""


@cache
def _table(scheme: Scheme) -> dict[str, tuple[str, str, int]]:
    own = [row for row in rows("archive_agents") if row["scheme"] == scheme]
    return {row["code"]: (row["sector"], row["says"], at) for at, row in enumerate(own)}


def known(scheme: Scheme, code: str) -> bool:
    return code in _table(scheme)


def sector(scheme: Scheme, code: str) -> Sector:
    """Give the sector of a role.

    :raises NoSpeaker: if rebels, criminals and their like have it, or if it is unknown.
    """
    if code not in _table(scheme):
        raise NoSpeaker("is no role that is known")
    found, says, _ = _table(scheme)[code]
    if not found:
        raise NoSpeaker(f"stands for {says}, and speaks for no country")
    return cast("Sector", found)


def first(scheme: Scheme, codes: Iterable[str]) -> Sector:
    """Give the sector of somebody with several roles: that of the one that the table has first.

    :raises NoSpeaker: if it is a role that speaks for no country, or all are unknown.
    """
    table = _table(scheme)
    ranked = sorted((table[code][2], code) for code in codes if code in table)
    if not ranked:
        raise NoSpeaker("has no role that is known")
    return sector(scheme, ranked[0][1])
