"""Conditions on the words and the days of claims, as the indexes answer them."""

from typing import Any

from tracker.log.messages import id_array
from tracker.queries.sql import select, select_value

# Further words of a query are ignored.
MOST_WORDS = 20
# Words are frequent if this many of the first claims of a list have them. Otherwise up to this many
# claims are found by their ids.
FREQUENT, FIRST = 3, 500
FEW = 8_000
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
_AMONG_THE_FIRST = (
    "SELECT count(*) FROM (SELECT state FROM standing_claim ORDER BY id LIMIT %s) first"  # noqa: S608
    f" WHERE {CONDITION}"
)


def query_of(text: str) -> str:
    """Return the query for every word of a text, or one that begins with it, in any order."""
    quoted = [word.replace("\\", "\\\\").replace("'", "''") for word in text.split()[:MOST_WORDS]]
    return " & ".join(f"'{word}':*" for word in quoted)


def saying(text: str, *, at: int | None) -> tuple[str, list[Any]]:
    """Return the condition that a claim has every word of a text, or one that begins with it, with
    its parameters. If few claims have them, the condition lists their ids: the planner does not
    know how many claims have a beginning of a word, and would scan all claims."""
    query = query_of(text)
    if at is None and select_value(_AMONG_THE_FIRST, [FIRST, query]) < FREQUENT:
        found = select(f"SELECT id FROM standing_claim WHERE {CONDITION} LIMIT %s", [query, FEW])  # noqa: S608
        if len(found) < FEW:
            return "id = ANY(%s::uuid[])", [id_array(row[0] for row in found)]
    return CONDITION, [query]
