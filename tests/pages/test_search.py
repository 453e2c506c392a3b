"""The search, in the header of every page and on a page of its own."""

import re

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.projections import shifts
from tracker.queries import site_search

pytestmark = pytest.mark.django_db


class TestTheForm:
    @pytest.mark.parametrize("path", ["/pairs/KAZ-RUS/", "/method/", "/status/", "/nowhere/"])
    def test_is_in_the_header_of_every_page(self, client, desk, path):
        work_off()

        page = client.get(path).text

        [form] = re.findall(r'<form class="search".*?</form>', page, re.DOTALL)
        assert 'role="search" action="/search/" method="get"' in form
        assert '<label class="unseen" for="search">' in form
        assert 'name="q" value="" maxlength="200"' in form

    def test_is_the_first_thing_of_the_first_page(self, client, desk):
        work_off()

        page = client.get("/").text

        assert page.count('role="search"') == 1
        assert page.index('role="search"') < page.index('class="headline"')


class TestThePage:
    def test_lists_countries_pairs_and_claims(self, client, desk):
        desk.asserts(summary="Russia closed a pipeline.", occurred=Occurred(edtf="2022-05-11"))
        work_off()

        answer = client.get("/search/?q=kazakh russia")

        text = text_of(answer)
        assert "Countries KAZ 1 relation on record. Latest reported event: 11 May 2022." in text
        assert 'href="/actors/KAZ/"' in answer.text
        assert 'href="/pairs/KAZ-RUS/"' in answer.text
        assert "1 claim." in text
        # Two countries were named, so their relation comes first.
        assert text.index("Relations") < text.index("Countries KAZ")

    def test_of_one_country_lists_it_before_its_relations(self, client, desk):
        desk.asserts()
        work_off()

        text = text_of(client.get("/search/?q=kazakh"))

        assert text.index("Countries KAZ") < text.index("Relations KAZ and RUS")

    def test_says_which_way_a_pair_moved(self, client, desk):
        desk.asserts(code="plover-2.0/ASSAULT", occurred=Occurred(edtf="2022-05-11"))
        work_off()
        shifts.find(today=AT.date())

        text = text_of(client.get("/search/?q=kazakh russia"))

        assert re.search(r"Since May 2022 it fell with \d\d % probability\. 1 claim\.", text)

    def test_leads_to_all_claims_where_there_are_more(self, client, desk, monkeypatch):
        monkeypatch.setattr(site_search, "MOST_CLAIMS", 1)
        for number in range(2):
            desk.asserts(summary=f"Oil & gas {number}.")

        page = client.get("/search/", {"q": "oil & gas"}).text

        assert 'href="/api/v1/claims/?q=oil%20%26%20gas"' in page

    def test_says_what_to_try_when_nothing_is_found(self, client, desk):
        answer = client.get("/search/?q=Kazakstan")

        text = text_of(answer)
        assert "Nothing on record has these words. Did you mean one of these? KAZ" in text
        assert "A relation by its two countries, in either order." in text

    def test_without_words_says_what_to_try(self, client, desk):
        answer = client.get("/search/")

        assert answer.status_code == 200
        assert "What you can look for" in text_of(answer)

    @pytest.mark.parametrize(("query", "part"), [("…", "letters or digits"), ("a" * 201, "200")])
    def test_refuses_what_it_cannot_search_for(self, client, desk, query, part):
        answer = client.get("/search/", {"q": query})

        assert part in text_of(answer, status=400)
        assert 'href="/search/">q</a>' in answer.text

    def test_takes_no_other_parameter(self, client, desk):
        assert client.get("/search/?lens=tone").status_code == 400

    def test_says_that_a_slow_search_was_given_up(self, client, desk, monkeypatch):
        monkeypatch.setattr(site_search, "_in_time", lambda _: ((), True))

        assert "took too long" in text_of(client.get("/search/?q=kazakh"))

    def test_is_not_indexed_and_escapes_what_was_typed(self, client, desk):
        answer = client.get("/search/", {"q": "<script>alert(1)</script>"})

        assert answer["X-Robots-Tag"] == "noindex"
        assert "<script>alert" not in answer.text

    def test_is_kept_until_the_record_changes(self, client, desk):
        first = client.get("/search/?q=pipeline")
        assert client.get("/search/?q=pipeline")["ETag"] == first["ETag"]

        desk.asserts(summary="Russia closed a pipeline.")

        assert "Russia closed" in client.get("/search/?q=pipeline").text
