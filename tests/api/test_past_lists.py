"""Lists as known at a position: what there was, by what it said then."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.kit.builders import AT, BY, a_citation, a_lens, a_source, an_actor
from tracker import log
from tracker.domain.records import Affiliation, Name, Party
from tracker.operations import actors, claims, lenses, sources

pytestmark = pytest.mark.django_db


def head():
    return log.head().position


def ids(page):
    return {UUID(one["id"]) for one in page["results"]}


@pytest.fixture
def three(desk):
    """Three claims, which are corrected, retracted and left alone after the position."""
    made = [
        desk.asserts("RUS", "KAZ"),
        desk.asserts("RUS", "KAZ"),
        desk.asserts("CHN", "RUS", kind="situation"),
    ]
    then = head()
    corrected = desk.claim("RUS", "CHN", kind="situation", code="plover-2.0/SUPPORT")
    claims.correct_claim(made[0].stream, corrected, reason="misread", expected=1, at=AT, by=BY)
    claims.retract_claim(made[1].stream, reason="misread", expected=1, at=AT, by=BY)
    desk.asserts("RUS", "KAZ")
    return [one.stream for one in made], then


class TestClaims:
    def test_are_those_that_there_were_as_they_stood(self, api, three):
        made, then = three

        page = api.get("claims/", as_of=then, count="exact")

        assert ids(page) == set(made)
        assert {one["version"] for one in page["results"]} == {1}
        assert (page["as_of"], page["count"]) == (then, 3)
        alone = {one: api.get(f"claims/{one}/", as_of=then) for one in made}
        assert page["results"] == [alone[one] for one in sorted(made)]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"kind": "act"}, {0, 1}),
            ({"kind": "situation"}, {2}),
            ({"code": "plover-2.0/SUPPORT"}, set()),
            ({"pair": "KAZ-RUS"}, {0, 1}),
            ({"pair": "CHN-RUS"}, {2}),
        ],
    )
    def test_are_narrowed_by_what_they_said_then(self, api, three, query, found):
        made, then = three

        page = api.get("claims/", as_of=then, count="exact", **query)

        assert ids(page) == {made[index] for index in found}
        assert page["count"] == len(found)
        assert ids(api.get("claims/", **query)) != ids(page)

    def test_are_narrowed_to_documents_and_actors_of_then(self, api, desk):
        made = desk.asserts("RUS", "KAZ")
        then, document = head(), desk.hears()
        claims.cite(made.stream, a_citation(document), expected=1, at=AT, by=BY)

        for query, before, now in (
            ({"document": document}, set(), {made.stream}),
            ({"document": desk.document}, {made.stream}, {made.stream}),
            ({"actor": desk.countries["CHN"]}, set(), set()),
            ({"actor": desk.countries["KAZ"]}, {made.stream}, {made.stream}),
            ({"collection": desk.collection}, {made.stream}, {made.stream}),
        ):
            assert ids(api.get("claims/", as_of=then, **query)) == before
            assert ids(api.get("claims/", **query)) == now

    def test_are_of_a_pair_by_those_who_spoke_for_it_then(self, api, desk):
        voice = Affiliation(country=desk.countries["RUS"], sector="government")
        man = an_actor(None, kind="person", names=(Name(text="He"),), affiliations=(voice,))
        he = actors.describe_actor(man, at=AT, by=BY).stream
        parties = (
            Party(actor=he, role="initiator"),
            Party(actor=desk.countries["KAZ"], role="recipient"),
        )
        made = desk.asserts(parties=parties)
        then = head()
        alone = replace(man, affiliations=())
        actors.describe_actor(alone, at=AT, by=BY, actor_id=he, expected=1)

        assert ids(api.get("claims/", pair="KAZ-RUS", as_of=then)) == {made.stream}
        assert ids(api.get("claims/", pair="KAZ-RUS")) == set()

    @pytest.mark.parametrize("query", [{}, {"kind": "act"}])
    def test_come_page_by_page_while_more_are_written(self, api, desk, query):
        before = {desk.asserts().stream for _ in range(5)}
        then = head()
        seen, page = [], api.get("claims/", as_of=then, limit=2, **query)
        while True:
            seen += [UUID(one["id"]) for one in page["results"]]
            if page["next"] is None:
                break
            claims.retract_claim(seen[-1], reason="misread", expected=1, at=AT, by=BY)
            page = api.get(page["next"])

        assert seen == sorted(before)


class TestRecords:
    def test_are_those_that_there_were_under_their_names_of_then(self, api, desk):
        source = sources.describe_source(a_source(name="Aftenposten"), at=AT, by=BY).stream
        then = head()
        renamed = a_source(name="Zeit")
        sources.describe_source(renamed, at=AT, by=BY, source_id=source, expected=1)
        sources.describe_source(a_source(name="Le Monde"), at=AT, by=BY)

        page = api.get("sources/", as_of=then, count="exact")

        assert [one["name"] for one in page["results"]] == ["Aftenposten", "The Gazette"]
        assert (page["count"], page["as_of"], page["results"][0]["version"]) == (2, then, 1)
        now = [one["name"] for one in api.get("sources/")["results"]]
        assert now == ["Le Monde", "The Gazette", "Zeit"]


class TestLenses:
    def test_are_those_that_there_were_in_the_version_of_then(self, api, desk):
        then = head()
        anew = a_lens(view=desk.view, description="anew")
        lenses.define_lens(anew, at=AT, by=BY, lens_id=desk.lenses["standing"])
        lenses.define_lens(a_lens(name="another", view=desk.view), at=AT, by=BY)

        before = [one["label"] for one in api.get("lenses/", as_of=then)["results"]]
        now = [one["label"] for one in api.get("lenses/")["results"]]

        assert before == ["cooperation@1", "standing@1", "tone@1"]
        assert now == ["another@1", "cooperation@1", "standing@2", "tone@1"]
