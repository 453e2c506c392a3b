"""Words that are typed find claims and records."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_document
from tracker.domain.disclosure import Reader
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.operations import sources
from tracker.queries import site_search
from tracker.queries.claims import listing, words
from tracker.queries.claims.listing import Filters
from tracker.queries.records import document_names, search

pytestmark = pytest.mark.django_db
SAID = "L'Oréal's oil-price deal (2.5 bn) was signed at www.example.org."


class TestClaims:
    @pytest.mark.parametrize(
        "text",
        ["deal", "DEAL oil", "pri", "oil-pr", "l'or", "2.5", "(2.5", "signed deal", "www.exam"],
    )
    def test_are_found_by_beginnings_of_their_words_in_any_order(self, desk, text):
        claim = desk.asserts(summary=SAID).stream
        desk.asserts(summary="Nothing of the kind.")

        assert _found(search.claims_saying(text)) == [claim]

    @pytest.mark.parametrize("text", ["eal", "deal war", "deals"])
    def test_are_not_by_what_is_not_in_them(self, desk, text):
        desk.asserts(summary=SAID)

        assert _found(search.claims_saying(text)) == []

    @pytest.mark.parametrize(
        "text",
        ["'", "\\", "' | 'x", "a & !b", "x:*", "<->", "((", "deal\\'", "''':*", "…", "a" * 3000],
    )
    def test_are_asked_for_in_no_language_of_queries(self, desk, text):
        desk.asserts(summary=SAID)

        _found(search.claims_saying(text))


class TestDocuments:
    @pytest.mark.parametrize("key", ["url", "archive_url"])
    def test_are_found_by_either_address(self, desk, key):
        one = a_document(desk.source, title="Oil", **{key: "https://example.org/x"})
        known = sources.describe_document(one, at=AT, by=BY).stream

        asked = document_names.at_any(key, ["https://example.org/x", "https://example.org/y"])
        assert _documents(asked) == [known]


def _found(wanted):
    return list(StandingClaim.objects.filter(wanted).values_list("id", flat=True))


def _documents(wanted):
    rows = StandingRecord.objects.filter(wanted, noun="document")
    return list(rows.values_list("id", flat=True))


@pytest.fixture
def record(desk):
    """Steel in three claims, lathes in one of them and in another one."""
    for summary in ("Steel.", "More steel.", "Steel for lathes.", "Lathes."):
        desk.asserts(summary=summary)
    work_off()


class TestTheRarestWord:
    @pytest.mark.parametrize("text", ["steel lathes", "LATHES steel"])
    def test_comes_first_in_any_order(self, record, text):
        first, others = words.by_rarest(text)

        assert (first.lower(), others.lower()) == ("'lathes':*", "'steel':*")

    def test_of_one_word_leaves_no_others(self, record):
        assert words.by_rarest("lath") == ("'lath':*", "")

    def test_is_no_word_without_letters(self, record):
        """ "!" is none: it would be the rarest."""
        assert words.by_rarest("steel !") == ("'steel':*", "")


class TestSeveralWords:
    def test_are_asked_of_the_index_one_by_one(self, record, monkeypatch):
        monkeypatch.setattr(site_search, "LOOKED_THROUGH", 0)
        with CaptureQueriesContext(connection) as asked:
            found = site_search.find("steel lathes", reader=Reader.PUBLIC)

        assert [one.title for one in found.claims] == ["Steel for lathes."]
        [by_words] = [one["sql"] for one in asked if "matching AS MATERIALIZED" in one["sql"]]
        assert "LIMIT 8000" in by_words
        assert by_words.index("lathes") < by_words.index("LIMIT 8000") < by_words.index("steel")

    def test_are_found_by_the_list_of_the_api_too(self, record, monkeypatch):
        monkeypatch.setattr(words, "FREQUENT", 5)

        page = listing.listing(
            Filters(q="steel lathes"), after=None, limit=10, reader=Reader.PUBLIC
        )

        assert [entry.title for entry in page] == ["Steel for lathes."]
