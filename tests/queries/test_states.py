"""Documents on record are found by their ids and by their addresses."""

import pytest

from tests.kit.builders import AT, BY, a_desk, a_document, an_id
from tests.kit.log_entries import rows_gone_through, run
from tracker.operations import sources
from tracker.queries.records import states
from tracker.queries.records.states import DocumentFacts

pytestmark = pytest.mark.django_db
URL, SHARED = 'https://tass.example/1?a="b"\\', "https://tass.example/2"


@pytest.fixture
def source():
    return a_desk().source


def describe(source, n, url, **given):
    document = a_document(source, url=url, **given)
    sources.describe_document(document, at=AT, by=BY, document_id=an_id(n))
    return DocumentFacts(an_id(n), source, url, document.date)


class TestDocuments:
    def test_are_found_by_id_and_by_address(self, source):
        one, other = describe(source, 1, URL), describe(source, 2, SHARED, date=None)

        assert states.documents(ids=[an_id(1), an_id(9)], urls=[]) == [one]
        assert states.documents(ids=[], urls=[URL, "https://tass.example/9"]) == [one]
        assert states.documents(ids=[], urls=[]) == []
        assert states.documents(ids=[an_id(1)], urls=[URL, SHARED]) == [other, one]

    def test_with_one_address_are_all_found_the_oldest_last(self, source):
        older, newer = (describe(source, n, SHARED) for n in (3, 4))

        assert states.documents(ids=[an_id(4)], urls=[SHARED]) == [newer, older]

    def test_are_looked_up_one_by_one_among_many(self):
        run(
            "INSERT INTO standing_record SELECT gen_random_uuid(), 1, 'document', '',"
            " jsonb_build_object('document', jsonb_build_object('url', 'https://a.example/' || n,"
            " 'source', gen_random_uuid())) FROM generate_series(1, 2000) AS n"
        )
        run("ANALYZE standing_record")
        before = rows_gone_through("standing_record")

        found = states.documents(
            ids=[an_id(n) for n in range(200)], urls=[f"https://a.example/{n}" for n in range(200)]
        )

        assert len(found) == 199
        assert rows_gone_through("standing_record") - before == 199
