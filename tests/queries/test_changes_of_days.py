"""What the days that pass change of a score, and which claims do it."""

import pytest

from tests.kit.change_checks import passed, sums, told
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
