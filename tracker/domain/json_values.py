"""The values of JSON that the log stores: their types, and canonical JSON.

Plain Python, also for the stand-alone verifier.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tracker.domain.problems import Invalid, Problem, below

# The limit of RFC 8785: parsers read JSON numbers as binary64.
WIDEST = 2**53 - 1
DEEPEST = 10
# Digits of a decimal number on each side of the point.
MOST_DIGITS = 30
_DECIMAL = re.compile(
    rf"-?(0|[1-9][0-9]{{0,{MOST_DIGITS - 1}}})(\.[0-9]{{1,{MOST_DIGITS}}})?", re.ASCII
)
# The sort order of other keys differs between programs.
_KEY = re.compile(r"[ -~]{1,100}", re.ASCII)
_UUID_LENGTH = 36


class BadShape(Invalid):
    """A value of the wrong form for its field; `pointer` is its place (RFC 6901)."""

    def __init__(self, pointer: str, detail: str, *, code: str = "invalid") -> None:
        super().__init__([Problem(pointer=pointer or "/", code=code, detail=detail)])
        self.pointer = pointer
        self.detail = detail


TYPE_ERRORS: Mapping[Any, str] = {
    str: "must be a string",
    int: "must be a whole number",
    bool: "must be true or false",
    UUID: "must be an id (uuid)",
    date: "must be a day, such as 2022-05-24",
    Decimal: 'must be a decimal number in quotes, such as "-4.0", with at most'
    f" {MOST_DIGITS} digits on either side of the point",
    tuple: "must be a list",
    Mapping: "must be an object",
}


def checked_id(value: Any) -> Any:
    """Return an id, or its text of 36 characters.

    :raises BadShape: it is neither.
    """
    if type(value) is UUID or (type(value) is str and len(value) == _UUID_LENGTH):
        return value
    raise BadShape("", TYPE_ERRORS[UUID])


def from_text[T](convert: Callable[[str], T], type_: Any, value: Any) -> T:
    """Read a day or a decimal number, which is stored as text in one form.

    :raises BadShape: it is not.
    """
    try:
        parsed = convert(value)
        if scalar(parsed) == value:
            return parsed
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        pass
    raise BadShape("", TYPE_ERRORS[type_])


def canonical(value: object) -> str:
    """Return canonical JSON (RFC 8785) of a value without floats and with ASCII keys.

    For ASCII keys, sorting by code point equals sorting by UTF-16 unit.
    """
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def scalar(value: Any, pointer: str = "") -> Any:
    """Convert a value to a JSON type: text in NFC; decimals, ids and days as text.

    :raises BadShape: for a value that the log cannot store, such as a float or None.
    """
    write = _PLAIN.get(type(value))
    if write is None:
        raise BadShape(
            pointer, f"the type {type(value).__name__} cannot be stored in the log: {value!r:.40}"
        )
    try:
        return write(value)
    except BadShape as problem:
        raise BadShape(pointer, problem.detail) from problem


def free(value: Any, pointer: str, *, depth: int = 0) -> Any:
    """Convert free-form JSON: objects and lists of scalars."""
    if depth > DEEPEST:
        raise BadShape(pointer, f"is nested more than {DEEPEST} levels deep")
    if isinstance(value, Mapping):
        places = {name: below(pointer, str(name)) for name in value}
        return {
            member_name(name, places[name]): free(item, places[name], depth=depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            free(item, f"{pointer}/{place}", depth=depth + 1) for place, item in enumerate(value)
        ]
    return scalar(value, pointer)


def member_name(value: Any, pointer: str) -> str:
    """Check the name of a member of free-form JSON."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise BadShape(pointer, "a key must have 1 to 100 printable ASCII characters")
    return value


def composed(value: str) -> str:
    if "\0" in value:
        raise BadShape("", "text must not contain U+0000")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise BadShape("", "text must not contain half a surrogate pair") from problem
    return unicodedata.normalize("NFC", value)


def as_utf8(text: str) -> str:
    """The text as it can be written: JSON can have half a surrogate pair, which is escaped."""
    return text.encode(errors="backslashreplace").decode()


def _checked_int(value: int) -> int:
    if abs(value) > WIDEST:
        raise BadShape("", "must be between −(2⁵³−1) and 2⁵³−1")
    return value


def _decimal_text(value: Decimal) -> str:
    """All digits, without an exponent."""
    in_range = value.is_finite() and abs(value.adjusted()) <= MOST_DIGITS
    # A zero such as 0E+3 is written as 0000 by libmpdec before 4.0.1, as 0 since.
    padded = value.is_zero() and int(value.as_tuple().exponent) > 0
    text = format(value, "f") if in_range and not padded else ""
    if not _DECIMAL.fullmatch(text):
        raise BadShape(
            "", f"must have at most {MOST_DIGITS} digits on either side of the decimal point"
        )
    return text


_PLAIN: Mapping[type[Any], Callable[[Any], Any]] = {
    bool: lambda value: value,
    int: _checked_int,
    str: composed,
    UUID: str,
    Decimal: _decimal_text,
    date: date.isoformat,
}
