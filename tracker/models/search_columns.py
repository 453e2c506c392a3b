"""Expressions of the search indexes. Their configuration has no language, so that names are not
stemmed."""

from django.contrib.postgres.search import SearchVector
from django.db.models.fields.json import KeyTextTransform, KeyTransform

CONFIG = "simple"


def of_claim() -> SearchVector:
    """The words of a claim's summary."""
    return SearchVector(KeyTextTransform("summary", KeyTransform("claim", "state")), config=CONFIG)


def of_record() -> SearchVector:
    """The words of a record's name; for a document, of its title."""
    return SearchVector("name", config=CONFIG)


def of_document(key: str) -> KeyTextTransform:
    """A field of a document, such as `url` or `source`."""
    return KeyTextTransform(key, KeyTransform("document", "state"))


def of_source(key: str) -> KeyTextTransform:
    """A field of a source."""
    return KeyTextTransform(key, KeyTransform("source", "state"))
