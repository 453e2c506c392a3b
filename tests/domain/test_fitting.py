"""The quick look agrees with the codec wherever it says yes."""

import dataclasses
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import codec, scalars
from tracker.domain.fitting import fits


@dataclasses.dataclass(frozen=True)
class Inner:
    day: date
    known: bool


@dataclasses.dataclass(frozen=True)
class Outer:
    text: str
    number: int
    choice: Literal["a", "b"]
    id: UUID
    inners: tuple[Inner, ...] = ()
    maybe: int | None = None


WHOLE = Outer(
    text="Tokaýev",
    number=scalars.WIDEST,
    choice="a",
    id=UUID(int=7),
    inners=(Inner(day=date(2022, 5, 24), known=True),),
)


class Text(str):
    """Text of another class."""


@dataclasses.dataclass(frozen=True)
class Further(Inner):
    """A record of another class."""


def test_a_record_that_is_what_its_fields_ask_for_fits() -> None:
    assert fits(WHOLE)
    assert codec.build(Outer, codec.plain(WHOLE)) == WHOLE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "\0"),
        ("text", "half \ud800"),
        ("text", None),
        ("text", Text("sub")),
        ("number", scalars.WIDEST + 1),
        ("number", True),
        ("number", 1.0),
        ("choice", "c"),
        ("choice", ["a"]),
        ("id", str(UUID(int=7))),
        ("inners", [*WHOLE.inners]),
        ("inners", (WHOLE,)),
        ("inners", (Inner(day=datetime(2022, 5, 24, tzinfo=UTC), known=True),)),
        ("inners", (Inner(day=date(2022, 5, 24), known=1),)),  # type: ignore[arg-type]
        ("inners", (Further(day=date(2022, 5, 24), known=True),)),
        ("maybe", Decimal(1)),
    ],
)
def test_a_value_of_another_kind_does_not_fit(field: str, value: Any) -> None:
    assert not fits(replace(WHOLE, **{field: value}))


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.characters(categories=["Cs"]),
    st.sampled_from(["a", "b"]),
    st.uuids(),
    st.dates(),
    st.decimals(),
    st.lists(st.builds(Inner, day=st.dates() | st.datetimes(), known=st.booleans())),
    st.tuples(st.builds(Inner, day=st.dates() | st.none(), known=st.booleans() | st.integers())),
)


@given(values=st.fixed_dictionaries({field.name: anything for field in dataclasses.fields(Outer)}))
def test_what_fits_can_be_read_again(values: dict[str, Any]) -> None:
    record = Outer(**values)
    if fits(record):
        codec.build(Outer, codec.plain(record))


@given(field=st.sampled_from([field.name for field in dataclasses.fields(Outer)]), value=anything)
def test_what_fits_but_for_one_value_can_be_read_again(field: str, value: Any) -> None:
    record = replace(WHOLE, **{field: value})
    if fits(record):
        codec.build(Outer, codec.plain(record))


def test_decimals_and_open_mappings_are_left_to_the_codec() -> None:
    @dataclasses.dataclass(frozen=True)
    class Amount:
        value: Decimal

    assert not fits(Amount(value=Decimal("1.5")))
