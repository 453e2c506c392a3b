"""pydantic schemas of records, derived from the fields of their classes."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, cast
from uuid import UUID

from pydantic_core import SchemaValidator
from pydantic_core import core_schema as schema

from tracker.domain import fields
from tracker.domain.fields import NumberRange, Size, Type, Words
from tracker.domain.json_values import (
    TYPE_ERRORS,
    WIDEST,
    BadShape,
    canonical,
    checked_id,
    composed,
    free,
    from_text,
    scalar,
)
from tracker.domain.problems import Invalid, Problem

# Invisible characters; text of several lines may contain line breaks.
_NO_LINE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufffe\uffff]")
_NO_PROSE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff]")


class Mode(Enum):
    """STORED: JSON from the log, of which only the form is checked. SENT: JSON from requests, where
    null means absent and lines are trimmed. CHECK: a record, with all limits.
    """

    STORED = 1
    SENT = 2
    CHECK = 3


@cache
def validator(shape: Any, mode: Mode) -> SchemaValidator:
    """Return the validator of a class in a mode."""
    return SchemaValidator(_schema(Type(shape), mode))


def _schema(kind: Type, mode: Mode) -> schema.CoreSchema:
    if kind.is_record:
        return _record_schema(kind.of, mode)
    if kind.of is tuple:
        return _list_schema(kind, mode)
    if kind.of is Literal:
        return schema.literal_schema(list(kind.choices))
    if kind.of not in _SCALARS:
        raise TypeError(f"the codec has no reader for {kind.of!r}")
    return _SCALARS[kind.of](kind.limit, mode)


def _record_schema(shape: Any, mode: Mode) -> schema.CoreSchema:
    members = []
    for field in fields.of(shape):
        # Words of people are stored as sent.
        verbatim = mode is Mode.SENT and field.words is not None and field.type.of is str
        one = _schema(field.type, Mode.STORED if verbatim else mode)
        if field.type.optional and mode is not Mode.STORED:
            one = schema.nullable_schema(one)
        elif field.nullable and mode is Mode.SENT:
            one = schema.no_info_before_validator_function(_for_null(field.default), one)
        if not (field.needed or (mode is Mode.SENT and field.required)):
            one = schema.with_default_schema(one, default=field.default)
        # A record is checked by the names of its attributes.
        key = field.name if mode is Mode.CHECK else field.key
        # A field that requests cannot contain has its default.
        init = not (field.unsent and mode is Mode.SENT)
        members.append(
            schema.dataclass_field(field.name, one, kw_only=True, validation_alias=key, init=init)
        )
    return schema.dataclass_schema(
        shape,
        schema.dataclass_args_schema(shape.__name__, members, extra_behavior="forbid"),
        [field.name for field in fields.of(shape)],
        slots=True,
        strict=mode is Mode.CHECK,
        revalidate_instances="always" if mode is Mode.CHECK else "never",
    )


def _list_schema(kind: Type, mode: Mode) -> schema.CoreSchema:
    item = cast("Type", kind.item)
    if item.of is str and item.limit is not None:
        item = item._replace(limit=item.limit._replace(required="is empty"))
    entries = schema.tuple_schema(
        [_schema(item, mode)], variadic_item_index=0, strict=mode is Mode.CHECK
    )
    if mode is Mode.STORED or kind.limit is None:
        return entries
    limit = kind.limit.entries

    def check(value: Any) -> Any:
        if isinstance(value, list | tuple) and len(value) > limit:
            detail = f"has {len(value)} entries; at most {limit} are allowed"
            raise BadShape("", detail, code="too_many")
        return value

    return schema.no_info_before_validator_function(check, entries)


def _text_schema(words: Words | None, mode: Mode) -> schema.CoreSchema:
    plain = schema.str_schema(strict=True)
    if mode is Mode.CHECK:
        return schema.no_info_after_validator_function(_text_check(words or _ANY), plain)
    if mode is Mode.SENT and words and not words.lines:
        return schema.no_info_after_validator_function(_line, plain)
    return schema.no_info_after_validator_function(composed, plain)


_ANY = Words(10**9, lines=True)


def _for_null(default: str) -> Callable[[Any], Any]:
    return lambda value: default if value is None else value


def _line(value: str) -> str:
    line = value.strip()
    if not line:
        raise BadShape("", "must not be blank", code="blank")
    return composed(line)


def _text_check(words: Words) -> Callable[[str], str]:
    control = (_NO_PROSE if words.lines else _NO_LINE).search
    form = re.compile(words.form).fullmatch if words.form else None
    longest, required = words.longest, words.required

    def check(value: str) -> str:
        if (
            len(value) > longest
            or control(value)
            or (required and (not value or value.isspace()))
            or (form and value and not form(value))
        ):
            raise Invalid(list(_text_problems(value, words)))
        return value

    return check


def _text_problems(value: str, words: Words) -> Iterator[Problem]:
    if words.required and not value.strip():
        yield Problem(pointer="", code="required", detail=words.required)
    if len(value) > words.longest:
        detail = f"has {len(value)} characters; at most {words.longest} are allowed"
        yield Problem(pointer="", code="too_long", detail=detail)
    if match := (_NO_PROSE if words.lines else _NO_LINE).search(value):
        what = "a line break" if match[0] in "\r\n" else f"U+{ord(match[0]):04X}"
        detail = f"contains {what} at character {match.start() + 1}: remove it"
        yield Problem(pointer="", code="control_character", detail=detail)
    if words.form and value and not re.fullmatch(words.form, value[: words.longest]):
        yield Problem(pointer="", code="invalid", detail=f"must have the form of {words.example}")


def _int_schema(limit: NumberRange | None, mode: Mode) -> schema.CoreSchema:
    whole = schema.int_schema(strict=True, ge=-WIDEST, le=WIDEST)
    if mode is Mode.SENT:
        return schema.no_info_before_validator_function(_whole_for_float, whole)
    if mode is Mode.STORED or limit is None:
        return whole

    def check(value: int) -> int:
        if not limit.least <= value <= limit.most:
            raise BadShape("", limit.detail, code=limit.code)
        return value

    return schema.no_info_after_validator_function(check, whole)


def _whole_for_float(value: Any) -> Any:
    """In JSON, 3.0 is a whole number."""
    return int(value) if type(value) is float and value.is_integer() else value


def _uuid_schema(_limit: None, mode: Mode) -> schema.CoreSchema:
    if mode is Mode.CHECK:
        return schema.uuid_schema(strict=True)
    return schema.no_info_before_validator_function(checked_id, schema.uuid_schema())


def _canonical_text_schema(
    convert: Callable[[str], Any], type_: type[Any], check: Callable[[Any], Any]
) -> Any:
    """The schema of a type that is stored as text in one canonical form."""

    def parse(value: Any) -> Any:
        return from_text(convert, type_, value)

    def check_type(value: Any) -> Any:
        if type(value) is not type_:
            raise BadShape("", TYPE_ERRORS[type_])
        return check(value)

    def schema_for(_limit: None, mode: Mode) -> schema.CoreSchema:
        return schema.no_info_plain_validator_function(check_type if mode is Mode.CHECK else parse)

    return schema_for


def _day(value: date) -> date:
    if problems := list(fields.day_problems(value, "")):
        raise Invalid(problems)
    return value


def _json_schema(limit: Size | None, mode: Mode) -> schema.CoreSchema:
    def parse(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise BadShape(
                "", TYPE_ERRORS[Mapping], code="not_a_dict" if mode is Mode.SENT else "invalid"
            )
        parsed = free(value, "")
        size = len(canonical(parsed)) if limit and mode is Mode.CHECK else 0
        if limit and size > limit.characters:
            detail = f"has {size} characters as JSON; at most {limit.characters} are allowed"
            raise BadShape("", detail, code="too_long")
        return parsed

    return schema.no_info_plain_validator_function(parse)


_SCALARS: Mapping[Any, Callable[[Any, Mode], schema.CoreSchema]] = {
    str: _text_schema,
    int: _int_schema,
    bool: lambda _limit, _mode: schema.bool_schema(strict=True),
    UUID: _uuid_schema,
    date: _canonical_text_schema(date.fromisoformat, date, _day),
    Decimal: _canonical_text_schema(Decimal, Decimal, lambda value: scalar(value) and value),
    Mapping: _json_schema,
}
