"""A table in bytes, CSV or a workbook: its header and its rows."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches

from tracker.domain.formulas import unguarded
from tracker.imports.formats.base import (
    BUFFER,
    DELIMITERS,
    ENCODINGS,
    GZIP,
    LONGEST_SHOWN,
    MOST_BYTES,
    MOST_LINE,
    SAVE,
    BadFile,
    Layout,
    Line,
    Refused,
    Row,
    wide,
)

# The delimiter is told by so many characters.
_HEAD = 100_000


def lines(
    data: bytes, *, wanted: Collection[str], encoding: str = "utf-8", delimiter: str | None = None
) -> Iterator[Line]:
    """Give the lines, blank ones too; the number is that of the line on which the row begins.

    Without a delimiter, it is the one by which the most of the wanted columns are found in one of
    the first lines.

    :raises BadFile: if the bytes are no text, or a quote in them is not closed.
    """
    _check_text(data, encoding)
    with _text(data, encoding) as text:
        head = text.read(_HEAD)
    said = _said(head)
    chosen = delimiter or said or _likely(head, wanted)
    # What is longer holds no field of a claim; a quote in it never ends.
    csv.field_size_limit(MOST_LINE)
    text = _text(data, encoding)
    if said:
        text.readline()
    rows = csv.reader(_short(text), delimiter=chosen, strict=True)
    skipped = 1 if said else 0
    while True:
        begins = rows.line_num + 1 + skipped
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            raise BadFile(
                f"line {begins}: a quote is not closed, or something follows it ({problem}):"
                " rows after it cannot be told apart, so nothing of the file is read"
            ) from problem
        yield Line(number=begins, cells=tuple(cell.strip() for cell in cells))


def _text(data: bytes, encoding: str) -> io.TextIOWrapper:
    """The bytes as text, decoded as it is read."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return io.TextIOWrapper(io.BytesIO(data), encoding=name, newline="")


def _check_text(data: bytes, encoding: str) -> None:
    """:raises BadFile: if the bytes are no text in an encoding."""
    if encoding == "utf-8" and (name := wide(data[:BUFFER])):
        raise BadFile(
            f"it is saved as {name}: {SAVE}, or name its encoding in the mapping:"
            f" {', '.join(ENCODINGS)}"
        )
    decode = codecs.getincrementaldecoder(encoding)().decode
    try:
        for at in range(0, len(data), BUFFER):
            decode(data[at : at + BUFFER])
        decode(b"", final=True)
    except UnicodeDecodeError:
        raise _undecoded(data, encoding) from None


def _undecoded(data: bytes, encoding: str) -> BadFile:
    """Where the bytes are no text."""
    line, wrong = 1, 0
    try:
        data.decode(encoding)
    except UnicodeDecodeError as problem:
        line += data.count(b"\n", 0, problem.start)
        wrong = data[problem.start]
    return BadFile(
        f"line {line}: byte 0x{wrong:02X} is not {encoding}: save the file as UTF-8, or name its"
        f" encoding in the mapping: {', '.join(ENCODINGS)}"
    )


def _short(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines, as long as those of a table.

    :raises BadFile: at one that is longer.
    """
    number = 0
    while line := text.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise BadFile(
                f"line {number} is longer than {MOST_LINE} characters: it is no row of a table"
            )
        yield line


def _said(head: str) -> str | None:
    """The delimiter that the line `sep=;` of spreadsheets names."""
    found = re.match(r"sep=([^\r\n])\r*(?:\n|\Z)", head)
    return found[1] if found else None


def _likely(head: str, wanted: Collection[str]) -> str:
    first, named = head.splitlines()[:20], set(wanted)
    found = {
        delimiter: max((len(_names(line, delimiter) & named) for line in first), default=0)
        for delimiter in DELIMITERS
    }
    return max(found, key=lambda delimiter: found[delimiter])


def _names(line: str, delimiter: str) -> set[str]:
    return {name.strip() for row in csv.reader([line], delimiter=delimiter) for name in row}


# The column in which a download of refused rows says why. It is passed over when that comes back,
# and so are the apostrophes that kept its cells from being formulas.
REASON = "refused because"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# As many as a sheet can have. Likeness is looked for among some of them, and in short names only.
MOST_COLUMNS = 16_384
_MOST_COMPARED, _LONGEST_COMPARED = 500, 100


def read(data: bytes, layout: Layout, *, wanted: Collection[str]) -> Iterator[Row | Refused]:
    """Give the rows below the header as they come; those that have not its number of cells are
    refused.

    Blank rows are passed over. `wanted` are the columns that there must be.

    :raises BadFile: if there is no such table in the file; later, if it cannot be told how it
        goes on.
    """
    header, lines = laid_out(data, layout, wanted=wanted)
    # Its cells have addresses of their own: a line may end early. Any other that has not as many
    # cells as the header may be shifted.
    row = _Ragged if data.startswith(_ZIP) else _Rows
    return map(row(header, wanted), lines)


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
        # openpyxl loads numpy: only the process that reads a workbook waits for it.
        from tracker.imports.formats import workbook  # noqa: PLC0415

        return workbook.lines(data, sheet=layout.sheet)
    return lines(data, wanted=wanted, encoding=layout.encoding, delimiter=layout.delimiter)


def _check(header: Sequence[str], wanted: Collection[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise BadFile(f"the header has {len(header)} cells; at most {MOST_COLUMNS} are read")
    for name, times in Counter(filter(None, header)).items():
        if times > 1:
            raise BadFile(f"{times} columns are called {name!r}: give each a name of its own")
    known = set(header)
    for name in wanted:
        if name not in known:
            shown = [one[:_LONGEST_COMPARED] for one in header if one][:_MOST_COMPARED]
            near = get_close_matches(name[:_LONGEST_COMPARED], shown, n=3) or shown
            raise BadFile(
                f"there is no column {name[:LONGEST_SHOWN]!r}; nearest: {', '.join(near)}"
            )


class _Rows:
    """Lays lines under a header. Columns without a name are left out, and so is the reason for
    which a row was refused once."""

    def __init__(self, header: Sequence[str], wanted: Collection[str]) -> None:
        self._width = len(header)
        self._again = REASON in header
        self._names = tuple("" if name == REASON else name for name in header)
        # Of a line that ends early, what is asked for is there all the same.
        self._empty = dict.fromkeys(wanted, "")

    def __call__(self, line: Line) -> Row | Refused:
        if self._is_shifted(line):
            reason = f"the row has {len(line.cells)} cells, the header {self._width}"
            return Refused(line=line.number, column="", value="", reason=reason)
        cells = [unguarded(cell) for cell in line.cells] if self._again else line.cells
        names = self._names
        return Row(
            line=line.number,
            cells=self._empty | {names[at]: one for at, one in enumerate(cells) if names[at]},
            faults={names[at]: why for at, why in line.faults.items() if self._name(at)},
            days=frozenset(names[at] for at in line.days if names[at]),
        )

    def _is_shifted(self, line: Line) -> bool:
        return len(line.cells) != self._width

    def _name(self, place: int) -> str:
        return self._names[place] if place < self._width else ""


class _Ragged(_Rows):
    """Lays lines under a header that may end early."""

    def _is_shifted(self, line: Line) -> bool:
        return len(line.cells) > self._width
