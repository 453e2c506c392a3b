"""The rung of a pair of countries by what data sets have on record of it: the rules of
`structural-1`, whose rungs are in `levels`, and the tables in `fixtures/structural/`. Other rules
are another version."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, cast

from tracker.domain.facts import rows
from tracker.domain.levels import RUNGS, Rung

VERSION = "structural-1"
Table = Literal["rivalries", "pacts", "disputes", "memberships"]
# A dispute counts for so many years after it ended; a war for good.
YEARS = 30
FORCE, WAR = 4, 5
# The fatality level of 26 to 100 deaths. Level 1, of 1 to 25, is an incident: with it China and the
# United States would be severe rivals, as India and Pakistan are.
DEATHS = 2
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivalry:
    """A strategic rivalry, from a year to another, or going on. `row`: where its table has it."""

    since: int
    until: int | None
    row: str

    def goes_on(self, day: date) -> bool:
        """Whether it had begun by a day and goes on. A year is on record from its last day."""
        return _ended(self.since, day) and (self.until is None or self.until >= day.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Militarised disputes, with their highest levels of hostility (1 to 5) and of fatality (0 to
    6, -9 if unknown)."""

    first: int
    last: int
    hostility: int
    fatality: int
    row: str

    def makes_severe(self, rivalry: Rivalry, day: date) -> bool:
        """Whether it makes a going rivalry a severe one on a day. It must have ended by then, and
        not before the rivalry began."""
        recent = day.year - self.last <= YEARS
        deadly = self.hostility >= FORCE and self.fatality >= DEATHS
        belongs = rivalry.since <= self.last and _ended(self.last, day)
        return belongs and (self.hostility >= WAR or (deadly and recent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pact:
    """The obligations of an alliance treaty of a pair in a year."""

    year: int
    obligations: tuple[str, ...]
    row: str

    @property
    def duty_to_fight(self) -> str | None:
        """The obligation by which one must fight for the other; offence binds as defence does."""
        return next((duty for duty in ("defence", "offence") if duty in self.obligations), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMembership:
    """An organisation to which both belonged, from the later accession to the earlier
    withdrawal."""

    organisation: str
    since: date
    until: date | None
    row: str

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


type Fact = Rivalry | Dispute | Pact


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRecord:
    """What each table has of a pair, whose name is such as "CHN-USA". Pacts are of one year."""

    pair: str
    rivalries: tuple[Rivalry, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    pacts: tuple[Pact, ...] = ()
    memberships: tuple[SharedMembership, ...] = ()

    @property
    def pact(self) -> Pact | None:
        """All pacts as one; None if none has an obligation."""
        bound = {name for pact in self.pacts for name in pact.obligations}
        ordered = tuple(name for name in OBLIGATIONS.values() if name in bound)
        return replace(self.pacts[0], obligations=ordered) if ordered else None


class Row(NamedTuple):
    """Where a table has what an assessment rests on."""

    table: Table
    locator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The rung of a pair as of a day, by its name in the table, and the rows that it rests on, at
    least one."""

    name: str
    day: date
    summary: str
    rows: tuple[Row, ...]

    @property
    def term(self) -> str:
        """The rung as a claim names it."""
        return f"{VERSION}/{self.name}"

    @property
    def rung(self) -> Rung:
        return RUNGS[self.term]


class Edition(NamedTuple):
    """The edition of a table: who published it, its title, and the last day that it knows."""

    publisher: str
    title: str
    known_until: date


class _Known(NamedTuple):
    """The edition of each table, and the day as of which a pair is assessed, if any."""

    editions: Mapping[Table, Edition]
    as_of: date | None

    def day(self, *tables: Table) -> date:
        """The last day that all of these tables know, or the day of the assessment."""
        days = [self.editions[table].known_until for table in tables]
        return min([*days, self.as_of] if self.as_of else days)


def assess(
    record: PairRecord, editions: Mapping[Table, Edition], as_of: date | None = None
) -> Assessment:
    """The rung of a pair by what is on record of it in tables of some editions.

    The day of the assessment is that of the older of
    the tables that it rests on, or `as_of` if that is earlier: a severe rivalry rests on rivalries
    and disputes, and a lesser one on rivalries. As of a day only what had begun by then counts, and
    of disputes what had ended; pacts are known for one year only and count whatever the day, which
    the summary states.
    """
    knows = _Known(editions, as_of)
    day = knows.day("rivalries")
    for rivalry in record.rivalries:
        if rivalry.goes_on(day):
            return _of_rivals(record, rivalry, knows)
    return _of_members(record, knows) or _of_others(record, knows)


def _of_rivals(record: PairRecord, rivalry: Rivalry, knows: _Known) -> Assessment:
    """Who fought each other is a severe rival whatever was signed: the pact did not hold."""
    since, row = f"Strategic rivals since {rivalry.since}", Row("rivalries", rivalry.row)
    day, pact = knows.day("rivalries", "disputes"), record.pact
    severe = [dispute for dispute in record.disputes if dispute.makes_severe(rivalry, day)]
    if severe:
        dispute = max(severe, key=lambda one: (one.hostility >= WAR, one.last, one.row))
        what = "a war on record" if dispute.hostility >= WAR else "a deadly dispute"
        return Assessment(
            name="severe-rivalry",
            day=day,
            summary=f"{since}, with {what} {_years(dispute)}.",
            rows=(row, Row("disputes", dispute.row)),
        )
    if pact and pact.duty_to_fight:
        day = knows.day("rivalries", "pacts")
        return Assessment(
            name="rivalry-with-pact",
            day=day,
            summary=f"{since}, with a pact of {pact.duty_to_fight} in {pact.year}"
            f"{_later(pact.year, day)}.",
            rows=(row, Row("pacts", pact.row)),
        )
    return Assessment(
        name="lesser-rivalry", day=knows.day("rivalries"), summary=f"{since}.", rows=(row,)
    )


def _of_members(record: PairRecord, knows: _Known) -> Assessment | None:
    """Of countries that belong to an organisation together; None if they do not."""
    day = knows.day("rivalries", "memberships")
    shared = [one for one in record.memberships if one.holds(day)]
    if not shared:
        return None
    where = " and ".join(f"in {_the(one)} since {one.since.year}" for one in shared)
    return Assessment(
        name="security-community",
        day=day,
        summary=f"Both {where}.",
        rows=tuple(Row("memberships", one.row) for one in shared),
    )


def _of_others(record: PairRecord, knows: _Known) -> Assessment:
    day, pact = knows.day("rivalries", "pacts"), record.pact
    if pact:
        name = pact.duty_to_fight or _listed(pact.obligations)
        return Assessment(
            name="defence-pact" if pact.duty_to_fight else "pact",
            day=day,
            summary=f"A pact of {name} in {pact.year}{_later(pact.year, day)}, and no rivalry.",
            rows=(Row("pacts", pact.row),),
        )
    absent = f"no row of {record.pair}"
    return Assessment(
        name="negative-peace",
        day=day,
        summary="Neither strategic rivals nor bound by a pact.",
        rows=(Row("rivalries", absent), Row("pacts", absent)),
    )


def _ended(year: int, day: date) -> bool:
    return date(year, 12, 31) <= day


def _years(dispute: Dispute) -> str:
    if dispute.first == dispute.last:
        return f"in {dispute.first}"
    return f"between {dispute.first} and {dispute.last}"


def _later(year: int, day: date) -> str:
    """Says that a pact is of a later year than the assessment."""
    return "" if year <= day.year else ", the only year on record"


def _the(membership: SharedMembership) -> str:
    return "NATO" if membership.organisation == "NATO" else f"the {membership.organisation}"


def _listed(words: tuple[str, ...]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


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


def fact(table: Table, cells: Mapping[str, str], row: str) -> Fact:
    """What a row of a table has of its pair, by the columns of the tables that come with the
    program. `row`: where its table has it."""
    if table == "rivalries":
        until = int(cells["end_year"]) if cells["end_year"] else None
        return Rivalry(since=int(cells["start_year"]), until=until, row=row)
    if table == "disputes":
        return Dispute(
            first=int(cells["first_year"]),
            last=int(cells["last_year"]),
            hostility=int(cells["hostility_max"]),
            fatality=int(cells["fatality_max"]),
            row=row,
        )
    bound = tuple(name for column, name in OBLIGATIONS.items() if cells[column] == "1")
    return Pact(year=int(cells["year"]), obligations=bound, row=row)


def on_record(pair: str) -> PairRecord:
    """What the tables that come with the program have of a pair."""
    facts: Mapping[str, tuple[Fact, ...]] = _facts().get(pair, {})
    shared = tuple(_shared(*pair.split("-")))
    return with_facts(PairRecord(pair=pair, memberships=shared), facts)


def with_facts(record: PairRecord, facts: Mapping[str, tuple[Fact, ...]]) -> PairRecord:
    """A record with other facts of some tables."""
    return replace(record, **cast("dict[str, Any]", facts))


@cache
def _facts() -> Mapping[str, Mapping[str, tuple[Fact, ...]]]:
    """What the tables have of each pair, by the name of the table."""
    found: dict[str, dict[str, tuple[Fact, ...]]] = defaultdict(dict)
    for table, file, locator in _FILES:
        for cells in rows(file, FOLDER):
            pair = pair_of(cells["country_1"], cells["country_2"])
            one = fact(table, {"year": f"{PACTS_OF}"} | cells, locator.format(pair=pair, **cells))
            found[pair][table] = (*found[pair].get(table, ()), one)
    return found


# The file of each table, and how a row of it is cited.
_FILES: tuple[tuple[Table, str, str], ...] = (
    ("rivalries", "rivalries", "No. {id}, {rivalry}"),
    ("disputes", "disputes_1990_2010", "{pair}"),
    ("pacts", f"pacts_{PACTS_OF}", "{pair}"),
)


def _shared(country: str, other: str) -> Iterator[SharedMembership]:
    for organisation, members in sorted(_members().items(), reverse=True):
        if country in members and other in members:
            both = (members[country], members[other])
            yield SharedMembership(
                organisation=organisation,
                since=date.fromisoformat(max(row["since"] for row in both)),
                until=min(
                    (date.fromisoformat(row["until"]) for row in both if row["until"]), default=None
                ),
                row=f"{organisation}: {country}, {other}",
            )


@cache
def _members() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The rows of the members of each organisation. None has joined twice."""
    found: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for row in rows("memberships", FOLDER):
        found[row["organisation"]][row["country"]] = row
    return found
