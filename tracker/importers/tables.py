"""A table in bytes, CSV or a workbook: its header and its rows."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches

from tracker.importers import csvtable, workbook
from tracker.importers.formulas import unguarded
from tracker.importers.lines import MOST_BYTES, BadFile, Layout, Line, Refused, Row
from tracker.importers.packed import GZIP

# The column in which a download of refused rows says why. It is passed over when that comes back,
# and so are the apostrophes that kept its cells from being formulas.
REASON = "refused because"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(data: bytes, layout: Layout, *, wanted: Collection[str]) -> Iterator[Row | Refused]:
    """Give the rows below the header as they come; those that have not its number of cells are
    refused.

    Blank rows are passed over. `wanted` are the columns that there must be.

    :raises BadFile: if there is no such table in the file; later, if it cannot be told how it
        goes on.
    """
    header, lines = laid_out(data, layout, wanted=wanted)
    ragged = data.startswith(_ZIP)
    return (_row(header, line, ragged=ragged) for line in lines)


def laid_out(
    data: bytes, layout: Layout, *, wanted: Collection[str]
) -> tuple[Sequence[str], Iterator[Line]]:
    """Give the header and the lines below it, blank ones left out, as they stand there.

    :raises BadFile: as `read`.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(f"the file has {len(data)} bytes; at most {MOST_BYTES} are read at once")
    lines = (line for line in _lines(data, layout, wanted) if line.number >= layout.header)
    first = next(lines, None)
    if first is None or first.blank:
        raise BadFile(f"there is no header on line {layout.header}")
    _check(first.cells, wanted)
    return first.cells, (line for line in lines if not line.blank)


def _lines(data: bytes, layout: Layout, wanted: Collection[str]) -> Iterable[Line]:
    if data.startswith(_OLE):
        raise BadFile("this is an old workbook (.xls) or one with a password: save it as .xlsx")
    if data.startswith(GZIP):
        raise BadFile("this is packed (.gz): a table goes with a mapping as it is, unpack it")
    if data.startswith(_ZIP):
        return workbook.lines(data, sheet=layout.sheet)
    return csvtable.lines(data, wanted=wanted, encoding=layout.encoding, delimiter=layout.delimiter)


def _check(header: Sequence[str], wanted: Collection[str]) -> None:
    for name, times in Counter(filter(None, header)).items():
        if times > 1:
            raise BadFile(f"{times} columns are called {name!r}: give each a name of its own")
    for name in wanted:
        if name not in header:
            near = get_close_matches(name, header, n=3) or [one for one in header if one]
            raise BadFile(f"there is no column {name!r}; nearest: {', '.join(near)}")


def _row(header: Sequence[str], line: Line, *, ragged: bool) -> Row | Refused:
    """Lay a line under the header. Columns without a name are left out, and so is the reason for
    which the row was refused once.

    A ragged line, whose cells have addresses of their own, may end early; any other that has not
    as many cells as the header may be shifted.
    """
    missing = len(header) - len(line.cells)
    if missing < 0 or (missing and not ragged):
        reason = f"the row has {len(line.cells)} cells, the header {len(header)}"
        return Refused(line=line.number, column="", value="", reason=reason)
    cells = [*line.cells, *[""] * missing]
    if REASON in header:
        cells = [unguarded(cell) for cell in cells]
    named = [(place, name) for place, name in enumerate(header) if name not in ("", REASON)]
    return Row(
        line=line.number,
        cells={name: cells[place] for place, name in named},
        faults={name: line.faults[place] for place, name in named if place in line.faults},
        days=frozenset(name for place, name in named if place in line.days),
    )
