"""Actors, sources, documents, collections, lenses and codebooks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.api_client import V1
from tests.kit.builders import AT, BY, a_document, a_source, an_actor
from tracker.domain.records import Affiliation
from tracker.operations import actors, sources

pytestmark = pytest.mark.django_db

PUTIN = {
    "kind": "person",
    "names": [{"text": "Vladimir Putin", "language": "en"}, {"text": "Путин", "language": "ru"}],
    "aliases": ["Putin", "the Kremlin's master"],
    "code": None,
    "wikidata": "Q7747",
    "members": [],
}


def putin(desk):
    return {
        **PUTIN,
        "affiliations": [
            {
                "country": str(desk.countries["RUS"]),
                "sector": "government",
                "since": "2000-05-07",
                "until": None,
            }
        ],
    }


class TestAnActor:
    def test_is_put_on_record_and_read_as_it_was_sent(self, api, desk):
        answer = api.send("actors/", putin(desk))
        made = answer.json()

        assert answer.headers["Location"].endswith(f"{V1}actors/{made['id']}/")
        read = api.get(f"actors/{made['id']}/")
        sent = putin(desk)
        affiliation = {**sent["affiliations"][0], "name": "RUS", "code": "RUS"}
        assert {name: read[name] for name in sent} == {**sent, "affiliations": [affiliation]}
        assert (read["name"], read["version"]) == ("Vladimir Putin", 1)

    def test_is_described_anew_by_whoever_saw_the_last_version(self, api, desk):
        made = api.post("actors/", putin(desk))
        anew, address = {**putin(desk), "aliases": []}, f"actors/{made['id']}/descriptions/"

        api.post(address, anew, expect=428)
        api.post(address, anew, expect=412, If_Match='"7"')
        again = api.post(address, {**anew, "expected_version": 1})

        assert again["version"] == 2
        assert api.get(f"actors/{made['id']}/")["aliases"] == []
        then = api.get(f"actors/{made['id']}/", as_of=made["position"])
        assert then["aliases"] == PUTIN["aliases"]

    @pytest.mark.parametrize("noun", ["actor", "source", "document"])
    def test_is_not_described_over_a_record_of_another_kind(self, api, desk, noun):
        bodies = {
            "actor": putin(desk),
            "source": {"kind": "outlet", "name": "A"},
            "document": {"source": str(desk.source), "title": "T"},
        }
        claim = api.claims(desk)["id"]

        for other in (claim, str(desk.collection)):
            address = f"{noun}s/{other}/descriptions/"
            api.post(address, bodies[noun], expect=404, If_Match='"1"')

    def test_names_what_does_not_fit(self, api, desk):
        body = {**putin(desk), "kind": "state", "members": [str(desk.source)]}

        problem = api.post("actors/", body, expect=400)

        assert {e["pointer"] for e in problem["errors"]} == {
            "/affiliations",
            "/code",
            "/members",
            "/members/0",
        }

    def test_does_not_take_the_code_of_another(self, api, desk):
        body = {"kind": "state", "names": [{"text": "Kazakhstan"}], "code": "KAZ"}

        (error,) = api.post("actors/", body, expect=400)["errors"]

        assert (error["pointer"], error["code"]) == ("/code", "taken")


class TestASource:
    def test_is_put_on_record_graded_and_read(self, api, desk):
        body = {
            "kind": "outlet",
            "name": "People's Daily",
            "actor": None,
            "country": str(desk.countries["CHN"]),
            "ownership": "ruling party",
            "url": "https://example.org/",
        }
        made = api.post("sources/", body)
        rating = {"reliability": "D", "since": "2020-01-01", "reason": "its record"}
        graded = api.post(f"sources/{made['id']}/ratings/", rating)

        read = api.get(f"sources/{made['id']}/")

        assert {name: read[name] for name in body} == body
        assert read["country_code"] == "CHN"
        assert read["ratings"] == [{"reliability": "D", "since": "2020-01-01"}]
        assert (graded["id"], graded["version"]) == (made["id"], 2)
        assert api.get(f"sources/{made['id']}/", as_of=made["position"])["ratings"] == []

    def test_that_is_not_on_record_is_not_graded(self, api, desk):
        rating = {"reliability": "D", "since": "2020-01-01", "reason": "its record"}

        api.post(f"sources/{desk.document}/ratings/", rating, expect=404)

    def test_is_described_anew(self, api, desk):
        body = {"kind": "outlet", "name": "The New Gazette", "expected_version": 2}

        api.post(f"sources/{desk.source}/descriptions/", body)

        read = api.get(f"sources/{desk.source}/")
        assert (read["name"], read["ratings"][0]["reliability"]) == ("The New Gazette", "C")


class TestADocument:
    def test_is_put_on_record_described_anew_and_read(self, api, desk):
        body = {
            "source": str(desk.source),
            "title": "On oil",
            "authors": ["A. Writer"],
            "date": "2022-05",
            "language": "en",
            "url": "https://example.org/oil",
            "archive_url": None,
            "note": "",
        }
        made = api.post("documents/", body)
        anew = {**body, "title": "On gas", "expected_version": 1}
        api.post(f"documents/{made['id']}/descriptions/", anew)

        read = api.get(f"documents/{made['id']}/")

        assert {name: read[name] for name in body} == {**body, "title": "On gas"}
        assert (read["source_name"], read["latest"]) == ("The Gazette", "2022-05-31")

    def test_without_a_date_is_read_too(self, api, desk):
        made = api.post("documents/", {"source": str(desk.source), "title": "Undated"})

        read = api.get(f"documents/{made['id']}/")

        assert (read["date"], read["earliest"], read["latest"]) == (None, None, None)


class TestALens:
    def test_is_read_by_its_name_and_by_its_version(self, api, desk):
        (named,) = [one for one in api.get("lenses/")["results"] if one["name"] == "tone"]

        assert named["label"] == "tone@1"
        assert api.get("lenses/tone/") == api.get("lenses/tone@1/") == named
        api.get("lenses/tone@2/", expect=404)
        api.get("lenses/tone/", expect=404, as_of=1)


class TestACodebook:
    def test_lists_its_codes_with_their_values(self, api):
        assert {one["scheme"] for one in api.get("codebooks/")["results"]} == {
            "plover-2.0",
            "cameo-1.1b3",
        }
        codes = {one["code"]: one for one in api.get("codebooks/plover-2.0/")["codes"]}
        assert codes["plover-2.0/ACCUSE"]["value"] == -3.0
        api.get("codebooks/cameo-9/", expect=404)


class TestAList:
    @pytest.mark.parametrize(
        ("path", "words", "names"),
        [
            ("actors/", "putin", ["Vladimir Putin"]),
            ("actors/", "ПУТИН", ["Vladimir Putin"]),
            ("actors/", "kremlin's", ["Vladimir Putin"]),
            ("actors/", "%", []),
            ("actors/", "_", []),
            ("actors/", "\\", []),
            ("actors/", "KAZ", ["KAZ"]),
            ("sources/", "gazette", ["The Gazette"]),
            ("collections/", "cur", ["curated"]),
        ],
    )
    def test_is_searched_for_words_in_names_and_aliases(self, api, desk, path, words, names):
        api.post("actors/", putin(desk))

        assert [one["name"] for one in api.get(path, q=words)["results"]] == names

    def test_finds_a_document_by_its_address(self, api, desk):
        api.post(
            "documents/",
            {"source": str(desk.source), "title": "Oil", "url": "https://example.org/x"},
        )

        found = api.get("documents/", q="example.org")["results"]

        assert [one["title"] for one in found] == ["Oil"]

    @pytest.mark.parametrize("path", ["actors/", "sources/", "documents/", "collections/"])
    def test_gives_everything_once_page_by_page_though_names_are_shared(self, api, desk, path):
        for _ in range(3):
            actors.describe_actor(an_actor(kind="company", code=None), at=AT, by=BY)
            sources.describe_source(a_source(), at=AT, by=BY)
            sources.describe_document(a_document(desk.source), at=AT, by=BY)
        whole = [one["id"] for one in api.get(path, limit=1000)["results"]]
        page, seen = api.get(path, limit=2, count="exact"), []
        while True:
            seen += [one["id"] for one in page["results"]]
            if page["next"] is None:
                break
            page = api.get(page["next"])

        assert seen == whole
        assert len({*seen}) == len(seen) == page["count"]

    def test_asks_the_database_as_often_for_many_as_for_one(self, api, desk):
        for country in [*desk.countries.values()] * 2:
            voice = Affiliation(country=country, sector="government")
            actor = an_actor(None, kind="person", affiliations=(voice,))
            who = actors.describe_actor(actor, at=AT, by=BY).stream
            source = sources.describe_source(a_source(name="", actor=who), at=AT, by=BY).stream
            sources.describe_document(a_document(source), at=AT, by=BY)

        def asked(path, limit):
            with CaptureQueriesContext(connection) as captured:
                assert len(api.get(path, limit=limit)["results"]) == limit
            return len(captured)

        for path in ("actors/", "sources/", "documents/"):
            assert asked(path, 4) == asked(path, 6), path
