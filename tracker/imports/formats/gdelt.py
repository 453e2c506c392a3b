"""GDELT event tables of both versions, separated by tabs; some derived files have a header.

Rows that are sure to be plain claims are read fast. Most of their cells repeat those of other rows:
an actor, an act, a day. Each combination is read once, by the functions of `gdelt_drafts`, which
read every other row.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import BinaryIO, NamedTuple

from tracker.domain.codes import Code, UnknownCode
from tracker.domain.records import Role
from tracker.imports.formats import base, coded, gdelt_drafts, gdelt_rows, values
from tracker.imports.formats.base import (
    BadCell,
    FileHead,
    ImportFormat,
    InvalidRow,
    PlainDraft,
    SplitLine,
)
from tracker.imports.formats.coded import CAMEO, Side
from tracker.imports.formats.drafts import DraftClaim, NamedSource
from tracker.imports.formats.gdelt_rows import (
    MISSING,
    GdeltCells,
    Layout,
    is_added,
    is_code,
    is_day,
)

_ACTOR = (
    *("code", "name", "countrycode", "knowngroupcode", "ethniccode", "religion1code"),
    *("type1code", "type2code", "type3code"),
)
_ACT = ("eventcode", "eventbasecode", "eventrootcode", "quadclass", "goldsteinscale")
_DAY = ("sqldate", "monthyear", "year")
# Keeps the results for actors, days, addresses and the like.
_kept = lru_cache(20_000)

type Row = PlainDraft | DraftClaim | InvalidRow
type Cells = Sequence[str]
type Read = Callable[[SplitLine], DraftClaim | InvalidRow]


class _Party(NamedTuple):
    """An actor: its side of the act, and its name in the note; both None if it is nobody."""

    side: Side | None
    name: str


class _Act(NamedTuple):
    code: Code
    remarks: tuple[str, ...]


class _Day(NamedTuple):
    """The day of an event, as an ISO date and as GDELT writes it."""

    iso: str
    text: str


class _Event(NamedTuple):
    """What repeats in rows: both sides, the parties in the note, the act and the day."""

    near: Side
    far: Side | None
    parties: str
    act: _Act
    day: _Day


def read(stream: BinaryIO, version: gdelt_drafts.Version) -> Iterator[Row]:
    """Each row, the plain ones as plain drafts.

    :raises BadFile: if the header lacks a required column.
    """
    layout: Layout | None = None
    for row in base.split_lines(stream):
        if isinstance(row, InvalidRow):
            yield row
            continue
        if layout is None:
            layout = Layout.of(row.cells, version.names)
            reread = partial(gdelt_drafts.read_row, layout, version)
            plain = _Reader(layout, version.title, reread).read if layout.is_common else reread
            if layout.has_header:
                continue
        yield plain(row)


class _Reader:
    """Reads the rows of one file. `read_row` reads any row."""

    def __init__(self, layout: Layout, title: str, read_row: Read) -> None:
        self._read_row = read_row
        self._title = title
        self._width = layout.width
        self._initiator_cells = layout.getter(*(f"actor1{name}" for name in _ACTOR))
        self._recipient_cells = layout.getter(*(f"actor2{name}" for name in _ACTOR))
        self._act_cells = layout.getter(*_ACT)
        self._day_cells = layout.getter(*_DAY)
        self._own_cells = layout.getter(
            "globaleventid", "dateadded", "sourceurl", *gdelt_drafts.NOTED
        )
        self._initiators = _kept(partial(_party, "initiator", "Actor1Code"))
        self._recipients = _kept(partial(_party, "recipient", "Actor2Code"))
        self._acts = _kept(_act)
        self._days = _kept(_day)
        self._publishers = _kept(_publisher)

    def read(self, row: SplitLine) -> Row:
        cells = row.cells
        plain = self._plain(row) if len(cells) == self._width else None
        return self._read_row(row) if plain is None else plain

    def _known(self, cells: Cells) -> _Event | None:
        """The event of a row; None if it needs the long way."""
        initiator = self._initiators(self._initiator_cells(cells))
        recipient = self._recipients(self._recipient_cells(cells))
        act = self._acts(self._act_cells(cells))
        day = self._days(self._day_cells(cells))
        if not (initiator and initiator.side and recipient and act and day):
            return None
        near, far = initiator.side, recipient.side
        if near.codes == far.codes if far else act.code.requires_recipient:
            return None
        return _Event(near, far, f"{initiator.name}{recipient.name}", act, day)

    def _plain(self, row: SplitLine) -> PlainDraft | None:
        """The row as a plain draft; None if it needs the long way."""
        known = self._known(row.cells)
        if known is None:
            return None
        near, far, parties, act, day = known
        number, added, url, *noted = [cell.strip() for cell in self._own_cells(row.cells)]
        path = url.find("/", 8)
        publisher = self._publishers((url[:path],)) if path > 0 else None
        if publisher is None or MISSING in (number, *noted) or not is_added(added):
            return None
        code, late = act.code.code, gdelt_drafts.is_late(added, day.text)
        return PlainDraft(
            line=row.number,
            key=f"{day.iso} {near.codes} {code}{f' {far.codes}' if far else ''}",
            row_key=number,
            day=day.iso,
            basis=gdelt_drafts.BASIS,
            code=code,
            initiators=near.parties,
            recipients=far.parties if far else (),
            summary=f"{near.names}{f' to {far.names}' if far else ''}: {act.code.label}",
            note=gdelt_drafts.note(f"{self._title} event {number}: {parties}", noted),
            remarks=(coded.LATE, *act.remarks) if late else act.remarks,
            url=url,
            published=gdelt_drafts.published(added),
            publisher=publisher,
            reread=partial(self._read_row, row),
        )


def _clean(cells: Cells) -> list[str]:
    return ["" if (cell := raw.strip()) == MISSING else cell for raw in cells]


def _party(role: Role, column: str, cells: Cells) -> _Party | None:
    code, name, country, group, ethnic, religion, *types = _clean(cells)
    actor = gdelt_drafts.actor_of(
        gdelt_drafts.ActorCodes(code, country, group, ethnic, religion, tuple(types))
    )
    if isinstance(actor, gdelt_drafts.NoGdeltActor):
        return None
    named = gdelt_drafts.named(name, code)
    if role == "recipient":
        named = f" to {named}" if code else ""
    return _Party(coded.side(role, (actor,), column) if actor else None, named)


def _act(cells: Cells) -> _Act | None:
    code, base_code, root, quad, goldstein = _clean(cells)
    if not is_code(code, base_code, root, quad):
        return None
    try:
        return _Act(coded.act(CAMEO, code), tuple(gdelt_drafts.code_remarks(code, quad, goldstein)))
    except UnknownCode:
        return None


def _day(cells: Cells) -> _Day | None:
    day, month, year = _clean(cells)
    iso = coded.day(day) if is_day(day, month, year) else ""
    return _Day(iso, day) if iso else None


def _publisher(start: Cells) -> NamedSource | None:
    """The publisher by the start of an address, up to its path."""
    [address] = start
    if not address.lower().startswith(("http://", "https://")):
        return None
    try:
        return coded.publisher(values.host("SOURCEURL", address), "SOURCEURL")
    except BadCell:
        return None


def _format(number: int, columns: str, *, with_districts: bool) -> ImportFormat:
    name, title = f"gdelt-{number}", f"GDELT {number}.0"
    version = gdelt_drafts.Version(title, gdelt_rows.columns(with_districts=with_districts))
    return ImportFormat(
        name=name,
        description=f"{title} events, of {columns}",
        collection=coded.collection(
            name,
            f"Events that the GDELT Project's program read out of the news ({title}, CAMEO 1.1b3)."
            " One in five stories says what is said of it (Wang and others, Science 353, 2016):"
            " credibility 4.",
            credibility=4,
        ),
        matches=partial(_matches, version),
        read=partial(gdelt_drafts.read, version=version),
        read_plain=partial(read, version=version),
        header=tuple(gdelt_rows.COLUMNS[name] for name in GdeltCells._fields),
    )


def _matches(version: gdelt_drafts.Version, head: FileHead) -> bool:
    return gdelt_rows.matches(head, version.names)


# Daily exports, and exports every 15 minutes.
GDELT_1 = _format(1, "58 columns, or 57 from before April 2013", with_districts=False)
GDELT_2 = _format(2, "61 columns", with_districts=True)
