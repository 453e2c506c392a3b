"""The home page of the desk: the pairs that an account follows."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.admin.conftest import in_role, sleep_in_database
from tests.kit.accusations import SENTENCE, a_firm, blames, second_root
from tests.kit.background_work import work_off
from tests.kit.builders import AT, a_citation, a_desk, a_document, on_record
from tests.kit.pulls import still_parameters
from tests.kit.verdicts import drawn
from tracker.admin import home
from tracker.admin.models import Beat
from tracker.domain.claims import Occurred
from tracker.operations import claims
from tracker.queries.claims import narrowing

pytestmark = pytest.mark.django_db
HOME = "/admin/"
WAR = "plover-2.0/ASSAULT"


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


class TestMyPairs:
    @pytest.fixture
    def follows(self, ann):
        def follow(*pairs):
            user = User.objects.get(username="ann")
            Beat.objects.update_or_create(user=user, defaults={"pairs": list(pairs)})

        return follow

    def enters(self, desk, *ends, **given):
        return claims.assert_claim(desk.claim(*ends, **given), at=timezone.now(), by="bob").stream

    def test_show_level_course_and_what_moved_them(self, ann, desk, follows):
        """An act of −.6 with p .65, of 2022, before the year in the picture. A level of 0 would
        look like a neutral one. A pair at 0 all year is drawn on the zero line of a scale that all
        share."""
        self.enters(desk)
        work_off(at=timezone.now())
        follows("KAZ-RUS", "CHN-KAZ")

        moved, silent = ann.get(HOME).context["followed"].shown

        assert (moved.name, moved.title, moved.link) == ("KAZ-RUS", "KAZ–RUS", "/pairs/KAZ-RUS/")
        assert moved.level == silent.level == "never assessed"
        assert moved.moved == "−0.39 since yesterday"
        assert (moved.by.title, moved.others) == ("Something was done.", 0)
        assert moved.spark.label == "The last year: moved by 0.00"
        assert len(moved.spark.points.split()) == 53
        assert moved.spark.zero == silent.spark.zero
        heights = {point.partition(",")[2] for point in silent.spark.points.split()}
        assert heights == {silent.spark.zero}
        assert silent.name == "CHN-KAZ"
        assert silent.moved == "nothing new since yesterday"

    def test_move_with_time_even_without_new_records(self, ann, desk, follows):
        """A situation counts on each of its days, so that it moves a pair without new claims."""
        cited = a_citation(
            on_record(a_document(desk.source, title="It goes on", date="2024-05-02"))
        )
        since = Occurred(edtf="2024-04-20/..")
        desk.asserts(kind="situation", occurred=since, citations=(cited,), code=WAR)
        work_off()
        follows("KAZ-RUS")

        with time_machine.travel(AT + timedelta(days=9), tick=False):
            [pair] = ann.get(HOME).context["followed"].shown

        assert re.fullmatch(r"nothing new; −\d\.\d\d by time alone", pair.moved)

    def test_are_the_five_with_most_records(self, ann, desk, follows):
        self.enters(desk, "CHN", "RUS")
        for _ in range(2):
            self.enters(desk, "CHN", "KAZ")
        work_off(at=timezone.now())
        follows("AUT-DEU", "BEL-DEU", "DEU-FRA", "DEU-ITA", "KAZ-RUS", "CHN-KAZ", "CHN-RUS")

        followed = ann.get(HOME).context["followed"]

        names = [pair.name for pair in followed.shown]
        assert set(names[:2]) == {"CHN-KAZ", "CHN-RUS"}
        assert set(names[2:]) == {"AUT-DEU", "BEL-DEU", "DEU-FRA"}
        assert (followed.count, followed.others) == (7, 2)
        assert ">2 more</a>" in ann.get(HOME).text

    def test_with_too_many_claims_show_only_their_level(self, ann, desk, follows, monkeypatch):
        monkeypatch.setattr(home, "MOST_IMPACTS", 1)
        for _ in range(2):
            self.enters(desk)
        work_off(at=timezone.now())
        follows("KAZ-RUS")

        [pair] = ann.get(HOME).context["followed"].shown

        assert pair.moved == ""
        assert "too many claims to compare" in ann.get(HOME).text

    def test_that_take_too_long_are_not_waited_for(self, ann, desk, follows, monkeypatch):
        monkeypatch.setattr(narrowing, "TIMEOUT", "200ms")
        monkeypatch.setattr(home, "_overnight", sleep_in_database)
        follows("KAZ-RUS")

        assert "could not be worked out in time" in ann.get(HOME).text

    def test_say_why_nothing_can_be_shown(self, ann, follows):
        follows("KAZ-RUS")

        assert "there is no lens" in ann.get(HOME).context["followed"].problem


class TestAnEmptyDesk:
    def test_says_what_to_do_first(self, ann):
        page = ann.get(HOME)

        assert page.context["steps"][0].link == "/admin/desk/lens/add/"
        assert "Define a lens: without one no score is worked out." in page.text
        assert "Nothing is on record yet" in page.text

    def test_names_only_what_the_account_may_do(self, db):
        steps = in_role("analyst").get(HOME).context["steps"]

        assert [step.text for step in steps] == ["Enter a claim."]


class TestTheForm:
    def test_asks_the_database_a_bounded_number_of_times(self, ann, desk):
        """The number of queries stays the same with more claims in each section and more pairs."""
        user = User.objects.get(username="ann")
        Beat.objects.create(user=user, pairs=["KAZ-RUS"])
        fill_sections(desk, 1)
        ann.get(HOME)
        few = queries_of(ann)
        Beat.objects.update(pairs=["CHN-KAZ", "CHN-RUS", "KAZ-RUS"])
        fill_sections(desk, 8)

        assert queries_of(ann) <= few + 2
        assert few <= MOST_QUERIES


def fill_sections(desk, times):
    """Put claims on record for each section, so many times."""
    cited = a_citation(on_record(a_document(desk.source, title=f"Of {times}", date="2022-05-24")))
    firm = a_firm(desk)
    for number in range(times):
        desk.asserts(kind="situation", occurred=Occurred(edtf="2022-03-01/.."), citations=(cited,))
        words = {"kind": "forecast", "code": None, "likelihood": "likely"}
        desk.asserts(resolves_by="2023", criterion="so", summary=f"{number}", **words)
        drawn(claims.assert_claim(desk.claim(), at=AT, by="carl").stream)
        claim = blames(desk, firm, summary=f"{SENTENCE} {number}")
        second_root(claim)
    work_off(at=timezone.now())


def queries_of(client):
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as context:
        client.get(HOME)
    return len(context)


# The queries of all sections and of pairs that moved. Each of the six time limits takes four.
MOST_QUERIES = 80
