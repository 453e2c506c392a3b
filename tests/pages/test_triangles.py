"""The page of a triangle: which way each side went, what moved it, and what is not known."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_desk, rate
from tests.kit.pulls import still_parameters
from tests.kit.texts import text_of
from tracker.charts import triangle
from tracker.charts.triangle import TriangleSide
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.triads import Edge
from tracker.operations import claims
from tracker.projections import shifts
from tracker.queries.scores import movements
from tracker.wording import Names

pytestmark = pytest.mark.django_db
PAGE = "/triads/CHN-KAZ-RUS/"
DAY = {"day": "2022-06-01"}
AFTER = Occurred(edtf="2022-05-12")


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


@pytest.fixture
def record(desk):
    """Russia sanctions Kazakhstan, and an assessment is about China and Kazakhstan."""
    code = "plover-2.0/SANCTION/discontinue"
    desk.asserts("RUS", "KAZ", code=code, summary="Oil was stopped.")
    desk.asserts("CHN", "KAZ", kind="assessment", code=None, summary="They may talk.")
    work_off()
    return desk


def read(client):
    """How often the page reads impacts when it is built, and its text."""
    caches["answers"].clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(PAGE, DAY)
    return sum("array_to_string(roots" in one["sql"] for one in asked), text_of(answer)


class TestASide:
    def test_says_which_way_it_went_and_what_moved_it(self, client, record):
        text = text_of(client.get(PAGE, DAY))

        assert (
            "KAZ and RUS : ▼ worse in May 2022, one source reports: −0.6"
            " (90 % interval −0.6 to 0.0)" in text
        )
        assert "Main cause: Oil was stopped. on 11 May 2022 · pulls it by −0.6 ·" in text

    def test_rests_on_one_source_only_where_that_may_be_wrong(self, client, record):
        """By a source graded A it is true in 248 of 256 worlds, so that its interval has no 0."""
        rate(record.source, "A")
        work_off()

        text = text_of(client.get(PAGE, DAY))

        assert "KAZ and RUS : ▼ worse in May 2022: −0.6 (90 % interval −0.6 to −0.6)" in text

    def test_without_an_act_lists_the_reports_about_both(self, client, record):
        text = text_of(client.get(PAGE, DAY))

        assert "CHN and KAZ : ? no reported act" in text
        assert "1 related report is listed below." in text
        assert "Reports about CHN and KAZ" in text
        assert "They may talk." in text

    def test_names_no_cause_that_is_withheld(self, client, record):
        """A war that a firm is blamed for, on one root, weighs more than the sanction."""
        code = "plover-2.0/ASSAULT/heavy-weapons"
        blames(record, a_firm(record), code=code, occurred=Occurred(edtf="2022-05-12"))
        work_off()

        text = text_of(client.get(PAGE, DAY))

        assert "Acme" not in text
        assert "Main cause: Oil was stopped." in text

    def test_of_too_many_claims_is_told_without_reading_them(self, client, record, monkeypatch):
        """Its movement is what the last search for shifts found: without causes, and without who
        reports it."""
        shifts.find(today=date(2022, 6, 1))
        reads, _ = read(client)
        monkeypatch.setattr(movements, "MOST_READ", 0)
        fewer, text = read(client)

        assert "KAZ and RUS : ▼ worse since May 2022: −0.6 (90 % interval −0.6 to 0.0)" in text
        assert "Main cause:" not in text
        # The other two sides have none.
        assert fewer == reads - 1

    def test_keeps_its_figures_in_a_table(self, client, record):
        table = text_of(client.get(PAGE, DAY)).partition("As a table")[2]

        assert "1 Jun 2022 −0.57 (−0.60 to 0.00)" in table

    def test_is_not_drawn_as_worse_where_acts_pulled_both_ways(self, client, record):
        """They surely drew apart by more than half a point, and more than half of that pulled them
        together: the sentence calls it unknown, and the picture too."""
        codes = ("SANCTION", "SANCTION", "SANCTION", "COOPERATE", "AID", "AGREE")
        for code in codes:
            made = record.asserts("RUS", "KAZ", code=f"plover-2.0/{code}", occurred=AFTER)
            verdict = e.VerdictGiven(verdict="confirmed", reason="seen")
            claims.give_verdict(made.stream, verdict, at=AT, by=BY)
        work_off()

        answer = client.get(PAGE, DAY)

        assert "side_unsure_KAZRUS" in answer.text
        assert "side_worse_KAZRUS" not in answer.text
        assert "KAZ and RUS : ? signals in both directions" in text_of(answer)

    def test_says_of_which_day_it_is(self, client, record):
        said = "As of 1 June 2022. The newest report is of 24 May 2022."

        assert said in text_of(client.get(PAGE, DAY))


class TestBalance:
    @pytest.fixture
    def desk(self, db):
        """Nobody knows the levels."""
        return a_desk()

    def test_is_folded_with_its_probability(self, client, record):
        answer = client.get(PAGE, DAY)

        folded = answer.text.partition('<details class="theory">')[2]
        assert "In balance with a probability of about 50" in unescape(folded)
        assert "Not every sign is known, so this is not known either." in folded
        assert "probability of" not in text_of(answer).partition("Is the triangle in balance")[0]
        assert "takes the three pairs as" in folded


def a_side(pair, way, **given):
    edge = Edge(pair=pair, value=0.0, low=-4.0, high=4.0, positive=0.5)
    return TriangleSide(
        **{"edge": edge, "way": way, "words": "?", "points": 0.0, "link": "/", **given}
    )


class TestThePicture:
    sides = (
        a_side("CHN-KAZ", "silent"),
        a_side("CHN-RUS", "better", words="▲ better", points=0.5, when="in May", cause="y " * 90),
        a_side("KAZ-RUS", "worse", words="▼ worse", points=-3.0, when="in March", cause="x " * 90),
    )

    def layers(self, size=triangle.WIDE):
        """The layers of the picture by name."""
        svg = triangle.triangle(self.sides, Names(by_code={}), size)
        return dict(re.findall(r'<g class="(\w+)_marks"(.*?)</g>', svg))

    def test_has_thin_dots_where_nothing_is_known(self):
        layers = self.layers()

        assert 'stroke-width="1.5" stroke-dasharray="2,6"' in layers["side_silent_CHNKAZ"]
        assert "dasharray" not in layers["side_better_CHNRUS"]
        assert 'stroke-width="12" stroke-dasharray="14,6"' in layers["side_worse_KAZRUS"]

    def test_says_so_in_signs_and_words(self):
        layers = self.layers()

        assert ">▲ better +0.5<" in layers["ways_better_CHNRUS"]
        assert ">▼ worse −3.0<" in layers["ways_worse_KAZRUS"]
        for side, when, most in (
            ("CHNRUS", "in May", triangle.CAUSE_LINES),
            ("KAZRUS", "in March", triangle.FOOT_LINES),
        ):
            cause = re.findall(r">([^<]+)</tspan>", layers[f"caption_{side}"])
            assert cause[0] == when
            assert len(cause) == 1 + most
            assert cause[-1].endswith(" …")

    def test_has_no_causes_where_it_is_narrow(self):
        layers = self.layers(triangle.NARROW)

        assert not [name for name in layers if name.startswith("caption")]
        assert ">?<" in layers["ways_silent_CHNKAZ"]

    def test_has_its_sides_between_its_corners(self):
        """The box of 3.1 × 1.88 has 780 × 400 points: China is at (1, 1.5), 0.55 + 1 from the left
        and 0.2 from the top, and Kazakhstan at (0.2, 0.32)."""
        side = self.layers()["side_silent_CHNKAZ"]

        assert '<line x1="390" y1="42.6" x2="188.7" y2="293.6"' in side
        assert "style" not in side
