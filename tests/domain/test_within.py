"""The quick look at limits says of no record that it fits which does not."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.builders import a_citation, a_claim
from tests.domain.records import SOME, records
from tracker.domain import limits, within
from tracker.domain.claims import Claim
from tracker.domain.events import SHAPES, ClaimRetracted, ForecastResolved
from tracker.domain.records import Actor, Name

LONG = st.sampled_from(
    ["", " ", "a", "ä" * 200, "ä" * 201, "a\nb", "a\tb", "a\u202eb", "x" * 10_001]
)


def slowly(record):
    """What the slow look finds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(within, "surely", lambda _record: False)
        return list(limits.problems(record))


class TestSurely:
    @pytest.mark.parametrize("shape", SHAPES.values(), ids=lambda shape: shape.__name__)
    @SOME
    @given(data=st.data())
    def test_is_never_too_sure(self, shape, data):
        record = data.draw(records(shape))

        assert not (within.surely(record) and slowly(record))
        assert list(limits.problems(record)) == slowly(record)

    @SOME
    @given(data=st.data())
    def test_is_never_too_sure_of_words(self, data):
        words = {name: data.draw(LONG) for name in ("summary", "note", "key", "code", "hedge")}
        lists = {
            name: data.draw(st.lists(LONG, max_size=2).map(tuple)) for name in ("tags", "contexts")
        }
        cited = a_citation(quote=data.draw(LONG), locator=data.draw(LONG), language=data.draw(LONG))
        record = a_claim(**words, **lists, citations=(cited,))

        assert within.surely(record) == (slowly(record) == [])

    @pytest.mark.parametrize(
        "record",
        [
            a_claim(),
            ClaimRetracted(reason="no"),
            ForecastResolved(outcome="void", resolved_on=date(2022, 1, 1)),
            Actor(kind="state", names=(Name(text="Kazakhstan", language="en"),), code="KAZ"),
        ],
    )
    def test_is_sure_of_what_is_plain(self, record):
        assert within.surely(record)

    @pytest.mark.parametrize(
        "record",
        [
            ForecastResolved(outcome="void", resolved_on=date(22, 1, 1)),
            Actor(kind="state", names=(Name(text="Kazakhstan", language="English please"),)),
            Actor(kind="state", code="kaz"),
            a_claim(tags=(" ",)),
            a_claim(tags=("",)),
            a_claim(parties=tuple(a_claim().parties) * 51),
            replace(a_claim(), parties=("KAZ",)),
            replace(a_claim(), citations=[a_citation()]),
            replace(a_claim(), occurred="2022"),
        ],
    )
    def test_is_not_sure_of_what_is_too_much_or_something_else(self, record):
        assert not within.surely(record)


class TestBounded:
    def test_are_all_fields_but_those_in_which_a_set_value_stands(self):
        assert {name for _, _, name in within.bounded(Claim)} == {
            f"Claim.{name}"
            for name in Claim.__dataclass_fields__
            if name not in ("collection", "kind", "polarity", "modality", "likelihood")
        }
