"""Rows in the binary form of COPY, put together without the driver's conversions.

A row is a count of fields, and for each field its length and its bytes, as PostgreSQL documents
for COPY; numbers are big-endian, and times are microseconds since 2000. Functions return the bytes
of a field with its length.
"""

from collections.abc import Callable, Iterable
from struct import Struct
from uuid import UUID

from django.db import connection

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_COUNT = Struct(">h").pack
_LENGTH = Struct(">i").pack
_INT2 = Struct(">ih").pack
_INT4 = Struct(">ii").pack
_INT8 = Struct(">iq").pack
_FLOAT8 = Struct(">id").pack
_BOOLEANS = (b"\0\0\0\1\0", b"\0\0\0\1\1")
_UUID_LENGTH = _LENGTH(16)
_UUID_TYPE, _TEXT_TYPE, _INT2_TYPE = 2950, 25, 21
_ARRAY = Struct(">iiiiii").pack
_EMPTY_ARRAY = Struct(">iiii").pack
NULL = _LENGTH(-1)
# 1 January 2000 in microseconds since 1970, and in days since the year 1.
EPOCH_MICROS = 946_684_800_000_000
EPOCH_DAY = 730_120
# The bytes that are sent at once.
_BLOCK = 1 << 16


def row(*fields: bytes) -> bytes:
    """A row of these fields."""
    return _COUNT(len(fields)) + b"".join(fields)


def count(fields: int) -> bytes:
    """The beginning of a row."""
    return _COUNT(fields)


def data(value: bytes) -> bytes:
    """A field of type bytea, or of any type by its bytes."""
    return _LENGTH(len(value)) + value


def text(value: str) -> bytes:
    return data(value.encode())


def jsonb(value: str) -> bytes:
    """A field of type jsonb, by its JSON."""
    return data(b"\x01" + value.encode())


def int2(value: int) -> bytes:
    return _INT2(2, value)


def int4(value: int) -> bytes:
    return _INT4(4, value)


def int8(value: int) -> bytes:
    return _INT8(8, value)


def day(ordinal: int) -> bytes:
    """A field of type date, by the ordinal of the day."""
    return _INT4(4, ordinal - EPOCH_DAY)


def uuid(value: UUID) -> bytes:
    return _UUID_LENGTH + value.bytes


def boolean(value: bool) -> bytes:  # noqa: FBT001 # a value to encode
    return _BOOLEANS[value]


def float8(value: float) -> bytes:
    return _FLOAT8(8, value)


def uuids(values: Iterable[UUID]) -> bytes:
    """A field of type uuid[]."""
    return _array(_UUID_TYPE, [uuid(value) for value in values])


def texts(values: Iterable[str]) -> bytes:
    """A field of type text[]."""
    return _array(_TEXT_TYPE, [text(value) for value in values])


def int2s(values: Iterable[int]) -> bytes:
    """A field of type smallint[]."""
    return _array(_INT2_TYPE, [int2(value) for value in values])


def _array(type_: int, elements: list[bytes]) -> bytes:
    if not elements:
        return _EMPTY_ARRAY(12, 0, 0, type_)
    content = b"".join(elements)
    return _ARRAY(20 + len(content), 1, 0, type_, len(elements), 1) + content


def nothing() -> None:
    """Do nothing."""


def copy(
    table: str,
    columns: Iterable[str],
    rows: Iterable[bytes],
    meanwhile: Callable[[], object] = nothing,
) -> None:
    """Insert rows by COPY. `meanwhile` is called when all are sent, while the server stores them.

    :raises DatabaseError: as INSERT does.
    """
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)") as sent,
    ):
        block, size = [_SIGNATURE], 0
        for row in rows:
            block.append(row)
            size += len(row)
            if size > _BLOCK:
                sent.write(b"".join(block))
                block, size = [], 0
        block.append(_TRAILER)
        sent.write(b"".join(block))
        meanwhile()
