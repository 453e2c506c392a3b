"""The first page: every pair on record, also as of a past moment and on another day."""

import re
from datetime import date

import pytest

from tests.kit.builders import AT, BY, a_citation, a_lens, rate
from tests.kit.texts import text_of
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import Bloc, View
from tracker.operations import claims, lenses
from tracker.pages import pair_list
from tracker.queries.scores import lenses as lensed
from tracker.queries.scores import pairs, table

pytestmark = pytest.mark.django_db


def table_of(answer):
    """The table of pairs."""
    return re.search(r'<table class="pairs.*?</table>', answer.text, re.DOTALL)[0]


class TestTheFirstPage:
    @pytest.mark.parametrize("language", ["", "/ru"])
    def test_is_where_the_network_of_countries_was(self, client, language):
        answer = client.get(f"{language}/network/?show=level")

        assert (answer.status_code, answer["Location"]) == (301, f"{language}/")

    def test_says_what_it_is_when_nothing_is_on_record(self, client, desk):
        said = text_of(client.get("/"))

        assert "Nothing is on record yet." in said
        assert "No pair has a claim that moves its score." in said

    def test_lists_each_pair_with_its_words_and_a_link(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()

        answer = client.get("/")

        said = text_of(answer)
        assert "2 claims on record, 2 pairs of countries with a score." in said
        for link, name in (("/pairs/KAZ-RUS/", "KAZ and RUS"), ("/pairs/CHN-RUS/", "CHN and RUS")):
            assert f'<a href="{link}">{name}</a>' in answer.text
        assert table_of(answer).count("level never assessed") == 2
        assert "11 May 2022" in said

    def test_counts_the_claims_that_stand_and_that_its_lens_looks_at(
        self, client, desk, wire, scored
    ):
        desk.asserts("RUS", "KAZ")
        gone = desk.asserts("CHN", "RUS").stream
        claims.retract_claim(gone, reason="a slip", at=AT, by=BY)
        desk.asserts("RUS", "KAZ", collection=wire)
        scored()

        assert "1 claim on record, " in text_of(client.get("/"))

    def test_puts_the_strongest_first_if_asked_to(self, client, desk, scored):
        desk.asserts("CHN", "RUS")
        desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT/heavy-weapons")
        scored()

        said = text_of(client.get("/", {"order": "strongest"}))

        table = said.index("Latest")
        assert said.index("KAZ and RUS", table) < said.index("CHN and RUS", table)

    def test_says_of_a_flow_which_way_it_goes_and_nothing_of_a_level(self, client, desk, scored):
        lately = {
            "occurred": Occurred(edtf="2024-04-29"),
            "citations": (a_citation(desk.hears(ends="2024-04-30")),),
        }
        desk.asserts("CHN", "RUS", code="plover-2.0/REQUEST/meet", **lately)
        desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT/heavy-weapons", **lately)
        scored()

        said = text_of(client.get("/", {"lens": "tone"}))

        assert "KAZ and RUS: mostly conflict." in said
        assert "One more pair leans neither way." in said
        assert "not anchored" not in said

    def test_narrows_to_a_country_and_keeps_the_lens(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()

        answer = client.get("/", {"country": "kaz", "lens": "tone"})

        assert 'href="/pairs/KAZ-RUS/?lens=tone"' in answer.text
        assert "/pairs/CHN-RUS/" not in table_of(answer)
        assert '<option value="KAZ" selected>' in answer.text


def main_of(answer):
    return answer.text.partition("<main")[2].partition("</main>")[0]


class TestAsOf:
    def test_is_the_same_whatever_is_written_later(self, client, desk, scored):
        claim = desk.asserts("RUS", "KAZ").stream
        scored()
        then = log.head().position
        before = main_of(client.get("/", {"as_of": then}))

        claims.retract_claim(claim, reason="a slip", at=AT, by=BY)
        desk.asserts("CHN", "RUS")
        rate(desk.source, "A")
        scored()

        assert main_of(client.get("/", {"as_of": then})) == before
        now = client.get("/").text
        assert "/pairs/CHN-RUS/" in now
        assert "/pairs/KAZ-RUS/" not in now

    def test_shows_the_numbers_of_now_as_of_now(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS", code="plover-2.0/AGREE")
        scored()
        day = {"day": "2022-06-01"}

        now, then = client.get("/", day), client.get("/", {**day, "as_of": log.head().position})

        for answer in (now, then):
            assert answer.status_code == 200
        body = [one.text.partition("<tbody>")[2].partition("</tbody>")[0] for one in (now, then)]
        held = f"?as_of={log.head().position}&amp;day=2022-06-01"
        assert body[1].replace(held, "?day=2022-06-01") == body[0]

    def test_says_that_it_is_of_the_past_and_leads_back(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        scored()
        then = log.head().position

        answer = client.get("/", {"as_of": then, "lens": "tone"})

        said = text_of(answer)
        assert "As known on 1 May 2024, the newest report on file was of 24 May 2022." in said
        assert "1 pair of countries had a score." in said
        assert "on record, 1 pair" not in said
        assert '<a href="/?lens=tone">What is known now</a>' in answer.text
        assert f'href="/pairs/KAZ-RUS/?lens=tone&amp;as_of={then}"' in answer.text
        assert f'name="as_of" value="{then}"' in answer.text
        assert f"/api/v1/pairs/?lens=tone&amp;as_of={then}" in answer.text

    def test_of_a_version_that_is_no_more_in_force_has_its_pairs(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        made = a_lens(view=desk.view, description="anew")
        lenses.define_lens(made, at=AT, by=BY, lens_id=desk.lenses["standing"])
        scored()

        assert "/pairs/KAZ-RUS/" in client.get("/", {"lens": "standing@1"}).text

    def test_of_more_than_a_page_can_fold_leads_to_one_country(
        self, client, desk, scored, monkeypatch
    ):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()
        monkeypatch.setattr(pair_list, "MOST_THEN", 1)
        then = log.head().position

        answer = client.get("/", {"as_of": then})

        assert "ask for one country, or one pair" in text_of(answer, status=400)
        narrowed = client.get("/", {"as_of": then, "country": "KAZ"})
        assert narrowed.status_code == 200
        assert "/pairs/KAZ-RUS/" in narrowed.text


class TestAnotherDay:
    def test_has_what_each_pair_came_to_by_then(self, desk, scored):
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-03-01"))
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-04-01"))
        desk.asserts("CHN", "RUS", occurred=Occurred(edtf="2022-05-01"))
        scored()
        lens = lensed.find("standing", position=log.head().position)
        for day, held in (
            (date(2022, 2, 1), []),
            (date(2022, 3, 5), [("KAZ-RUS", 1)]),
            (date(2022, 6, 1), [("CHN-RUS", 1), ("KAZ-RUS", 2)]),
        ):
            rows = table.rows_on_day(lens, day)

            assert [(one.pair, one.claims) for one in rows] == held
            for row in rows:
                reading = pairs.series_of_pairs(lens, [row.pair])[row.pair].on(day)
                assert (row.score, row.words) == (reading.score, reading.words)
                assert (row.day - row.last_claim_day).days == reading.days_since

    def test_asks_the_database_as_much_of_many_claims_as_of_few(
        self, desk, scored, django_assert_num_queries
    ):
        for month in range(1, 10):
            desk.asserts("RUS", "KAZ", occurred=Occurred(edtf=f"2022-0{month}-03"))
        scored()
        lens = lensed.find("standing", position=log.head().position)

        with django_assert_num_queries(1):
            assert len(table.rows_on_day(lens, date(2022, 12, 1))) == 1


class TestANewLens:
    """While its view takes in the log."""

    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/"])
    def test_is_not_shown_before_it_has_caught_up(self, client, desk, scored, path):
        desk.asserts()
        scored()
        bloc = Bloc(ownerships=("private",), rule="except")
        view = View(method="1", collections=(desk.collection,), bloc=bloc)
        begun = lenses.define_lens(a_lens(name="others", view=view), at=AT, by=BY).position

        before = client.get(path, {"lens": "others"})
        scored()
        after = client.get(path, {"lens": "others"})

        assert before.status_code == 503
        assert f"0 of {begun} events are processed" in before.text
        assert after.status_code == 200
