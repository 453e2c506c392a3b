"""Records as JSON and back: all that is written for ever, or sent by people, goes through here.

A record becomes canonical JSON in two parts: the *body*, which says how the world is structured,
and the *words* of people, which can be withheld. pydantic reads and checks (`schemas`).
"""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from itertools import islice
from json.encoder import encode_basestring
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

from pydantic_core import ValidationError

from tracker.domain import fields
from tracker.domain.fields import Type
from tracker.domain.problems import Invalid, Problem, below
from tracker.domain.schemas import (
    SAYS,
    BadShape,
    Mode,
    canonical,
    composed,
    member_name,
    scalar,
    validator,
    validator_of_text,
)

__all__ = ["BadShape", "canonical"]

type Plain = dict[str, Any]
# A record as canonical JSON: its body, its words, empty if it has none, and both in one.
type Texts = tuple[str, str, str]
# The texts of records that are written already, by their identity.
type Known = Mapping[int, Texts]
NOTHING: Known = MappingProxyType({})
_LONGEST_NAME = 40


def build[T](shape: type[T], value: Any, pointer: str = "") -> T:
    """Read a record of class `shape` from stored JSON, or from records and ids that are read
    already. How much fits into a field is not checked.

    :raises BadShape: naming the first invalid value.
    """
    try:
        built: T = validator(cast("Any", shape), Mode.STORED).validate_python(value)
    except ValidationError as error:
        first = next(_translated(error, shape, pointer, Mode.STORED))
        raise BadShape(first.pointer, first.detail) from error
    return built


# Unknown names in one object that are reported.
MOST_UNKNOWN = 100


def read[T](shape: type[T], value: Any) -> tuple[T, list[Problem]]:
    """Read a record from JSON that somebody sent, and name all that does not fit.

    Something neutral takes the place of what cannot be read, so that the rest can be checked:
    `problems.certain` leaves out what would rest on that.
    """
    sent = validator(cast("Any", shape), Mode.SENT)
    try:
        return sent.validate_python(value), []
    except ValidationError as error:
        if error.error_count() > MOST_UNKNOWN:
            bounded = _bounded(Type(shape), value)
            if bounded != value:
                return read(shape, bounded)
        places = {fault["loc"] for fault in error.errors(include_url=False, include_input=False)}
        filled = _filled(Type(shape), value, places, ())
        return sent.validate_python(filled), list(_translated(error, shape, "", Mode.SENT))


def _bounded(kind: Type, value: Any) -> Any:
    """JSON in which each object has at most `MOST_UNKNOWN` unknown names: each is reported."""
    if kind.item and isinstance(value, list):
        return [_bounded(kind.item, item) for item in value]
    if not (kind.is_record and isinstance(value, dict)):
        return value
    known = {field.key: field.type for field in fields.of(kind.of)}
    unknown = islice((name for name in value if name not in known), MOST_UNKNOWN)
    kept = {name: value[name] for name in unknown}
    return kept | {name: _bounded(known[name], value[name]) for name in value if name in known}


def base[T](shape: type[T], record: T) -> T:
    """Give the record of class `shape` in one of a class that adds fields to it."""
    names = [field.name for field in fields.of(cast("Any", shape))]
    return shape(**{name: getattr(record, name) for name in names})


def problems(record: Any, pointer: str = "") -> Iterator[Problem]:
    """Everything in a record, and in the records in it, that does not fit into its field."""
    shape: Any = type(record)
    try:
        validator(shape, Mode.CHECK).validate_python(record)
    except ValidationError as error:
        yield from _translated(error, shape, pointer, Mode.CHECK)


def _translated(error: ValidationError, shape: Any, pointer: str, mode: Mode) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        here = pointer
        for part in fault["loc"]:
            key = str(part).rstrip("_") if mode is Mode.CHECK else str(part)
            here = below(here, key[:_LONGEST_NAME])
        cause = fault.get("ctx", {}).get("error")
        if mode is Mode.SENT and fault["input"] is None and fault["loc"]:
            yield Problem(pointer=here, code="null", detail="must not be null")
        elif isinstance(cause, Invalid):
            for problem in cause.problems:
                place = here + problem.pointer.rstrip("/")
                yield Problem(pointer=place, code=problem.code, detail=problem.detail)
        else:
            code, detail = _explained(fault, shape)
            yield Problem(
                pointer=here, code=code if mode is Mode.SENT else "invalid", detail=detail
            )


