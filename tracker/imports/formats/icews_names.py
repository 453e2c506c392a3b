"""Actors as ICEWS names them: a country, an actor of a country, or a role with the country in
parentheses, such as "Media Personnel (Afghanistan)" or "Member of Legislative (Govt) (Israel)"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from tracker.imports.formats import coded, countries
from tracker.imports.formats.coded import CodedActor, NamedActor, NoSector, SectorActor
from tracker.imports.formats.countries import NoCountry

_SIGNS = re.compile(r"[(),]")
_CACHED = 65_536
# Deeper nested roles are unknown. Each costs as much time as the name is long.
_MOST_NESTED = 4
NO_SECTOR = "has no sector and is not the country itself: a region, or a private person"
NO_COUNTRY = "has no country that it represents"


class NoIcewsActor(LookupError):
    """Why a name stands for no actor of a country."""


@lru_cache(_CACHED)
def actor_of(name: str, country: str, sectors: str) -> SectorActor | NoIcewsActor:
    """The actor for a name with a country and sectors.

    The first sector in ICEWS's table counts. There, those of rebels and criminals come after
    offices of state.
    """
    if not country:
        return NoIcewsActor(NO_COUNTRY)
    try:
        code = countries.country("name", country)
    except NoCountry as problem:
        return NoIcewsActor(str(problem))
    if countries.is_country("name", name) and countries.country("name", name) == code:
        return SectorActor(code)
    if not sectors:
        return NoIcewsActor(NO_SECTOR)
    try:
        return SectorActor(code, coded.first_sector(split_sectors(sectors)))
    except NoSector as problem:
        return NoIcewsActor(str(problem))


@lru_cache(_CACHED)
def actor_named(name: str) -> CodedActor | NoIcewsActor:
    """The actor for a name alone: a country, a role in it, or an actor on record."""
    try:
        return SectorActor(countries.country("name", name))
    except NoCountry as problem:
        role, country = _split_bracket(name)
        if role and country:
            return _role(role, country)
        if countries.is_known("name", name):
            return NoIcewsActor(str(problem))
        return NamedActor(name)


def split_sectors(sectors: str) -> Sequence[str]:
    """Split sectors at commas outside parentheses: "(National) Major Party" is one."""
    parts, end, inside = [], len(sectors), False
    # From the end, so that at each comma it is known whether a parenthesis is closed after it.
    for sign in reversed(list(_SIGNS.finditer(sectors))):
        if sign[0] != ",":
            inside = sign[0] == ")"
        elif not inside:
            parts.append(sectors[sign.end() : end])
            end = sign.start()
    parts.append(sectors[:end])
    return [part.strip() for part in reversed(parts)]


def _split_bracket(name: str) -> tuple[str, str]:
    """The text before the last pair of parentheses and the text in it, which can contain others.
    Both are empty if the name does not end in one."""
    depth = 0
    for at in range(len(name) - 1, -1, -1):
        depth += (name[at] == ")") - (name[at] == "(")
        if not depth:
            break
    else:
        return "", ""
    return (name[:at].strip(), name[at + 1 : -1].strip()) if name.endswith(")") else ("", "")


def _roles(role: str) -> Sequence[str]:
    """The role and those in parentheses after it: "Member of Legislative (Govt)" is a member in the
    government."""
    inner: list[str] = []
    for _ in range(_MOST_NESTED):
        outer, bracket = _split_bracket(role)
        if coded.is_role("role", role) or not (outer and bracket):
            break
        inner.append(bracket)
        role = outer
    return [role, *reversed(inner)]


def _role(role: str, country: str) -> SectorActor | NoIcewsActor:
    """The actor for a role in a country. The first of nested roles counts; each must represent the
    country."""
    try:
        code = countries.country("name", country)
        first, *_ = [coded.sector("role", part) for part in _roles(role)]
        return SectorActor(code, first)
    except NoCountry as problem:
        return NoIcewsActor(f"names a place that {problem}")
    except NoSector as problem:
        return NoIcewsActor(f"has a role that {problem}")
