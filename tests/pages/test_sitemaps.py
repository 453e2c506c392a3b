"""What search engines are shown: an index of sitemaps, read as they read it."""

from urllib.parse import urlsplit

import pytest
from lxml import etree  # type: ignore[import-untyped]

from tests.kit.builders import AT, BY, a_citation, a_collection, an_actor
from tracker.domain import events as e
from tracker.domain.records import Party
from tracker.operations import actors, claims, links, sources
from tracker.pages import site_pages

pytestmark = pytest.mark.django_db
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
