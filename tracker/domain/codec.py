"""Turns the domain's frozen dataclasses into plain JSON values and back.

What is written for ever goes through here. A record becomes two trees: the *body*, which says
how the world is structured, and the *text*, which is words of people and can be withheld.
"""

import dataclasses
import json
import types
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

type Plain = dict[str, Any]
type Reader = Callable[[Any, str], Any]


class BadShape(ValueError):
    """A value that does not have the form its field asks for; `pointer` says where (RFC 6901)."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(f"{pointer or '/'}: {detail}")
        self.pointer = pointer
        self.detail = detail


def text(*, when: Callable[[Any], bool] | None = None, **options: Any) -> Any:
    """Declare a field whose content is somebody's words, and so can be withheld.

    With `when`, only in records for which it holds.
    """
    return dataclasses.field(metadata={"text": when or _always}, **options)


def _always(_record: object) -> bool:
    return True


def canonical(value: object) -> str:
    """RFC 8785 canonical JSON of a value without floats and with ASCII keys.

    Both hold for every body, and then sorting by code point is sorting by UTF-16 unit.
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def split(record: Any) -> tuple[Plain, Plain]:
    """Give a record's body and its text. Absent and empty values are left out."""
    body: Plain = {}
    words: Plain = {}
    for name, key, is_text in _fields(cast("Any", type(record))):
        value = getattr(record, name)
        if value is None or value in ((), ""):
            continue
        if is_text is not None and is_text(record):
            words[key] = plain(value)
        elif dataclasses.is_dataclass(value):
            _put(body, words, key, split(value))
        elif isinstance(value, tuple) and dataclasses.is_dataclass(value[0]):
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


def plain(value: Any) -> Any:
    """Give a value as JSON can carry it: no float, no NUL, text in NFC."""
    if dataclasses.is_dataclass(value):
        return merge(*split(value))
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_clean(key): plain(item) for key, item in value.items()}
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise BadShape("", f"{type(value).__name__} has no place in the log: {value!r}")
    return writer(value)


def _clean(value: str) -> str:
    if "\0" in value:
        raise BadShape("", "text must not contain U+0000")
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise BadShape("", "text must not contain half a surrogate pair") from problem
    return unicodedata.normalize("NFC", value)


def merge(body: Any, words: Any) -> Any:
    """Lay the text back over the body. The inverse of `split`, up to `build`."""
    if isinstance(words, dict) and isinstance(body, dict):
        return body | {key: merge(body.get(key), item) for key, item in words.items()}
    if isinstance(words, list) and isinstance(body, list):
        return [merge(*pair) for pair in zip(body, words, strict=True)]
    return words


def build[T](shape: type[T], value: Any, pointer: str = "") -> T:
    """Read a record of class `shape` from plain JSON values.

    :raises BadShape: at the first value that does not fit, or at a key nobody knows.
    """
    built: T = _reader(cast("Any", shape))(value, pointer)
    return built


@cache
def _fields(
    shape: Any,
) -> tuple[tuple[str, str, Callable[[Any], bool] | None], ...]:
    return tuple(
        (field.name, field.name.rstrip("_"), field.metadata.get("text"))
        for field in dataclasses.fields(shape)
    )


@cache
def _reader(shape: Any) -> Reader:
    if shape in _SCALARS:
        return _SCALARS[shape]
    if dataclasses.is_dataclass(shape):
        return _record_reader(cast("Any", shape))
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Literal:
        return _choice_reader(arguments)
    if origin is tuple:
        return _list_reader(_reader(arguments[0]))
    if origin in (Union, types.UnionType):
        return _reader(next(item for item in arguments if item is not types.NoneType))
    if origin is Mapping:
        return _mapping
    raise TypeError(f"the codec has no reader for {shape!r}")


def _record_reader(shape: Any) -> Reader:
    hints = get_type_hints(shape)
    readers = {key: (name, _reader(hints[name])) for name, key, _ in _fields(shape)}
    needed = {
        field.name.rstrip("_")
        for field in dataclasses.fields(shape)
        if field.default is dataclasses.MISSING
    }

    def read(value: Any, pointer: str) -> Any:
        if not isinstance(value, dict):
            raise BadShape(pointer, "must be an object")
        for key in value.keys() - readers.keys():
            raise BadShape(f"{pointer}/{key}", f"is no field here; known: {', '.join(readers)}")
        for key in sorted(needed - value.keys()):
            raise BadShape(f"{pointer}/{key}", "is missing")
        given = {}
        for key, item in value.items():
            name, reader = readers[key]
            given[name] = reader(item, f"{pointer}/{key}")
        return shape(**given)

    return read


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


def _exactly(kind: type[Any], word: str) -> Reader:
    def read(value: Any, pointer: str) -> Any:
        if type(value) is not kind:
            raise BadShape(pointer, f"must be {word}")
        return value

    return read


def _converted(convert: Callable[[str], Any], word: str) -> Reader:
    def read(value: Any, pointer: str) -> Any:
        try:
            return convert(value)
        except (TypeError, ValueError, AttributeError, InvalidOperation) as problem:
            raise BadShape(pointer, f"must be {word}") from problem

    return read


def _mapping(value: Any, pointer: str) -> Any:
    if not isinstance(value, dict):
        raise BadShape(pointer, "must be an object")
    return value


def _decimal(value: str) -> Decimal:
    if not isinstance(value, str) or not (number := Decimal(value)).is_finite():
        raise ValueError(value)
    return number


def _fixed(number: Decimal) -> str:
    return format(number, "f")


_WRITERS: dict[type[Any], Callable[[Any], Any]] = {
    bool: bool,
    int: int,
    str: _clean,
    UUID: str,
    Decimal: _fixed,
    date: date.isoformat,
}
_SCALARS: dict[Any, Reader] = {
    str: _exactly(str, "a string"),
    int: _exactly(int, "a whole number"),
    bool: _exactly(bool, "true or false"),
    UUID: _converted(UUID, "an id (uuid)"),
    date: _converted(date.fromisoformat, "a day, as 2022-05-24"),
    Decimal: _converted(_decimal, 'a decimal number in quotes, as "-4.0"'),
}
