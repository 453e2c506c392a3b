"""Events that a program has coded from the news, as drafts: parties by country and sector, one act,
one story.

Rows with the same `key` (day, initiator, act, recipient) report one event, even if their publishers
differ. So a story that many outlets copy does not count as several sources. The first such row
becomes the claim and the others are `repeated`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from itertools import compress
from typing import Literal, NamedTuple, cast

from tracker.domain import codebooks
from tracker.domain.claims import Basis
from tracker.domain.codes import Code
from tracker.domain.facts import rows
from tracker.domain.offices import NO_OFFICES, NoOffice, Office, Offices
from tracker.domain.records import Collection, Role, Sector
from tracker.imports.formats import faults
from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.country_schemes import state_names
from tracker.imports.formats.drafts import FormerDraft, NamedParty, NamedSource, PlainDraft, Story
from tracker.imports.formats.faults import Reads
from tracker.imports.formats.headed import NamedRow

type Scheme = Literal["cameo", "icews", "plover", "role"]

# The government of a state is the state itself.
STATE: Sector = "government"


class SectorActor(NamedTuple):
    """The actor for a sector of a country."""

    country: str
    sector: Sector = STATE

    @property
    def code(self) -> str:
        """The code of the actor: that of the country, or `CHN.MILITARY`."""
        if self.sector == STATE:
            return self.country
        return f"{self.country}.{self.sector.replace(' ', '-').upper()}"


class NamedActor(NamedTuple):
    """An actor by name, to be looked up among the actors on record."""

    name: str

    @property
    def code(self) -> str:
        return self.name


type CodedActor = SectorActor | NamedActor


class NoSector(LookupError):
    """A role belongs to no sector of a country, or it is unknown."""


@cache
def _table(scheme: Scheme) -> dict[str, tuple[str, str, int]]:
    """Sector, description and rank of each role."""
    roles = [row for row in rows("archive_agents") if row["scheme"] == scheme]
    return {row["code"]: (row["sector"], row["says"], rank) for rank, row in enumerate(roles)}


def is_role(scheme: Scheme, code: str) -> bool:
    return code in _table(scheme)


def sector(scheme: Scheme, code: str) -> Sector:
    """The sector of a role.

    :raises NoSector: for rebels, criminals and the like, and for an unknown role.
    """
    if code not in _table(scheme):
        raise NoSector("is an unknown role")
    name, description, _ = _table(scheme)[code]
    if not name:
        raise NoSector(f"stands for {description}, which represents no country")
    return cast("Sector", name)


def first_sector(codes: Iterable[str]) -> Sector:
    """The sector of an actor with several roles of ICEWS: that of the first one in the table.

    :raises NoSector: if this role represents no country, or all roles are unknown.
    """
    table = _table("icews")
    ranked = sorted((table[code][2], code) for code in codes if code in table)
    if not ranked:
        raise NoSector("has no known role")
    return sector("icews", ranked[0][1])


def holder(name: str, day: str, offices: Offices) -> SectorActor | NoOffice | None:
    """The actor that a person in office stands for on a day, or why there is none; None if nobody
    has the name, or if the day cannot be read (an empty text)."""
    if not day:
        return None
    office = offices.find(name, date.fromisoformat(day))
    return SectorActor(office.country, office.sector) if isinstance(office, Office) else office


CAMEO = "cameo-1.1b3"
# The most names and days to cache.
_CACHED = 65_536
SAME_ACTOR = "is also the initiator: such an act is not between two countries"
NO_RECIPIENT = "requires a recipient, and the row names none"
NO_INITIATOR = "is empty: an act requires an initiator"
NO_PUBLISHER = "is empty: the publisher is unknown"
LATE = "happened a year or more before it was added"


class CodedAct(NamedTuple):
    """An act and its parties. `recipients` is empty if the row names none."""

    day: str
    basis: Basis
    act: Code
    initiators: tuple[CodedActor, ...]
    recipients: tuple[CodedActor, ...]
    contexts: tuple[str, ...] = ()


class ArchiveRow(NamedTuple):
    """A row of an archive. `key` is its id in the archive; for `columns` and `cells` see
    `PlainDraft`."""

    line: int
    key: str
    note: str
    remarks: tuple[str, ...]
    columns: Mapping[str, str]
    cells: Callable[[], Mapping[str, str]]


class PartyColumns(NamedTuple):
    """The columns of the two parties."""

    initiator: str
    recipient: str


def collection(name: str, description: str, *, credibility: int) -> Collection:
    """A machine-coded collection: its claims score without review, in lenses that name it."""
    return Collection(
        name=name,
        coding="machine",
        review=False,
        description=description,
        default_reliability="C",
        default_credibility=credibility,
    )


@cache
def act(scheme: str, code: str) -> Code:
    """:raises UnknownCode: if the edition does not have the code."""
    return codebooks.find(f"{scheme}/{code}")


@lru_cache(_CACHED)
def day(text: str) -> str:
    """A day, written YYYYMMDD or YYYY-MM-DD, as EDTF; empty if it is invalid. A time may follow."""
    written = text.partition(" ")[0].partition("T")[0]
    iso = written if len(written) == 10 else f"{written[:4]}-{written[4:6]}-{written[6:]}"
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return ""


def day_in(cells: Mapping[str, str], column: str, *, such_as: str) -> str:
    """The day in one of the cells of a row.

    :raises BadCell: with an example of a day, if there is none.
    """
    text = cells[column.lower()]
    if found := day(text):
        return found
    raise BadCell(column, text, f"is not a day such as {such_as}")


def year(text: str) -> str:
    """A year from 1000 on, which some programs write as 2018.0; empty if it is invalid."""
    digits = text.removesuffix(".0")
    is_year = len(digits) == 4 and digits.isascii() and digits.isdigit() and digits[0] != "0"
    return digits if is_year else ""


def draft(row: ArchiveRow, coded: CodedAct, story: Story, columns: PartyColumns) -> PlainDraft:
    """The draft of a row.

    :raises BadCell: if both parties are the same, or the act requires a recipient and has none.
    """
    _check_parties(row, coded, columns)
    near = side("initiator", coded.initiators, columns.initiator)
    far = side("recipient", coded.recipients, columns.recipient)
    code = coded.act.code
    parties = f"{near.names} to {far.names}" if far.names else near.names
    return PlainDraft(
        line=row.line,
        key=f"{coded.day} {near.codes} {code} {far.codes}".rstrip(),
        row_key=row.key,
        day=coded.day,
        basis=coded.basis,
        code=code,
        initiators=near.parties,
        recipients=far.parties,
        contexts=coded.contexts,
        summary=f"{parties}: {coded.act.label}",
        note=row.note,
        remarks=row.remarks,
        story=story,
        columns=row.columns,
        cells=row.cells,
    )


def drafts(
    rows: Iterable[NamedRow | InvalidRow],
    read: Callable[[NamedRow, Offices], PlainDraft],
    parts: Callable[[NamedRow, Offices], Reads],
    offices: Offices,
    parties: tuple[str, str],
) -> Iterator[PlainDraft | InvalidRow]:
    """The drafts that `read` makes of rows, in which persons in office stand for their countries.
    `parties`: the columns with the names of initiator and recipient; for `parts` see
    `faults.drafts`."""

    def draft(row: NamedRow) -> PlainDraft:
        names = (row.cells[parties[0]], row.cells[parties[1]])
        return _by_office(read, row, offices, names)

    return faults.drafts(rows, draft, lambda row: parts(row, offices))


def _by_office(
    read: Callable[[NamedRow, Offices], PlainDraft],
    row: NamedRow,
    offices: Offices,
    names: tuple[str, str],
) -> PlainDraft:
    """The draft of a row. If the row was valid before there was a table of offices, and had other
    parties, the draft has the former one, too.

    :raises BadCell: as `read`.
    """
    draft = read(row, offices)
    if any(map(offices.knows, names)):
        with suppress(BadCell):
            former = read(row, NO_OFFICES)
            sides = (former.initiators != draft.initiators, former.recipients != draft.recipients)
            others = tuple(compress(names, sides))
            return draft._replace(former=FormerDraft(former, others)) if others else draft
    return draft


def _check_parties(row: ArchiveRow, coded: CodedAct, columns: PartyColumns) -> None:
    for actor in coded.recipients:
        if actor in coded.initiators:
            raise BadCell(columns.recipient, actor.code, SAME_ACTOR)
    if not coded.recipients and coded.act.requires_recipient:
        column = row.columns["/code"]
        raise BadCell(column, row.cells()[column], NO_RECIPIENT)


@lru_cache(_CACHED)
def publisher(name: str, column: str) -> NamedSource:
    """A publisher, as the archive names it."""
    return NamedSource(name=name, column=column)


class Side(NamedTuple):
    """The parties of one role, their codes and their names."""

    parties: tuple[NamedParty, ...]
    codes: str
    names: str


@lru_cache(_CACHED)
def side(role: Role, actors: tuple[CodedActor, ...], column: str) -> Side:
    return Side(
        parties=tuple(party(role, actor, column) for actor in actors),
        codes="+".join(sorted(actor.code for actor in actors)),
        names=", ".join(_name(actor) for actor in actors),
    )


def _name(actor: CodedActor) -> str:
    if isinstance(actor, NamedActor):
        return actor.name
    # A person on record can speak for a state that is not in the reference.
    country = state_names().get(actor.country, actor.country)
    if actor.sector == STATE:
        return country
    return f"{actor.sector.capitalize()} ({country})"


def party(role: Role, actor: CodedActor, column: str) -> NamedParty:
    """The party of an actor: of a sector, one that can be created with its country."""
    if isinstance(actor, NamedActor) or actor.sector == STATE:
        return NamedParty(role=role, name=actor.code, column=column)
    return NamedParty(
        role=role,
        name=actor.code,
        column=column,
        actor_name=_name(actor),
        country=actor.country,
        sector=actor.sector,
    )
