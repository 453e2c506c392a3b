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
# Claims by which it is judged which word of a query the fewest claims have.
SAMPLED = 300
# The condition that a claim's summary has the words of a query. It is the expression of the index
# `standing_claim_words`, so it must be written as the database has it.
_VECTOR = "to_tsvector('simple'::regconfig, COALESCE((state #>> '{claim,summary}'), ''))"
CONDITION = f"{_VECTOR} @@ to_tsquery('simple'::regconfig, %s)"
# The same of a column with the summary, which has no index.
OF_SUMMARY = "to_tsvector('simple'::regconfig, summary) @@ to_tsquery('simple'::regconfig, %s)"

# Claims that end on one of some days, and situations that last through them. Its parameters are
# the first day, and the last day three times.
HAPPENED = (
    "(latest BETWEEN %s AND %s"
    " OR (kind = 'situation' AND earliest <= %s AND (latest IS NULL OR latest > %s)))"
)
_AMONG_THE_FIRST = (
    "SELECT count(*) FROM (SELECT FROM"  # noqa: S608
    " (SELECT state FROM standing_claim ORDER BY id LIMIT %s) first"
    f" WHERE {CONDITION} LIMIT %s) found"
)
_RAREST_FIRST = (
    f"WITH sampled AS MATERIALIZED (SELECT {_VECTOR} AS vector"  # noqa: S608 # constants
    " FROM (SELECT state FROM standing_claim ORDER BY id DESC LIMIT %s) latest)"
    " SELECT part FROM unnest(%s::text[]) WITH ORDINALITY AS given (part, place)"
    " CROSS JOIN LATERAL (SELECT to_tsquery('simple'::regconfig, part) AS query) AS read"
    " WHERE numnode(query) > 0"
    " ORDER BY (SELECT count(*) FROM sampled WHERE vector @@ query), length(part) DESC, place"
)
_FEW_MATCHING = (
    "WITH matching AS MATERIALIZED (SELECT id, state #>> '{claim,summary}' AS summary"  # noqa: S608
    f" FROM standing_claim WHERE {CONDITION} LIMIT %s)"
    " SELECT (SELECT count(*) FROM matching), ARRAY(SELECT id FROM matching WHERE {others})"
)


def query_of(text: str) -> str:
    """Return the query for every word of a text, or one that begins with it, in any order."""
    return " & ".join(_parts(text))


def _parts(text: str) -> list[str]:
    quoted = [word.replace("\\", "\\\\").replace("'", "''") for word in text.split()[:MOST_WORDS]]
    return [f"'{word}':*" for word in quoted]


def by_rarest(text: str) -> tuple[str, str]:
    """Return the query for the word of a text that the fewest claims have, and that for the others,
    which is empty for one word. The index reads all claims that have a word or one that begins with
    it, before it looks for the next."""
    parts = _parts(text)
    if len(parts) > 1:
        parts = [row[0] for row in select(_RAREST_FIRST, [SAMPLED, parts])] or parts
    return parts[0], " & ".join(parts[1:])


def matching(text: str, *, at: int | None) -> tuple[str, list[Any]]:
    """Return the condition that a claim has every word of a text, or one that begins with it, with
    its parameters. If few claims have them, the condition lists their ids: the planner does not
    know how many claims have a beginning of a word, and would scan all claims."""
    query = query_of(text)
    if at is None and select_value(_AMONG_THE_FIRST, [FIRST, query, FREQUENT]) < FREQUENT:
        rarest, others = by_rarest(text)
        rest, words = (OF_SUMMARY, [others]) if others else ("TRUE", [])
        sql = _FEW_MATCHING.replace("{others}", rest)
        [(number, ids)] = select(sql, [rarest, FEW, *words])
        if number < FEW:
            return "id = ANY(%s::uuid[])", [id_array(ids)]
    return CONDITION, [query]
