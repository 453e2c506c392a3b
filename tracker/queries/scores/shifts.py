"""Shifts: scores that moved further than their own history explains, within 14 days or slowly, and
the claims that moved them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tracker.domain import shifts as domain
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import BadParameter
from tracker.domain.shifts import SLOW_MODELS, Shift
from tracker.queries.claims import disclosure
from tracker.queries.evidence import impacts
from tracker.queries.evidence.changes import Change
from tracker.queries.moment import At
from tracker.queries.scores import knots, lenses, pairs, shift_causes
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.shift_causes import ShiftParts
from tracker.queries.scores.table import SHIFT, shift
from tracker.queries.sql import select, select_value

MOST_CLAIMS = 5
# For a past moment, shifts are computed from every day since the first knot.
MOST_DAYS = 80_000
_COLUMNS = ", ".join(("pair", *SHIFT))
_LISTED = f"SELECT {_COLUMNS} FROM shift"  # noqa: S608
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
    """All pairs can be listed only as they are now; a past moment or version needs a pair."""

    parameter = "pair"
    code = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFilter:
    """Shifts that were seen from `start` to `end`, of one pair, one country, or all."""

    start: date
    end: date
    pair: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedShift:
    """A shift of a pair, and the claims that acted during it and contributed most, largest first.

    `others` acted then too; `older` claims only weigh less, or more, than before. The amounts of
    the claims, `others_amount`, `older_amount` and `rest` (the change of the start value) sum to
    the shift's amount, within 1e-9.
    """

    pair: str
    shift: Shift
    claims: Sequence[Change]
    others: int
    others_amount: float
    older: int
    older_amount: float
    rest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedShifts:
    """Shifts under a lens version, the newest first; `waiting` pairs have newer scores that were
    not searched yet."""

    lens: LensVersion
    as_of: int
    position: int
    waiting: int
    count: int
    shifts: Sequence[ExplainedShift]


# The place of a shift in the list: the day on which it was seen, the pair, its start.
type Place = tuple[date, str, date]


def page(
    wanted: ShiftFilter, *, lens: str, as_of: At, after: Place | None, limit: int, reader: Reader
) -> ListedShifts:
    """Return up to `limit` shifts after the place `after`.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises OnlyOfOnePair: for a past moment or version of all pairs.
    :raises pairs.TooLong: if shifts would be computed over more than 80,000 days.
    """
    chosen = lenses.find(lens, position=as_of.position)
    view = chosen.lens.view.id
    position = min(as_of.position, impacts.served_position(view))
    current = as_of.is_now and chosen in lenses.latest(view)
    if current:
        rows = _rows(chosen, wanted, after, limit)
        count = select_value(f"{_COUNTED}{_WANTED}", _parameters(chosen, wanted))
        series = None
    else:
        one = _one_series(chosen, wanted, as_of)
        computed = _computed(one, wanted)
        rows = [row for row in computed if after is None or _place(row) < after][:limit]
        count, series = len(computed), {one.pair: one}
    return ListedShifts(
        lens=chosen,
        as_of=position if as_of.is_now else as_of.position,
        position=position,
        waiting=select_value(_BEHIND, [chosen.id, chosen.version]) if current else 0,
        count=count,
        shifts=_explained(chosen, rows, series, at=as_of.past, reader=reader),
    )


def _one_series(lens: LensVersion, wanted: ShiftFilter, as_of: At) -> Series:
    if wanted.pair is None:
        raise OnlyOfOnePair(
            "name a pair: shifts of a past moment or version are computed for one pair"
        )
    return pairs.series(wanted.pair, direction=wanted.pair, lens=lens.label, as_of=as_of)


def _parts(
    lens: LensVersion, rows: Sequence[tuple[str, Shift]], series: Mapping[str, Series] | None
) -> dict[tuple[str, Shift], ShiftParts]:
    """The parts of each shift: the kept ones, and the others computed; with `series`, all are
    computed from these."""
    kept = shift_causes.kept(lens, rows) if series is None and rows else {}
    others = [row for row in rows if row not in kept]
    if series is None:
        series = pairs.series_of_pairs(lens, [*dict.fromkeys(pair for pair, _ in others)])
    worked_out = shift_causes.work_out(lens.lens.view.id, others, series)
    return kept | dict(zip(others, worked_out, strict=True))


def _rows(
    lens: LensVersion, wanted: ShiftFilter, after: Place | None, limit: int
) -> list[tuple[str, Shift]]:
    beyond = _BEYOND if after else ""
    seen, after_pair, begun = after or (None, None, None)
    place = {"seen": seen, "after": after_pair, "begun": begun, "limit": limit}
    return [
        (pair, shift(columns))
        for pair, *columns in select(
            f"{_LISTED}{_WANTED}{beyond}{_NEWEST}", _parameters(lens, wanted) | place
        )
    ]


def _parameters(lens: LensVersion, wanted: ShiftFilter) -> dict[str, Any]:
    return knots.key(lens) | asdict(wanted)


def _computed(series: Series, wanted: ShiftFilter) -> list[tuple[str, Shift]]:
    """The shifts of one pair, computed from its series."""
    if not series.knots:
        return []
    days = (wanted.end - series.knots[0].day).days + 1
    if days > MOST_DAYS:
        raise pairs.TooLong(
            f"from {series.knots[0].day} to {wanted.end} are {days} days;"
            f" at most {MOST_DAYS} are allowed"
        )
    values = domain.daily(series.scorer, series.knots, until=wanted.end)
    shifts = domain.shifts(
        values,
        first=series.knots[0].day,
        slow=series.lens.lens.model in SLOW_MODELS,
        assessed=domain.assessed(series.scorer, series.knots),
        unreported=domain.unreported(series.scorer, series.knots),
    )
    rows = [(series.pair, shift) for shift in shifts if wanted.start <= shift.seen <= wanted.end]
    return sorted(rows, key=_place, reverse=True)


def _place(row: tuple[str, Shift]) -> Place:
    return row[1].seen, row[0], row[1].start


def _explained(
    lens: LensVersion,
    rows: Sequence[tuple[str, Shift]],
    series: Mapping[str, Series] | None,
    *,
    at: int | None,
    reader: Reader,
) -> list[ExplainedShift]:
    """Add to each shift the claims that acted and contributed most; with few queries unless one is
    withheld."""
    parts = _parts(lens, rows, series)
    first = {change.claim for row in rows for change in parts[row].acted[:MOST_CLAIMS]}
    hidden = disclosure.withheld_claims(first, at=at, reader=reader)
    explained = []
    for row in rows:
        own = parts[row]
        shown = own.acted[:MOST_CLAIMS]
        if any(change.claim in hidden for change in shown):
            shown = _disclosed(own, at=at, reader=reader)
        if len(shown) < min(MOST_CLAIMS, own.count) and len(own.acted) < own.count:
            # More claims are withheld than were kept.
            [own] = shift_causes.work_out(
                lens.lens.view.id, [row], pairs.series_of_pairs(lens, [row[0]])
            )
            shown = _disclosed(own, at=at, reader=reader)
        explained.append(_explain(*row, own, shown))
    return explained


def _disclosed(parts: ShiftParts, *, at: int | None, reader: Reader) -> Sequence[Change]:
    """The claims that contributed most, without withheld ones."""
    ids = [change.claim for change in parts.acted]
    named = {*disclosure.first_disclosed(ids, at=at, most=MOST_CLAIMS, reader=reader)}
    return [change for change in parts.acted if change.claim in named]


def _explain(pair: str, shift: Shift, parts: ShiftParts, shown: Sequence[Change]) -> ExplainedShift:
    return ExplainedShift(
        pair=pair,
        shift=shift,
        claims=shown,
        others=parts.count - len(shown),
        others_amount=parts.amount - sum(change.amount for change in shown),
        older=parts.older,
        older_amount=parts.older_amount,
        rest=parts.rest,
    )


MOST = 20


def last_shifts(lens: LensVersion, pairs: Sequence[str]) -> dict[str, list[Shift]]:
    """Return the last shifts of each pair, with one query."""
    shifts: dict[str, list[Shift]] = {}
    for pair, *columns in select(
        f"SELECT {_COLUMNS} FROM (SELECT *, row_number() OVER"  # noqa: S608
        " (PARTITION BY pair ORDER BY seen DESC, start DESC) AS place FROM shift"
        " WHERE lens = %s AND lens_version = %s AND pair = ANY(%s)) ranked"
        " WHERE place <= %s ORDER BY pair, seen, start",
        [lens.id, lens.version, list(pairs), MOST],
    ):
        shifts.setdefault(pair, []).append(shift(columns))
    return shifts


def of_filter(lens: LensVersion, wanted: ShiftFilter, *, limit: int) -> list[tuple[str, Shift]]:
    """Return up to `limit` shifts with their pairs, the newest first, without their claims."""
    return _rows(lens, wanted, None, limit)
