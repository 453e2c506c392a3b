"""One pair under every lens, at the end of a day."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tracker.domain.lenses import LensVersion, directions
from tracker.queries import impacts, lens_coverage, lenses, moment
from tracker.queries.lens_coverage import OfPair
from tracker.queries.moment import AsOf
from tracker.queries.pairs import Reading, series


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A series of a pair with its reading."""

    direction: str
    score: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """The three series of a pair under one lens version; none while its view catches up."""

    lens: str
    scored_through: int
    directions: tuple[Direction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A pair at the end of a day under every lens, as known at a position. `uncounted` are the
    claims that no lens counts, as of now; None of a past moment."""

    pair: str
    day: date
    as_of: int
    lenses: tuple[Under, ...]
    uncounted: tuple[OfPair, ...] | None


def overview(pair: str, *, day: date, as_of: AsOf = None) -> Overview:
    """Read the undirected pair and both directions under each lens, in the version in force then.

    :raises moment.AheadOfLog:
    """
    asked = moment.resolve(as_of)
    now = as_of is None
    found = [
        _under(one, pair, day, as_of=None if now else asked)
        for one in (lenses.latest() if now else _in_force(asked))
    ]
    beside = tuple(lens_coverage.uncounted_of(pair)) if now else None
    return Overview(pair=pair, day=day, as_of=asked, lenses=tuple(found), uncounted=beside)


def _in_force(position: int) -> list[LensVersion]:
    """The lenses that there were at a position, in the version of that time."""
    found = []
    for one in lenses.latest():
        with suppress(lenses.NoSuchLens):
            found.append(lenses.defined(one.lens.name, position=position))
    return found


def _under(lens: LensVersion, pair: str, day: date, *, as_of: AsOf) -> Under:
    named = lens.lens.name
    try:
        found = [series(pair, direction=one, lens=named, as_of=as_of) for one in directions(pair)]
    except impacts.CatchingUp:
        reached = impacts.followed(lens.lens.view.id)
        return Under(lens=lens.label, scored_through=reached, directions=())
    return Under(
        lens=found[0].lens.label,
        scored_through=min(one.position for one in found),
        directions=tuple(Direction(direction=one.direction, score=one.on(day)) for one in found),
    )
