"""How much fits into each field of what enters the log, since it stays there for ever."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from tracker.domain import codec, fitting, within
from tracker.domain.problems import Problem
from tracker.domain.sizes import (
    FIRST_DAY,
    LAST_DAY,
    MOST,
    NO_LINE,
    NO_PROSE,
    SIZES,
    WORDS,
    Words,
)
from tracker.domain.within import bounded

__all__ = ["MOST", "SIZES", "WORDS", "day_problems", "problems", "shape_problems"]


def problems(record: Any, pointer: str = "") -> Iterator[Problem]:
    """Everything in a record, and in the records in it, that does not fit into its field."""
    shape: Any = type(record)
    if within.surely(record):
        return
    for field, key, name in bounded(shape):
        value = getattr(record, field)
        if value is not None and value not in ("", ()):
            yield from _problems(value, name, f"{pointer}/{key}")


def _problems(value: Any, name: str, pointer: str) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _text_problems(value, WORDS.get(name), pointer)
    elif isinstance(value, tuple):
        yield from _list_problems(value, name, pointer)
    elif isinstance(value, Mapping):
        yield from _size_problems(value, SIZES[name], pointer)
    elif isinstance(value, date):
        yield from day_problems(value, pointer)
    elif dataclasses.is_dataclass(value):
        yield from problems(value, pointer)


def _list_problems(value: tuple[Any, ...], name: str, pointer: str) -> Iterator[Problem]:
    if len(value) > MOST[name]:
        detail = f"has {len(value)} entries; at most {MOST[name]} are allowed"
        yield Problem(pointer=pointer, code="too_many", detail=detail)
    for place, item in enumerate(value[: MOST[name]]):
        if isinstance(item, str) and not item.strip():
            yield Problem(pointer=f"{pointer}/{place}", code="required", detail="is empty")
        if not dataclasses.is_dataclass(item) or bounded(cast("Any", type(item))):
            yield from _problems(item, name, f"{pointer}/{place}")


def _text_problems(value: str, words: Words | None, pointer: str) -> Iterator[Problem]:
    """`words` is None for a field of set values, which have no bounds to check."""
    if words is None or not value:
        return
    if len(value) > words.longest:
        detail = f"has {len(value)} characters; at most {words.longest} are allowed"
        yield Problem(pointer=pointer, code="too_long", detail=detail)
    if found := (NO_PROSE if words.lines else NO_LINE).search(value):
        what = "a line break" if found[0] in "\r\n" else f"U+{ord(found[0]):04X}"
        detail = f"contains {what} at character {found.start() + 1}: remove it"
        yield Problem(pointer=pointer, code="control_character", detail=detail)
    if words.form and not re.fullmatch(words.form, value[: words.longest]):
        yield Problem(
            pointer=pointer, code="invalid", detail=f"must have the form of {words.example}"
        )


def _size_problems(value: Mapping[str, Any], most: int, pointer: str) -> Iterator[Problem]:
    try:
        size = len(codec.canonical(codec.plain(value)))
    except codec.BadShape as problem:
        yield Problem(pointer=pointer, code="invalid", detail=problem.detail)
        return
    if size > most:
        detail = f"has {size} characters as JSON; at most {most} are allowed"
        yield Problem(pointer=pointer, code="too_long", detail=detail)


def day_problems(day: date, pointer: str) -> Iterator[Problem]:
    if not FIRST_DAY <= day <= LAST_DAY:
        yield Problem(
            pointer=pointer,
            code="out_of_range",
            detail=f"{day} is not between {FIRST_DAY.year} and {LAST_DAY.year}: check the year",
        )


def shape_problems(record: Any, pointer: str = "") -> Iterator[Problem]:
    """What is no value of its field's type: once written, it could not be read again."""
    if fitting.fits(record):
        return
    try:
        codec.build(type(record), codec.plain(record), pointer)
    except codec.BadShape as problem:
        yield Problem(pointer=problem.pointer, code="invalid", detail=problem.detail)
