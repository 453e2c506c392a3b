"""The pages of actors, collections and documents at the desk."""

from datetime import timedelta

import pytest

from tests.admin.conftest import ADD, page_of
from tests.kit.builders import AT, a_collection
from tracker import log
from tracker.admin.records import MOST_SHOWN
from tracker.domain.records import Collection
from tracker.operations import claims, sources
from tracker.queries.claims import by_record

pytestmark = pytest.mark.django_db


class TestReading:
    @pytest.mark.parametrize(
        ("noun", "says"), [("actor", "KAZ"), ("source", "The Gazette"), ("document", "A report")]
    )
    def test_a_list_names_its_records_and_leads_to_each(self, ann, desk, noun, says):
        row = {"actor": desk.countries["KAZ"], "source": desk.source, "document": desk.document}

        text = ann.get(f"/admin/desk/{noun}/", {"q": says.lower()}).text

        assert says in text
        assert f"/admin/desk/{noun}/{row[noun]}/change/" in text
        assert says in ann.get(f"/admin/desk/{noun}/{row[noun]}/change/").text


class TestACollection:
    def test_is_put_on_record_with_its_rule(self, ann, desk):
        form = {
            "name": "wire-feed",
            "coding": "machine",
            "review": "on",
            "default_reliability": "D",
            "default_credibility": "4",
            "description": "Rows of a wire.",
        }

        answer = ann.post("/admin/desk/collection/add/", form, follow=True)

        recorded = log.at(log.head().position)
        assert recorded.decoded().collection == Collection(
            name="wire-feed",
            coding="machine",
            review=True,
            description="Rows of a wire.",
            default_reliability="D",
            default_credibility=4,
        )
        assert "its claims score only after they are accepted" in answer.text
        assert "wire-feed" in ann.get("/admin/desk/collection/").text

    def test_needs_a_name(self, ann):
        answer = ann.post("/admin/desk/collection/add/", {"name": " ", "coding": "curated"})

        assert 'id="id_name_error"' in answer.text


class TestADocumentsPage:
    def test_lists_the_claims_taken_from_it_in_their_order(self, ann, desk):
        first = desk.asserts(summary="Russia closed a pipeline.").stream
        later = AT + timedelta(hours=1)
        claims.assert_claim(desk.claim(summary="Kazakhstan opened another."), at=later, by="x")

        text = ann.get(f"/admin/desk/document/{desk.document}/change/").text

        assert "2 claims from it" in text
        assert text.index("Russia closed a pipeline.") < text.index("Kazakhstan opened another.")
        assert page_of(first) in text
        assert f"{ADD}?document={desk.document}" in text

    def test_looks_for_claims_of_feeds_when_it_is_asked(self, ann, desk):
        page = f"/admin/desk/document/{desk.document}/change/"
        assert "machine feeds" not in ann.get(page).text
        wire = a_collection(name="wire-feed", coding="machine")
        kept = sources.describe_collection(wire, at=AT, by="x").stream
        desk.asserts(summary="Russia closed a pipeline.")
        for number in range(MOST_SHOWN + 1):
            desk.asserts(summary=f"Row {number}.", collection=kept)

        plain, asked = ann.get(page).text, ann.get(page, {"feeds": "1"}).text

        assert 'href="?feeds=1#feeds"' in plain
        assert "Row " not in plain
        assert f"wire-feed: {MOST_SHOWN + 1} machine-coded claims" in asked
        assert f"{MOST_SHOWN} of them are shown." in asked
        assert "1 claim from it" in asked

    def test_says_when_there_are_too_many_to_look_through(self, ann, desk, monkeypatch):
        monkeypatch.setattr(by_record, "FEEDS_TIMEOUT", "1ms")
        monkeypatch.setattr(by_record, "_OF_FEEDS", "SELECT pg_sleep(1)")
        wire = a_collection(name="wire-feed", coding="machine")
        kept = sources.describe_collection(wire, at=AT, by="x").stream
        desk.asserts(collection=kept)

        text = ann.get(f"/admin/desk/document/{desk.document}/change/", {"feeds": "1"}).text

        assert "too many claims on record to search" in text
