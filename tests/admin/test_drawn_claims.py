"""The weekly checks at the desk."""

import re

import pytest

from tests.kit.builders import AT, BY, a_citation
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

    def test_leaves_out_claims_of_the_account(self, ann, desk):
        own = desk.asserts(summary="By ann.").stream
        assert BY == "ann"
        drawn(own)

        page = ann.get(DRAWN)

        assert "Nothing to check." in page.text
        assert "By ann." not in page.text

    def test_shows_ten_of_more(self, ann, desk):
        for _ in range(11):
            drawn(claims.assert_claim(desk.claim(), at=AT, by="carl").stream)

        page = ann.get(DRAWN)

        assert len(page.context["checks"]) == 10
        assert "11 claims wait." in page.text

    def test_is_for_those_who_may_judge(self, someone, drawn_id):
        page = someone("view_claim").get(DRAWN)

        assert page.status_code == 403
        assert "You may not give verdicts and reviews." in page.text

    def test_is_for_a_curator(self, someone, drawn_id):
        page = someone("view_claim", "judge_claim").get(DRAWN)

        assert "Russia closed a pipeline." in page.text


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

    def test_is_refused_on_what_was_not_drawn(self, ann, desk, sent):
        other = claims.assert_claim(desk.claim(), at=AT, by="carl").stream

        assert "waits for no judgement" in ann.post(DRAWN, sent(claim=other)).text

    def test_is_refused_on_a_claim_of_the_account(self, ann, desk, sent):
        own = desk.asserts().stream
        drawn(own)

        assert "another user must judge it" in ann.post(DRAWN, sent(claim=own)).text

    def test_needs_a_claim(self, ann, sent):
        assert ann.post(DRAWN, sent(claim="x")).status_code == 404

    def test_needs_the_permission(self, someone, drawn_id, sent):
        assert someone("view_claim").post(DRAWN, sent()).status_code == 403
        assert states.claim(drawn_id).verdicts == ()