def _explained(error: Any, shape: Any) -> tuple[str, str]:
    """The code and the detail of an error of pydantic's own."""
    name = error["type"]
    if name == "unexpected_keyword_argument":
        parent = _type_at(shape, error["loc"][:-1]).of
        known = ", ".join(field.key for field in fields.of(parent) if not field.unsent)
        return "unknown", f"Unknown field; expected one of: {known}"
    kind = _type_at(shape, error["loc"])
    if name == "string_unicode" and kind.is_record:
        return "unknown", "the name of a field must not contain half a surrogate pair"
    if name in _EXPLAINED:
        return _EXPLAINED[name]
    if kind.of is Literal:
        return "invalid_choice", f"must be one of: {', '.join(kind.choices)}"
    code = "not_a_list" if kind.of is tuple else "invalid"
    return code, SAYS.get(kind.of, "must be an object")


_RANGE = ("invalid", "must be between −(2⁵³−1) and 2⁵³−1")
_EXPLAINED: Mapping[str, tuple[str, str]] = {
    "missing": ("required", "is missing"),
    "string_unicode": ("invalid", "text must not contain half a surrogate pair"),
    "greater_than_equal": _RANGE,
    "less_than_equal": _RANGE,
}


def _type_at(shape: Any, place: tuple[str | int, ...]) -> Type:
    kind = Type(shape)
    for part in place:
        kind = (
            cast("Type", kind.item)
            if isinstance(part, int)
            else next(field.type for field in fields.of(kind.of) if part in (field.key, field.name))
        )
    return kind


# What takes the place of what cannot be read; of a set word the first, of a list none.
_NEUTRAL: Mapping[Any, Any] = {
    str: "?", UUID: str(UUID(int=0)), Decimal: "0", date: "2000-01-01", int: 0, bool: False,
}  # fmt: skip


def _neutral(kind: Type) -> Any:
    if kind.is_record:
        return {field.key: _neutral(field.type) for field in fields.of(kind.of) if field.required}
    if kind.of is Literal:
        return kind.choices[0]
    return [] if kind.of is tuple else _NEUTRAL.get(kind.of, {})


def _filled(kind: Type, value: Any, wrong: set[Any], place: tuple[Any, ...]) -> Any:
    """JSON without what is wrong at some places, and with something neutral where it is needed."""
    if kind.is_record:
        if not isinstance(value, dict):
            return _neutral(kind)
        given = {}
        for field in fields.of(kind.of):
            here, item = (*place, field.key), value.get(field.key)
            if item is not None and here not in wrong:
                given[field.key] = _filled(field.type, item, wrong, here)
            elif field.required:
                given[field.key] = _neutral(field.type)
        return given
    if kind.item and isinstance(value, list):
        return [
            _neutral(kind.item) if (*place, n) in wrong
            else _filled(kind.item, one, wrong, (*place, n))
            for n, one in enumerate(value)
        ]  # fmt: skip
    return value


def plain(value: Any) -> Any:
    """Give a value as JSON can carry it, with its words: no float, no NUL, text in NFC.

    :raises BadShape: for what has no form in the log.
    """
    if is_record(value):
        return json.loads(texts(value)[2])
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {member_name(key, ""): plain(item) for key, item in value.items()}
    return scalar(value)


def whole(record: Any, *, but: Container[str] = ()) -> Plain:
    """Give a record as JSON with all its fields: what is absent is null, what is empty is empty."""
    return {
        field.key: _shown(getattr(record, field.name))
        for field in fields.of(cast("Any", type(record)))
        if field.name not in but
    }


def _shown(value: Any) -> Any:
    if value is None:
        return None
    if is_record(value):
        return whole(value)
    return [_shown(item) for item in value] if type(value) is tuple else scalar(value)


