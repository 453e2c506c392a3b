"""Withheld words leave the rows that stand, and only they."""

import json

import pytest

from tests.kit.builders import AT, BY, Desk, a_citation, an_actor, withhold_text
from tests.projections.test_standing import claim_of, row
from tracker.domain.claims import Occurred
from tracker.domain.records import Name
from tracker.log import Recorded
from tracker.models.derived import PastClaim, StandingRecord
from tracker.operations import actors, claims
from tracker.projections import standing

pytestmark = pytest.mark.django_db


def withhold(one: Recorded) -> Recorded:
    return withhold_text(one.position, reason="a name", authority="a court", at=AT, by=BY)


class TestWithheldWords:
    def test_are_gone_from_the_claim(self, desk: Desk) -> None:
        one = desk.asserts(summary="Ann paid.", note="Ann", occurred=Occurred(edtf="2022-05-11"))

        withhold(one)

        assert claim_of(one.stream) == desk.claim(
            summary="", note="", occurred=Occurred(edtf="2022-05-11")
        )
        assert "Ann" not in json.dumps(row(one.stream).state)  # type: ignore[union-attr]
        assert row(one.stream).version == 2

    def test_leave_those_of_a_later_correction(self, desk: Desk) -> None:
        one = desk.asserts(summary="Ann paid.")
        revised = desk.claim(summary="Somebody paid.")
        claims.correct_claim(one.stream, revised, reason="a name", expected=1, at=AT, by=BY)

        withhold(one)

        assert claim_of(one.stream) == revised

    def test_stay_gone_with_each_further_event(self, desk: Desk) -> None:
        one = desk.asserts(summary="Ann paid.")
        cited = claims.cite(
            one.stream, a_citation(desk.document, quote="Ann", locator="2"), at=AT, by=BY
        )

        withhold(one)
        withhold(cited)
        claims.retract_claim(one.stream, reason="no", at=AT, by=BY)

        assert "Ann" not in json.dumps(row(one.stream).state)  # type: ignore[union-attr]
        past = PastClaim.objects.filter(id=one.stream).order_by("version")
        assert [one.version for one in past] == [1, 2, 3, 4]
        assert "Ann" not in json.dumps([one.state for one in past])
        assert [one.locator for one in claim_of(one.stream).citations] == [None, "2"]

    def test_take_a_person_s_name_with_them(self) -> None:
        person = an_actor(None, kind="person", names=(Name(text="Ann"),), aliases=("Annie",))
        one = actors.describe_actor(person, at=AT, by=BY)

        withhold(one)

        found = StandingRecord.objects.get(pk=one.stream)
        assert found.name == ""
        assert "Ann" not in json.dumps(found.state)

    def test_change_nothing_where_the_state_has_none_of_them(self, desk: Desk) -> None:
        one = desk.asserts()
        gone = claims.retract_claim(one.stream, reason="Ann asked", at=AT, by=BY)
        before = standing.load(row(one.stream))

        withhold(gone)

        assert standing.load(row(one.stream)) == before
