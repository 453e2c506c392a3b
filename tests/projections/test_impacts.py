"""Follows the log: which claims an event touches, and what is known from where on."""

import pytest

from tests.builders import AT, BY, a_collection, a_desk
from tests.projections.readings import value, work_off
from tracker.operations import claims, sources

pytestmark = pytest.mark.django_db


class TestFollow:
    def test_takes_in_a_claim_that_a_correction_moves_into_the_view(self) -> None:
        desk = a_desk()
        elsewhere = sources.describe_collection(a_collection(name="other"), at=AT, by=BY).stream
        asserted = desk.asserts(collection=elsewhere)
        work_off()
        before = value()

        claims.correct_claim(
            asserted.stream, desk.claim(), reason="misfiled", expected=1, at=AT, by=BY
        )
        work_off()

        assert before == 0
        assert value() < 0
