"""The weekly checks at the desk."""

import re

import pytest

from tests.kit.builders import AT, a_citation
from tests.kit.verdicts import drawn
from tracker.operations import claims
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
DRAWN = "/admin/desk/claim/drawn/"


@pytest.fixture
def drawn_id(desk):
    """A claim of carl's that was drawn."""
    quoted = a_citation(desk.document, quote="The valves were shut.", locator="p. 3", credibility=3)
    claim = claims.assert_claim(
        desk.claim(summary="Russia closed a pipeline.", citations=(quoted,)), at=AT, by="carl"
    ).stream
    drawn(claim)
    return claim


@pytest.fixture
def sent(drawn_id):
    def fields(**other):
        given = {"claim": drawn_id, "version": 1, "verdict": "confirmed", "reason": "Seen."}
        return given | other

    return fields


class TestTheList:
    def test_shows_the_claim_and_its_sources(self, ann, drawn_id):
        page = ann.get(DRAWN).text

        for text in ("Russia closed a pipeline.", "The valves were shut.", "p. 3", "A report",
                     "The Gazette", "11 May 2022"):  # fmt: skip
            assert text in page

    def test_shows_neither_p_nor_grades_nor_a_link_to_a_page_that_does(self, ann, drawn_id):
        """The claim's p is .60, of credibility 3; its source has the grade C."""
        shown = re.sub(r"<[^>]*>", " ", ann.get(DRAWN).text.partition("desk-lead")[2])

        assert not re.search(r"0?\.60|60.%|credibility|\bC\b|value", shown)
        assert f"{drawn_id}/change" not in ann.get(DRAWN).text

    def test_shows_ten_of_more(self, ann, desk):
        for _ in range(11):
            drawn(claims.assert_claim(desk.claim(), at=AT, by="carl").stream)

        page = ann.get(DRAWN)

        assert len(page.context["checks"]) == 10
        assert "11 claims wait." in page.text


class TestAVerdict:
    @pytest.mark.parametrize("verdict", ["confirmed", "false", "unverifiable"])
    def test_is_recorded_with_its_reason(self, ann, drawn_id, sent, verdict):
        page = ann.post(DRAWN, sent(verdict=verdict), follow=True)

        assert "The verdict is recorded." in page.text
        assert "Nothing to check." in page.text
        [given] = states.claim(drawn_id).verdicts
        assert (given.verdict, given.reason, given.source) == (verdict, "Seen.", None)

    @pytest.mark.parametrize(
        ("other", "says"),
        [
            ({"verdict": "disputed"}, "Choose a verdict."),
            ({"verdict": ""}, "Choose a verdict."),
            ({"reason": " "}, "the reason is recorded"),
            ({"version": "2"}, "was changed meanwhile"),
            ({"version": "x"}, "was changed meanwhile"),
        ],
    )
    def test_is_refused_with_what_is_wrong_and_keeps_the_reason(
        self, ann, drawn_id, sent, other, says
    ):
        page = ann.post(DRAWN, sent(**other))

        assert "Nothing is recorded." in page.text
        assert says in page.text
        assert f'value="{other.get("reason", "Seen.")}"' in page.text
        assert states.claim(drawn_id).verdicts == ()

    def test_needs_a_claim(self, ann, sent):
        assert ann.post(DRAWN, sent(claim="x")).status_code == 404

    def test_needs_the_permission(self, someone, drawn_id, sent):
        assert someone("view_claim").post(DRAWN, sent()).status_code == 403
        assert states.claim(drawn_id).verdicts == ()
