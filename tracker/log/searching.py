"""Finds texts in the whole log, as far as they are not withheld or erased."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from tracker.log.messages import select_prepared
from tracker.log.reading import Recorded, at_all, stored

# Where texts are: events, and runs with at least some of their bytes.
_PLACES_OF_TEXTS = (
    "SELECT e.position, e.position FROM event e LEFT JOIN event_text t ON t.position = e.position"
    " WHERE e.position > %(after)s AND EXISTS (SELECT FROM unnest(%(texts)s::text[]) AS wanted"
    " WHERE strpos(t.text, wanted) > 0 OR strpos(e.body, wanted) > 0)"
    " UNION ALL SELECT r.first, r.last FROM event_run r JOIN event_run_body b USING (run)"
    " JOIN event_run_text t USING (run) WHERE r.first > %(after)s"
    " AND EXISTS (SELECT FROM unnest(%(texts)s::text[]) AS wanted"
    " WHERE position(convert_to(wanted, 'UTF8') IN t.texts) > 0"
    " OR position(convert_to(wanted, 'UTF8') IN b.bodies) > 0) ORDER BY 1 LIMIT %(limit)s"
)
_FEW_PLACES = 20


def find_texts(texts: Iterable[str], *, but: Iterable[int], most: int) -> list[Recorded]:
    """Up to `most` events, in order, whose words or body contain one of some texts, except those at
    some positions. It reads the whole log."""
    # The words are stored as JSON, with escapes.
    escaped = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts]
    others = set(but)
    found = (
        one.position
        for first, last in _places_of_texts(escaped)
        for one in stored(after=first - 1, limit=last - first + 1)
        if one.position not in others
        and any(text in one.body or text in (one.text or "") for text in escaped)
    )
    return at_all(islice(found, most))


def _places_of_texts(texts: list[str]) -> Iterator[tuple[int, int]]:
    """The first and last position of what may have a text, in order."""
    parameters = {"after": 0, "texts": texts, "limit": _FEW_PLACES}
    while places := select_prepared(_PLACES_OF_TEXTS, parameters):
        yield from places
        parameters |= {"after": places[-1][1]}