def split(record: Any) -> tuple[Plain, Plain]:
    """Give a record's body and its words. What is absent or empty is left out where it may be."""
    body, words, _ = texts(record)
    return json.loads(body), json.loads(words or "{}")


def merge(body: Any, words: Any) -> Any:
    """Lay the words back over the body. The inverse of `split`, up to `build`."""
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
    """A field: its key as it stands before its value, whether it is needed, when it is words, and
    with the key before it each of the values that it may have, if they are set."""

    key: str
    needed: bool
    words: Callable[[Any], bool] | None
    choices: Mapping[Any, str]


class _Shape(NamedTuple):
    """The fields of a class in the order of their keys, and what gets their values."""

    get: Callable[[Any], tuple[Any, ...]]
    fields: tuple[_Member, ...]


def texts(record: Any, known: Known = NOTHING) -> Texts:  # noqa: C901 # one loop: it runs millions of times
    """Write a record.

    :raises BadShape: for what has no form in the log.
    """
    if id(record) in known:
        return known[id(record)]
    shape = _shape(cast("Any", type(record)))
    body, words, whole = [], [], []
    for value, (key, needed, is_words, choices) in zip(shape.get(record), shape.fields):  # noqa: B905 # there are as many, and it is slower
        # What is absent or empty is left out where it may be.
        if not value and not needed and (value is None or type(value) in _EMPTY):
            continue
        if choices and type(value) is str and value in choices:
            body.append(choices[value])
            whole.append(choices[value])
            continue
        if is_words is not None and is_words(record):
            said = key + _plain(value)
            words.append(said)
            whole.append(said)
            continue
        found = _WRITERS.get(type(value), _other)(value, known)
        if type(found) is str:
            body.append(key + found)
            whole.append(key + found)
            continue
        body.append(key + found[0])
        whole.append(key + found[2])
        if found[1]:
            words.append(key + found[1])
    if not words:
        written = _object(body)
        return written, "", written if body == whole else _object(whole)
    return _object(body), _object(words), _object(whole)


def record_of(event: Any) -> Any:
    """The record that an event is about, if it is about one."""
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


def text_fits(words: fields.Words) -> Callable[[Any], str | None]:
    """What reads text for a field, and gives None where it does not surely fit."""
    check = validator_of_text(words)

    def read(value: Any) -> str | None:
        try:
            text: str = check.validate_python(value)
        except ValidationError:
            return None
        return text if text and not text.isspace() else None

    return read


@lru_cache(65_536)
def id_text(value: UUID) -> str:
    """An id as it is written."""
    return f'"{value}"'


def value_text(value: Any, known: Known = NOTHING) -> str:
    """Any value as it is written, with its words."""
    if type(value) is list and value and type(value[0]) is UUID:
        return _list([id_text(item) for item in value])
    found = _WRITERS.get(type(value), _other)(value, known)
    return found if isinstance(found, str) else found[2]


def word_text(value: str) -> str:
    """Words as they are written."""
    return encode_basestring(composed(value))


def _uuid(value: UUID, _known: Known) -> str:
    return id_text(value)


def _tuple(value: tuple[Any, ...], known: Known) -> str | Texts:
    """A list; of records with the words of each where any has some."""
    if not value or not is_record(value[0]):
        return canonical(plain(value))
    if len(value) == 1:
        body, words, whole = texts(value[0], known)
        return f"[{body}]", f"[{words}]" if words else "", f"[{whole}]"
    parts = [texts(record, known) for record in value]
    said = [words or "{}" for _, words, _ in parts] if any(part[1] for part in parts) else []
    return (
        _list([body for body, _, _ in parts]),
        _list(said) if said else "",
        _list([whole for _, _, whole in parts]),
    )


def _other(value: Any, known: Known) -> str | Texts:
    if is_record(value):
        return texts(value, known)
    return canonical(plain(value))


_WRITERS: Mapping[type[Any], Callable[[Any, Known], str | Texts]] = MappingProxyType(
    {str: _string, UUID: _uuid, tuple: _tuple}
)
