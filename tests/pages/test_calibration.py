"""The page that compares p with verdicts."""

import re

import pytest
from django.test import Client

from tests.kit.verdicts import drawn, judge, judge_drawn
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.pages import calibration_page
from tracker.queries import moment
from tracker.queries.evidence import calibration

pytestmark = pytest.mark.django_db
PAGE = "/method/calibration/"


@pytest.fixture
def judged(desk):
    """Fifteen claims with p .65 are confirmed and six false; one cannot be verified."""
    for verdict, number in (("confirmed", 15), ("false", 6), ("unverifiable", 1)):
        for _ in range(number):
            judge(desk.asserts().stream, verdict)


def read(**query) -> str:
    answer = Client().get(PAGE, query)
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.split())


class TestThePage:
    def test_says_so_while_nothing_was_checked(self, db):
        assert "No claim has been checked yet." in read()

    def test_shows_no_share_of_few_verdicts(self, desk):
        for _ in range(19):
            judge(desk.asserts().stream)

        page = read()

        assert "19 claims have been checked." in page
        assert "with fewer, luck decides" in page
        assert "<svg" not in page
        assert "Brier" not in page

    def test_compares_the_confirmed_with_the_expected(self, judged):
        """Of 21 decided 15; with the open one 15 or 16 of 22."""
        page = read()

        says = "21 claims have been checked: 71 % were confirmed, where the program expected 65 %."
        assert says in page
        assert "68 % if all of them were false" in page
        assert "73 % if all were true" in page
        assert 'class="plot"' in page
        assert "Of 21 claims with p 0.65 on average, 15 were confirmed" in page

    def test_has_the_tables_and_the_score(self, judged):
        """Brier: (15 · .35² + 6 · .65²)/21 = .208; grade C: (13 + 15)/(20 + 21)."""
        page = read()

        for text in ("0.6 to 0.7", "Reliability C", "is 0.208", "no change"):
            assert text in page

    def test_proposes_another_value_in_words(self, desk):
        """(20 · .65 + 0)/(20 + 32) = .25."""
        for _ in range(32):
            judge(desk.asserts().stream, "false")

        assert "<td>0.25</td> <td>0.25</td>" in read()

    def test_tells_drawn_claims_apart(self, judged, desk):
        for number in range(20):
            claim = desk.asserts().stream
            first = {"probability": 0.25, "stratum": "first"}
            drawn(claim, **({"probability": 0.5} if number else first))
            judge_drawn(claim)

        page = read()

        assert "So far 20 claims were drawn. </p>" in page
        assert 'headline">20 claims have been checked: 100 % were confirmed' in page
        assert "41 claims have been checked" in page
        assert page.count('class="plot"') == 2
        # (19 · 2 + 4)²/(19 · 4 + 16) = 1764/92.
        assert "19.2" in page

    def test_is_built_again_after_a_draw(self, judged, desk):
        claim = desk.asserts().stream
        assert "So far 0 claims were drawn" in read()

        drawn(claim)

        assert "So far 1 claim was drawn. Drawn, not judged here: 1." in read()

    def test_is_as_of_a_position(self, judged, desk):
        position = log.head().position
        judge(desk.asserts().stream)

        assert "21 claims have been checked" in read(as_of=position)
        assert "As known on" in read(as_of=position)
        assert "22 claims have been checked" in read()

    def test_names_a_lens_that_is_none(self, desk):
        answer = Client().get(PAGE, {"lens": "none"})

        assert answer.status_code == 400
        assert "there is no lens" in answer.text.replace("There", "there")

    def test_takes_no_other_parameter(self, desk):
        assert Client().get(PAGE, {"day": "2022-01-01"}).status_code == 400

    def test_is_linked_from_the_method_and_the_sitemap(self, desk):
        assert f'href="{PAGE}"' in Client().get("/method/").text
        assert PAGE in Client().get("/sitemap-site.xml").text


def test_the_picture_has_a_point_and_an_interval_for_each_bin_with_a_decided_claim(judged, desk):
    found = calibration.report(lens="standing", as_of=moment.now(), reader=Reader.DESK)
    svg = calibration_page.diagram(found.judged.bins)
    [(x, y)] = re.findall(r'<path transform="translate\((\S+),(\S+)\)"', svg)
    [(across, low, high)] = re.findall(r'<line x1="(\S+)" x2="\1" y1="(\S+)" y2="(\S+)"/>', svg)

    # A plot of 300 points: p is 0.65, and 15 of 21 were confirmed.
    assert (x, y) == (across, "85.7") == ("195", "85.7")
    assert float(low) > float(y) > float(high)
