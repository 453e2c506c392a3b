"""The list of claims at the desk."""

import pytest

pytestmark = pytest.mark.django_db


class TestTheList:
    @pytest.mark.parametrize("words", ["pipeline", "SANCTION/disc", "kaz"])
    def test_is_searched_by_words_code_and_party(self, ann, desk, claim_id, words):
        desk.asserts("CHN", "RUS", summary="China built a bridge.", code="plover-2.0/COOPERATE")

        text = ann.get("/admin/desk/claim/", {"q": words}).text

        assert "Russia closed a pipeline." in text
        assert "China built a bridge." not in text
