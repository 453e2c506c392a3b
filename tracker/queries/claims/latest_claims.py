"""The latest claims with some words.

The index of words returns all matching claims before the first can be shown, and the index of days
has no words. So the latest claims are scanned first, which finds frequent words; rare words are
then found by their index.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.queries.claims import disclosure, listing, words
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.sql import select

# The number of claims that are scanned first, the most that the index of words may return, and the
# number that is scanned if it would return more.
LOOKED_THROUGH = 1_500
FEW = 8_000
FURTHER = 30_000
_ORDER = "ORDER BY latest DESC NULLS LAST, id DESC"
_MATCHES = f"status = 'standing' AND {words.CONDITION}"
# The subqueries are barriers for the planner. It does not know how many claims have a beginning of
# a word, and would choose the wrong index for the whole query.
_AMONG_THE_LATEST = (
    f"SELECT id FROM (SELECT * FROM standing_claim {_ORDER} LIMIT %s) found"  # noqa: S608
    f" WHERE {_MATCHES} AND {{shown}} LIMIT %s"
)
_BY_WORDS = (
    "WITH matching AS MATERIALIZED (SELECT id, latest, state #>> '{claim,summary}' AS summary"  # noqa: S608
    f" FROM standing_claim WHERE {_MATCHES} LIMIT %s)"
    " SELECT (SELECT count(*) FROM matching), ARRAY(SELECT id FROM"
    f" (SELECT id FROM matching WHERE {{others}} {_ORDER} OFFSET 0) found WHERE {{shown}} LIMIT %s)"
)
_OF_ALL = f"SELECT id FROM standing_claim found WHERE {_MATCHES} AND {{shown}} {_ORDER} LIMIT %s"  # noqa: S608


def claims_matching(text: str, *, most: int, reader: Reader) -> Sequence[ClaimEntry]:
    """Return the latest claims in force with every word of a text, or one that begins with it,
    that the reader may see."""
    ids = _latest(text, most, reader)
    entries = {entry.state.id: entry for entry in listing.claim_entries(ids, None, reader=reader)}
    return [entries[key] for key in ids if key in entries]


def _latest(text: str, most: int, reader: Reader) -> list[UUID]:
    query = words.query_of(text)
    # As a column it keeps the order of the rows.
    shown = disclosure.column("found.id", at=None, reader=reader)
    ids = _ids(_AMONG_THE_LATEST, shown, [LOOKED_THROUGH, query, most])
    if len(ids) == most:
        return ids
    rarest, others = words.by_rarest(text)
    rest, own = (words.OF_SUMMARY, [others]) if others else ("TRUE", [])
    by_words = _BY_WORDS.replace("{others}", rest).replace("{shown}", shown)
    [(number, ids)] = select(by_words, [rarest, FEW, *own, most])
    if number < FEW:
        return list(ids)
    ids = _ids(_AMONG_THE_LATEST, shown, [FURTHER, query, most])
    return ids if len(ids) == most else _ids(_OF_ALL, shown, [query, most])


def _ids(query: str, shown: str, parameters: Sequence[Any]) -> list[UUID]:
    return [row[0] for row in select(query.replace("{shown}", shown), parameters)]
