"""The list of claims at the desk."""

import pytest

from tests.kit.builders import AT
from tracker.admin import claim_list
from tracker.domain.claims import Occurred
from tracker.operations import claims

pytestmark = pytest.mark.django_db


class TestTheList:
    @pytest.mark.parametrize("words", ["pipeline", "SANCTION/disc", "kaz"])
    def test_is_searched_by_words_code_and_party(self, ann, desk, claim_id, words):
        desk.asserts("CHN", "RUS", summary="China built a bridge.", code="plover-2.0/COOPERATE")

        text = ann.get("/admin/desk/claim/", {"q": words}).text

        assert "Russia closed a pipeline." in text
        assert "China built a bridge." not in text


class TestALongList:
    def test_counts_no_further_than_anybody_leafs(self, ann, desk, monkeypatch):
        monkeypatch.setattr(claim_list, "MOST_COUNTED", 2)
        for _ in range(3):
            desk.asserts()

        page = ann.get("/admin/desk/claim/")

        assert page.context["cl"].paginator.count == 2

    def test_shows_the_latest_act_first_and_undated_ones_last(self, ann, desk):
        undated = desk.asserts(occurred=None).stream
        old = desk.asserts(occurred=Occurred(edtf="2022-03-01")).stream
        new = desk.asserts(occurred=Occurred(edtf="2022-05-01")).stream

        shown = [row.pk for row in ann.get("/admin/desk/claim/").context["cl"].result_list]

        assert shown == [new, old, undated]

    def test_is_narrowed_by_kind_and_status(self, ann, desk):
        act = desk.asserts().stream
        desk.asserts(kind="assessment", code=None)
        gone = desk.asserts().stream
        claims.retract_claim(gone, reason="no", at=AT, by="x")

        def listed(query):
            found = ann.get(f"/admin/desk/claim/?{query}").context["cl"].result_list
            return {row.pk for row in found}

        assert listed("kind=act") == {act, gone}
        assert listed("kind=act&status=standing") == {act}
