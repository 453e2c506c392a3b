"""Parquet, one group of rows after the other. Requires the extra `parquet`."""

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import batched, chain
from typing import IO, Any, BinaryIO, cast

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema, list_array
from arro3.io import write_parquet

from tracker.exports.tables import Column, Table, Type

# Rows in memory as Python values; rows of a group of the file, in memory as Parquet; bytes.
BATCH = 1_000
GROUP = 20_000
CHUNK = 64_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(table: Table[Any], out: BinaryIO) -> None:
    """Write the rows as they are read."""
    schema = Schema([_field(column) for column in table.columns])
    about = {"entente": json.dumps({"log": str(table.facts.log_id), "as_of": table.facts.position})}
    errors = _FirstError()
    try:
        write_parquet(
            RecordBatchReader.from_batches(schema, _pulled(_batches(table, schema), errors)),
            cast("IO[bytes]", _Out(out, errors)),
            compression="zstd(3)",
            max_row_group_size=GROUP,
            key_value_metadata=about,
        )
    except Exception:
        if errors.first is None:
            raise
    if errors.first is not None:
        raise errors.first


def chunks(table: Table[Any]) -> Iterator[bytes]:
    """The file in chunks. It is first written to a temporary file, since the library pushes."""
    with tempfile.TemporaryFile() as file:
        write(table, file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


class _FirstError:
    """The first error of the rows or of the stream. The library would make text of it."""

    first: BaseException | None = None


def _pulled(batches: Iterator[RecordBatch], errors: _FirstError) -> Iterator[RecordBatch]:
    """Batches that the library pulls."""
    try:
        for batch in batches:
            if errors.first is not None:
                return
            yield batch
    except BaseException as problem:
        errors.first = problem
        raise


class _Out(io.RawIOBase):
    """A write-only stream. The library requires a stream with these methods."""

    def __init__(self, out: BinaryIO, errors: _FirstError) -> None:
        self._out = out
        self._errors = errors

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data: Any) -> int:
        if self._errors.first is None:
            try:
                self._out.write(data)
            except OSError as problem:
                self._errors.first = problem
        return len(data)


def _batches(table: Table[Any], schema: Schema) -> Iterator[RecordBatch]:
    for rows in batched(table.cells(), BATCH):
        columns = zip(*rows, strict=True)
        arrays = [
            _ARRAYS[column.type](values)
            for column, values in zip(table.columns, columns, strict=True)
        ]
        yield RecordBatch.from_arrays(arrays, schema=schema)


def _field(column: Column) -> Field:
    return Field(column.name, _TYPES[column.type], nullable=True, metadata=column.notes)


def _list_of(item: DataType) -> DataType:
    return DataType.list(Field("item", item, nullable=True))


_TYPES: Mapping[Type, DataType] = {
    "text": DataType.utf8(),
    "integer": DataType.int64(),
    "number": DataType.float64(),
    "flag": DataType.bool(),
    "day": DataType.date32(),
    "moment": DataType.timestamp("us", tz="UTC"),
    "texts": _list_of(DataType.utf8()),
    "numbers": _list_of(DataType.float64()),
}


def _plain(kind: Type) -> Callable[[Sequence[Any]], Array]:
    return lambda values: Array(values, _TYPES[kind])


def _days(values: Sequence[date | None]) -> Array:
    since = [None if day is None else day.toordinal() - _EPOCH_DAY for day in values]
    return Array(since, DataType.int32()).cast(_TYPES["day"])


def _moments(values: Sequence[datetime | None]) -> Array:
    micro = timedelta(microseconds=1)
    since = [None if one is None else (one - _EPOCH) // micro for one in values]
    return Array(since, DataType.int64()).cast(_TYPES["moment"])


def _lists(kind: Type, item: DataType) -> Callable[[Sequence[Sequence[Any]]], Array]:
    def convert(values: Sequence[Sequence[Any]]) -> Array:
        ends = [0]
        for value in values:
            ends.append(ends[-1] + len(value))
        items = Array(list(chain.from_iterable(values)), item)
        return list_array(Array(ends, DataType.int32()), items, type=_TYPES[kind])

    return convert


_ARRAYS: Mapping[Type, Callable[[Sequence[Any]], Array]] = {
    "text": _plain("text"),
    "integer": _plain("integer"),
    "number": _plain("number"),
    "flag": _plain("flag"),
    "day": _days,
    "moment": _moments,
    "texts": _lists("texts", DataType.utf8()),
    "numbers": _lists("numbers", DataType.float64()),
}
