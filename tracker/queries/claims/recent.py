"""The claims that changed last: of a pair, or of the collections that a lens counts."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.queries import news
from tracker.queries.claims import disclosure, listing
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence.dependents import ON_BOTH_NOW, on_both
from tracker.queries.moment import now
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses, uncounted
from tracker.queries.sql import select, select_value

MOST_RECENT = 50
# The events at the end of the log that are searched first, and how many times more each time.
EVENTS, TIMES = 1_000, 8
# Of a collection with fewer claims, all claims are looked at instead.
FEW_CLAIMS = 20_000
_OF_PAIR = (
    f"SELECT last.stream FROM ({ON_BOTH_NOW}"  # noqa: S608
    " UNION SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s) concerned"
    " CROSS JOIN LATERAL (SELECT stream, position FROM logged WHERE stream = concerned.claim"
    " ORDER BY version DESC LIMIT 1) last WHERE {shown}"
    " ORDER BY last.position DESC LIMIT %(limit)s"
)
# OFFSET 0 forces one look-up per event: for a few events, the planner would read whole collections.
_AT_THE_END = (
    "SELECT e.stream FROM logged e CROSS JOIN LATERAL (SELECT FROM standing_claim c"  # noqa: S608
    " WHERE c.id = e.stream AND c.collection = ANY(%(collections)s) OFFSET 0) own"
    f" WHERE {log.IN_RANGE.format(after='%(after)s', until='%(head)s')} AND e.kind = ANY(%(kinds)s)"
    " GROUP BY e.stream ORDER BY max(e.position) DESC LIMIT %(limit)s"
)
_OF_COLLECTIONS = (
    "SELECT own.id FROM standing_claim own"
    " CROSS JOIN LATERAL (SELECT position FROM logged WHERE stream = own.id"
    " AND position <= %(head)s AND kind = ANY(%(kinds)s) ORDER BY version DESC LIMIT 1) last"
    " WHERE own.collection = ANY(%(collections)s) ORDER BY last.position DESC LIMIT %(limit)s"
)
_COUNTED = (
    "SELECT count(*) FROM (SELECT FROM standing_claim WHERE collection = ANY(%(collections)s)"
    " LIMIT %(few)s) own"
)


def recent_of_pair(pair: str, *, lens: str, reader: Reader) -> list[ClaimEntry]:
    """Return the claims that name both countries of a pair or ever moved it, the last first.

    :raises lenses.NoSuchLens: :raises pair_names.NoSuchPair:
    """
    chosen = lenses.find(lens, position=now().position)
    one, other = pair_names.ends(*pair.split("-"))
    parameters: dict[str, Any] = {
        **on_both(chosen.lens.view, one.id, other.id),
        "pair": pair,
        "limit": MOST_RECENT,
    }
    shown = disclosure.condition("last.stream", at=log.head().position, reader=reader)
    claims = [row[0] for row in select(_OF_PAIR.format(shown=shown), parameters)]
    return _entries(claims, reader)


def recent_of_lens(lens: str, *, reader: Reader, most: int = MOST_RECENT) -> list[ClaimEntry]:
    """Return the last changed claims of a lens's collections, the last first.

    :raises lenses.NoSuchLens:
    """
    head = log.head().position
    view = lenses.find(lens, position=head).lens.view
    return _entries(_last_changed(uncounted.admitted_collections(view), head, most), reader)


def _last_changed(collections: Sequence[UUID], head: int, most: int) -> list[UUID]:
    """The claims that changed last, found in whichever is shorter: the end of the log, or the
    collections. An archive in other collections may fill the first, one of theirs the second."""
    parameters: dict[str, Any] = {
        "collections": list(collections),
        "head": head,
        "kinds": [*news.CLAIM_KINDS],
        "limit": most,
        "few": FEW_CLAIMS,
    }
    reach, after = EVENTS, head - EVENTS
    claims = dict.fromkeys(_claims(_AT_THE_END, parameters | {"after": after}))
    if len(claims) < most and select_value(_COUNTED, parameters) < FEW_CLAIMS:
        return _claims(_OF_COLLECTIONS, parameters)
    while len(claims) < most and after > 0:
        # Each time only the events before those that are searched already.
        parameters |= {"head": after}
        reach *= TIMES
        after -= reach
        claims |= dict.fromkeys(_claims(_AT_THE_END, parameters | {"after": after}))
    return list(claims)[:most]


def _claims(query: str, parameters: dict[str, Any]) -> list[UUID]:
    return [row[0] for row in select(query, parameters)]


def _entries(streams: Iterable[UUID], reader: Reader) -> list[ClaimEntry]:
    entries = listing.claim_entries(streams, log.head().position, reader=reader)
    return sorted(entries, key=lambda entry: entry.last.position, reverse=True)
