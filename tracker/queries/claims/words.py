"""Conditions on the words and the days of claims, as the indexes answer them."""

# Further words of a query are ignored.
MOST_WORDS = 20
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
