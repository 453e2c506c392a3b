"""The second coding at the desk."""

import re

import pytest

from tests.kit.builders import CODE, a_citation
from tests.kit.second_codings import a_sampled_claim
from tracker.domain.claims import Strength
from tracker.models.operational import SecondCoding

pytestmark = pytest.mark.django_db
PAGE = "/admin/desk/claim/second-coding/"


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
def sent(sampled):
    def fields(**other):
        given = {"claim": sampled, "version": 1, "code": CODE, "form": "act", "strength": "full"}
        return given | other

    return fields


def main_part(response):
    return response.text.partition("desk-lead")[2]


class TestThePage:
    def test_shows_the_claim_and_its_source(self, ann, sampled):
        page = main_part(ann.get(PAGE))

        for text in ("Russia closed a pipeline.", "The valves were shut.", "p. 3", "A report"):
            assert text in page

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

    def test_is_in_the_menu(self, ann):
        assert PAGE in ann.get("/admin/").text


class TestACoding:
    def test_is_kept_and_compared(self, ann, sent):
        page = ann.post(PAGE, sent(strength="weak"), follow=True)

        [kept] = SecondCoding.objects.all()
        assert (kept.coder, kept.second["strength"]) == ("ann", "weak")
        assert "Your coding is kept." in page.text
        assert "1 of 1" in main_part(page)
        assert "not known yet" in main_part(page)

    def test_that_agrees_too_little_is_called_so(self, ann, desk, sent):
        """Act and situation, situation and act: alpha −.5."""
        ann.post(PAGE, sent(form="situation", strength="weak"))
        other = a_sampled_claim(desk, kind="situation")
        page = ann.post(PAGE, sent(claim=other), follow=True)

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
    def test_that_is_wrong_is_named_and_stays_typed(self, ann, sent, field, value, says):
        page = ann.post(PAGE, sent(**{field: value}))

        assert says in page.text
        assert "Nothing is kept." in page.text
        assert not SecondCoding.objects.exists()
        assert "<option selected>full</option>" in page.text
