"""A search for several words asks the index for the word that the fewest claims have."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.background_work import work_off
from tracker.domain.disclosure import Reader
from tracker.queries import site_search
from tracker.queries.claims import listing, words
from tracker.queries.claims.listing import Filters

pytestmark = pytest.mark.django_db


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
