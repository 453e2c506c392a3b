"""The codec as it was before pydantic: tests compare the bytes of both for one release.

Delete this module, and the tests that use it, once a release has gone out.
"""

import dataclasses
import json
import re
import types
import unicodedata
from collections.abc import Callable, Mapping, Set
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple, Union, cast, get_args, get_origin, get_type_hints
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
    """Read JSON of which only the ends have a form: objects and lists of"""
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


type Plain = dict[str, Any]
type Words = Callable[[Any], bool] | None

_EMPTY = (str, tuple)


class _Field(NamedTuple):
    """A field of a record, and its key in JSON. `words`: for which records it is text."""

    name: str
    key: str
    needed: bool
    words: Words


def canonical(value: object) -> str:
    """RFC 8785 canonical JSON of a value without floats and with ASCII keys.

    Both hold for every body, and then sorting by code point is sorting by UTF-16 unit.
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def split(record: Any) -> tuple[Plain, Plain]:
    """Give a record's body and its text. What is absent or empty is left out where it may be."""
    body: Plain = {}
    words: Plain = {}
    for key, value, is_text in _present(record):
        if is_text is not None and is_text(record):
            words[key] = plain(value)
        elif is_record(value):
            _put(body, words, key, split(value))
        elif isinstance(value, tuple) and value and is_record(value[0]):
            parts = [split(item) for item in value]
            body[key] = [part for part, _ in parts]
            if any(part for _, part in parts):
                words[key] = [part for _, part in parts]
        else:
            body[key] = plain(value)
    return body, words


def _put(body: Plain, words: Plain, key: str, parts: tuple[Plain, Plain]) -> None:
    body[key] = parts[0]
    if parts[1]:
        words[key] = parts[1]


def _present(record: Any) -> list[tuple[str, Any, Words]]:
    """The key and the value of each field that is not left out, and when it is text."""
    shape: Any = type(record)
    return [
        (key, value, words)
        for name, key, needed, words in _fields(shape)
        if ((value := getattr(record, name)) is not None and (value or type(value) not in _EMPTY))
        or needed
    ]


def is_record(value: Any) -> bool:
    return hasattr(type(value), "__dataclass_fields__")


def plain(value: Any) -> Any:
    """Give a value as JSON can carry it, with its text: no float, no NUL, text in NFC."""
    # Nearly all are scalars, and each record is written a few times.
    writer = WRITERS.get(type(value))
    if writer is not None:
        return writer(value, "")
    if is_record(value):
        return {key: plain(item) for key, item, _ in _present(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key(name): plain(item) for name, item in value.items()}
    return scalar(value)


def merge(body: Any, words: Any) -> Any:
    """Lay the text back over the body. The inverse of `split`, up to `build`."""
    if isinstance(words, dict) and isinstance(body, dict):
        return body | {key: merge(body.get(key), item) for key, item in words.items()}
    if isinstance(words, list) and isinstance(body, list):
        if len(words) != len(body):
            raise BadShape("", f"{len(words)} parts have words, but {len(body)} are on record")
        return [merge(*pair) for pair in zip(body, words, strict=True)]
    return words


def build[T](shape: type[T], value: Any, pointer: str = "") -> T:
    """Read a record of class `shape` from plain JSON values, or from such records and ids as are
    read already.

    :raises BadShape: at the first invalid value or unknown key.
    """
    built: T = _reader(cast("Any", shape))(value, pointer)
    return built


@cache
def _fields(shape: Any) -> tuple[_Field, ...]:
    return tuple(
        _Field(
            name=field.name,
            key=field.name.rstrip("_"),
            needed=field.default is dataclasses.MISSING,
            words=field.metadata.get("text"),
        )
        for field in dataclasses.fields(shape)
    )


@cache
def _reader(shape: Any) -> Reader:
    if shape in READERS:
        return READERS[shape]
    if dataclasses.is_dataclass(shape):
        return _record_reader(shape)
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Literal:
        return _choice_reader(arguments)
    if origin is tuple:
        return _list_reader(_reader(arguments[0]))
    if origin in (Union, types.UnionType):
        return _reader(next(item for item in arguments if item is not types.NoneType))
    if origin is Mapping:
        return mapping
    raise TypeError(f"the codec has no reader for {shape!r}")


def _record_reader(shape: Any) -> Reader:
    hints = get_type_hints(shape)
    readers = {field.key: (field.name, _reader(hints[field.name])) for field in _fields(shape)}
    needed = {field.key for field in _fields(shape) if field.needed}

    def read(value: Any, pointer: str) -> Any:
        if type(value) is shape:
            return value
        _check_keys(value, pointer, known=readers.keys(), needed=needed)
        given = {}
        for key, item in value.items():
            name, reader = readers[key]
            given[name] = reader(item, f"{pointer}/{key}")
        return shape(**given)

    return read


def _check_keys(value: Any, pointer: str, *, known: Set[str], needed: Set[str]) -> None:
    if not isinstance(value, dict):
        raise BadShape(pointer, "must be an object")
    if not value.keys() <= known:
        key = min(value.keys() - known)
        raise BadShape(below(pointer, key), f"Unknown field; expected one of: {', '.join(known)}")
    if not needed <= value.keys():
        raise BadShape(below(pointer, min(needed - value.keys())), "is missing")


def _list_reader(reader: Reader) -> Reader:
    def read(value: Any, pointer: str) -> Any:
        if not isinstance(value, list):
            raise BadShape(pointer, "must be a list")
        return tuple(reader(item, f"{pointer}/{index}") for index, item in enumerate(value))

    return read


def _choice_reader(choices: tuple[Any, ...]) -> Reader:
    def read(value: Any, pointer: str) -> Any:
        if value not in choices:
            raise BadShape(pointer, f"must be one of: {', '.join(map(str, choices))}")
        return value

    return read
