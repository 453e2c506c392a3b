"""Conditions on the words and the days of claims, as the indexes answer them."""

from typing import Any

from tracker.log.messages import id_array
from tracker.queries.sql import select

# Further words of a query are ignored.
MOST_WORDS = 20
# So many claims with some words are found by their ids.
FEW = 2_000
# The condition that a claim's summary has the words of a query. It is the expression of the index
# `standing_claim_words`, so it must be written as the database has it.
CONDITION = (
    "to_tsvector('simple'::regconfig, COALESCE((state #>> '{claim,summary}'), ''))"
    " @@ to_tsquery('simple'::regconfig, %s)"
)

# Claims that end on one of some days, and situations that last through them. Its parameters are
# the first day, and the last day three times.
HAPPENED = (
    "(latest BETWEEN %s AND %s"
    " OR (kind = 'situation' AND earliest <= %s AND (latest IS NULL OR latest > %s)))"
)


def query_of(text: str) -> str:
    """Return the query for every word of a text, or one that begins with it, in any order."""
    quoted = [word.replace("\\", "\\\\").replace("'", "''") for word in text.split()[:MOST_WORDS]]
    return " & ".join(f"'{word}':*" for word in quoted)


def saying(text: str, *, at: int | None) -> tuple[str, list[Any]]:
    """Return the condition that a claim has every word of a text, or one that begins with it, with
    its parameters. Where few claims have them, it names these: the planner, which does not know how
    many have a beginning of a word, would look through all claims."""
    query = query_of(text)
    if at is None:
        found = select(f"SELECT id FROM standing_claim WHERE {CONDITION} LIMIT %s", [query, FEW])  # noqa: S608
        if len(found) < FEW:
            return "id = ANY(%s::uuid[])", [id_array(row[0] for row in found)]
    return CONDITION, [query]
