"""The countries, roles and acts of generated rows of GDELT, with their weights."""

import bisect
import itertools
import random
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from tracker.domain import codebooks
from tracker.domain.facts import rows
from tracker.imports.formats import coded


class Weighted[T]:
    """Items to draw from, with weights."""

    def __init__(self, weights: Mapping[T, int]) -> None:
        self._things = tuple(weights)
        self._ends = list(itertools.accumulate(weights.values()))

    def draw(self, random_: random.Random) -> T:
        return self._things[bisect.bisect(self._ends, random_.random() * self._ends[-1])]


class Country(NamedTuple):
    """`place` is the eight columns of a place in GDELT: the whole country."""

    code: str
    name: str
    place: tuple[str, ...]


class Role(NamedTuple):
    """The role of an actor, its sector, and the name of such actors; empty: the country's name."""

    code: str
    sector: str
    called: str


class Act(NamedTuple):
    """`cells` are code, base code, root code, class and Goldstein value."""

    code: str
    cells: tuple[str, ...]
    needs_recipient: bool


# The most frequent ones first. A tenth of all rows names another country.
_NEWS = """
    USA RUS CHN GBR ISR IND UKR PAK SYR IRN TUR FRA DEU AUS NGA AFG CAN IRQ JPN KOR PRK EGY SAU PSE
    ITA PHL ZAF IDN KEN GRC MEX ESP VNM BRA POL BGD YEM LBN MYS THA KAZ UZB KGZ GEO ARM AZE BLR
"""
_ROLES = {
    "": 408,
    "GOV": 97,
    "COP": 28,
    "JUD": 25,
    "MED": 23,
    "LEG": 19,
    "CVL": 18,
    "BUS": 13,
    "MIL": 13,
    "EDU": 12,
    "ELI": 8,
    "HLH": 7,
    "LAB": 7,
    "OPP": 5,
    "MNC": 5,
    "NGO": 5,
    "REF": 2,
}
# Rows by root, per thousand, and the codes that are more frequent than others of their root.
_ROOTS = {
    "01": 160,
    "02": 82,
    "03": 63,
    "04": 244,
    "05": 59,
    "06": 18,
    "07": 18,
    "08": 48,
    "09": 10,
    "10": 18,
    "11": 76,
    "12": 31,
    "13": 14,
    "14": 11,
    "15": 6,
    "16": 13,
    "17": 46,
    "18": 12,
    "19": 68,
    "20": 3,
}
_FREQUENT = """
    010 012 013 020 036 030 040 042 043 046 051 060 070 084 090 100 110 111 112 114 120 130 141 154
    160 173 172 180 190 193
"""


def _countries() -> Weighted[Country]:
    known = {row["iso3"]: row for row in rows("countries") if row["fips"]}
    weights = {code: 90_000 // (rank + 3) for rank, code in enumerate(_NEWS.split())}
    others = sorted(known.keys() - weights)
    weights |= dict.fromkeys(others, sum(weights.values()) // 9 // len(others))
    return Weighted({_country(known[code], at): weights[code] for at, code in enumerate(weights)})


def _country(row: dict[str, str], at: int) -> Country:
    where = (f"{at * 37 % 140 - 60}", f"{at * 71 % 340 - 170}")
    place = ("1", row["name"], row["fips"], row["fips"], "", *where, row["fips"])
    return Country(row["iso3"], row["name"], place)


def _roles() -> Weighted[Role]:
    return Weighted({_role(code): weight for code, weight in _ROLES.items()})


def _role(code: str) -> Role:
    sector = coded.sector("cameo", code) if code else coded.STATE
    return Role(code, sector, "" if sector == coded.STATE else sector.upper())


def _acts() -> Weighted[Act]:
    own = [
        row for row in rows("cameo_goldstein") if len(row["code"]) > 2 and row["goldstein_gdelt"]
    ]
    whole: Counter[str] = Counter()
    for row in own:
        whole[row["root_code"]] += _share(row)
    return Weighted(
        {
            _act(row): _ROOTS[root] * 10_000 * _share(row) // whole[root]
            for row in own
            for root in [row["root_code"]]
        }
    )


def _share(row: dict[str, str]) -> int:
    return 20 if row["code"] in _FREQUENT.split() else 1


def _act(row: dict[str, str]) -> Act:
    code = row["code"]
    cells = (code, code[:3], row["root_code"], row["quad_class_gdelt"][0], row["goldstein_gdelt"])
    return Act(code, cells, codebooks.find(f"cameo-1.1b3/{code}").requires_recipient)


COUNTRIES = _countries()
ROLES = _roles()
ACTS = _acts()
