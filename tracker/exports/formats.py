"""The formats of exports."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import batched
from types import ModuleType
from typing import Any, BinaryIO, cast

from tracker.domain.problems import Unavailable
from tracker.exports import csvtext
from tracker.exports.tables import Table

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
        chunks=csvtext.chunks,
        write=_by_chunks(csvtext.chunks),
        flat=True,
        notes=(csvtext.GUARD, csvtext.LISTS),
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
