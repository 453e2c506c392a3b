"""Which events concern a view. The others move only its cursor."""

from uuid import UUID

from tracker import log
from tracker.domain import state as f
from tracker.domain.lenses import View
from tracker.queries.evidence.record import Snapshot
from tracker.queries.sql import select, select_value

# The most events that are passed over at once. A few are looked at first, since all of a stretch
# are sorted to find the first.
FEW, PASSED = 20, 5_000
_IN_RANGE = log.IN_RANGE.format(after="%(after)s", until="%(until)s")
# The first event of a stretch that concerns a view: a claim of a collection that may count, a later
# event on one or on a record, an event on which linked claims of the view depend, or one of the
# kinds that concern every view. OFFSET 0 forces one look-up for each event: the planner would read
# all claims and dependencies.
_FIRST = f"""
SELECT e.position FROM logged e WHERE {_IN_RANGE}
AND (e.kind IN ('CollectionDescribed', 'ClaimsLinked', 'ClaimsUnlinked', 'LensDefined')
     OR (e.version > 1 OR e.kind = 'ClaimAsserted') AND NOT EXISTS (
         SELECT FROM standing_claim c WHERE c.id = e.stream
         AND c.collection = ANY(%(excluded)s::uuid[]) AND NOT EXISTS (SELECT FROM past_claim p
             WHERE p.id = c.id AND p.collection <> ALL(%(excluded)s::uuid[])) OFFSET 0)
     OR EXISTS (SELECT FROM dependency d WHERE d.view = %(view)s AND d.stream = e.stream OFFSET 0))
ORDER BY e.position LIMIT 1
"""  # noqa: S608 # constants


def last_passed(view: View, *, after: int, until: int) -> int:
    """The position up to which no event after `after` concerns the view, at most `until`.

    The view has processed the events up to `after`.
    """
    excluded = [str(collection) for collection in excluded_collections(view, Snapshot(after))]
    if not excluded:
        return after
    parameters = {"after": after, "excluded": excluded, "view": view.id}
    for reach in (FEW, PASSED):
        passed = min(until, after + reach)
        for (position,) in select(_FIRST, parameters | {"until": passed}):
            return int(position) - 1
    return passed


def excluded_collections(view: View, snapshot: Snapshot) -> list[UUID]:
    """The collections whose claims do not count in a snapshot."""
    collections = select_value(
        "SELECT ARRAY(SELECT id FROM standing_record WHERE noun = 'collection')"
    )
    states = snapshot.readable(collections, f.CollectionState)
    return [key for key, state in states.items() if not view.admits(key, state.collection)]
