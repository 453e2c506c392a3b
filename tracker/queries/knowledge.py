"""When what was known of a pair changed, by what, and which claims were taken back."""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The first and the last position at which what was known of a pair changed (1 and 0 where
    nothing ever did), and the last stops on the way, the last first.

    In public nothing is told of those at which a withheld claim changed it, which would say which
    pair that is about: there are fewer stops, and the ends of the log stand for its positions.
    """

    first: int
    last: int
    stops: Sequence[Stop]


def course(lens: LensVersion, pair: str, *, until: int, limit: int) -> Course:
    """When what a lens knew of a pair changed, up to a position."""
    first = int(_ask(_FIRST, lens, pair)[0][0])
    last = impacts.changed(lens.lens.view.id, pair, position=moment.resolve(None))
    if not last:
        return Course(first=first, last=last, stops=())
    ends = {first, last}
    stops, told = _stops(lens, pair, until=until, limit=limit, ends=ends)
    told |= causes.causes(later, at=max(later)) if (later := ends - told.keys()) else {}
    return Course(
        first=1 if told[first].withheld else first,
        last=moment.resolve(None) if told[last].withheld else last,
        stops=stops,
    )


def _stops(
    lens: LensVersion, pair: str, *, until: int, limit: int, ends: Iterable[int]
) -> tuple[list[Stop], dict[int, Cause]]:
    """The last stops that may be shown here, and the causes of these and of the ends that were
    before. More are asked for until there are `limit`: a list that is cut short would show that
    some are withheld."""
    most = limit
    while True:
        found = dict(_ask(_STOPS, lens, pair, until=until, limit=most))
        told = causes.causes({*found, *(one for one in ends if one <= until)}, at=until)
        shown = [
            Stop(position=position, claims=number, cause=told[position])
            for position, number in found.items()
            if not told[position].withheld
        ]
        if len(shown) >= limit or len(found) < most:
            return shown[:limit], told
        most *= 4


def retracted(lens: LensVersion, pair: str, *, until: int, limit: int) -> list[Filed]:
    """The claims that once moved a pair and are retracted, as known at a position."""

    def ask(most: int) -> list[UUID]:
        return [row[0] for row in _ask(_GONE, lens, pair, until=until, limit=most)]

    gone = guilt.first_named(ask, limit=limit, at=until)
    found = claims.filed_as_of(gone, until)
    return [one for one in found if one.state.status == "retracted"]


def _ask(question: str, lens: LensVersion, pair: str, **given: int) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, {"view": lens.lens.view.id, "pair": pair, **given})
        return list(cursor.fetchall())
