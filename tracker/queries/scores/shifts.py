"""Shifts: which scores moved further within 14 days than their own history lets one expect, and
the claims that moved them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain import shifts as domain
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import BadParameter
from tracker.domain.shifts import Shift
from tracker.queries.claims import disclosure
from tracker.queries.evidence import changes, impacts
from tracker.queries.evidence.changes import Change, Changes
from tracker.queries.moment import At
from tracker.queries.scores import lenses, pairs
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.table import shift
from tracker.queries.sql import select, select_value

MOST_CLAIMS = 5
# Of a past moment they are worked out from each day since the first knot.
MOST_DAYS = 80_000
_LISTED = "SELECT pair, start, seen, peak, amount, sd FROM shift"
_COUNTED = "SELECT count(*) FROM shift"
_WANTED = (
    " WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND seen BETWEEN %(start)s AND %(end)s"
    " AND (%(pair)s::text IS NULL OR pair = %(pair)s)"
    " AND (%(country)s::text IS NULL OR %(country)s = ANY(string_to_array(pair, '-')))"
)
_BEYOND = " AND (seen, pair, start) < (%(seen)s, %(after)s, %(begun)s)"
_NEWEST = " ORDER BY seen DESC, pair DESC, start DESC LIMIT %(limit)s"
_BEHIND = (
    "SELECT count(*) FROM scored s LEFT JOIN watched w ON w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair WHERE s.lens = %s"
    " AND s.lens_version = %s AND (w.pair IS NULL OR w.position <> s.position)"
)


class OnlyOfOnePair(BadParameter):
    """All shifts are listed as they stand; those of a past moment or version only of one pair."""

    parameter = "pair"
    code = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFilter:
    """Shifts that were seen from `start` to `end`, of one pair or country or of all."""

    start: date
    end: date
    pair: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedShift:
    """A shift of a pair, and the claims that gave most to it, largest first.

    The claims' amounts, those of the `others` and `rest`, which is the start's own, sum to the
    shift's amount, within 1e-9.
    """

    pair: str
    shift: Shift
    claims: Sequence[Change]
    others: int
    others_amount: float
    rest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPage:
    """Shifts under a lens version, the newest first; `waiting` pairs were scored since."""

    lens: LensVersion
    as_of: int
    position: int
    waiting: int
    count: int
    found: Sequence[ExplainedShift]


# The place of a shift in the list: the day it was seen, the pair, its start.
type Place = tuple[date, str, date]


def page(
    wanted: ShiftFilter,
    *,
    lens: str,
    as_of: At,
    after: Place | None,
    limit: int,
    reader: Reader,
) -> ShiftPage:
    """List up to `limit` shifts that follow the place `after`.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises OnlyOfOnePair: where a past moment, or version, of all pairs is asked for.
    :raises pairs.TooLong: where one would be worked out over more than 80,000 days.
    """
    asked = as_of.position
    chosen = lenses.named(lens, position=asked)
    position = min(asked, impacts.served(chosen.lens.view.id))
    if as_of.is_now and chosen in lenses.latest(chosen.lens.view.id):
        rows, waits = _rows(chosen, wanted, after, limit), _waiting(chosen)
        series = pairs.series_of_pairs(chosen, [*dict.fromkeys(pair for pair, _ in rows)])
        count = _count(chosen, wanted)
    elif wanted.pair is None:
        raise OnlyOfOnePair("name a pair: of a past moment or version the shifts are worked out")
    else:
        waits, pair = 0, wanted.pair
        series = {pair: pairs.series(pair, direction=pair, lens=chosen.label, as_of=as_of)}
        rows = _worked_out(series[pair], wanted)
        count = len(rows)
        rows = [row for row in rows if after is None or _place(row) < after][:limit]
    reached = {pair: one.position for pair, one in series.items()}
    known = impacts.known_at(chosen.lens.view.id, reached)
    return ShiftPage(
        lens=chosen,
        as_of=position if as_of.is_now else asked,
        position=position,
        waiting=waits,
        count=count,
        found=_explained(
            [
                (one, changes.of_series(series[pair], (one.start, one.peak), known=known[pair]))
                for pair, one in rows
            ],
            at=as_of.past,
            reader=reader,
        ),
    )


def _rows(
    lens: LensVersion, wanted: ShiftFilter, after: Place | None, limit: int
) -> list[tuple[str, Shift]]:
    beyond = _BEYOND if after else ""
    seen, name, begun = after or (None, None, None)
    place = {"seen": seen, "after": name, "begun": begun, "limit": limit}
    return [
        (pair, shift(columns))
        for pair, *columns in select(
            f"{_LISTED}{_WANTED}{beyond}{_NEWEST}", _asked(lens, wanted) | place
        )
    ]


def _count(lens: LensVersion, wanted: ShiftFilter) -> int:
    return int(select_value(f"{_COUNTED}{_WANTED}", _asked(lens, wanted)))


def _asked(lens: LensVersion, wanted: ShiftFilter) -> dict[str, Any]:
    return {
        "lens": lens.id,
        "version": lens.version,
        "start": wanted.start,
        "end": wanted.end,
        "pair": wanted.pair,
        "country": wanted.country,
    }


def _waiting(lens: LensVersion) -> int:
    return int(select_value(_BEHIND, [lens.id, lens.version]))


def _worked_out(series: Series, wanted: ShiftFilter) -> list[tuple[str, Shift]]:
    """The shifts of one pair, from its series alone."""
    if not series.knots:
        return []
    days = (wanted.end - series.knots[0].day).days + 1
    if days > MOST_DAYS:
        raise pairs.TooLong(
            f"from {series.knots[0].day} to {wanted.end} are {days} days;"
            f" at most {MOST_DAYS} are worked out"
        )
    values = domain.daily(series.scorer, series.knots, until=wanted.end)
    every = domain.shifts(values, first=series.knots[0].day)
    found = [(series.pair, one) for one in every if wanted.start <= one.seen <= wanted.end]
    return sorted(found, key=_place, reverse=True)


def _place(row: tuple[str, Shift]) -> Place:
    return row[1].seen, row[0], row[1].start


def _explained(
    rows: Sequence[tuple[Shift, Changes]], *, at: int | None, reader: Reader
) -> list[ExplainedShift]:
    """Name the claims that gave most to each; with few questions unless one is withheld."""
    largest = {one.claim for _, moved in rows for one in moved.changes[:MOST_CLAIMS]}
    quiet = disclosure.withheld(largest, at=at, reader=reader)
    return [_found(one, moved, quiet, reader) for one, moved in rows]


def _found(one: Shift, moved: Changes, quiet: Collection[UUID], reader: Reader) -> ExplainedShift:
    every = moved.changes
    hides = any(change.claim in quiet for change in every[:MOST_CLAIMS])
    plain = every[:MOST_CLAIMS], every[MOST_CLAIMS:]
    most, others = moved.told(MOST_CLAIMS, reader=reader) if hides else plain
    return ExplainedShift(
        pair=moved.after.series.pair,
        shift=one,
        claims=most,
        others=len(others),
        others_amount=sum(change.amount for change in others),
        rest=moved.start + moved.remainder,
    )


MOST = 20


def last_shifts(lens: LensVersion, pairs: Sequence[str]) -> dict[str, list[Shift]]:
    """Give the last shifts of each of some pairs, with one question."""
    found: dict[str, list[Shift]] = {}
    for pair, *columns in select(
        "SELECT pair, start, seen, peak, amount, sd FROM (SELECT *, row_number() OVER"
        " (PARTITION BY pair ORDER BY seen DESC, start DESC) AS place FROM shift"
        " WHERE lens = %s AND lens_version = %s AND pair = ANY(%s)) ranked"
        " WHERE place <= %s ORDER BY pair, seen, start",
        [lens.id, lens.version, list(pairs), MOST],
    ):
        found.setdefault(pair, []).append(shift(columns))
    return found
