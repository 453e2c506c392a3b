"""What the days that pass change of a score, and which claims do it."""

import pytest

from tests.kit.change_checks import anchor, passed, sums, told
from tracker.domain.claims import Occurred

pytestmark = pytest.mark.django_db


class TestDaysThatPassed:
    def test_bring_claims_whose_first_day_they_hold(self, desk):
        old = desk.asserts(occurred=Occurred(edtf="2022-05-10")).stream
        new = desk.asserts(occurred=Occurred(edtf="2022-05-12")).stream

        found = passed("2022-05-11", "2022-05-12")

        assert {one.claim: one.because for one in found.changes} == {new: "began", old: "time"}
        assert found.changes[0].before == 0
        assert told(found) == {new: [], old: []}
        sums(found)

    def test_begin_with_the_anchor_that_they_hold(self, desk):
        anchor(desk, "2022-05-05")
        desk.asserts()

        begun = passed("2022-05-04", "2022-05-05")
        worn = passed("2022-05-10", "2022-05-11")

        assert (begun.start, begun.start_because) == (5, "began")
        assert worn.start == pytest.approx(-5 * 0.39 / 9)
        assert worn.start_because == "others"
        for one in (begun, worn):
            assert one.start_causes == ()
            sums(one)
