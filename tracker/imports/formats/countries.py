"""Countries in archives: codes of CAMEO and FIPS, formal names. What is not a country is listed."""

from functools import cache
from typing import Literal

from tracker.domain.facts import rows

type Scheme = Literal["cameo", "fips", "name"]


class NoCountry(LookupError):
    """A code or name of no country. The message says what it is, if that is known."""


@cache
def codes(scheme: Scheme) -> dict[str, str]:
    """ISO codes by the codes or names of a scheme; empty for what is not a country."""
    column = {"cameo": "iso3", "fips": "fips", "name": "name"}[scheme]
    common = {row[column]: row["iso3"] for row in rows("countries") if row[column]}
    own = [row for row in rows("archive_countries") if row["scheme"] == scheme]
    return common | {row["code"]: row["iso3"] for row in own}


@cache
def descriptions(scheme: Scheme) -> dict[str, str]:
    """What the codes or names that archives have besides those of the reference mean."""
    return {
        row["code"]: row["says"] for row in rows("archive_countries") if row["scheme"] == scheme
    }


def country(scheme: Scheme, code: str) -> str:
    """The ISO alpha-3 code of a country.

    :raises NoCountry: for a region, an organisation, or an unknown code.
    """
    iso = codes(scheme).get(code)
    if iso:
        return iso
    if iso is None:
        raise NoCountry("is an unknown country")
    raise NoCountry(f"is {descriptions(scheme)[code]}: it represents no country")


@cache
def names() -> dict[str, str]:
    """The English name of each country, by ISO code."""
    return {row["iso3"]: row["name"] for row in rows("countries")}


def is_known(scheme: Scheme, code: str) -> bool:
    """Whether a code or name is known, of a country or not."""
    return code in codes(scheme)


def is_country(scheme: Scheme, code: str) -> bool:
    return bool(codes(scheme).get(code))
