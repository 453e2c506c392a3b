"""How often the desk gave a code to claims whose quotes have a cue, as evidence for a reader."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from tracker.domain.codebooks.cues import CueRow
from tracker.domain.codes import PLOVER
from tracker.domain.reading.codes import Counts, ranked
from tracker.queries.sql import select

# The newest claims of each collection that are looked at: older practice matters less.
MOST_CLAIMS = 1_000

# Of the newest claims that people coded, those in force that quote their document.
_QUOTED = """
SELECT c.id, c.version, c.code, c.state #>> '{claim,citations,0,quote}'
FROM standing_record r
CROSS JOIN LATERAL (
    SELECT id, version, status, code, state FROM standing_claim
    WHERE collection = r.id ORDER BY id DESC LIMIT %(most)s
) c
WHERE r.noun = 'collection' AND r.state #>> '{collection,coding}' = 'curated'
  AND c.status = 'standing' AND starts_with(c.code, %(scheme)s)
  AND c.state #>> '{claim,citations,0,quote}' IS NOT NULL
"""

# The cue and the object in the quote of a claim, by its id and version, as found with the rows of
# the desk. Quotes are not kept.
_found: dict[tuple[UUID, int], tuple[str, str] | None] = {}
_found_with: tuple[CueRow, ...] = ()


def code_counts(cues: tuple[CueRow, ...] = ()) -> Counts:
    """Return how often each cue with its object had each code. `cues` are the rows of the desk."""
    global _found, _found_with  # one for each process
    if cues != _found_with or len(_found) > 2 * MOST_CLAIMS:
        _found, _found_with = {}, cues
    found = _found
    counts: Mapping[tuple[str, str], Counter[str]] = defaultdict(Counter)
    rows = select(_QUOTED, {"most": MOST_CLAIMS, "scheme": f"{PLOVER}/"})
    for claim, version, code, quote in rows:
        if (claim, version) not in found:
            found[claim, version] = _cue(quote, cues)
        if cue := found[claim, version]:
            counts[cue][code] += 1
    return counts


def _cue(quote: str, cues: tuple[CueRow, ...]) -> tuple[str, str] | None:
    found = ranked(quote, cues=cues)
    return (found[0].cue, found[0].object) if found else None
