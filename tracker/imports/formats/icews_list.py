"""Lists made from ICEWS: date, subject, relation, object; the relation is CAMEO's label."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from typing import BinaryIO

from tracker.domain import codebooks
from tracker.domain.claims import Basis
from tracker.domain.codes import Code
from tracker.domain.likeness import suggestion
from tracker.domain.offices import NO_OFFICES, NoOffice, Offices
from tracker.imports.formats import coded, headed, icews_names
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.coded import (
    CAMEO,
    NO_INITIATOR,
    ArchiveRow,
    CodedAct,
    CodedActor,
    PartyColumns,
    SectorActor,
)
from tracker.imports.formats.drafts import NamedSource, PlainDraft, Story
from tracker.imports.formats.faults import Reads
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.icews_names import NoIcewsActor

_COLUMNS = {"/code": "relation", "/occurred": "date"}
_PARTIES = PartyColumns("subject", "object")
_WANTED = ("date", "subject", "relation", "object")
_BASIS: Basis = "publication"
_day = partial(coded.day_in, such_as="2018-08-29")
_PROJECT = NamedSource(name="ICEWS", kind="organisation")


def _matches(head: FileHead) -> bool:
    return set(_WANTED) <= head.names


def _read(stream: BinaryIO, offices: Offices = NO_OFFICES) -> Iterator[PlainDraft | InvalidRow]:
    rows = headed.read_headed(stream, _WANTED, missing=("NA",))
    return coded.drafts(rows, _draft, _parts, offices, ("subject", "object"))


def _draft(row: NamedRow, offices: Offices) -> PlainDraft:
    cells = row.cells
    day, act = _day(row.cells, "date"), _act(cells["relation"])
    event = CodedAct(
        day=day,
        basis=_BASIS,
        act=act,
        initiators=(_actor("subject", row, offices),),
        recipients=_recipients(row, offices),
    )
    parties = " to ".join(filter(None, (cells["subject"], cells["object"])))
    archived = ArchiveRow(
        line=row.line,
        key=f"{day} {cells['subject']} {act.parts[0]} {cells['object']}"[:200].strip(),
        note=f"ICEWS: {parties}",
        remarks=(),
        columns=_COLUMNS,
        cells=partial(_shown, cells),
    )
    return coded.draft(archived, event, _story(day), _PARTIES)


def _story(day: str) -> Story:
    title = f"ICEWS: events of {day}, from stories that the list does not name"
    return Story(publisher=_PROJECT, title=title, published=day)


def _shown(cells: Mapping[str, str]) -> Mapping[str, str]:
    return {name: cells[name] for name in _WANTED}


def _parts(row: NamedRow, offices: Offices) -> Reads:
    yield partial(_day, row.cells, "date")
    yield partial(_act, row.cells["relation"])
    yield partial(_actor, "subject", row, offices)
    yield partial(_recipients, row, offices)


def _recipients(row: NamedRow, offices: Offices) -> tuple[CodedActor, ...]:
    return (_actor("object", row, offices),) if row.cells["object"] else ()


def _actor(column: str, row: NamedRow, offices: Offices) -> CodedActor:
    name = row.cells[column]
    if not name:
        raise BadCell(column, "", NO_INITIATOR)
    actor = icews_names.actor_named(name)
    if isinstance(actor, NoIcewsActor):
        raise BadCell(column, name, str(actor))
    if isinstance(actor, SectorActor):
        return actor
    held = coded.holder(name, coded.day(row.cells["date"]), offices)
    if isinstance(held, NoOffice):
        raise BadCell(column, name, str(held))
    return held or actor


@cache
def _labels() -> dict[str, Code]:
    """CAMEO's codes by label. The label of a whole family is also that of its first code."""
    codes = codebooks.CODEBOOKS[CAMEO].codes.values()
    return {_plain(code.label): code for code in codes if len(code.parts[0]) > 2}


def _plain(label: str) -> str:
    """A label in lower case and without hyphens, since writers vary them."""
    return label.replace("-", " ").casefold()


def _act(label: str) -> Code:
    code = _labels().get(_plain(label))
    if code is None:
        raise BadCell("relation", label, _unknown(_plain(label)))
    return code


@lru_cache(1_024)
def _unknown(label: str) -> str:
    """Why a label is refused. To find similar ones takes milliseconds, and labels are repeated."""
    return f"is not a label of CAMEO 1.1b3; {suggestion(label, _labels())}"


FORMAT = ImportFormat(
    name="icews-list",
    description="a list made from ICEWS: date, subject, relation, object",
    collection=coded.collection(
        "icews-list",
        "Events of ICEWS as a list without stories and publishers (CAMEO 1.1b3 by label)."
        " Nobody can be asked who reported an event: credibility 4.",
        credibility=4,
    ),
    matches=_matches,
    rows=_read,
    header=_WANTED,
    width=4,
    names_people=True,
)
