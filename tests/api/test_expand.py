"""`expand`: what an answer refers to, beside it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.builders import AT, BY, a_citation, a_source, an_actor
from tracker.domain import events as e
from tracker.domain.records import Affiliation, Name
from tracker.operations import actors, claims, sources

pytestmark = pytest.mark.django_db


class TestAClaim:
    def test_comes_with_what_it_refers_to_as_that_is_read_alone(self, api, desk):
        made = desk.asserts("RUS", "KAZ")
        verdict = e.VerdictGiven(verdict="disputed", reason="no", source=desk.source)
        claims.give_verdict(made.stream, verdict, expected=1, at=AT, by=BY)

        claim = api.get(f"claims/{made.stream}/", expand="actors,documents,sources,collections")

        ends = sorted(str(desk.countries[code]) for code in ("RUS", "KAZ"))
        beside = claim["expanded"]
        assert [*beside] == ["actors", "documents", "sources", "collections"]
        assert beside["actors"] == {one: api.get(f"actors/{one}/") for one in ends}
        for noun, one in (
            ("documents", desk.document),
            ("sources", desk.source),
            ("collections", desk.collection),
        ):
            assert beside[noun] == {str(one): api.get(f"{noun}/{one}/")}

    def test_is_expanded_though_its_ids_are_cut_away(self, api, desk):
        made = desk.asserts("RUS", "KAZ")

        claim = api.get(f"claims/{made.stream}/", expand="collections", fields="id")

        collection = api.get(f"collections/{desk.collection}/")
        assert claim == {
            "id": str(made.stream),
            "expanded": {"collections": {str(desk.collection): collection}},
        }

    def test_of_the_past_comes_with_records_of_the_past(self, api, desk):
        made = desk.asserts("RUS", "KAZ")
        renamed = a_source(name="Zeit")
        sources.describe_source(renamed, at=AT, by=BY, source_id=desk.source, expected=2)

        def named(**query):
            claim = api.get(f"claims/{made.stream}/", expand="sources", **query)
            return claim["expanded"]["sources"][str(desk.source)]["name"]

        assert (named(), named(as_of=made.position)) == ("Zeit", "The Gazette")


class TestAList:
    def test_has_each_record_once_with_few_questions(self, api, desk):
        def asked(limit):
            with CaptureQueriesContext(connection) as captured:
                page = api.get("claims/", limit=limit, expand="actors,sources")
            return len(captured), page

        for _ in range(4):
            desk.asserts("CHN", "RUS", citations=(a_citation(desk.hears()),))

        (few, _), (many, page) = asked(1), asked(4)
        assert few == many
        assert len(page["expanded"]["actors"]) == 2
        assert len(page["expanded"]["sources"]) == 4

    def test_of_records_has_what_they_name(self, api, desk):
        russia = desk.countries["RUS"]
        voice = Affiliation(country=russia, sector="government")
        man = an_actor(None, kind="person", names=(Name(text="He"),), affiliations=(voice,))
        he = actors.describe_actor(man, at=AT, by=BY).stream
        sources.describe_source(a_source(name="", actor=he, country=russia), at=AT, by=BY)

        for path, name, found in (
            ("actors/?q=He&", "actors", {russia}),
            ("sources/?", "actors", {he, russia}),
            ("documents/?", "sources", {desk.source}),
        ):
            page = api.get(f"{path}expand={name}")
            assert {*page["expanded"][name]} == {str(one) for one in found}

    @pytest.mark.parametrize("expand", ["colour", "", "actors,colour", "lens"])
    def test_refuses_by_name_what_it_does_not_have(self, api, desk, expand):
        problem = api.get("claims/", expect=400, expand=expand)

        assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
            ("/expand", "unknown")
        ]
        assert "expected one of: actors" in problem["detail"]
