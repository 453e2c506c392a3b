"""The pages of blind review: second codings and weekly checks."""

import re

import pytest

from tests.kit.builders import AT, CODE, a_citation
from tests.kit.second_codings import a_sampled_claim
from tests.kit.verdicts import drawn
from tracker.domain.claims import Strength
from tracker.models.operational import SecondCoding
from tracker.operations import claims
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
PAGE, DRAWN = "/admin/desk/claim/second-coding/", "/admin/desk/claim/drawn/"


@pytest.fixture
def sampled(desk):
    """A claim of carl's."""
    quoted = a_citation(desk.document, quote="The valves were shut.", locator="p. 3")
    return a_sampled_claim(
        desk,
        summary="Russia closed a pipeline.",
        citations=(quoted,),
        strength=Strength(grade="weak", reason="for a day"),
    )


@pytest.fixture
def coding(sampled):
    def fields(**other):
        given = {"claim": sampled, "version": 1, "code": CODE, "form": "act", "strength": "full"}
        return given | other

    return fields


def main_part(response):
    return response.text.partition("desk-lead")[2]


class TestTheClaimsToCode:
    def test_shows_nothing_of_the_first_coding(self, ann, sampled):
        """Neither the code is chosen, nor the strength, nor who did it to whom."""
        section = main_part(ann.get(PAGE)).partition("<section")[2].partition("</section>")[0]

        assert CODE not in section
        assert "selected" not in section
        assert "nitiator" not in section
        assert f"{sampled}/change" not in section
        assert re.search(r"Kazakhstan, Russia|KAZ, RUS", section)

    def test_is_for_those_who_may_enter_claims(self, someone, sampled):
        assert someone("view_claim").get(PAGE).status_code == 403


class TestACoding:
    def test_is_kept_and_compared(self, ann, coding):
        page = ann.post(PAGE, coding(strength="weak"), follow=True)

        [kept] = SecondCoding.objects.all()
        assert (kept.coder, kept.second["strength"]) == ("ann", "weak")
        assert "Your coding is kept." in page.text
        assert "1 of 1" in main_part(page)
        assert "not known yet" in main_part(page)

    def test_that_agrees_too_little_is_called_so(self, ann, desk, coding):
        """Act and situation, situation and act: alpha −.5."""
        ann.post(PAGE, coding(form="situation", strength="weak"))
        other = a_sampled_claim(desk, kind="situation")
        page = ann.post(PAGE, coding(claim=other), follow=True)

        assert "Do not rely on form of curated" in page.text
        assert "-0.50" in page.text

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("code", "SANCTIONS", "unknown codebook"),
            ("code", "", "choose a code, or"),
            ("form", "", "choose one of: act, situation"),
            ("version", "", "was changed meanwhile"),
            ("version", "2", "was changed meanwhile"),
        ],
    )
    def test_that_is_wrong_is_named_and_stays_typed(self, ann, coding, field, value, says):
        page = ann.post(PAGE, coding(**{field: value}))

        assert says in page.text
        assert "Nothing is recorded." in page.text
        assert not SecondCoding.objects.exists()
        assert "<option selected>full</option>" in page.text


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


class TestTheDrawnClaims:
    def test_shows_neither_p_nor_grades_nor_a_link_to_a_page_that_does(self, ann, drawn_id):
        """The claim's p is .60, of credibility 3; its source has the grade C."""
        shown = re.sub(r"<[^>]*>", " ", ann.get(DRAWN).text.partition("desk-lead")[2])

        assert not re.search(r"0?\.60|60.%|credibility|\bC\b|value", shown)
        assert f"{drawn_id}/change" not in ann.get(DRAWN).text


class TestAVerdict:
    @pytest.mark.parametrize("verdict", ["confirmed", "false", "unverifiable"])
    def test_is_recorded_with_its_reason(self, ann, drawn_id, sent, verdict):
        page = ann.post(DRAWN, sent(verdict=verdict), follow=True)

        assert "The verdict is recorded." in page.text
        assert "Nothing waits." in page.text
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
