"""The tables in `fixtures/structural/`: what they have of a pair, and their editions."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple, cast

from tracker.domain.facts import rows
from tracker.domain.structural import (
    Dispute,
    Pact,
    PairRecord,
    Rivalry,
    SharedMembership,
    Table,
)

FOLDER = "structural"
# The columns of obligations, in the order in which a sentence lists them.
OBLIGATIONS: Mapping[str, str] = {
    "defence": "defence",
    "offence": "offence",
    "neutrality": "neutrality",
    "nonaggression": "non-aggression",
    "consultation": "consultation",
}
PACTS_OF = 2018


class Edition(NamedTuple):
    """The edition of a table: who published it, its title, and the last day that it knows."""

    publisher: str
    title: str
    known_until: date


@cache
def editions() -> Mapping[Table, Edition]:
    """The editions of the tables that come with the program."""
    return {
        cast("Table", row["table"]): Edition(
            row["publisher"], row["title"], date.fromisoformat(row["known_until"])
        )
        for row in rows("editions", FOLDER)
    }


def pair_of(country: str, other: str) -> str:
    """The name of a pair, such as "CHN-USA", by the codes of its countries in any order."""
    return "-".join(sorted((country, other)))


def on_record(pair: str) -> PairRecord:
    """What the tables that come with the program have of a pair."""
    return PairRecord(
        pair=pair,
        rivalries=_rivalries().get(pair, ()),
        disputes=_disputes().get(pair, ()),
        pact=_pacts().get(pair),
        memberships=tuple(_shared(*pair.split("-"))),
    )


@cache
def _rivalries() -> Mapping[str, tuple[Rivalry, ...]]:
    found: dict[str, tuple[Rivalry, ...]] = {}
    for row in rows("rivalries", FOLDER):
        pair = pair_of(row["country_1"], row["country_2"])
        rivalry = Rivalry(
            since=int(row["start_year"]),
            until=int(row["end_year"]) if row["end_year"] else None,
            row=f"No. {row['id']}, {row['rivalry']}",
        )
        found[pair] = (*found.get(pair, ()), rivalry)
    return found


@cache
def _disputes() -> Mapping[str, tuple[Dispute, ...]]:
    return {
        pair: (
            Dispute(
                first=int(row["first_year"]),
                last=int(row["last_year"]),
                hostility=int(row["hostility_max"]),
                fatality=int(row["fatality_max"]),
                row=pair,
            ),
        )
        for row in rows("disputes_1990_2010", FOLDER)
        for pair in [pair_of(row["country_1"], row["country_2"])]
    }


@cache
def _pacts() -> Mapping[str, Pact]:
    return {
        pair: Pact(
            year=PACTS_OF,
            obligations=tuple(name for column, name in OBLIGATIONS.items() if row[column] == "1"),
            row=pair,
        )
        for row in rows(f"pacts_{PACTS_OF}", FOLDER)
        for pair in [pair_of(row["country_1"], row["country_2"])]
    }


class _Member(NamedTuple):
    since: date
    until: date | None


@cache
def _members() -> Mapping[str, Mapping[str, _Member]]:
    """The members of each organisation. None has joined twice."""
    found: dict[str, dict[str, _Member]] = {}
    for row in rows("memberships", FOLDER):
        until = date.fromisoformat(row["until"]) if row["until"] else None
        member = _Member(date.fromisoformat(row["since"]), until)
        found.setdefault(row["organisation"], {})[row["country"]] = member
    return found


def _shared(country: str, other: str) -> Iterator[SharedMembership]:
    for organisation, members in sorted(_members().items(), reverse=True):
        if country in members and other in members:
            first, second = members[country], members[other]
            ends = [member.until for member in (first, second) if member.until]
            yield SharedMembership(
                organisation=organisation,
                since=max(first.since, second.since),
                until=min(ends) if ends else None,
                row=f"{organisation}: {country}, {other}",
            )
