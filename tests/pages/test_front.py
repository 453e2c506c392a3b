"""The first page as a visitor meets it: finding, map, matrix, what moved, and all pairs."""

import gzip
import re
from datetime import date, timedelta
from html import unescape

import pytest

from tests.kit.builders import AT, BY, a_citation, an_actor, rate
from tests.kit.texts import text_of
from tests.kit.wars import SINCE, WAR
from tests.pages.test_overview import table_of
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.records import Name
from tracker.operations import actors
from tracker.pages import front_rows, moved_pairs, overview
from tracker.queries.claims import listing

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


def _table(answer):
    """The words of the table of pairs or relations."""
    table = answer.text.rpartition("<table")[2].partition("</table>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", table))


def sheets_title(claim):
    [title] = listing.titles([claim], reader=Reader.PUBLIC).values()
    return title


class TestTheFirstPage:
    def test_begins_with_the_finding_and_ends_with_all_pairs(self, client, war):
        said = text_of(client.get("/"))

        places = [
            said.index(words)
            for words in (
                "No major change in the past two weeks",
                "How RUS stands with others",
                "The same for all pairs, as a matrix",
                "At war",
                "Getting worse",
                "Getting better",
                "All pairs",
                "About this site",
            )
        ]
        assert places == sorted(places)

    def test_names_those_at_war_by_themselves_and_how_old_that_is(self, client, war):
        """The war was last reported in May 2022: nothing says that it gets worse."""
        answer = client.get("/")

        listed = _list_after(answer, "At war")
        assert listed.startswith(
            "KAZ and RUS at war when last reported · Last reported on 24 May 2022."
        )
        assert "KAZ and RUS" not in _list_after(answer, "Getting worse").partition("Getting")[0]

    def test_says_of_a_war_with_a_new_report_that_it_goes_on_as_the_page_of_the_pair_does(
        self, client, desk, scored
    ):
        """It began in February 2022, and a document of last week tells of it."""
        rate(desk.source, "A")
        heard = desk.hears(grade="A", name="A Paper", ends=f"{TODAY - timedelta(days=7)}")
        desk.asserts(**WAR, occurred=SINCE, citations=(a_citation(heard),))
        scored()

        day = {"day": f"{TODAY}"}
        listed = _list_after(client.get("/", day), "At war")
        assert listed.startswith("KAZ and RUS · Last reported on 25 October 2026.")
        assert "RUS was at war with KAZ on 1 November 2026." in text_of(
            client.get("/actors/RUS/", day)
        )
        assert "KAZ and RUS were at war on 1 November 2026" in text_of(
            client.get("/pairs/KAZ-RUS/", day)
        )

    def test_names_what_one_source_reports_as_that(self, client, desk, scored):
        """By a source graded C a sanction has a p of .9435, so that its interval reaches 0."""
        desk.asserts("RUS", "KAZ", code="plover-2.0/SANCTION")
        scored()

        listed = _list_after(client.get("/", {"day": "2022-06-01"}), "Getting worse")

        figures = r"KAZ and RUS ▼ −0\.\d \(−\d\.\d to [−+]?0\.\d, one source reports\)"
        assert re.match(figures, listed)

    def test_names_the_claim_that_moved_a_pair_most_and_who_reported_it(self, client, war):
        answer = client.get("/")

        title = sheets_title(war)
        assert f"{title} · reported by The Gazette" in _list_after(answer, "At war")
        assert f'<a href="/claims/{war}/">{title}</a>' in unescape(answer.text)

    def test_names_no_claim_where_too_many_moved_a_pair(self, client, war, monkeypatch):
        monkeypatch.setattr(moved_pairs, "MOST_EXPLAINED", 0)

        assert "reported by" not in _list_after(client.get("/"), "At war")

    def test_says_in_words_what_map_and_matrix_say_by_colour(self, client, war):
        answer = client.get("/")

        words = _between(answer.text, "The map in words</summary>", "</details>")
        for title in re.findall(r"<title>(.*?)</title>", _between(answer.text, "<svg", "</svg>")):
            assert title == "RUS" or f">{title}</a>" in words
        cells = _between(answer.text, '<table class="matrix"', "</table>")
        named = _between(answer.text, "The matrix in words</summary>", "</details>")
        assert re.findall(r'class="[^"]+"><a href="([^"]+)"', cells)
        for link in re.findall(r'class="[^"]+"><a href="([^"]+)"', cells):
            assert f'<a href="{link}">' in named

    @pytest.mark.parametrize("path", ["/", "/actors/RUS/"])
    def test_has_an_address_at_which_it_stays_as_it_is(self, client, desk, war, scored, path):
        scored()
        fixed = re.search(
            r'<a href="([^"]+)" rel="nofollow">Link to this page as it is now',
            client.get(path).text,
        )[1]
        before = _table(client.get(unescape(fixed)))
        assert before == _table(client.get(path))

        desk.asserts("CHN", "RUS", code="plover-2.0/AID")
        scored()

        assert _table(client.get(unescape(fixed))) == before
        assert _table(client.get(path)) != before

    def test_draws_the_country_with_most_claims_or_the_chosen_one(self, client, war):
        first, chosen = client.get("/"), client.get("/", {"country": "CHN"})

        assert _links(first) == {"/pairs/KAZ-RUS/", "/pairs/CHN-RUS/"}
        assert _links(chosen) == {"/pairs/CHN-RUS/"}
        assert "How CHN stands with others" in text_of(chosen)
        assert "One country has a relation on file" in text_of(chosen)

    def test_of_a_country_without_relations_says_so(self, client, war, scored):
        uzbekistan = an_actor("UZB", names=(Name(text="UZB"),))
        actors.describe_actor(uzbekistan, at=AT, by=BY)
        scored()

        answer = client.get("/", {"country": "UZB"})

        assert "No relation of this country is on file." in text_of(answer)
        assert _links(answer) == set()

    def test_names_of_a_very_long_table_of_another_day_what_is_shown_and_war(
        self, client, war, monkeypatch
    ):
        monkeypatch.setattr(front_rows, "MOST_WHOLE", 1)
        monkeypatch.setattr(overview, "LINES", 1)

        answer = client.get("/", {"day": "2022-06-01"})

        assert [*_rows(answer)] == ["CHN and RUS"]
        assert _list_after(answer, "At war").startswith("KAZ and RUS")

    def test_counts_only_the_last_year_for_what_gets_better(self, client, desk, scored):
        """Aid each month, by a source that is right with .95: that of 2021 is no news in May
        2024."""
        rate(desk.source, "A")
        for ends, year in ((("RUS", "KAZ"), 2021), (("CHN", "RUS"), 2024)):
            for month in ("01", "02", "03", "04"):
                day = Occurred(edtf=f"{year}-{month}-05")
                desk.asserts(*ends, code="plover-2.0/AID", occurred=day)
        scored()

        answer = client.get("/")

        better = _list_after(answer, "Getting better")
        assert better.startswith("CHN and RUS ▲ +")
        assert "KAZ and RUS" not in better
        assert "No act since 2 May 2023 is on file." in text_of(answer)
        assert "KAZ and RUS" in text_of(answer).partition("No new evidence")[2]
        then = client.get("/", {"as_of": log.head().position})
        assert _list_after(then, "Getting better") == better
        assert "CHN and RUS" not in _list_after(
            client.get("/", {"day": "2022-01-01"}), "Getting better"
        )

    def test_has_no_lists_where_no_movement_is_known(self, client, war):
        said = text_of(client.get("/", {"lens": "tone"}))

        assert "Getting" not in said
        assert "more conflict than cooperation" in said

    def test_is_light(self, client, war):
        """With styles and script a first visit is to stay below 60 kB."""
        assert len(gzip.compress(client.get("/").content)) < 32_000

    @pytest.mark.parametrize("country", ["KZ", "KAZAK", "<b>", "ZZZ"])
    def test_refuses_an_unknown_country_in_words(self, client, war, country):
        answer = client.get("/", {"country": country})

        assert "is not a country" in text_of(answer, status=400)


