"""Error reports have no words of a text."""

import traceback
from pathlib import Path

import pytest
from django.db import OperationalError
from django.http import Http404

from tracker.domain.problems import Conflict, Invalid, Problem
from tracker.operations.text_errors import TextError, without_text

WRONG = Invalid([Problem(pointer="/text", code="too_long", detail="is too long")])


@without_text()
def found(text: str) -> int:
    return {"a": 1}[text]


class TestAnUnexpectedError:
    def test_is_reported_by_its_kind_and_place_alone(self):
        text = "mark" + "er"
        with pytest.raises(TextError) as raised:
            found(text)

        line = found.__wrapped__.__code__.co_firstlineno + 2
        place = f"KeyError in {Path(__file__).name}, line {line}"
        assert str(raised.value) == f"{place}; the message is not kept"
        assert text not in "".join(traceback.format_exception(raised.value))

    def test_is_none_where_nothing_goes_wrong(self):
        assert [found("a"), found("a")] == [1, 1]


@pytest.mark.parametrize(
    "error",
    [WRONG, Conflict("so"), Http404("nothing"), OperationalError("the database does not answer")],
)
def test_an_error_that_is_answered_passes(error):
    with pytest.raises(type(error)) as raised, without_text():
        raise error

    assert raised.value is error
