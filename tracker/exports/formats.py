"""The formats of exports."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import batched
from types import ModuleType
from typing import Any, BinaryIO, cast

from tracker.domain.formulas import guarded
from tracker.domain.problems import Unavailable
from tracker.exports.claimlines import instant
from tracker.exports.tables import Table, Type

GUARD = (
    "an apostrophe precedes text that begins with = + - @, a tab or a carriage return, so that no"
    " spreadsheet runs it; text that begins with apostrophes and such a character has one more"
)
BETWEEN = "; "
LISTS = f"the entries of a list are separated by {BETWEEN!r}"
ROWS = 500


def chunks(table: Table[Any]) -> Iterator[bytes]:
    """The header and the rows, some hundred at a time."""
    writers = [_WRITERS[column.type] for column in table.columns]
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(column.name for column in table.columns)
    for number, cells in enumerate(table.cells(), start=1):
        values = zip(writers, cells, strict=True)
        rows.writerow("" if value is None else write(value) for write, value in values)
        if number % ROWS == 0:
            yield _take(text)
    yield _take(text)


def _take(text: io.StringIO) -> bytes:
    chunk = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return chunk


_WRITERS: Mapping[Type, Callable[[Any], str]] = {
    "text": guarded,
    "integer": str,
    "number": repr,
    "flag": lambda value: "true" if value else "false",
    "day": lambda value: value.isoformat(),
    "moment": instant,
    "texts": lambda value: guarded(BETWEEN.join(value)),
    "numbers": lambda value: BETWEEN.join(map(repr, value)),
}


type Chunks = Callable[[Table[Any]], Iterator[bytes]]
type Write = Callable[[Table[Any], BinaryIO], None]

# The lines of a chunk of NDJSON.
LINES = 100


class ExtraMissing(Unavailable):
    """A format needs a library that is not installed. The message says how to install it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A file format. `chunks` gives a table as a file, chunk by chunk; `write` writes it to a file.

    `flat`: a row has only the columns of the table. Both raise `ExtraMissing` at once if a library
    is not installed.
    """

    name: str
    media_type: str
    chunks: Chunks
    write: Write
    flat: bool
    binary: bool = False
    notes: tuple[str, ...] = ()


def _ndjson(table: Table[Any]) -> Iterator[bytes]:
    for rows in batched(table.rows, LINES, strict=False):
        yield "".join(f"{table.line(row)}\n" for row in rows).encode()


def _parquet() -> ModuleType:
    try:
        # Imported when used, since its library may not be installed.
        return import_module("tracker.exports.parquet")
    except ModuleNotFoundError as problem:
        raise ExtraMissing(
            "parquet needs the extra `parquet`, which is not installed: run `make parquet` once,"
            " or use another format"
        ) from problem


def _by_chunks(chunks: Chunks) -> Write:
    def write(table: Table[Any], out: BinaryIO) -> None:
        for chunk in chunks(table):
            out.write(chunk)

    return write


FORMATS: Mapping[str, ExportFormat] = {
    "ndjson": ExportFormat(
        name="ndjson",
        media_type="application/x-ndjson",
        chunks=_ndjson,
        write=_by_chunks(_ndjson),
        flat=False,
    ),
    "csv": ExportFormat(
        name="csv",
        media_type="text/csv; charset=utf-8",
        chunks=chunks,
        write=_by_chunks(chunks),
        flat=True,
        notes=(GUARD, LISTS),
    ),
    "parquet": ExportFormat(
        name="parquet",
        media_type="application/vnd.apache.parquet",
        chunks=lambda table: cast("Iterator[bytes]", _parquet().chunks(table)),
        write=lambda table, out: cast("None", _parquet().write(table, out)),
        flat=True,
        binary=True,
    ),
}
