"""The publisher whose own address has the host of a document's address."""

import pytest
from django.utils import timezone

from tests.kit.builders import BY, a_source
from tracker.operations import sources
from tracker.queries.records.document_names import publisher_at

pytestmark = pytest.mark.django_db


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
