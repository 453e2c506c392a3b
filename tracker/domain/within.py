"""A quick look whether a record surely keeps within its limits, as nearly every record does.

What it does not see to at once is left to `limits`, which says what is wrong.
"""

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from tracker.domain.sizes import FIRST_DAY, LAST_DAY, MOST, NO_LINE, NO_PROSE, WORDS, Words

type Check = Callable[[Any], bool]


def surely(record: Any) -> bool:
    """Whether all that is in a record fits into its field, and the records in it too."""
    get, checks = _checks(cast("Any", type(record)))
    # As many as there are, and a loop, since it runs for each record there is.
    for value, check in zip(get(record), checks):  # noqa: B905, SIM110
        if value and not check(value):
            return False
    return True


def words_fit(name: str) -> Check:
    """What tells whether words surely fit into a field, as "Claim.note", and say something."""
    fits = _text(WORDS[name])
    return lambda value: fits(value) and not value.isspace() and value != ""


@cache
def bounded(shape: Any) -> tuple[tuple[str, str, str], ...]:
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


@cache
def _checks(shape: Any) -> tuple[Callable[[Any], tuple[Any, ...]], list[Check]]:
    """What gets the values of the fields that have bounds, and what checks each."""
    hints = get_type_hints(shape)
    names = [field for field, _, _ in bounded(shape)]
    checks = [_check(hints[field], name) for field, _, name in bounded(shape)]
    if len(names) > 1:
        return attrgetter(*names), checks
    return lambda record: tuple(getattr(record, name) for name in names), checks


def _check(hint: Any, name: str) -> Check:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _check(next(one for one in arguments if one is not types.NoneType), name)
    if hint is str:
        return _text(WORDS[name])
    if hint is date:
        return lambda value: type(value) is date and FIRST_DAY <= value <= LAST_DAY
    if dataclasses.is_dataclass(hint):
        return lambda value: type(value) is hint and surely(value)
    if origin is tuple:
        return _list(arguments[0], name)
    return lambda _value: False


def _text(words: Words) -> Check:
    longest, control = words.longest, (NO_PROSE if words.lines else NO_LINE).search
    form = re.compile(words.form).fullmatch if words.form else None

    def fits(value: Any) -> bool:
        return (
            type(value) is str
            and len(value) <= longest
            and not control(value)
            and (form is None or form(value) is not None)
        )

    return fits


def _list(item: Any, name: str) -> Check:
    most = MOST[name]
    if item is str and name in WORDS:
        check = _text(WORDS[name])
        return lambda value: (
            type(value) is tuple
            and len(value) <= most
            and all(check(one) and not one.isspace() and one for one in value)
        )
    if dataclasses.is_dataclass(item) and bounded(cast("Any", item)):
        return lambda value: (
            type(value) is tuple
            and len(value) <= most
            and all(type(one) is item and surely(one) for one in value)
        )
    return lambda value: (
        type(value) is tuple and len(value) <= most and all(type(one) is not str for one in value)
    )
