"""What archives call countries: codes of CAMEO and FIPS, formal names. What is none is named."""

from functools import cache
from typing import Literal

from tracker.domain.facts import rows

type Scheme = Literal["cameo", "fips", "name"]


class NoCountry(LookupError):
    """What is called so is no country; says what it is, if that is known."""


@cache
def _table(scheme: Scheme) -> dict[str, str]:
    """The codes or names of a scheme, each with its ISO code, or none for what is no country."""
    column = {"cameo": "iso3", "fips": "fips", "name": "name"}[scheme]
    found = {row[column]: row["iso3"] for row in rows("countries") if row[column]}
    own = [row for row in rows("archive_countries") if row["scheme"] == scheme]
    return found | {row["code"]: row["iso3"] for row in own}


@cache
def _says(scheme: Scheme) -> dict[str, str]:
    return {
        row["code"]: row["says"] for row in rows("archive_countries") if row["scheme"] == scheme
    }


def country(scheme: Scheme, code: str) -> str:
    """Give the ISO alpha-3 code of a country.

    :raises NoCountry: if it is a region, an organisation, or unknown.
    """
    found = _table(scheme).get(code)
    if found:
        return found
    if found is None:
        raise NoCountry("is no country that is known")
    raise NoCountry(f"is {_says(scheme)[code]}: it speaks for no country")


@cache
def names() -> dict[str, str]:
    """The English name of each country, by ISO code."""
    return {row["iso3"]: row["name"] for row in rows("countries")}


def is_known(scheme: Scheme, code: str) -> bool:
    """Whether it is said what is called so, a country or not."""
    return code in _table(scheme)


def is_country(scheme: Scheme, code: str) -> bool:
    return bool(_table(scheme).get(code))
