"""Who acts, by GDELT's actor codes: the country, and from which sector it is spoken for."""

from functools import lru_cache
from typing import NamedTuple

from tracker.importers import agents, countries
from tracker.importers.agents import NoSpeaker, Speaker
from tracker.importers.countries import NoCountry

_REMEMBERED = 65_536
GROUP = "is a group of its own: it does not speak for the country that it is in"
HOMELESS = "has no country, so that nobody is known to speak for one"


class ActorCodes(NamedTuple):
    """One actor's cells."""

    code: str
    country: str
    group: str
    ethnic: str
    religion: str
    types: tuple[str, str, str]


class Unheard(NamedTuple):
    """Why an actor speaks for no country: the end of the column's name, its cell, the reason."""

    column: str
    value: str
    reason: str


@lru_cache(_REMEMBERED)
def speaker(actor: ActorCodes) -> Speaker | Unheard | None:
    """Give whom an actor speaks for, or why for nobody; nothing where no actor is named.

    The first role counts, unless one is an armed opponent's or a criminal's. Without a role, an
    ethnic group or a religion is society, and the country's bare code is the state.
    """
    if not actor.country:
        return Unheard("Code", actor.code, HOMELESS) if actor.code else None
    try:
        country = countries.country("cameo", actor.country)
    except NoCountry as problem:
        return Unheard("CountryCode", actor.country, str(problem))
    if actor.group:
        return Unheard("KnownGroupCode", actor.group, GROUP)
    typed = [role for role in actor.types if role]
    roles = typed or _roles_in(actor.code, actor.country)
    faith = bool(actor.ethnic or actor.religion)
    try:
        sectors = [agents.sector("cameo", one) for one in roles if not faith or _known(one)]
    except NoSpeaker as problem:
        column = "Type1Code" if typed else "Code"
        return Unheard(column, "".join(roles), str(problem))
    if sectors:
        return Speaker(country, sectors[0])
    return Speaker(country, "society" if faith else agents.STATE)


def _known(role: str) -> bool:
    return agents.known("cameo", role)


def _roles_in(code: str, country: str) -> list[str]:
    """What an actor's code says beside its country, in threes; old codes of countries aside."""
    rest = code.replace(country, "", 1)
    parts = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    return [part for part in parts if not countries.is_known("cameo", part)]
