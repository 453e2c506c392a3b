"""The words by which things are searched, as their indexes hold them: in no language, so that a
name is never taken for a stem."""

from django.contrib.postgres.search import SearchVector
from django.db.models.fields.json import KeyTextTransform, KeyTransform

CONFIG = "simple"


def of_claim() -> SearchVector:
    """Those of a standing claim's summary."""
    return SearchVector(KeyTextTransform("summary", KeyTransform("claim", "state")), config=CONFIG)


def of_record() -> SearchVector:
    """Those of the name that a record is filed under; a document's is its title."""
    return SearchVector("name", config=CONFIG)


def of_document(key: str) -> KeyTextTransform:
    """What is said of a document under a key, as `url` or `source`."""
    return KeyTextTransform(key, KeyTransform("document", "state"))


def of_source(key: str) -> KeyTextTransform:
    """A field of a source as it is described."""
    return KeyTextTransform(key, KeyTransform("source", "state"))
