"""What the desk's list of claims is narrowed to, as conditions that the database answers fast.

A filter that another table answers gives the ids of its claims if they are few. Otherwise each row
is asked, since then one of the next rows fits.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from psycopg.errors import QueryCanceled

from tracker import log
from tracker.domain.dates.edtf import Bounds
from tracker.domain.problems import BadParameter
from tracker.queries.claims import voices
from tracker.queries.records.search import FEW, narrow
from tracker.queries.scores import lenses
from tracker.queries.sql import select

# The lens whose certainty is shown and asked for.
LENS = "standing"
# How long the search for a page of claims may take.
TIMEOUT = "3s"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilters:
    """An absent filter does not narrow. `parties`: claims with each of them, or with somebody who
    speaks for it. `source` published a document or is in a chain. `when`: the days within which a
    claim ends, or through which a situation lasts; without days, the claims without a date.
    `p_from` and `p_to` are limits of the certainty under the standing lens."""

    parties: Sequence[UUID] = ()
    source: UUID | None = None
    when: Bounds | None = None
    p_from: float | None = None
    p_to: float | None = None
    entered_by: str = ""
    collection: UUID | None = None
    kind: str = ""
    status: str = ""


class TooSlow(BadParameter):
    """The search takes too long."""

    parameter = "q"


def narrowed(rows: QuerySet[Any], filters: ClaimFilters) -> QuerySet[Any]:
    """The rows of claims that fit all filters.

    :raises TooSlow:
    """
    if filters == ClaimFilters():
        return rows

    def read() -> QuerySet[Any]:
        return narrow(rows, Q(*_conditions(filters)))

    return within_time(read)


def within_time[T](read: Callable[[], T]) -> T:
    """What some queries return.

    :raises TooSlow: if one takes longer than `TIMEOUT`.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT}'")
            found = read()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
        raise TooSlow("the search takes too long: add a party, a date or a collection") from problem


def _conditions(filters: ClaimFilters) -> Iterator[Q]:
    for name in ("collection", "kind", "status"):
        if value := getattr(filters, name):
            yield Q(**{name: value})
    for party in filters.parties:
        yield Q(actors__overlap=voices.voices_of(party))
    if filters.when:
        yield _within(filters.when)
    if filters.source:
        yield _citing(filters.source)
    if filters.entered_by:
        yield _entered_by(filters.entered_by)
    if filters.p_from is not None or filters.p_to is not None:
        yield _as_certain(filters.p_from or 0, 1 if filters.p_to is None else filters.p_to)


def _within(days: Bounds) -> Q:
    """Claims that end on one of the days, and situations that last through them."""
    if days == Bounds(earliest=None, latest=None):
        return Q(earliest=None, latest=None)
    first, last = days.earliest or date.min, days.latest or date.max
    lasting = Q(kind="situation", earliest__lte=last) & (Q(latest=None) | Q(latest__gt=last))
    return Q(latest__range=(first, last)) | lasting


_DOCUMENTS = (
    "SELECT id FROM standing_record WHERE noun = 'document'"
    " AND state #>> '{document,source}' = %s LIMIT %s"
)
_PUBLISHED = (
    "EXISTS (SELECT FROM standing_record d WHERE d.id = ANY(standing_claim.documents)"
    " AND d.state #>> '{document,source}' = %s)"
)


def _citing(source: UUID) -> Q:
    """Claims with a document of the source, or with the source in a chain."""
    # The index of chains leaves out claims without one.
    chained = Q(sources__contains=[source]) & ~Q(sources=[])
    documents = [row[0] for row in select(_DOCUMENTS, [str(source), FEW])]
    if len(documents) == FEW:
        return chained | _each(_PUBLISHED, [str(source)])
    return chained | Q(documents__overlap=documents) if documents else chained


def _entered_by(account: str) -> Q:
    claims = log.streams_begun("ClaimAsserted", by=account, limit=FEW)
    if len(claims) < FEW:
        return Q(pk__in=claims)
    return _each(log.ENTERED_BY.format(table="standing_claim"), [account])


_AS_CERTAIN = "view = %s AND known_until IS NULL AND p BETWEEN %s AND %s"
_OF_CLAIM = f"EXISTS (SELECT FROM impact WHERE claim = standing_claim.id AND {_AS_CERTAIN})"


def _as_certain(least: float, most: float) -> Q:
    parameters = [_view(), least, most]
    rows = select(
        f"SELECT DISTINCT claim FROM (SELECT claim FROM impact WHERE {_AS_CERTAIN} LIMIT %s) found",  # noqa: S608 # constants
        [*parameters, 2 * FEW],
    )
    if len(rows) < FEW:
        return Q(pk__in=[row[0] for row in rows])
    return _each(_OF_CLAIM, parameters)


def _each(condition: str, parameters: Sequence[Any]) -> Q:
    return Q(RawSQL(condition, parameters, output_field=BooleanField()))  # noqa: S611 # constants


def _view() -> str:
    """The view of the lens; the name of none while the lens is not defined."""
    try:
        view: str = lenses.find(LENS, position=log.head().position).lens.view.id
    except lenses.NoSuchLens:
        return ""
    return view
