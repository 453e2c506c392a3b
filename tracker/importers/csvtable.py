"""Comma-separated values and their like (RFC 4180), in bytes, as lines."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator

from tracker.importers.encodings import SAVE, wide
from tracker.importers.lines import DELIMITERS, ENCODINGS, BadFile, Line
from tracker.importers.packed import BUFFER, MOST_LINE

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
    _check(data, encoding)
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


def _check(data: bytes, encoding: str) -> None:
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
