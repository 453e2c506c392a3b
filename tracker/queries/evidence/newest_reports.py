"""How old the newest report about each of some pairs is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.queries.claims import disclosure
from tracker.queries.evidence import impacts
from tracker.queries.records import states
from tracker.queries.sql import select

# The claims that acted last on each pair, as its page takes them.
_LATEST = (
    "SELECT asked.pair, own.claim FROM unnest(%(pairs)s::text[]) AS asked (pair)"
    " CROSS JOIN LATERAL (SELECT claim FROM impact WHERE view = %(view)s AND pair = asked.pair"
    " AND first <= %(until)s"
    " AND known_from <= %(position)s AND (known_until IS NULL OR known_until > %(position)s)"
    " GROUP BY claim ORDER BY max(last) DESC, max(first) DESC, claim LIMIT %(most)s) AS own"
)


def of_pairs(
    lens: LensVersion, pairs: Sequence[str], *, position: int | None, until: date
) -> Mapping[str, date]:
    """Return the day of the newest document, dated up to a day, behind the latest claims of each
    pair that may be shown and acted by that day, as known at a position (None for now). Without the
    pairs that have no such document."""
    if not pairs:
        return {}
    view = lens.lens.view.id
    at = impacts.served_position(view) if position is None else position
    parameters: dict[str, Any] = {
        "pairs": [*pairs],
        "view": view,
        "position": at,
        "most": states.MOST,
        "until": until,
    }
    latest: dict[str, list[UUID]] = {}
    for pair, claim in select(_LATEST, parameters):
        latest.setdefault(pair, []).append(claim)
    claims = {claim for own in latest.values() for claim in own}
    hidden = disclosure.withheld_claims(claims, at=at, reader=Reader.PUBLIC)
    days = states.report_days(claims - hidden, at=position, until=until)
    found = {pair: [days[claim] for claim in own if claim in days] for pair, own in latest.items()}
    return {pair: max(own) for pair, own in found.items() if own}
