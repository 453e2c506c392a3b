"""A second person codes a tenth of the claims, without sight of the first coding."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.kit.builders import AT, CODE, Desk, a_collection, a_desk
from tests.kit.second_codings import a_sampled_claim, a_sampled_id
from tracker import log
from tracker.domain.problems import Invalid
from tracker.domain.second_coding import NO_ACT, Coding
from tracker.log import VersionConflict
from tracker.models.operational import ImportSpan
from tracker.operations import claims, second_coding, sources
from tracker.operations.second_coding import NotSampled
from tracker.queries.claims.second_coding import coded_twice, waiting

pytestmark = pytest.mark.django_db
THE_SAME, OTHER = Coding(CODE, "act", "full"), Coding("plover-2.0/ACCUSE", "act", "full")


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def code(claim, coding=THE_SAME, *, expected=1, by="bea"):
    return second_coding.code_again(claim, coding, expected=expected, at=AT, by=by)


class TestWaiting:
    def test_are_sampled_claims_without_a_second_coding(self, desk):
        one, other = sorted(a_sampled_claim(desk) for _ in range(2))
        desk.asserts(claim_id=a_sampled_id(sampled=False))
        assert waiting(limit=10) == [one, other]

        code(one)

        assert waiting(limit=10) == [other]

    def test_are_acts_and_situations_in_force_that_people_coded(self, desk):
        machine = sources.describe_collection(
            replace(a_collection(), name="gdelt", coding="machine"), at=AT, by="carl"
        ).stream
        a_sampled_claim(desk, collection=machine)
        a_sampled_claim(desk, kind="assessment")
        gone = a_sampled_claim(desk)
        claims.retract_claim(gone, reason="wrong", at=AT, by="carl")
        situation = a_sampled_claim(desk, kind="situation")

        assert waiting(limit=10) == [situation]

    def test_are_none_that_a_file_brought(self, desk):
        entered, brought = a_sampled_claim(desk), a_sampled_claim(desk)
        [first] = log.firsts([brought])
        ImportSpan.objects.create(first=first.position, last=first.position, run=uuid4())
        later = a_sampled_claim(desk)

        assert waiting(limit=10) == sorted([entered, later])
        with pytest.raises(NotSampled):
            code(brought)

    def test_are_for_those_who_did_not_enter_them(self, desk, monkeypatch):
        monkeypatch.setattr(second_coding, "_BATCH", 2)
        by_carl = sorted(a_sampled_claim(desk) for _ in range(3))
        by_bea = a_sampled_claim(desk, by="bea")

        assert second_coding.waiting_for("bea", limit=10) == by_carl
        assert second_coding.waiting_for("bea", limit=1) == by_carl[:1]
        assert second_coding.waiting_for("carl", limit=10) == [by_bea]


class TestCodeAgain:
    def test_keeps_both_codings(self, desk):
        claim = a_sampled_claim(desk)

        kept = code(claim, OTHER)

        assert Coding(**kept.first) == THE_SAME
        assert Coding(**kept.second) == OTHER
        assert (kept.coder, kept.version, kept.collection) == ("bea", 1, desk.collection)

    def test_is_once(self, desk):
        claim = a_sampled_claim(desk)
        code(claim)

        with pytest.raises(NotSampled):
            code(claim, by="dora")

    def test_is_of_sampled_claims(self, desk):
        claim = desk.asserts(claim_id=a_sampled_id(sampled=False)).stream

        with pytest.raises(NotSampled):
            code(claim)

    def test_is_not_by_the_one_who_entered_it(self, desk):
        with pytest.raises(Invalid, match="another user must code it"):
            code(a_sampled_claim(desk, by="bea"))

    def test_is_of_the_version_that_was_read(self, desk):
        claim = a_sampled_claim(desk)
        corrected = desk.claim(summary="Other words.")
        claims.correct_claim(claim, corrected, reason="typo", expected=1, at=AT, by="carl")

        with pytest.raises(VersionConflict):
            code(claim)
        assert code(claim, expected=2).version == 2

    def test_names_what_is_wrong(self, desk):
        with pytest.raises(Invalid, match="/form"):
            code(a_sampled_claim(desk), Coding(CODE, "", "full"))


class TestCodedTwice:
    def test_is_the_agreement_by_collection(self, desk):
        """CODE and ACCUSE agree, CODE and none differ: 1 − 5 · 2/(36 − 9 − 4 − 1) = .545."""
        for second in (THE_SAME, OTHER, Coding(NO_ACT)):
            first = OTHER.code if second == OTHER else CODE
            code(a_sampled_claim(desk, code=first), second)

        [found] = coded_twice()

        assert (found.name, found.claims) == ("curated", 3)
        assert found.fields["code"].alpha == pytest.approx(1 - 10 / 22)
        assert found.low == ["code"]
