"""Movements over a window that the reader chooses: of a series, also under other settings of its
model, and of rows of the table of pairs.

The default window of a row was mostly worked out by the last search for shifts; the others are
folded from the impacts that the row's scores are made of, up to a number of impacts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import batched

from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement, course, over_window, window_start
from tracker.domain.problems import BadParameter
from tracker.domain.robustness import NotWorkedOut, Robustness, robustness
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Knot, latest
from tracker.queries.evidence import impacts, what_if
from tracker.queries.scores import knots
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.table import MOVED, RankedPair, movement
from tracker.queries.sql import select

_STORED = (
    f"SELECT w.day, {', '.join(f'w.{column}' for column in MOVED)} FROM scored s"  # noqa: S608
    " JOIN watched w ON w.lens = s.lens AND w.lens_version = s.lens_version AND w.pair = s.pair"
    f" AND w.position = s.position WHERE s.pair = %(pair)s AND {knots.SETTLED}"
)
# Rows whose impacts are read together.
CHUNK = 50
# Impacts that are folded for the rows of one request: about a second's work.
MOST_FOLDED = 20_000
# The claims of a series with more impacts are not read for a page: its movement is that of the last
# search for shifts.
MOST_READ = 3_000


class NoWindow(BadParameter):
    """A window has to end on a later day than it begins, or on the same one."""

    parameter = "since"
    code = "order"


class TooMuchToFold(BadParameter):
    """The movements of rows since a day need more impacts than one request may fold."""

    parameter = "since"
    code = "too_much"


def of_series(series: Series, until: date, *, since: date | None = None) -> WindowMovement | None:
    """Return the change of the level of a series from the close of `since` to that of `until`; by
    default since the day before the first act.

    None for models that do not say so, and without `since` if there is no act by `until`.

    :raises NoWindow: if `since` is after `until`.
    """
    check_window(since, until)
    if not series.lens.model.levels:
        return None
    if since is None:
        last = latest(series.knots, until)
        if last is None:
            return None
        if found := _stored(series, last, until):
            return found
    return over_window(series.scorer, what_if.pulls_of(series), until, since=since)


def of_several(
    series: Sequence[Series], until: date, *, since: date | None = None
) -> dict[str, WindowMovement | None]:
    """Return what `of_series` returns for some undirected series of a lens, by pair. Of one with
    more than `MOST_READ` impacts only what the last search for shifts found, else None.

    :raises NoWindow: :raises TooMuchToFold: for such a series since a day.
    """
    check_window(since, until)
    counts = impacts.count(series[0].lens.lens.view.id, [one.pair for one in series])
    large = {one.pair for one in series if counts.get(one.pair, 0) > MOST_READ}
    if since and large:
        raise TooMuchToFold(
            f"more than {MOST_READ} impacts are on record of {min(large)}: leave since out"
        )
    return {
        one.pair: found_by_search(one, until)
        if one.pair in large
        else of_series(one, until, since=since)
        for one in series
    }


def found_by_search(series: Series, until: date) -> WindowMovement | None:
    """Return what `of_series` returns by default, if the last search for shifts found it."""
    last = latest(series.knots, until)
    return _stored(series, last, until) if last and series.lens.model.levels else None


def _stored(series: Series, last: Knot, until: date) -> WindowMovement | None:
    """The movement that the last search for shifts found, if it is that of an undirected series;
    nothing is read that was folded since."""
    if series.direction != series.pair or what_if.absence_of(series):
        return None
    parameters = knots.key(series.lens) | {"pair": series.pair, "position": series.position}
    for searched, *moved in select(_STORED, parameters):
        if last.day <= searched <= until:
            return movement(moved, until)
    return None


def of_pulls(
    series: Series, pulls: Sequence[Pull], until: date, *, since: date | None = None
) -> WindowMovement | None:
    """Return what `of_series` does, from the pulls of the series.

    :raises NoWindow:
    """
    check_window(since, until)
    return over_window(series.scorer, pulls, until, since=since)


def course_of(
    series: Series, pulls: Sequence[Pull], days: Sequence[date], *, since: date | None = None
) -> list[WindowMovement]:
    """Return the change of the level of a series up to each of some ascending days, in one pass.
    Days before the window are left out, and its first day is put before the others. Empty for
    models without movements, and without an act by the last day.

    :raises NoWindow: if `since` is after the last day.
    """
    check_window(since, days[-1])
    first = since or window_start(pulls, days[-1])
    if first is None or not series.lens.model.levels:
        return []
    own = [first, *(day for day in days if day > first)]
    return course(series.scorer, pulls, own, since=since)


def robustness_of(
    series: Series, until: date, *, since: date | None = None
) -> Robustness | NotWorkedOut:
    """Return how far a level and its movement depend on the settings of the model.

    :raises NoWindow:
    """
    check_window(since, until)
    return robustness(series.scorer, what_if.pulls_of(series), until, since=since)


def with_movements(
    lens: LensVersion,
    rows: Sequence[RankedPair],
    *,
    since: date | None = None,
    most: int | None = None,
) -> list[RankedPair]:
    """Return rows of the table with their movements since a day; by default since the day before
    the first act of each. Of the default ones that no search for shifts has found yet, those that
    need more than `most` impacts (by default `MOST_FOLDED`) stay unknown.

    :raises NoWindow: if `since` is after the day of a row.
    :raises TooMuchToFold: if the movements since a day need more than `most` impacts.
    """
    for row in rows:
        check_window(since, row.day)
    if not lens.model.levels:
        return list(rows)
    unknown = [row for row in rows if since or not row.moved_known]
    folded = _within(most or MOST_FOLDED, lens, unknown)
    if since and len(folded) < len(unknown):
        raise TooMuchToFold(
            f"more than {most or MOST_FOLDED} impacts are on record of these pairs: ask for fewer"
            " of them, for those of one country or for one pair, or leave since out"
        )
    found = dict(_folded(lens, folded, since))
    return [
        replace(row, movement=found[row.pair], moved_known=True) if row.pair in found else row
        for row in rows
    ]


def of_some(
    lens: LensVersion, rows: Sequence[RankedPair], *, since: date, most: int
) -> dict[str, WindowMovement | None]:
    """Return the movements of rows since a day, by pair, without those that would exceed `most`
    impacts. Empty for models without movements, and if `since` is after their day."""
    fit = [row for row in rows if row.day >= since]
    if not lens.model.levels or not fit:
        return {}
    return dict(_folded(lens, _within(most, lens, fit), since))


def _within(most: int, lens: LensVersion, rows: Sequence[RankedPair]) -> list[RankedPair]:
    """The rows that have no more than `most` impacts together, without those that would exceed
    it. Outdated impacts count, since they are on record too."""
    counts = impacts.count(lens.lens.view.id, [row.pair for row in rows]) if rows else {}
    chosen, total = [], 0
    for row in rows:
        number = counts.get(row.pair, 0)
        if total + number <= most:
            chosen.append(row)
            total += number
    return chosen


def _folded(
    lens: LensVersion, rows: Sequence[RankedPair], since: date | None
) -> Iterator[tuple[str, WindowMovement | None]]:
    for some in batched(rows, CHUNK, strict=False):
        days = {row.pair: row.day for row in some}
        yield from of_pairs(
            lens, {row.pair: row.position for row in some}, days, since=since
        ).items()


def of_pairs(
    lens: LensVersion,
    positions: Mapping[str, int],
    days: Mapping[str, date],
    *,
    since: date | None = None,
) -> dict[str, WindowMovement | None]:
    """Return the movements of undirected pairs up to a day of each, from the impacts known at a
    position of each, with one query. The lens's model takes levels."""
    known = impacts.on_pairs_at(lens.lens.view.id, positions) if positions else {}
    return {
        pair: over_window(lens.scorer, lens.pulls(own, pair), days[pair], since=since)
        for pair, own in known.items()
    }


