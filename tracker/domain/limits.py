"""How much fits into each field of what enters the log, since it stays there for ever."""

import dataclasses
import re
import types
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple, Union, cast, get_args, get_origin, get_type_hints

from tracker.domain import codec, fitting
from tracker.domain.problems import Problem

# Years of states that a claim can be about; a typo in a year is far outside.
FIRST_DAY, LAST_DAY = date(1500, 1, 1), date(2100, 12, 31)


class Words(NamedTuple):
    """Text of at most `longest` characters; `lines`: of several lines. `form` is a pattern that
    all of it follows, and `example` one that does."""

    longest: int
    lines: bool = False
    form: str = ""
    example: str = ""


NAME, PROSE, REASON, EDTF = (
    Words(200),
    Words(10_000, lines=True),
    Words(2_000, lines=True),
    Words(255),
)
SLUG = Words(64, form="[a-z0-9]+([._-][a-z0-9]+)*", example="machine-feed or standing")
LANGUAGE = Words(35, form="[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", example="en or zh-Hans")
QUOTE, ADDRESS = Words(5_000, lines=True), Words(2_000)

WORDS: Mapping[str, Words] = {
    "Name.text": NAME,
    "Name.language": LANGUAGE,
    "Actor.aliases": NAME,
    "Actor.code": Words(20, form="[A-Z0-9]+([.-][A-Z0-9]+)*", example="KAZ or NATO"),
    "Actor.wikidata": Words(20, form="Q[1-9][0-9]*", example="Q232"),
    "Source.name": NAME,
    "Source.url": ADDRESS,
    "Document.title": Words(1_000),
    "Document.authors": NAME,
    "Document.date": EDTF,
    "Document.language": LANGUAGE,
    "Document.url": ADDRESS,
    "Document.archive_url": ADDRESS,
    "Document.note": PROSE,
    "Collection.name": SLUG,
    "Collection.description": REASON,
    "Claim.summary": Words(500),
    "Claim.key": NAME,
    "Claim.code": Words(100),
    "Claim.contexts": Words(100),
    "Claim.condition": REASON,
    "Claim.hedge": NAME,
    "Claim.resolves_by": EDTF,
    "Claim.criterion": REASON,
    "Claim.tags": Words(100),
    "Claim.note": PROSE,
    "Occurred.edtf": EDTF,
    "Occurred.phrase": Words(500),
    "Strength.reason": REASON,
    "Magnitude.unit": Words(100),
    "Magnitude.baseline": EDTF,
    "Citation.language": LANGUAGE,
    "Citation.locator": NAME,
    "Citation.quote": QUOTE,
    "Citation.translation": QUOTE,
    "Citation.note": PROSE,
    "View.method": Words(20),
    "Lens.name": SLUG,
    "Lens.model": Words(64),
    "Lens.description": REASON,
    "ClaimCorrected.reason": REASON,
    "ClaimRetracted.reason": REASON,
    "ClaimReinstated.reason": REASON,
    "VerdictGiven.reason": REASON,
    "ClaimReviewed.note": REASON,
    "ForecastResolved.reason": REASON,
    "ClaimsLinked.note": REASON,
    "ClaimsUnlinked.reason": REASON,
    "SourceRated.reason": REASON,
    "ImportRecorded.name": NAME,
    "ImportRecorded.format": SLUG,
    "ImportRecorded.file_sha256": Words(64, form="[0-9a-f]{64}", example="64 hex digits"),
    "TextWithheld.reason": REASON,
    "TextWithheld.authority": Words(500),
}
MOST: Mapping[str, int] = {
    "Actor.names": 100,
    "Actor.aliases": 100,
    "Actor.affiliations": 100,
    "Actor.members": 300,
    "Document.authors": 100,
    "Claim.parties": 100,
    "Claim.citations": 100,
    "Claim.contexts": 30,
    "Claim.tags": 50,
    "Citation.chain": 20,
    "View.collections": 100,
    "Bloc.countries": 300,
    "Bloc.ownerships": 20,
    "Lens.sectors": 30,
    "VerdictGiven.parties": 100,
    "ImportRecorded.positions": 20_000,
}
# Characters of canonical JSON.
SIZES: Mapping[str, int] = {"Lens.parameters": 200_000, "ImportRecorded.counts": 2_000}

_NO_LINE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufffe\uffff]")
_NO_PROSE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff]")


def problems(record: Any, pointer: str = "") -> Iterator[Problem]:
    """Everything in a record, and in the records in it, that does not fit into its field."""
    shape: Any = type(record)
    for field, key, name in _bounded(shape):
        value = getattr(record, field)
        # Most fields say nothing.
        if value is None or value in ("", ()):
            continue
        yield from _problems(value, name, f"{pointer}/{key}")


@cache
def _bounded(shape: Any) -> tuple[tuple[str, str, str], ...]:
    """The name, the key and the full name of each field that has bounds: an id, a number or a
    word of a set has none, whatever stands there."""
    hints = get_type_hints(shape)
    return tuple(
        (field.name, field.name.rstrip("_"), name)
        for field in dataclasses.fields(shape)
        if (name := f"{shape.__name__}.{field.name}") in WORDS or _is_bounded(hints[field.name])
    )


def _is_bounded(hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_is_bounded(one) for one in arguments)
    return origin in (tuple, Mapping) or hint is date or dataclasses.is_dataclass(hint)


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
        detail = f"has {len(value)} entries; at most {MOST[name]} fit"
        yield Problem(pointer=pointer, code="too_many", detail=detail)
    for place, item in enumerate(value[: MOST[name]]):
        if isinstance(item, str) and not item.strip():
            yield Problem(pointer=f"{pointer}/{place}", code="required", detail="is empty")
        if not dataclasses.is_dataclass(item) or _bounded(cast("Any", type(item))):
            yield from _problems(item, name, f"{pointer}/{place}")


def _text_problems(value: str, words: Words | None, pointer: str) -> Iterator[Problem]:
    """`words` is None for a field of set values, which have no bounds to check."""
    if words is None or not value:
        return
    if len(value) > words.longest:
        detail = f"is {len(value)} characters long; at most {words.longest} fit"
        yield Problem(pointer=pointer, code="too_long", detail=detail)
    if found := (_NO_PROSE if words.lines else _NO_LINE).search(value):
        what = "a line break" if found[0] in "\r\n" else f"U+{ord(found[0]):04X}"
        detail = f"holds {what} at character {found.start() + 1}: take it out"
        yield Problem(pointer=pointer, code="control_character", detail=detail)
    if words.form and not re.fullmatch(words.form, value[: words.longest]):
        yield Problem(pointer=pointer, code="invalid", detail=f"must look like {words.example}")


def _size_problems(value: Mapping[str, Any], most: int, pointer: str) -> Iterator[Problem]:
    try:
        size = len(codec.canonical(codec.plain(value)))
    except codec.BadShape as problem:
        yield Problem(pointer=pointer, code="invalid", detail=problem.detail)
        return
    if size > most:
        detail = f"is {size} characters long as JSON; at most {most} fit"
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
