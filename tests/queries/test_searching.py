"""Words that are typed find claims and records."""

import pytest

from tests.kit.builders import AT, BY, a_document
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.operations import sources
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
