"""Records as JSON and back. Everything that the log stores or that a request contains passes here.

A record becomes canonical JSON in two parts: the *body*, which holds structured data, and the
*words* of people, which can be withheld. pydantic parses and checks (`checking`).
"""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache, lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, cast
from uuid import UUID

from tracker.domain import fields
from tracker.domain.json_values import BadShape, canonical, composed, member_name, scalar
from tracker.domain.problems import Problem

__all__ = ["BadShape", "canonical"]

type Plain = dict[str, Any]
# A record as canonical JSON: its body, its words (empty if it has none), and both merged.
type Texts = tuple[str, str, str]
# The texts of records that were encoded before, by `id(record)`.
type Known = Mapping[int, Texts]
NOTHING: Known = MappingProxyType({})


def build[T](shape: type[T], value: Any, pointer: str = "") -> T:
    """Build a record of class `shape` from stored JSON, or from records and ids that were parsed
    before. Limits of size are not checked.

    :raises BadShape: naming the first invalid value.
    """
    built: T = _checking().build(shape, value, pointer)
    return built


def read[T](shape: type[T], value: Any) -> tuple[T, list[Problem]]:
    """Parse a record from JSON in a request, and report all problems.

    A neutral value replaces what cannot be parsed, so that the rest can be checked;
    `problems.certain` removes the problems that would follow from the replacement.
    """
    parsed: tuple[T, list[Problem]] = _checking().read(shape, value)
    return parsed


def base[T](shape: type[T], record: T) -> T:
    """Convert a record of a subclass of `shape`, which adds fields, to `shape`."""
    names = [field.name for field in fields.of(cast("Any", shape))]
    return shape(**{name: getattr(record, name) for name in names})


def problems(record: Any, pointer: str = "") -> Iterator[Problem]:
    """Yield every value in a record, and in nested records, that its field does not allow."""
    return cast("Iterator[Problem]", _checking().problems(record, pointer))


@cache
def _checking() -> Any:
    """What needs pydantic. A module that only names records does without, as `tools/verify.py`."""
    from tracker.domain import checking  # noqa: PLC0415

    return checking


def plain(value: Any) -> Any:
    """Convert a value to JSON types, with its words: no float, no NUL, text in NFC.

    :raises BadShape: for a value that the log cannot store.
    """
    if is_record(value):
        return json.loads(texts(value)[2])
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {member_name(key, ""): plain(item) for key, item in value.items()}
    return scalar(value)


def whole(record: Any, *, but: Container[str] = ()) -> Plain:
    """Return a record as JSON with all fields: null for None, and empty values included."""
    return {
        field.key: _json(getattr(record, field.name))
        for field in fields.of(cast("Any", type(record)))
        if field.name not in but
    }


def _json(value: Any) -> Any:
    if value is None:
        return None
    if is_record(value):
        return whole(value)
    return [_json(item) for item in value] if type(value) is tuple else scalar(value)


def split(record: Any) -> tuple[Plain, Plain]:
    """Return the body and the words of a record. Optional fields are left out if empty."""
    body, words, _ = texts(record)
    return json.loads(body), json.loads(words or "{}")


def merge(body: Any, words: Any) -> Any:
    """Insert the words into the body. The inverse of `split`, up to `build`."""
    if isinstance(words, dict) and isinstance(body, dict):
        return body | {key: merge(body.get(key), item) for key, item in words.items()}
    if isinstance(words, list) and isinstance(body, list):
        if len(words) != len(body):
            raise BadShape("", f"{len(words)} parts have words, but {len(body)} are on record")
        return [merge(*pair) for pair in zip(body, words, strict=True)]
    return words


def is_record(value: Any) -> bool:
    return hasattr(type(value), "__dataclass_fields__")


_EMPTY = (str, tuple)


class _Member(NamedTuple):
    """A field: its key with the colon, whether it is required, when it holds words, and the encoded
    member for each choice, if its values are a fixed set.
    """

    key: str
    needed: bool
    words: Callable[[Any], bool] | None
    choices: Mapping[Any, str]


class _Shape(NamedTuple):
    """The fields of a class in the order of their keys, and a getter for their values."""

    get: Callable[[Any], tuple[Any, ...]]
    fields: tuple[_Member, ...]