def check_window(since: date | None, until: date) -> None:
    """Check that a window does not begin after its end.

    :raises NoWindow:
    """
    if since and since > until:
        raise NoWindow(f"{since} is after {until}, the day of the score: choose an earlier day")


# The most days for which the course of a movement is computed: a picture cannot show more.
MOST_STEPS = 40


def course_until(
    series: Series, pulls: Sequence[Pull], until: date, *, since: date | None = None
) -> list[WindowMovement]:
    """Return the movements of a series on days of its knots, in order, the last on `until`; the
    first is the one before any of them, 0. Of many days only some are worked out.

    Empty for models that do not say so, and where no act is on record by `until`.

    :raises NoWindow:
    """
    last = of_pulls(series, pulls, until, since=since)
    if last is None:
        return []
    days = _course_days(series, last.since, until, most=MOST_STEPS)
    return [*course_of(series, pulls, [*days, until], since=since)[:-1], last]


def _course_days(series: Series, since: date, until: date, *, most: int) -> list[date]:
    """The days of which a claim tells within a window, and the others on which the level may
    change; each kind is evenly thinned if they are more than `most`."""
    kinds = series.recorded, [knot.day for knot in series.knots]
    within = ([day for day in days if since < day < until] for days in kinds)
    return sorted({day for days in within for day in days[::-1][:: 1 + len(days) // most]})