def _links(answer):
    drawn = _between(answer.text, '<svg class="map"', "</svg>")
    return set(re.findall(r'<a href="([^"?]*)', drawn))


def _list_after(answer, heading):
    text = answer.text.partition(f"<h2>{heading}</h2>")[2].partition("</ul>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))).strip()


def _between(text, begin, end):
    assert begin in text
    return text.partition(begin)[2].partition(end)[0]


def _rows(answer):
    """The rows of the table, by the name of the pair."""
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', table_of(answer), re.DOTALL)
    return {re.search(r">([^<]+)</a>", row)[1]: row for row in rows}


class TestTheTable:
    def test_has_no_number_and_no_dot_where_nobody_assessed_the_level(self, client, war):
        row = _rows(client.get("/"))["CHN and RUS"]

        assert "<circle" not in row
        assert "level never assessed" in row

    def test_colours_no_sign_that_is_not_known(self, client, war):
        rows = _rows(client.get("/"))

        assert 'class="number worse">▼ −' in rows["KAZ and RUS"]
        assert not re.search("better|worse", rows["CHN and RUS"].partition('class="moved"')[0])

    def test_draws_all_sparks_on_one_scale(self, client, desk, scored):
        """A level of −9 and one of −1 after a war and a small act: the lower is the larger's."""
        rate(desk.source, "A")
        for number in range(6):
            day = date(2022, 3, 1) + timedelta(days=number)
            fight = {"code": "plover-2.0/ASSAULT/heavy-weapons"}
            desk.asserts(**fight, occurred=Occurred(edtf=day.isoformat()))
        desk.asserts("CHN", "RUS", code="plover-2.0/AGREE", occurred=Occurred(edtf="2022-03-01"))
        scored()

        heights = {
            name: [float(y) for y in re.findall(r",([\d.]+)", _between(row, 'points="', '"'))]
            for name, row in _rows(client.get("/")).items()
        }

        assert max(heights["KAZ and RUS"]) == pytest.approx(26, abs=0.6)
        assert max(abs(y - 14) for y in heights["CHN and RUS"]) < 2
