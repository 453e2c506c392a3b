"""What a program read out of the news, as a draft: parties by country and sector, one act, one
story.

A row that repeats another has the same `key`: the day, who did it, the act, to whom. It is one
event, whoever reports it, so that neither a story told twice nor a wire that many print becomes a
second witness. Of such rows the first is the claim and the others are `repeated`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Literal, NamedTuple, cast

from tracker.domain import codebooks
from tracker.domain.claims import Basis
from tracker.domain.codec import Plain
from tracker.domain.codes import Code
from tracker.domain.facts import rows
from tracker.domain.records import Collection, Role, Sector
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.countries import names
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource

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


CAMEO = "cameo-1.1b3"
# Of names and days, which a file may have without end.
_REMEMBERED = 65_536
BOTH_ENDS = "is who acts: what somebody does to himself is between no two countries"
ALONE = "is done to somebody, and the row says to nobody whom"
LATE = "happened a year or more before it was added"


class Deed(NamedTuple):
    """Who did what to whom. `act` is a codebook's; `whom` is empty where the row names nobody."""

    day: str
    basis: Basis
    act: Code
    who: tuple[Speaker | Called, ...]
    whom: tuple[Speaker | Called, ...]
    contexts: tuple[str, ...] = ()


class Story(NamedTuple):
    """Where it is told."""

    publisher: NamedSource
    document: Plain
    citation: Plain


class Row(NamedTuple):
    """What an archive says of a row. `key` is the archive's own name for it; `columns` says where
    a field stands and `cells` what does, see `DraftClaim`."""

    line: int
    key: str
    note: str
    remarks: tuple[str, ...]
    columns: Mapping[str, str]
    cells: Mapping[str, str]


class Ends(NamedTuple):
    """The columns in which the two parties stand."""

    who: str
    whom: str


def collection(name: str, says: str, *, credibility: int) -> Collection:
    """A machine-coded collection: its claims score without review, in lenses that name it."""
    return Collection(
        name=name,
        coding="machine",
        review=False,
        description=says,
        default_reliability="C",
        default_credibility=credibility,
    )


@cache
def act(scheme: str, code: str) -> Code:
    """:raises UnknownCode: if the edition does not know the code."""
    return codebooks.find(f"{scheme}/{code}")


@lru_cache(_REMEMBERED)
def day(text: str) -> str:
    """Give a day, written YYYYMMDD or YYYY-MM-DD, as EDTF; empty if it is none."""
    plain = text if len(text) == 10 else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return date.fromisoformat(plain).isoformat()
    except ValueError:
        return ""


def draft(row: Row, deed: Deed, story: Story, ends: Ends) -> DraftClaim:
    """Give the draft of a row.

    :raises BadCell: if both parties are one, or one is missing to whom the act is done.
    """
    who, whom, act = deed.who, deed.whom, deed.act
    for one in whom:
        if one in who:
            raise BadCell(ends.whom, one.code, BOTH_ENDS)
    if not whom and act.requires_recipient:
        raise BadCell(row.columns["/code"], row.cells[row.columns["/code"]], ALONE)
    near, far = _side("initiator", who, ends.who), _side("recipient", whom, ends.whom)
    code = act.code
    fields: Plain = {
        "kind": "act",
        "key": row.key,
        "summary": f"{near.called}{f' to {far.called}' if whom else ''}: {act.label}",
        "code": code,
        "occurred": {"edtf": deed.day, "basis": deed.basis},
        "note": row.note,
    }
    if deed.contexts:
        fields["contexts"] = list(deed.contexts)
    return DraftClaim(
        line=row.line,
        key=f"{deed.day} {near.codes} {code} {far.codes}".rstrip(),
        fields=fields,
        parties=near.parties + far.parties,
        citation=story.citation,
        document=story.document,
        publisher=story.publisher,
        chain=(),
        columns=row.columns,
        cells=row.cells,
        remarks=row.remarks,
        retold=True,
    )


@lru_cache(_REMEMBERED)
def publisher(name: str, column: str) -> NamedSource:
    """Somebody who publishes, as the archive names them."""
    return NamedSource(name=name, column=column)


class _Side(NamedTuple):
    """Those on one side of a deed: as parties, by their codes, and as they are called."""

    parties: tuple[NamedParty, ...]
    codes: str
    called: str


@lru_cache(_REMEMBERED)
def _side(role: Role, speakers: tuple[Speaker | Called, ...], column: str) -> _Side:
    return _Side(
        parties=tuple(_party(role, one, column) for one in speakers),
        codes="+".join(sorted(one.code for one in speakers)),
        called=", ".join(_called(one) for one in speakers),
    )


def _called(speaker: Speaker | Called) -> str:
    if isinstance(speaker, Called):
        return speaker.name
    country = names()[speaker.country]
    if speaker.sector == STATE:
        return country
    return f"{speaker.sector.capitalize()} ({country})"


def _party(role: Role, speaker: Speaker | Called, column: str) -> NamedParty:
    if isinstance(speaker, Called) or speaker.sector == STATE:
        return NamedParty(role=role, name=speaker.code, column=column)
    return NamedParty(
        role=role,
        name=speaker.code,
        column=column,
        called=_called(speaker),
        country=speaker.country,
        sector=speaker.sector,
    )
