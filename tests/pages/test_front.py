"""The first page as a visitor meets it: finding, map, matrix, what moved, and all pairs."""

import gzip
import re
from datetime import date, timedelta
from html import unescape

import pytest

from tests.kit.accusations import a_firm, blames, reviewed, second_root
from tests.kit.builders import AT, BY, a_citation, a_collection, an_actor, rate
from tests.pages.test_overview import table_of, text_of
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import machine_lens
from tracker.domain.records import Name
from tracker.operations import actors, claims, sources
from tracker.operations import lenses as operations
from tracker.pages import front_rows, moved_pairs, overview, pair_list
from tracker.projections import shifts
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.scores import front, lenses

pytestmark = pytest.mark.django_db
WAR = {"kind": "situation", "code": "plover-2.0/ASSAULT/heavy-weapons"}
SINCE = Occurred(edtf="2022-02-24/..")
TODAY = date(2026, 11, 1)


@pytest.fixture
def war(desk):
    """KAZ–RUS are at war since February 2022 by a source that is usually reliable; CHN–RUS had a
    visit."""
    desk.sees_levels()
    rate(desk.source, "A")
    fought = desk.asserts(**WAR, occurred=SINCE).stream
    desk.asserts("CHN", "RUS", code="plover-2.0/CONSULT/visit")
    return fought


def _table(answer):
    """The words of the table of pairs or relations."""
    table = answer.text.rpartition("<table")[2].partition("</table>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", table))


def sheets_title(claim):
    [title] = listing.titles([claim], reader=Reader.PUBLIC).values()
    return title


def at_war(day=TODAY, *, at=None):
    found = lenses.find("standing", position=moment.now().position)
    return front.at_war(found, day, at=at)


class TestWhoIsAtWar:
    def test_is_a_pair_with_an_open_situation_of_force(self, desk, war, scored):
        scored()

        assert at_war() == ["KAZ-RUS"]

    @pytest.mark.parametrize(
        "given",
        [
            {"occurred": Occurred(edtf="2022-02-24/2022-04-01")},
            {"code": "plover-2.0/SANCTION/discontinue"},
            {"code": "plover-2.0/ASSAULT/beat"},
            {"kind": "act", "occurred": Occurred(edtf="2022-02-24")},
        ],
    )
    def test_ignores_wars_that_ended_and_other_acts(self, desk, scored, given):
        desk.sees_levels()
        desk.asserts(**{**WAR, "occurred": SINCE, **given})
        scored()

        assert at_war() == []

    @pytest.mark.parametrize(
        ("edtf", "day", "wars"),
        [
            ("2022-02-24/..", date(2022, 2, 23), []),
            ("2022-02-24/..", date(2022, 2, 24), ["KAZ-RUS"]),
            ("2022-02-24/2022-04-01", date(2022, 3, 15), ["KAZ-RUS"]),
            ("2022-02-24/2022-04-01", date(2022, 4, 2), []),
        ],
    )
    def test_is_a_pair_with_a_war_on_that_day(self, desk, scored, edtf, day, wars):
        desk.sees_levels()
        rate(desk.source, "A")
        desk.asserts(**WAR, occurred=Occurred(edtf=edtf))
        scored()

        assert at_war(day) == wars

    def test_counts_no_war_that_ended_towards_its_limit(self, desk, war, scored, monkeypatch):
        """CHN–KAZ comes before KAZ–RUS in the alphabet."""
        monkeypatch.setattr(front, "MOST_WARS", 1)
        desk.asserts("CHN", "KAZ", **WAR, occurred=Occurred(edtf="2022-02-24/2022-04-01"))
        scored()

        assert at_war() == ["KAZ-RUS"]

    def test_counts_the_pairs_and_not_their_claims_towards_its_limit(
        self, desk, war, scored, monkeypatch
    ):
        monkeypatch.setattr(front, "MOST_WARS", 2)
        for _ in range(2):
            desk.asserts("CHN", "KAZ", **WAR, occurred=SINCE)
        scored()

        assert at_war() == ["CHN-KAZ", "KAZ-RUS"]

    def test_is_looked_for_among_the_newest_claims(self, desk, scored, monkeypatch):
        monkeypatch.setattr(front, "MOST_FORCES", 1)
        desk.sees_levels()
        rate(desk.source, "A")
        desk.asserts("CHN", "KAZ", **WAR, occurred=Occurred(edtf="2022-02-24/2022-04-01"))
        desk.asserts(**WAR, occurred=SINCE)
        scored()

        assert at_war() == ["KAZ-RUS"]

    def test_is_a_pair_of_which_a_war_was_known_then(self, desk, war, scored):
        """Before the claim nobody knew; after it was retracted those of then still did."""
        scored()
        known = moment.now().position
        claims.retract_claim(war, reason="a slip", at=AT, by=BY)
        scored()

        assert at_war() == []
        assert at_war(at=known) == ["KAZ-RUS"]
        assert at_war(at=known - 3) == []

    def test_is_a_pair_whose_force_is_called_a_war(self, desk, scored):
        desk.sees_levels()
        rate(desk.source, "A")
        war = WAR | {"code": "plover-2.0/ASSAULT", "summary": "The war goes on."}
        desk.asserts(**war, occurred=SINCE)
        scored()

        assert at_war() == ["KAZ-RUS"]

    def test_ignores_a_disputed_claim(self, desk, war, scored):
        verdict = e.VerdictGiven(verdict="disputed", reason="They deny it.")
        claims.give_verdict(war, verdict, at=AT, by=BY)
        scored()

        assert at_war() == []

    def test_ignores_a_retracted_claim(self, desk, war, scored):
        claims.retract_claim(war, reason="a slip", at=AT, by=BY)
        scored()

        assert at_war() == []

    def test_ignores_an_unreliable_source(self, desk, scored):
        desk.sees_levels()
        rumour = desk.hears(grade="E", name="Rumour")
        desk.asserts(**WAR, occurred=SINCE, citations=(a_citation(rumour),))
        scored()

        assert at_war() == []

    def test_ignores_a_row_of_an_archive(self, desk, scored):
        wire = a_collection(name="wire", coding="machine", review=False)
        kept = sources.describe_collection(wire, at=AT, by=BY).stream
        operations.define_lens(machine_lens(kept, name="wire"), at=AT, by=BY)
        desk.asserts(**WAR, occurred=SINCE, collection=kept)
        scored()

        found = lenses.find("standing-wire", position=moment.now().position)
        assert front.at_war(found, TODAY) == []

    def test_ignores_a_withheld_claim(self, desk, scored):
        """A firm is accused of fighting, by one root and without a second reviewer."""
        desk.sees_levels()
        rate(desk.source, "A")
        claim = blames(desk, a_firm(desk), **WAR, occurred=SINCE)
        scored()
        assert at_war() == []

        second_root(claim)
        reviewed(claim, by="bob")
        scored()

        assert at_war() == ["KAZ-RUS"]


