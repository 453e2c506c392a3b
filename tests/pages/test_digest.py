"""The monthly digest: an arrow for each pair, by the rule, and one line why."""

from datetime import timedelta

import feedparser
import pytest
import time_machine

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT, a_desk
from tests.kit.pulls import still_parameters
from tracker.domain.claims import Occurred
from tracker.operations import claims
from tracker.queries.scores import pair_changes

pytestmark = pytest.mark.django_db

SANCTION, TALKS = "plover-2.0/SANCTION", "plover-2.0/CONSULT"


@pytest.fixture
def desk(db):
    """A source graded A, so that one public act has a p of .97; nothing happens unreported."""
    return a_desk(grade="A", level=still_parameters())


@pytest.fixture
def read(client, scored):
    """The text of the page of May 2022, once all is scored."""

    def look():
        scored()
        return " ".join(client.get("/digest/2022-05/").text.split())

    return look


def acts(desk, initiator="RUS", recipient="KAZ", *, day="2022-05-11", **given):
    return desk.asserts(initiator, recipient, occurred=Occurred(edtf=day), **given).stream


class TestAMonth:
    def test_has_an_arrow_for_each_pair_and_why(self, desk, read):
        """A sanction moves a level of 0 by .6 if it is true, which it is with a p of .97; talks
        by less than half a point."""
        acts(desk, code=SANCTION, summary="Russia closed a pipeline.")
        acts(desk, "CHN", "KAZ", code=TALKS, summary="They talked.")
        page = read()

        assert "1 relation became worse in May 2022, and none certainly better." in page
        assert "worse by 0.6 points" in page
        assert "Russia closed a pipeline.</a>" in page
        assert "reported by The Gazette" in page
        assert "● 1 pair with reports and no certain change" in page

    def test_says_of_a_level_that_it_was_assessed_anew(self, desk, read):
        """An assessment is no event that was reported."""
        desk.assesses("2", "1", "2022-01-31")
        desk.assesses("-4", "1", "2022-05-20")
        acts(desk, code=TALKS, summary="They talked.")
        page = read()

        assert "1 relation became worse in May 2022" in page
        assert "the level was assessed anew by The Gazette" in page
        assert "reported by" not in page.partition("worse by")[2].partition("</li>")[0]

    def test_leaves_out_what_moved_by_less_than_the_rule_asks(self, client, desk, scored, settings):
        acts(desk, code="plover-2.0/ACCUSE", summary="A speaker complained.")
        scored()

        assert "No certain change of a relation in May 2022." in client.get("/digest/2022-05/").text

    def test_says_of_a_change_that_one_source_reports_it(self, read):
        """By a source graded C the sanction has a p of .9435: its interval is −.6 to 0."""
        desk = a_desk(level=still_parameters())
        acts(desk, code=SANCTION)
        page = read()

        assert (
            "1 relation became worse in May 2022, and none certainly better. Of these changes, 1 is"
            " reported by one source alone."
        ) in page
        assert "worse by 0.6 points, one source reports (90 % interval −0.6 to 0.0)" in page

    def test_counts_only_acts_of_the_month(self, desk, read):
        acts(desk, code=SANCTION, day="2022-04-30")
        acts(desk, "CHN", "KAZ", code=SANCTION, day="2022-05-01")
        acts(desk, "CHN", "RUS", code=SANCTION, day="2022-06-01")
        page = read()

        assert "CHN and KAZ" in page
        assert "KAZ and RUS" not in page
        assert "CHN and RUS" not in page

    def test_names_the_claim_whose_step_was_largest_as_the_page_of_the_pair_does(self, desk, read):
        """The second attack meets a level that the first one has lowered, so that its step is
        smaller. But more of it is left at the end of the month."""
        shelling = "plover-2.0/ASSAULT/heavy-weapons"
        acts(desk, code=shelling, day="2022-05-01", summary="The first town was shelled.")
        acts(desk, code=shelling, day="2022-05-21", summary="The second town was shelled.")
        page = read()

        assert "The first town was shelled." in page
        assert "The second town was shelled." not in page

    def test_names_no_claim_that_is_withheld(self, desk, read):
        blames(desk, a_firm(desk))
        page = read()

        assert "KAZ and RUS" in page
        for word in ("Acme", "/claims/0", "The Gazette"):
            assert word not in page

    def test_says_how_many_pairs_it_leaves_out(self, desk, read, monkeypatch):
        monkeypatch.setattr(pair_changes, "MOST_PAIRS", 1)
        acts(desk, code=SANCTION)
        acts(desk, "CHN", "KAZ", code=SANCTION)
        page = read()

        assert "1 more pair had reports; so many are not worked out" in page

    def test_that_is_not_over_says_so_and_is_not_indexed(self, client, desk, scored):
        acts(desk, code=SANCTION)
        scored()
        with time_machine.travel("2022-05-20T12:00Z"):
            page = client.get("/digest/2022-05/")

        assert "This month is not over: as of 20 May 2022." in page.text
        assert page["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("month", ["2999-01", "0001-01", "2022-13", "2022-5"])
    def test_that_does_not_exist_is_a_404(self, client, desk, month):
        assert client.get(f"/digest/{month}/").status_code == 404

    @pytest.mark.parametrize(
        ("month", "status"),
        [("2022-03", 404), ("2022-04", 200), ("2022-05", 200), ("2022-06", 200), ("2022-07", 404)],
    )
    def test_exists_from_the_first_act_to_the_last(self, client, desk, scored, month, status):
        acts(desk, day="2022-04-30")
        acts(desk, day="2022-06-02")
        scored()

        assert client.get(f"/digest/{month}/").status_code == status


class TestTheList:
    def test_has_the_months_with_acts_the_last_first(self, client, desk, scored):
        for day in ("2022-03-30", "2022-05-11", "2022-05-12"):
            acts(desk, day=day)
        scored()

        page = " ".join(client.get("/digest/").text.split())

        assert page.index("May 2022") < page.index("March 2022")
        assert "1 pair · 2 claims" in page
        assert "1 pair · 1 claim " in page


class TestTheFeed:
    def test_has_the_months_that_are_over(self, client, desk, scored):
        acts(desk, code=SANCTION, summary="Russia closed a pipeline.")
        scored()

        with time_machine.travel("2022-05-31T23:00Z"):
            assert feedparser.parse(client.get("/digest/feed.atom").content).entries == []
        with time_machine.travel("2022-06-01T01:00Z"):
            [entry] = feedparser.parse(client.get("/digest/feed.atom").content).entries

        assert entry.link == "http://testserver/digest/2022-05/"
        assert entry.id == "tag:testserver,2026:digest/2022-05"
        assert "▼ KAZ–RUS: worse by 0.6 points" in entry.summary
        assert "Russia closed a pipeline." in entry.summary

    def test_dates_an_entry_by_the_last_change_of_its_month(self, client, desk, scored):
        """AT is 1 May 2024."""
        claim = acts(desk, day="2021-05-11")
        acts(desk, day="2022-05-11")
        scored()
        claims.retract_claim(claim, reason="a hoax", at=AT + timedelta(days=3), by="ann")
        acts(desk, day="2021-05-12")
        scored()

        late, early = feedparser.parse(client.get("/digest/feed.atom").content).entries

        assert (early.published[:10], early.updated[:10]) == ("2021-06-01", "2024-05-04")
        assert (late.published[:10], late.updated[:10]) == ("2022-06-01", "2024-05-01")
