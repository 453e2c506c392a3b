"""Turns the domain's frozen dataclasses into plain JSON values and back.

What is written for ever goes through here. A record becomes two trees: the *body*, which says
how the world is structured, and the *text*, which is words of people and can be withheld.
"""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping, Set
from functools import cache
from typing import Any, Literal, NamedTuple, Union, cast, get_args, get_origin, get_type_hints

from tracker.domain import scalars
from tracker.domain.scalars import BadShape, Reader, below

__all__ = ["BadShape", "Plain", "build", "canonical", "merge", "plain", "split", "text"]

type Plain = dict[str, Any]
type Words = Callable[[Any], bool] | None

_EMPTY = (str, tuple)


class _Field(NamedTuple):
    """A field of a record, and its key in JSON. `words`: for which records it is text."""

    name: str
    key: str
    needed: bool
    words: Words


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
    writer = scalars.WRITERS.get(type(value))
    if writer is not None:
        return writer(value, "")
    if is_record(value):
        return {key: plain(item) for key, item, _ in _present(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {scalars.key(key): plain(item) for key, item in value.items()}
    return scalars.scalar(value)


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
    if shape in scalars.READERS:
        return scalars.READERS[shape]
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
        return scalars.mapping
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
