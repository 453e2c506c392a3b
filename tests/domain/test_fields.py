"""The fields of record classes and of named tuples."""

from dataclasses import dataclass
from typing import NamedTuple

import pytest

from tracker.domain import fields


@dataclass(frozen=True, kw_only=True)
class Record:
    from_: int
    words: str = "none"


class Row(NamedTuple):
    from_: int
    words: str = "none"


@pytest.mark.parametrize("shape", [Record, Row])
def test_are_those_that_the_class_declares(shape):
    found = [(one.name, one.key, one.type.of, one.needed) for one in fields.of(shape)]

    assert found == [("from_", "from", int, True), ("words", "words", str, False)]
    assert fields.of(shape)[1].default == "none"
