"""A pair at the end of a day: all directions under each lens, with their movements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion, directions
from tracker.domain.movements import WindowMovement
from tracker.lens_names import reader_name
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import lenses, movements, pairs, uncounted
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.uncounted import UncountedClaims


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionReading:
    """A direction of a pair with its reading and its movement, if the model gives one."""

    direction: str
    score: Reading
    movement: WindowMovement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LensReadings:
    """The three readings of a pair under one lens version; none while its view catches up.
    `uncounted` are the current claims that it does not count; None for a past moment."""

    lens: str
    title: str
    scored_through: int
    directions: tuple[DirectionReading, ...]
    uncounted: Sequence[UncountedClaims] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOverview:
    """A pair at the end of a day under every lens, as known at a position. `uncounted` are the
    current claims that no lens counts; None for a past moment."""

    pair: str
    day: date
    as_of: int
    lenses: tuple[LensReadings, ...]
    uncounted: tuple[UncountedClaims, ...] | None


def overview(
    pair: str, *, day: date, reader: Reader, as_of: At, since: date | None = None
) -> PairOverview:
    """Return the readings of a pair in all directions under each lens, in the version in force
    then. Movements are those since a day, by default since the day before the first act.

    :raises moment.AheadOfLog: :raises movements.NoWindow:
    """
    movements.check_window(since, day)
    now = as_of.is_now
    versions = list(lenses.latest() if now else lenses.in_force(as_of.position))
    missing = uncounted.uncounted_by_lens(pair, versions, reader=reader) if now else {}
    read = (_lens_readings(lens, pair, (since, day), as_of=as_of) for lens in versions)
    return PairOverview(
        pair=pair,
        day=day,
        as_of=as_of.position,
        lenses=tuple(replace(one, uncounted=missing.get(one.lens)) for one in read),
        uncounted=tuple(uncounted.uncounted_claims(pair, reader=reader)) if now else None,
    )


def _lens_readings(
    lens: LensVersion, pair: str, window: tuple[date | None, date], *, as_of: At
) -> LensReadings:
    name = lens.lens.name
    try:
        series = [
            pairs.series(pair, direction=direction, lens=name, as_of=as_of)
            for direction in directions(pair)
        ]
    except impacts.CatchingUp:
        reached = impacts.followed_position(lens.lens.view.id)
        return LensReadings(
            lens=lens.label, title=reader_name(lens), scored_through=reached, directions=()
        )
    return LensReadings(
        lens=series[0].lens.label,
        title=reader_name(lens),
        scored_through=min(one.position for one in series),
        directions=tuple(_direction_readings(series, *window)),
    )


def _direction_readings(
    series: Sequence[Series], since: date | None, day: date
) -> Iterator[DirectionReading]:
    """The readings with their movements; acts are read only where the knots leave them open."""
    for one in series:
        moved = movements.of_series(one, day, since=since)
        yield DirectionReading(direction=one.direction, score=one.on(day), movement=moved)
