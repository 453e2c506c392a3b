"""What hypothesis may make up: any record that the codec can write, from the class's own fields."""

import dataclasses
import types
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from unicodedata import normalize
from uuid import UUID

from hypothesis import strategies as st

MOST = 2**53 - 1

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(
    lambda text: normalize("NFC", text)
)
KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=6)
DECIMALS = st.decimals(
    min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=3
)
VALUES = st.recursive(
    st.integers(-MOST, MOST) | st.booleans() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(-MOST, MOST),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    Decimal: DECIMALS,
}


def records(shape: Any) -> st.SearchStrategy[Any]:
    """Any record of a class, and anything that a field of it may hold."""
    if shape in _PLAIN:
        return _PLAIN[shape]
    if dataclasses.is_dataclass(shape):
        hints = get_type_hints(shape)
        fields = {one.name: records(hints[one.name]) for one in dataclasses.fields(shape)}
        return st.builds(shape, **fields)
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(records(arguments[0]), max_size=3).map(tuple)
    if origin in (Union, types.UnionType):
        # what is optional is absent, not empty
        given = records(next(one for one in arguments if one is not types.NoneType))
        return st.none() | given.filter(lambda value: value != "")
    assert origin is Mapping
    return st.dictionaries(KEYS, VALUES, max_size=3)
