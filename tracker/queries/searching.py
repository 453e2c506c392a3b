"""What somebody who types some words is looking for."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q, QuerySet
from django.db.models.lookups import In

from tracker.domain import codebooks
from tracker.models import words

# More words than anybody types.
MOST_WORDS = 20
# So many are soon met by going through a list in its order. That there are fewer the database
# cannot foresee, and would go through all of it.
FEW = 1_000


def claims_saying(text: str) -> Q:
    """Claims in whose summary every word stands, or one that begins so, in any order."""
    return _holding(words.of_claim(), text)


def claims_coded(text: str) -> Q:
    """Claims under a code in which a text stands."""
    part = text.casefold()
    codes = [one.code for one in codebooks.choices() if part in one.code.casefold()]
    return Q(code__in=codes)


def records_called(noun: str, text: str) -> Q:
    """Records in which a text stands. Of documents, of which an archive brings too many for that,
    those in whose title every word stands, or one that begins so."""
    if noun == "document":
        return _holding(words.of_record(), text)
    return Q(name__icontains=text) | Q(state__icontains=text)


def at_any(key: str, addresses: Sequence[str]) -> Q:
    """Documents whose address of a key is one of some."""
    return Q(In(words.of_document(key), addresses))


def narrowed(rows: "QuerySet[Any]", wanted: Q) -> "QuerySet[Any]":
    """Narrow rows to what is wanted, so that their first are found soon, many or few."""
    found = list(rows.filter(wanted).order_by().values_list("pk", flat=True)[:FEW])
    return rows.filter(wanted if len(found) == FEW else Q(pk__in=found))


def _holding(vector: SearchVector, text: str) -> Q:
    quoted = [one.replace("\\", "\\\\").replace("'", "''") for one in text.split()[:MOST_WORDS]]
    query = SearchQuery(
        " & ".join(f"'{one}':*" for one in quoted), search_type="raw", config=words.CONFIG
    )
    return Q(SearchVectorExact(vector, query))