def texts(record: Any, known: Known = NOTHING) -> Texts:  # noqa: C901 # one loop: it runs millions of times
    """Encode a record.

    :raises BadShape: for a value that the log cannot store.
    """
    if id(record) in known:
        return known[id(record)]
    shape = _shape(cast("Any", type(record)))
    body, words, whole = [], [], []
    for value, (key, needed, is_words, choices) in zip(shape.get(record), shape.fields):  # noqa: B905 # the lengths are equal, and strict= is slower
        # Optional fields are left out if empty.
        if not value and not needed and (value is None or type(value) in _EMPTY):
            continue
        if choices and type(value) is str and value in choices:
            body.append(choices[value])
            whole.append(choices[value])
            continue
        if is_words is not None and is_words(record):
            member = key + _plain(value)
            words.append(member)
            whole.append(member)
            continue
        encoded = _WRITERS.get(type(value), _other)(value, known)
        if type(encoded) is str:
            body.append(key + encoded)
            whole.append(key + encoded)
            continue
        body.append(key + encoded[0])
        whole.append(key + encoded[2])
        if encoded[1]:
            words.append(key + encoded[1])
    if not words:
        encoded_body = _object(body)
        return encoded_body, "", encoded_body if body == whole else _object(whole)
    return _object(body), _object(words), _object(whole)


def record_of(event: Any) -> Any:
    """Return the record that an event is about, if there is one."""
    name = _record_field(cast("Any", type(event)))
    return getattr(event, name) if name else None


@cache
def _record_field(shape: Any) -> str:
    return next((field.name for field in fields.of(shape) if field.type.is_record), "")


@cache
def _shape(shape: Any) -> _Shape:
    members = sorted(fields.of(shape), key=lambda field: field.key)
    get = attrgetter(*(field.name for field in members))
    return _Shape(
        get=get if len(members) > 1 else lambda record: (get(record),),
        fields=tuple(_member(field) for field in members),
    )


def _member(field: fields.Field) -> _Member:
    key = f'"{field.key}":'
    choices = {choice: key + word_text(choice) for choice in field.type.choices}
    return _Member(key, field.needed, field.words, choices)


def _object(members: list[str]) -> str:
    return "{" + ",".join(members) + "}"


def _list(items: list[str]) -> str:
    return "[" + ",".join(items) + "]"


def _plain(value: Any) -> str:
    if type(value) is str:
        return word_text(value)
    return canonical(plain(value))


def _string(value: str, _known: Known) -> str:
    return word_text(value)


@lru_cache(65_536)
def id_text(value: UUID) -> str:
    """Encode an id."""
    return f'"{value}"'


def value_text(value: Any, known: Known = NOTHING) -> str:
    """Encode any value, with its words."""
    if type(value) is list and value and type(value[0]) is UUID:
        return _list([id_text(item) for item in value])
    encoded = _WRITERS.get(type(value), _other)(value, known)
    return encoded if isinstance(encoded, str) else encoded[2]


def word_text(value: str) -> str:
    """Encode text."""
    return encode_basestring(composed(value))


def _uuid(value: UUID, _known: Known) -> str:
    return id_text(value)


def _tuple(value: tuple[Any, ...], known: Known) -> str | Texts:
    """Encode a list; for records also the list of their words, if any has some."""
    kinds = {*map(type, value)}
    if kinds <= {str} or kinds == {UUID}:
        return _list([str(_WRITERS[type(item)](item, known)) for item in value])
    if not is_record(value[0]):
        return canonical(plain(value))
    if len(value) == 1:
        body, words, whole = texts(value[0], known)
        return f"[{body}]", f"[{words}]" if words else "", f"[{whole}]"
    parts = [texts(record, known) for record in value]
    all_words = [words or "{}" for _, words, _ in parts] if any(part[1] for part in parts) else []
    return (
        _list([body for body, _, _ in parts]),
        _list(all_words) if all_words else "",
        _list([whole for _, _, whole in parts]),
    )


def _other(value: Any, known: Known) -> str | Texts:
    if is_record(value):
        return texts(value, known)
    return canonical(plain(value))


_WRITERS: Mapping[type[Any], Callable[[Any, Known], str | Texts]] = MappingProxyType(
    {str: _string, UUID: _uuid, tuple: _tuple}
)
