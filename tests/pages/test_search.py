"""How pages are found: by the search on every page, and by the sitemaps of search engines."""

import re
from urllib.parse import urlsplit

import pytest
from lxml import etree  # type: ignore[import-untyped]

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_collection, an_actor
from tests.kit.texts import text_of
from tests.kit.verdicts import judge
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.records import Party
from tracker.operations import actors, claims, links, sources
from tracker.pages import site_pages
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

        assert re.search(r"Since May 2022 it fell with about \d\d % probability\. 1 claim\.", text)

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


SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(client, path):
    """The addresses of a sitemap, without the site."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    root = etree.fromstring(answer.content)
    found = [one.text for one in root.iter(f"{SPACE}loc")]
    assert all(one.startswith("http://testserver/") for one in found)
    return root.tag.removeprefix(SPACE), [one.removeprefix("http://testserver") for one in found]


def every(client):
    """All addresses that the index leads to."""
    kind, parts = places(client, "/sitemap.xml")
    assert kind == "sitemapindex"
    found = []
    for part in parts:
        kind, own = places(client, part)
        assert kind == "urlset"
        found += own
    return found


class TestTheIndex:
    def test_leads_once_to_each_page_that_may_be_listed(self, client, desk, scored):
        claim = desk.asserts("RUS", "KAZ").stream
        desk.asserts("CHN", "RUS")
        desk.asserts("CHN", "KAZ")
        scored()

        found = every(client)

        assert {
            "/",
            "/shifts/",
            "/method/",
            "/pairs/KAZ-RUS/",
            "/pairs/CHN-RUS/",
            "/actors/KAZ/",
            "/triads/CHN-KAZ-RUS/",
            f"/claims/{claim}/",
        } <= {*found}
        assert len(found) == len({*found})
        for path in found:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "X-Robots-Tag" not in answer, path

    def test_is_named_to_robots_and_not_listed_itself(self, client, desk):
        assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text
        assert "noindex" in client.get("/sitemap.xml")["X-Robots-Tag"]

    def test_leaves_out_triangles_of_which_a_side_is_not_known(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()

        assert places(client, "/sitemap-triads.xml")[1] == []

    def test_without_a_lens_has_the_fixed_pages(self, client, db):
        assert "/method/" in every(client)
        assert not [one for one in every(client) if one.startswith("/pairs/")]

    def test_has_no_other_parts(self, client, desk):
        assert client.get("/sitemap-documents.xml").status_code == 404
        assert client.get("/sitemap-pairs.xml", {"p": "2"}).status_code == 404
        assert client.get("/sitemap-pairs.xml", {"p": "soon"}).status_code == 404

    def test_splits_what_is_too_long_for_one_part(self, client, desk, scored, monkeypatch):
        held = {str(desk.asserts("RUS", "KAZ").stream) for _ in range(5)}
        scored()
        monkeypatch.setattr(site_pages.SECTIONS["claims"], "limit", 2)

        _, parts = places(client, "/sitemap.xml")
        own = [one for one in parts if urlsplit(one).path == "/sitemap-claims.xml"]

        assert [urlsplit(one).query for one in own] == ["", "p=2", "p=3"]
        found = [path for part in own for path in places(client, part)[1]]
        assert [len(places(client, part)[1]) for part in own] == [2, 2, 1]
        assert {path.split("/")[2] for path in found} == held

    def test_asks_the_database_as_much_of_many_claims_as_of_few(
        self, client, desk, django_assert_max_num_queries
    ):
        for _ in range(12):
            desk.asserts("RUS", "KAZ")

        with django_assert_max_num_queries(12):
            assert len(places(client, "/sitemap-claims.xml")[1]) == 12


class TestClaims:
    @pytest.mark.parametrize("verdict", ["false", "disputed"])
    def test_that_are_judged_false_or_disputed_are_left_out(self, client, desk, verdict):
        claim = desk.asserts().stream
        judge(claim, verdict)

        self._left_out(client, claim)

    def test_that_are_retracted_are_left_out(self, client, desk):
        claim = desk.asserts().stream
        claims.retract_claim(claim, reason="no", at=AT, by=BY)

        self._left_out(client, claim)

    def test_that_somebody_only_says_are_left_out(self, client, desk):
        saying = desk.asserts(summary="It said so.").stream
        said = desk.asserts(summary="So it is.").stream
        links.link("says", from_=saying, to=said, at=AT, by=BY)

        self._left_out(client, said)
        assert f"/claims/{saying}/" in every(client)

    def test_that_blame_a_person_without_backing_are_left_out(self, client, desk):
        person = actors.describe_actor(an_actor(None, kind="person"), at=AT, by=BY).stream
        parties = (
            Party(actor=person, role="initiator"),
            Party(actor=desk.countries["KAZ"], role="recipient"),
        )
        claim = desk.asserts(parties=parties, contexts=("intelligence",)).stream

        self._left_out(client, claim)

    def test_of_machines_and_not_reviewed_ones_are_left_out(self, client, desk):
        wire = sources.describe_collection(
            a_collection(name="wire", coding="machine"), at=AT, by=BY
        ).stream
        inbox = sources.describe_collection(
            a_collection(name="inbox", review=True), at=AT, by=BY
        ).stream
        coded = desk.asserts(collection=wire).stream
        waiting = desk.asserts(collection=inbox, citations=(a_citation(desk.document),)).stream
        assert f"/claims/{coded}/" not in every(client)
        self._left_out(client, waiting)

        claims.review_claim(waiting, e.ClaimReviewed(outcome="accepted"), at=AT, by="bob")

        assert f"/claims/{waiting}/" in every(client)
        assert "X-Robots-Tag" not in client.get(f"/claims/{waiting}/")

    def test_that_somebody_rejected_are_left_out(self, client, desk):
        claim = desk.asserts().stream
        claims.review_claim(claim, e.ClaimReviewed(outcome="rejected", note="no"), at=AT, by="bob")

        self._left_out(client, claim)

    def _left_out(self, client, claim):
        assert f"/claims/{claim}/" not in every(client)
        assert client.get(f"/claims/{claim}/")["X-Robots-Tag"] == "noindex"
