"""Keeps the numbers of claims by month, language and root, and of those that were proposed, for
each collection of people.

The counts of a collection are those of a position. They are brought up to date by a scheduled job,
and when somebody looks: for the claims that changed since, and for those that cite a document which
was described anew, what they counted for then is subtracted, and what they count for now is added.
"""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.log import Statement
from tracker.log.messages import send
from tracker.models.derived import CoverageCounts
from tracker.projections.inserts import upsert
from tracker.projections.transaction_settings import patiently
from tracker.queries.claims import by_record, coverage
from tracker.queries.claims.coverage import KINDS, Counts
from tracker.queries.sql import select

_BEGIN = (
    "INSERT INTO coverage (collection, position, counts) VALUES (%s, 0,"
    """ '{"month": {}, "language": {}, "root": {}}') ON CONFLICT DO NOTHING"""
)
_CHANGED = (
    "WITH recent AS (SELECT stream, version, kind FROM logged e"  # noqa: S608
    f" WHERE {log.IN_RANGE.format(after='%(after)s', until='%(until)s')})"
    " SELECT c.id FROM recent JOIN standing_claim c ON c.id = recent.stream"
    " WHERE c.collection = %(collection)s"
    " UNION SELECT c.id FROM standing_claim c WHERE c.collection = %(collection)s"
    " AND c.documents && ARRAY(SELECT stream FROM recent"
    " WHERE kind = 'DocumentDescribed' AND version > 1)"
)


def follow() -> None:
    """Bring the counts of all collections of people up to the end of the log."""
    for collection in sorted(by_record.by_people()):
        _follow(collection)


@transaction.atomic
def _follow(collection: UUID) -> None:
    send(patiently(), Statement(_BEGIN, [collection]))
    row = CoverageCounts.objects.select_for_update().get(collection=collection)
    head = log.head().position
    if head > row.position:
        counted = _counts(row, head)
        columns = {"collection": collection, "position": head, "counts": counted}
        send(upsert(CoverageCounts, [columns], key=("collection",)))


def _counts(row: CoverageCounts, until: int) -> Counts:
    """The counts of a row, brought from its position up to another."""
    collection = row.collection
    if not row.position:
        return _all_counts(collection, until)
    parameters = {"collection": collection, "after": row.position, "until": until}
    changed = [claim for (claim,) in select(_CHANGED, parameters)]
    counted = _kept(row)
    old, new = (coverage.counts(collection, claims=changed, at=at) for at in (row.position, until))
    # What was proposed for a claim, and whether it was entered unchanged, never changes.
    new |= coverage.proposal_counts(collection, after=row.position, until=until)
    for kind in KINDS:
        counted[kind].update(new[kind])
        counted[kind].subtract(old.get(kind, {}))
        counted[kind] = +counted[kind]
    return counted


def _all_counts(collection: UUID, until: int) -> Counts:
    """The counts of a collection at a position, from all claims."""
    in_force = coverage.counts(collection, claims=None, at=until)
    return in_force | coverage.proposal_counts(collection, after=0, until=until)


def _kept(row: CoverageCounts) -> Counts:
    """The counts of a row."""
    return {kind: Counter(row.counts.get(kind, {})) for kind in KINDS}


def wrong_counts() -> Iterator[str]:
    """Yield the collections whose counts differ from the log."""
    for row in CoverageCounts.objects.order_by("collection"):
        if _kept(row) != _all_counts(row.collection, row.position):
            yield f"the coverage of collection {row.collection} differs from its claims"
