"""A made-up shape with every kind of field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import strategies as st

from tests.kit.strategies import records
from tracker.domain.codec import BadShape, build
from tracker.domain.events import SHAPES
from tracker.domain.fields import text

DECOMPOSED, COMPOSED = "Zha\u0300o", "Zhào"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part with words of its own."""

    size: int = 0
    words: str = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A record with a field of every form that the codec reads."""

    id: UUID
    name: str
    leaves: tuple[Leaf, ...]
    tags: tuple[str, ...] = ()
    main: Leaf | None = None
    colour: Literal["red", "green"] = "red"
    height: Decimal | None = None
    planted: date | None = None
    evergreen: bool = False
    facts: Mapping[str, Any] | None = None
    from_: str | None = None
    note: str = text(default="")


ID = UUID(int=7)
LEAST: dict[str, Any] = {"id": str(ID), "name": "Ash", "leaves": []}


def a_tree(**given: Any) -> Tree:
    return Tree(**{"id": ID, "name": "Ash", "leaves": (), **given})


def read(**given: Any) -> Tree:
    return build(Tree, LEAST | given)


def refusal(**given: Any) -> tuple[str, str]:
    """Where a tree is refused, and why."""
    with pytest.raises(BadShape) as caught:
        read(**given)
    return caught.value.pointer, caught.value.detail


def nested(depth: int) -> Any:
    """A number within so many lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def scalars(value: Any) -> list[Any]:
    """Everything at the ends of a JSON value, keys too."""
    if isinstance(value, dict):
        return [one for pair in value.items() for part in pair for one in scalars(part)]
    if isinstance(value, list):
        return [one for item in value for one in scalars(item)]
    return [value]


# What any event may say.
EVENTS = st.sampled_from([*SHAPES.values()]).flatmap(records)
