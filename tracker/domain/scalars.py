"""The ends of what the log writes: text, numbers, ids and days, each in one form only."""

import re
import types
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tracker.domain.problems import Invalid, Problem

type Reader = Callable[[Any, str], Any]

# What RFC 8785 can carry: JSON numbers are read as binary64.
WIDEST = 2**53 - 1
DEEPEST = 10
# Of a decimal number, on either side of its point.
MOST_DIGITS = 30
_DECIMAL = re.compile(
    rf"-?(0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}})(\.[0-9]{{1,{MOST_DIGITS}}})?", re.ASCII
)
# Programs sort other keys by code point, by UTF-16 unit or by language.
_KEY = re.compile(r"[ -~]{1,100}", re.ASCII)


class BadShape(Invalid):
    """A value that does not have the form its field asks for; `pointer` says where (RFC 6901)."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__([Problem(pointer=pointer or "/", code="invalid", detail=detail)])
        self.pointer = pointer
        self.detail = detail


def below(pointer: str, key: str) -> str:
    """The pointer to a member of what `pointer` points to."""
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def scalar(value: Any, pointer: str = "") -> Any:
    """Give a value as JSON can carry it: text in NFC, decimals, ids and days as text.

    :raises BadShape: for one that has no form in the log, a float or nothing at all.
    """
    writer = WRITERS.get(type(value))
    if writer is None:
        raise BadShape(
            pointer, f"the type {type(value).__name__} cannot be stored in the log: {value!r:.40}"
        )
    return writer(value, pointer)


def key(value: Any, pointer: str = "") -> str:
    """Give the name of a member whose name is data."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise BadShape(pointer, "a key must have 1 to 100 printable ASCII characters")
    return value


def free(value: Any, pointer: str, *, depth: int = 0) -> Any:
    """Read JSON of which only the ends have a form: objects and lists of scalars."""
    if depth > DEEPEST:
        raise BadShape(pointer, f"is nested more than {DEEPEST} levels deep")
    if isinstance(value, Mapping):
        places = {name: below(pointer, str(name)) for name in value}
        return {
            key(name, places[name]): free(item, places[name], depth=depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            free(item, f"{pointer}/{place}", depth=depth + 1) for place, item in enumerate(value)
        ]
    return scalar(value, pointer)


def mapping(value: Any, pointer: str) -> Any:
    """Read an object whose members' names are data."""
    if not isinstance(value, dict):
        raise BadShape(pointer, "must be an object")
    return free(value, pointer)


def _text(value: str, pointer: str) -> str:
    if "\0" in value:
        raise BadShape(pointer, "text must not contain U+0000")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise BadShape(pointer, "text must not contain half a surrogate pair") from problem
    return unicodedata.normalize("NFC", value)


def _whole(value: int, pointer: str) -> int:
    if abs(value) > WIDEST:
        raise BadShape(pointer, "must be between −(2⁵³−1) and 2⁵³−1")
    return value


def _fixed(value: Decimal, pointer: str) -> str:
    """Every digit, and no exponent."""
    short = value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS
    written = format(value, "f") if short and not _is_a_padded_zero(value) else ""
    if not _DECIMAL.fullmatch(written):
        raise BadShape(
            pointer, f"must have at most {MOST_DIGITS} digits on either side of the decimal point"
        )
    return written


def _is_a_padded_zero(value: Decimal) -> bool:
    """Whether it is a zero such as 0E+3, which libmpdec writes as 0000 before 4.0.1, as 0 since."""
    return value.is_zero() and int(value.as_tuple().exponent) > 0


def _exactly(kind: type[Any], word: str) -> Reader:
    def read(value: Any, pointer: str) -> Any:
        if type(value) is not kind:
            raise BadShape(pointer, f"must be {word}")
        return scalar(value, pointer)

    return read


def _id(value: Any, pointer: str) -> Any:
    return value if type(value) is UUID else _spelled_id(value, pointer)


def _written(convert: Callable[[str], Any], word: str) -> Reader:
    """Read what stands as text, in the form in which it is written; an id may be in capitals."""

    def read(value: Any, pointer: str) -> Any:
        try:
            found = convert(value)
            same = scalar(found) == value.lower()
        except (TypeError, ValueError, ArithmeticError, AttributeError) as problem:
            raise BadShape(pointer, f"must be {word}") from problem
        if not same:
            raise BadShape(pointer, f"must be {word}")
        return found

    return read


WRITERS: Mapping[type[Any], Callable[[Any, str], Any]] = types.MappingProxyType(
    {
        bool: lambda value, _pointer: value,
        int: _whole,
        str: _text,
        UUID: lambda value, _pointer: str(value),
        Decimal: _fixed,
        date: lambda value, _pointer: value.isoformat(),
    }
)
_spelled_id = _written(UUID, "an id (uuid)")
READERS: Mapping[Any, Reader] = types.MappingProxyType(
    {
        str: _exactly(str, "a string"),
        int: _exactly(int, "a whole number"),
        bool: _exactly(bool, "true or false"),
        UUID: _id,
        date: _written(date.fromisoformat, "a day, such as 2022-05-24"),
        Decimal: _written(Decimal, 'a decimal number in quotes, such as "-4.0"'),
    }
)
