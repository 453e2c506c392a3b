"""Who acts, as ICEWS names them: a country, somebody of a country, or a role with the country in
parentheses, as "Media Personnel (Afghanistan)"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tracker.imports.formats import coded, countries
from tracker.imports.formats.coded import Called, NoSpeaker, Speaker
from tracker.imports.formats.countries import NoCountry

_SIGNS = re.compile(r"[(),]")
_REMEMBERED = 65_536
SECTORLESS = "has no sector and is not called as the country is: a region, or a private person"
HOMELESS = "has no country, so that nobody is known to speak for one"


class Unheard(LookupError):
    """Somebody who speaks for no country; says why."""


@lru_cache(_REMEMBERED)
def listed(name: str, country: str, sectors: str) -> Speaker | Unheard:
    """Give whom somebody speaks for whose country and sectors are said, in the order of ICEWS's
    table of sectors, where what rebels and criminals have comes after offices of state."""
    if not country:
        return Unheard(HOMELESS)
    try:
        code = countries.country("name", country)
    except NoCountry as problem:
        return Unheard(str(problem))
    if countries.is_country("name", name) and countries.country("name", name) == code:
        return Speaker(code)
    if not sectors:
        return Unheard(SECTORLESS)
    try:
        return Speaker(code, coded.first("icews", split(sectors)))
    except NoSpeaker as problem:
        return Unheard(str(problem))


@lru_cache(_REMEMBERED)
def told(name: str) -> Speaker | Called | Unheard:
    """Give whom a name speaks for by itself: a country, a role in it, or whoever is called so."""
    try:
        return Speaker(countries.country("name", name))
    except NoCountry as problem:
        role, bracket, country = name.removesuffix(")").rpartition("(")
        if name.endswith(")") and bracket and role.strip() and ")" not in country:
            return _role(role.strip(), country.strip())
        if countries.is_known("name", name):
            return Unheard(str(problem))
        return Called(name)


def split(sectors: str) -> Sequence[str]:
    """Sectors are set apart by commas, but for those in parentheses: "(National) Major Party"."""
    found, end, inside = [], len(sectors), False
    # From the end, so that it is known at each comma whether a parenthesis is closed behind it.
    for sign in reversed(list(_SIGNS.finditer(sectors))):
        if sign[0] != ",":
            inside = sign[0] == ")"
        elif not inside:
            found.append(sectors[sign.end() : end])
            end = sign.start()
    found.append(sectors[:end])
    return [one.strip() for one in reversed(found)]


def _role(role: str, country: str) -> Speaker | Unheard:
    try:
        return Speaker(countries.country("name", country), coded.sector("role", role))
    except NoCountry as problem:
        return Unheard(f"names a place that {problem}")
    except NoSpeaker as problem:
        return Unheard(f"has a role that {problem}")
