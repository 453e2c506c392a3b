"""When what was known of a pair changed, by what, and which claims were taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tracker.domain.lenses import LensVersion
from tracker.queries import causes, claims, guilt, impacts, moment
from tracker.queries.causes import Cause
from tracker.queries.claims import Filed

_STOPS = (
    "SELECT at, count(DISTINCT claim) FROM impact, unnest(ARRAY[known_from, known_until]) AS at"
    " WHERE view = %(view)s AND pair = %(pair)s AND at <= %(until)s"
    " GROUP BY at ORDER BY at DESC LIMIT %(limit)s"
)
_GONE = (
    "SELECT DISTINCT i.claim FROM impact i JOIN standing_claim s ON s.id = i.claim"
    " WHERE i.view = %(view)s AND i.pair = %(pair)s AND i.known_until <= %(until)s"
    " AND s.status = 'retracted' ORDER BY i.claim LIMIT %(limit)s"
)

_FIRST = "SELECT coalesce(min(known_from), 1) FROM impact WHERE view = %(view)s AND pair = %(pair)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A position at which what was known of a pair changed, and for how many claims."""

    position: int
    claims: int
    cause: Cause

    @property
    def recorded_at(self) -> datetime:
        return self.cause.recorded.recorded_at


def stops(lens: LensVersion, pair: str, *, until: int, limit: int) -> list[Stop]:
    """The last positions up to one at which what a lens knew of a pair changed, the last first.

    In public, where the events of withheld claims would say which pair they are about, fewer.
    """
    found = dict(_ask(_STOPS, lens, pair, until=until, limit=limit))
    told = causes.causes(found, at=until)
    return [
        Stop(position=position, claims=number, cause=told[position])
        for position, number in found.items()
        if not told[position].withheld
    ]


def reach(lens: LensVersion, pair: str) -> tuple[int, int]:
    """The first and the last position at which what was known of a pair changed; 1 and 0 where
    nothing ever did.

    In public the ends of the log stand for those at which a withheld claim changed it.
    """
    head = moment.resolve(None)
    first = int(_ask(_FIRST, lens, pair)[0][0])
    last = impacts.changed(lens.lens.view.id, pair, position=head)
    if guilt.in_public.get():
        told = causes.causes({first, last}, at=head)
        first = 1 if first in told and told[first].withheld else first
        last = head if last in told and told[last].withheld else last
    return first, last


def retracted(lens: LensVersion, pair: str, *, until: int, limit: int) -> list[Filed]:
    """The claims that once moved a pair and are retracted, as known at a position."""
    gone: list[UUID] = [row[0] for row in _ask(_GONE, lens, pair, until=until, limit=limit)]
    found = claims.nameable(claims.filed_as_of(gone, until))
    return [one for one in found if one.state.status == "retracted"]


def _ask(question: str, lens: LensVersion, pair: str, **given: int) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, {"view": lens.lens.view.id, "pair": pair, **given})
        return list(cursor.fetchall())
