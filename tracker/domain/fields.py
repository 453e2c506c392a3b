"""What the fields of records hold: how much, in which form, and which of it is words of people.

The limits stand on the fields themselves, as `Annotated[str, Words(500)]`. `of` gives the fields of
a class with them; the codec, the API, the importers and the forms are derived from that.
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

# Days that a record can name; a typo in a year is far outside.
FIRST_DAY, LAST_DAY = date(1500, 1, 1), date(2100, 12, 31)


class Words(NamedTuple):
    """Text of at most `longest` characters, with `lines` of several lines. All of it has the
    pattern `form`, as `example` has. `required`: it must not be blank, and what to do about it."""

    longest: int
    lines: bool = False
    form: str = ""
    example: str = ""
    required: str = ""


class Most(NamedTuple):
    """A list of at most so many entries. `required`: whoever sends a record must send the list."""

    entries: int
    required: bool = False


class Size(NamedTuple):
    """JSON of free form, of at most so many characters in canonical form."""

    characters: int


class Range(NamedTuple):
    """A whole number from `least` to `most`, and what to say of others."""

    least: int
    most: int
    detail: str
    code: str = "out_of_range"


# Marks a field that is not read from what people send.
UNSENT = object()

_WHY = "say why; the reason is recorded"
Name200 = Annotated[str, Words(200)]
Prose = Annotated[str, Words(10_000, lines=True)]
Reason = Annotated[str, Words(2_000, lines=True)]
Why = Annotated[str, Words(2_000, lines=True, required=_WHY)]
Quote = Annotated[str, Words(5_000, lines=True)]
Address = Annotated[str, Words(2_000)]
Edtf = Annotated[str, Words(255)]
Term = Annotated[str, Words(100)]
Language = Annotated[
    str, Words(35, form="[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", example="en or zh-Hans")
]
SLUG = Words(64, form="[a-z0-9]+([._-][a-z0-9]+)*", example="machine-feed or standing")
# Admiralty's, without 1: that others confirm something is shown by their citations.
CREDIBILITIES = range(2, 7)
CREDIBILITY_SAYS = (
    "must be 2 to 6; do not use 1 (confirmed by others): add the other citations instead"
)
Credibility = Annotated[int, Range(CREDIBILITIES[0], CREDIBILITIES[-1], CREDIBILITY_SAYS)]


class Type(NamedTuple):
    """What a field holds: `of` is a class, Literal for one of `choices`, tuple for a list of
    `item`, or Mapping for free JSON. `limit` is one of the four above, `doc` says more of it."""

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
    """A field of a record, and its key in JSON. `needed`: it has no default. `words`: for which
    records it is words of people."""

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
        """Whether whoever sends a record must send this field."""
        return self.needed or bool(getattr(self.type.limit, "required", False))

    @property
    def nullable(self) -> bool:
        """Whether whoever sends a record may send null for nothing."""
        return self.type.optional or (self.type.of is str and not self.required)


def text(*, when: Callable[[Any], bool] | None = None, **options: Any) -> Any:
    """Declare a field whose content is somebody's words, and so can be withheld.

    With `when`, only in records for which it holds.
    """
    return dataclasses.field(metadata={"text": when or _always}, **options)


def _always(_record: object) -> bool:
    return True


@cache
def of(shape: Any) -> tuple[Field, ...]:
    """Give the fields of a record's class."""
    hints = get_type_hints(shape, include_extras=True)
    return tuple(
        Field(
            name=field.name,
            key=field.name.rstrip("_"),
            type=type_of(hints[field.name]),
            default=field.default,
            needed=field.default is dataclasses.MISSING,
            words=field.metadata.get("text"),
        )
        for field in dataclasses.fields(shape)
    )


def limit(shape: Any, name: str) -> Any:
    """Give the limit of a field of a record's class."""
    return next(field.type.limit for field in of(shape) if field.name == name)


def type_of(hint: Any) -> Type:
    """Read a type annotation."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        kind = type_of(arguments[0])
        for note in arguments[1:]:
            kind = kind._replace(**{"doc" if isinstance(note, str) else "limit": note})
        return kind
    if origin in (Union, types.UnionType):
        one = next(one for one in arguments if one is not types.NoneType)
        return type_of(one)._replace(optional=True)
    if origin is tuple:
        return Type(tuple, item=type_of(arguments[0]))
    if origin is Literal:
        return Type(Literal, choices=arguments)
    return Type(Mapping if origin is Mapping else hint)


def day_problems(day: date, pointer: str) -> Iterator[Problem]:
    if not FIRST_DAY <= day <= LAST_DAY:
        yield Problem(
            pointer=pointer,
            code="out_of_range",
            detail=f"{day} is not between {FIRST_DAY.year} and {LAST_DAY.year}: check the year",
        )
