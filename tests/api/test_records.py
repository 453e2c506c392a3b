"""Actors, sources, documents, collections, lenses and codebooks."""

import pytest

from tests.kit.api_cases import NOBODY, RecordCases
from tests.kit.builders import AT, BY, a_collection, a_document, a_source, an_actor
from tracker.domain.records import Affiliation
from tracker.operations import actors, sources

pytestmark = pytest.mark.django_db

ADDRESS = "https://example.org/oil"


def a_person(desk):
    """Somebody of Kazakhstan's government."""
    voice = Affiliation(country=desk.countries["KAZ"], sector="government")
    person = an_actor(None, kind="person", affiliations=(voice,))
    return actors.describe_actor(person, at=AT, by=BY).stream


def a_voice(desk):
    """A source that is a person, and has no name of its own."""
    source = a_source(name="", actor=a_person(desk))
    return sources.describe_source(source, at=AT, by=BY).stream


class TestActors(RecordCases):
    PATH = "actors/"
    CHANGES = {"aliases": []}
    SHOWN = {"name": "Vladimir Putin", "affiliations": [{"name": "RUS", "code": "RUS"}]}
    WRONG = [
        (
            {"kind": "state", "members": [NOBODY]},
            ["/affiliations", "/code", "/members", "/members/0"],
        ),
    ]
    SEARCHED = [
        ("putin", ["Vladimir Putin"]),
        ("ПУТИН", ["Vladimir Putin"]),
        ("kremlin's", ["Vladimir Putin"]),
        ("KAZ", ["KAZ"]),
        ("%", []),
        ("_", []),
        ("\\", []),
    ]

    def body(self, desk):
        voice = {
            "country": str(desk.countries["RUS"]),
            "sector": "government",
            "since": "2000-05-07",
            "until": None,
        }
        names = [
            {"text": "Vladimir Putin", "language": "en"},
            {"text": "Путин", "language": "ru"},
        ]
        return {
            "kind": "person",
            "names": names,
            "aliases": ["Putin", "the Kremlin's master"],
            "code": None,
            "wikidata": "Q7747",
            "members": [],
            "affiliations": [voice],
        }

    def more(self, desk):
        a_person(desk)

    def test_the_code_of_another_is_refused(self, api, desk):
        body = {"kind": "state", "names": [{"text": "Kazakhstan"}], "code": "KAZ"}

        (error,) = api.post("actors/", body, expect=400)["errors"]

        assert (error["pointer"], error["code"]) == ("/code", "taken")


class TestSources(RecordCases):
    PATH = "sources/"
    CHANGES = {"name": "The New Daily", "ownership": None}
    SHOWN = {"country_code": "CHN", "ratings": []}
    WRONG = [({"kind": "rumour", "owner": "ann"}, ["/kind", "/owner"])]
    SEARCHED = [("gazette", ["The Gazette"]), ("PEOPLE'S", ["People's Daily"])]

    def body(self, desk):
        return {
            "kind": "outlet",
            "name": "People's Daily",
            "actor": None,
            "country": str(desk.countries["CHN"]),
            "ownership": "ruling party",
            "url": "https://example.org/",
        }

    def more(self, desk):
        a_voice(desk)

    def test_a_grade_is_added_and_kept_by_a_new_description(self, api, desk):
        made = api.post("sources/", self.body(desk))
        address = f"sources/{made['id']}/"
        rating = {"reliability": "D", "since": "2020-01-01", "reason": "its record"}

        graded = api.post(f"{address}ratings/", rating)
        api.post(f"{address}descriptions/", self.body(desk) | {"expected_version": 2})

        assert (graded["id"], graded["version"]) == (made["id"], 2)
        assert api.get(address)["ratings"] == [{"reliability": "D", "since": "2020-01-01"}]
        assert api.get(address, as_of=made["position"])["ratings"] == []


class TestDocuments(RecordCases):
    PATH = "documents/"
    CHANGES = {"title": "On gas"}
    SHOWN = {"source_name": "The Gazette", "latest": "2022-05-31"}
    WRONG = [({"source": NOBODY}, ["/source"]), ({"title": "", "url": None}, ["/title"])]
    SEARCHED = [("OIL", ["On oil"]), ("example.org", ["On oil"]), ("report", ["A report"])]

    def body(self, desk):
        return {
            "source": str(desk.source),
            "title": "On oil",
            "authors": ["A. Writer"],
            "date": "2022-05",
            "language": "en",
            "url": ADDRESS,
            "archive_url": None,
            "note": "",
        }

    def more(self, desk):
        sources.describe_document(a_document(a_voice(desk)), at=AT, by=BY)

    def test_one_without_a_date_has_no_bounds(self, api, desk):
        made = api.post("documents/", {"source": str(desk.source), "title": "Undated"})

        read = api.get(f"documents/{made['id']}/")

        assert (read["date"], read["earliest"], read["latest"]) == (None, None, None)


class TestCollections(RecordCases):
    PATH = "collections/"
    CHANGES = {"review": False, "default_credibility": None}
    SHOWN = {"counted_by": []}
    WRONG = [
        (
            {
                "name": "",
                "coding": "by hand",
                "default_reliability": "G",
                "owner": 1,
                "review": ...,
            },
            ["/coding", "/default_reliability", "/name", "/owner", "/review"],
        ),
        (
            {"name": "Machine Feed", "default_credibility": 1},
            ["/default_credibility", "/name"],
        ),
    ]
    SEARCHED = [("cur", ["curated"]), ("FEED", ["machine-feed"])]
    _number = 0

    def body(self, desk):
        return {
            "name": "machine-feed",
            "coding": "machine",
            "review": True,
            "description": "coded by a program",
            "default_reliability": "D",
            "default_credibility": 4,
        }

    def more(self, desk):
        type(self)._number += 1
        named = a_collection(name=f"another-{self._number}")
        sources.describe_collection(named, at=AT, by=BY)


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