class TestTheFirstPage:
    def test_begins_with_the_finding_and_ends_with_all_pairs(self, client, war, scored):
        scored()

        said = text_of(client.get("/"))

        places = [
            said.index(words)
            for words in (
                "No major change in the past two weeks",
                "How RUS stands with others",
                "The same for all pairs, as a matrix",
                "Getting worse",
                "Getting better",
                "All pairs",
                "About this site",
            )
        ]
        assert places == sorted(places)

    def test_names_those_at_war_first_and_how_old_that_is(self, client, war, scored):
        scored()

        listed = _list_after(client.get("/"), "Getting worse")

        assert listed.startswith("KAZ and RUS at war when last reported ▼ −")
        assert "the newest event began in February 2022" in listed

    def test_names_the_claim_that_moved_a_pair_most_and_who_reported_it(self, client, war, scored):
        scored()

        answer = client.get("/")

        title = sheets_title(war)
        listed = _list_after(answer, "Getting worse")
        assert listed.endswith(f"{title} · reported by The Gazette")
        assert f'<a href="/claims/{war}/">{title}</a>' in unescape(answer.text)

    def test_names_no_claim_where_too_many_moved_a_pair(self, client, war, scored, monkeypatch):
        scored()
        monkeypatch.setattr(moved_pairs, "MOST_EXPLAINED", 0)

        assert "reported by" not in _list_after(client.get("/"), "Getting worse")

    def test_says_in_words_what_map_and_matrix_say_by_colour(self, client, war, scored):
        scored()

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

    def test_says_of_a_war_that_is_reported_now_that_it_goes_on(self, client, war, scored):
        scored()

        listed = _list_after(client.get("/", {"day": "2022-03-01"}), "Getting worse")

        assert listed.startswith("KAZ and RUS at war ▼ −")

    def test_draws_the_country_with_most_claims_or_the_chosen_one(self, client, war, scored):
        scored()

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

    def test_says_the_same_of_a_table_that_is_too_long_to_read_whole(
        self, client, war, scored, monkeypatch
    ):
        scored()
        shifts.find(today=AT.date())
        whole = client.get("/").text
        monkeypatch.setattr(pair_list, "MOST_WHOLE", 0)

        part = client.get("/", {"order": "latest", "page": "1"}).text

        for begin, end in (('<svg class="map"', "</svg>"), ('<table class="matrix"', "</table>")):
            assert _between(part, begin, end) == _between(whole, begin, end)
        worse = "<h2>Getting worse</h2>"
        assert _between(part, worse, "</section>") == _between(whole, worse, "</section>")

    def test_names_of_a_very_long_table_of_another_day_what_is_shown_and_war(
        self, client, war, scored, monkeypatch
    ):
        scored()
        monkeypatch.setattr(front_rows, "MOST_WHOLE", 1)
        monkeypatch.setattr(overview, "LINES", 1)

        answer = client.get("/", {"day": "2022-06-01"})

        assert [*_rows(answer)] == ["CHN and RUS"]
        assert _list_after(answer, "Getting worse").startswith("KAZ and RUS at war")

    def test_counts_only_the_last_year_for_what_gets_better(self, client, desk, scored):
        """An agreement of 2021 and one of 2024, by a source that is right with .95: the first is
        no news in May 2024."""
        desk.sees_levels()
        rate(desk.source, "A")
        for ends, day in ((("RUS", "KAZ"), "2021-04-01"), (("CHN", "RUS"), "2024-04-02")):
            for code in ("AGREE", "COOPERATE", "SUPPORT", "AID"):
                desk.asserts(*ends, code=f"plover-2.0/{code}", occurred=Occurred(edtf=day))
        scored()

        answer = client.get("/")

        better = _list_after(answer, "Getting better")
        assert better.startswith("CHN and RUS ▲ +")
        assert "KAZ and RUS" not in better
        assert "No act since 2 May 2023 is on file." in text_of(answer)
        assert "KAZ and RUS ▲ +" in text_of(answer).partition("No new evidence")[2]
        then = client.get("/", {"as_of": log.head().position})
        assert _list_after(then, "Getting better") == better
        assert "CHN and RUS" not in _list_after(
            client.get("/", {"day": "2022-01-01"}), "Getting better"
        )

    def test_has_no_lists_where_no_movement_is_known(self, client, war, scored):
        scored()

        said = text_of(client.get("/", {"lens": "tone"}))

        assert "Getting" not in said
        assert "more conflict than cooperation" in said

    def test_is_light(self, client, war, scored):
        """With styles and script a first visit is to stay below 60 kB."""
        scored()

        assert len(gzip.compress(client.get("/").content)) < 32_000

    @pytest.mark.parametrize("country", ["KZ", "KAZAK", "<b>", "ZZZ", "K\0Z"])
    def test_refuses_an_unknown_country_in_words(self, client, war, scored, country):
        scored()

        answer = client.get("/", {"country": country})

        assert answer.status_code == 400
        assert "is not a country" in text_of(answer)


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
    def test_has_no_number_and_no_dot_where_nobody_assessed_the_level(self, client, war, scored):
        scored()

        row = _rows(client.get("/"))["CHN and RUS"]

        assert "<circle" not in row
        assert "level never assessed" in row

    def test_colours_no_sign_that_is_not_known(self, client, war, scored):
        scored()

        rows = _rows(client.get("/"))

        assert 'class="number worse">▼ −' in rows["KAZ and RUS"]
        assert not re.search("better|worse", rows["CHN and RUS"].partition('class="moved"')[0])

    def test_draws_all_sparks_on_one_scale(self, client, desk, scored):
        """A level of −9 and one of −1 after a war and a small act: the lower is the larger's."""
        desk.sees_levels()
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


class TestAnotherLanguage:
    def test_has_its_names_of_countries_on_map_and_dots(self, client, war, scored):
        scored()

        front_page, country = client.get("/ru/"), client.get("/ru/actors/KAZ/")

        assert "Казахстан: " in front_page.text.partition('<svg class="map"')[2]
        assert "<title>Россия: " in country.text
        assert 'action="/ru/"' in front_page.text
