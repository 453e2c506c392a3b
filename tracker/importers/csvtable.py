"""Comma-separated values and their like (RFC 4180), in bytes, as lines."""

import csv
import io
from collections.abc import Collection, Iterator

from tracker.importers.encodings import SAVE, wide
from tracker.importers.lines import DELIMITERS, ENCODINGS, MOST_BYTES, BadFile, Line
from tracker.importers.packed import BUFFER


def lines(
    data: bytes, *, wanted: Collection[str], encoding: str = "utf-8", delimiter: str | None = None
) -> Iterator[Line]:
    """Give the lines, blank ones too; the number is that of the line on which the row begins.

    Without a delimiter, it is the one by which the most of the wanted columns are found in one of
    the first lines.

    :raises BadFile: if the bytes are no text, or a quote in them is not closed.
    """
    text = _decoded(data, encoding)
    text, said = _said(text)
    chosen = delimiter or said or _likely(text, wanted)
    # A cell of any length is read, and refused by itself if it is too long.
    csv.field_size_limit(MOST_BYTES)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=chosen, strict=True)
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


def _decoded(data: bytes, encoding: str) -> str:
    if encoding == "utf-8" and (name := wide(data[:BUFFER])):
        raise BadFile(
            f"it is saved as {name}: {SAVE}, or name its encoding in the mapping:"
            f" {', '.join(ENCODINGS)}"
        )
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise BadFile(
            f"line {line}: byte 0x{data[problem.start]:02X} is not {encoding}: save the file as"
            f" UTF-8, or name its encoding in the mapping: {', '.join(ENCODINGS)}"
        ) from problem


def _said(text: str) -> tuple[str, str | None]:
    """Take off the line `sep=;` that spreadsheets write to name the delimiter."""
    first, _, rest = text.partition("\n")
    first = first.strip("\r")
    if first.startswith("sep=") and len(first) == len("sep=;"):
        return rest, first[-1]
    return text, None


def _likely(text: str, wanted: Collection[str]) -> str:
    head = text[:100_000].splitlines()[:20]
    found = {
        delimiter: max((len(_names(line, delimiter) & set(wanted)) for line in head), default=0)
        for delimiter in DELIMITERS
    }
    return max(found, key=lambda delimiter: found[delimiter])


def _names(line: str, delimiter: str) -> set[str]:
    return {name.strip() for row in csv.reader([line], delimiter=delimiter) for name in row}
