"""Documents on record are found by their ids and by their addresses."""

import pytest
from django.utils import timezone

from tests.kit.builders import AT, BY, a_desk, a_document, a_source, an_id
from tests.kit.log_entries import rows_gone_through, run
from tracker.operations import sources
from tracker.queries.records import states
from tracker.queries.records.document_names import publisher_at
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


def found(document, *addresses):
    for address in addresses:
        source = a_source(name=f"At {address}", url=address)
        sources.describe_source(source, at=timezone.now(), by=BY)
    publisher = publisher_at(document)
    return publisher.name if publisher else None


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ("https://x.com/a", "https://x.com/"),
        ("https://www.x.com/a", "http://X.com/"),
        ("https://x.com/a", "https://www.x.com/news"),
        ("https://x.com/a", "https://news.x.com/"),
    ],
)
def test_has_that_host_or_a_part_of_it(document, address):
    assert found(document, address) == f"At {address}"


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ("https://x.com/a", "https://fox.com/"),
        ("https://t.co/a", "https://bat.com/"),
        ("https://x.com/a", "https://ex.org/x.com"),
        ("https://x.com/a", "https://x.com.ex.org/"),
        ("x.com", "https://x.com/"),
        ("https://[/", "https://x.com/"),
    ],
)
def test_is_none_where_an_address_only_contains_the_host(document, address):
    assert found(document, address) is None


def test_is_the_one_among_those_that_contain_the_host():
    addresses = ("https://fox.com/", "https://x.com/", "https://netflix.com/")

    assert found("https://x.com/a", *addresses) == "At https://x.com/"


def test_is_none_where_two_have_it():
    assert found("https://x.com/a", "https://x.com/", "https://news.x.com/") is None
