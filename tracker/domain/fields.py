"""The fields of records: their types, limits and forms, and which of them are words of people.

The limits are part of the annotations, as in `Annotated[str, Words(500)]`. `of` returns the fields
of a class with their limits; the codec, the API, the importers and the forms are derived from it.
"""

import dataclasses
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from tracker.domain.problems import Problem

# Days outside this range are typing errors.
FIRST_DAY, LAST_DAY = date(1500, 1, 1), date(2100, 12, 31)


class Words(NamedTuple):
    """Text of at most `longest` characters, with `lines` on several lines. `form` is a regular
    expression for the whole text, and `example` is a text that matches. `required` is the message
    for a blank text; if empty, blank is allowed.
    """

    longest: int
    lines: bool = False
    form: str = ""
    example: str = ""
    required: str = ""


class Most(NamedTuple):
    """A list of at most `entries` entries. `required`: a sent record must contain the list."""

    entries: int
    required: bool = False


class Size(NamedTuple):
    """Free-form JSON of at most `characters` characters in canonical form."""

    characters: int


class NumberRange(NamedTuple):
    """A whole number from `least` to `most`; `detail` is the message for other numbers."""

    least: int
    most: int
    detail: str
    code: str = "out_of_range"


# Marks a field that is not read from requests.
UNSENT = object()

_REASON_REQUIRED = "say why; the reason is recorded"
Name200 = Annotated[str, Words(200)]
Prose = Annotated[str, Words(10_000, lines=True)]
Reason = Annotated[str, Words(2_000, lines=True)]
RequiredReason = Annotated[str, Words(2_000, lines=True, required=_REASON_REQUIRED)]
Quote = Annotated[str, Words(5_000, lines=True)]
Address = Annotated[str, Words(2_000)]
Edtf = Annotated[str, Words(255)]
PlainDate = Annotated[
    str,
    Words(10, form=r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", example="1977 or 1977-06 or 1977-06-28"),
]
Term = Annotated[str, Words(100)]
Language = Annotated[
    str, Words(35, form="[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", example="en or zh-Hans")
]
SLUG = Words(64, form="[a-z0-9]+([._-][a-z0-9]+)*", example="machine-feed or standing")
DIGEST = Words(64, form="[0-9a-f]{64}", example="64 hex digits")
# Admiralty, without 1: confirmation by others is recorded as further citations.
CREDIBILITIES = range(2, 7)
CREDIBILITY_SAYS = (
    "must be 2 to 6; do not use 1 (confirmed by others): add the other citations instead"
)
Credibility = Annotated[int, NumberRange(CREDIBILITIES[0], CREDIBILITIES[-1], CREDIBILITY_SAYS)]


class Type(NamedTuple):
    """The type of a field: `of` is a class, Literal for one of `choices`, tuple for a list of
    `item`, or Mapping for free-form JSON. `limit` is one of the four classes above; `doc` is a
    description.
    """

    of: Any
    limit: Any = None
    item: "Type | None" = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    doc: str = ""

    @property
    def is_record(self) -> bool:
        return dataclasses.is_dataclass(self.of)


class Field(NamedTuple):
    """A field of a record, and its key in JSON. `needed`: it has no default. `words` returns
    whether the field holds words of people in a given record; None if it never does.
    """

    name: str
    key: str
    type: Type
    default: Any
    needed: bool
    words: Callable[[Any], bool] | None

    @property
    def unsent(self) -> bool:
        return self.type.limit is UNSENT

    @property
    def required(self) -> bool:
        """Whether a sent record must contain this field."""
        return self.needed or bool(getattr(self.type.limit, "required", False))

    @property
    def nullable(self) -> bool:
        """Whether a sent record may contain null for "no value"."""
        return self.type.optional or (self.type.of is str and not self.required)


def text(*, when: Callable[[Any], bool] | None = None, **options: Any) -> Any:
    """Declare a field that holds words of people, which can therefore be withheld.

    With `when`, it does so only in records for which `when` returns true.
    """
    return dataclasses.field(metadata={"text": when or (lambda _record: True)}, **options)


@cache
def of(shape: Any) -> tuple[Field, ...]:
    """Return the fields of a record class, or of a named tuple."""
    hints = get_type_hints(shape, include_extras=True)
    return tuple(
        Field(
            name=name,
            key=name.rstrip("_"),
            type=type_of(hints[name]),
            default=default,
            needed=default is dataclasses.MISSING,
            words=metadata.get("text"),
        )
        for name, default, metadata in _declared(shape)
    )


def _declared(shape: Any) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """The name, default and metadata of each field."""
    if dataclasses.is_dataclass(shape):
        yield from ((one.name, one.default, one.metadata) for one in dataclasses.fields(shape))
    else:
        for name in shape._fields:
            yield name, shape._field_defaults.get(name, dataclasses.MISSING), {}


def limit(shape: Any, name: str) -> Any:
    """Return the limit of a field of a record class."""
    return next(field.type.limit for field in of(shape) if field.name == name)


def type_of(hint: Any) -> Type:
    """Parse a type annotation."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        kind = type_of(arguments[0])
        for note in arguments[1:]:
            kind = kind._replace(**{"doc" if isinstance(note, str) else "limit": note})
        return kind
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not types.NoneType)
        return type_of(inner)._replace(optional=True)
    if origin is tuple:
        return Type(tuple, item=type_of(arguments[0]))
    if origin is Literal:
        return Type(Literal, choices=arguments)
    return Type(Mapping if origin is Mapping else hint)


def day_problems(day: date, pointer: str) -> Iterator[Problem]:
    """Check that a day is plausible for a record."""
    if not FIRST_DAY <= day <= LAST_DAY:
        yield Problem(
            pointer=pointer,
            code="out_of_range",
            detail=f"{day} is not between {FIRST_DAY.year} and {LAST_DAY.year}: check the year",
        )
