"""Contributions to a level, day by day forward.

The mean of the level and the deviations of its draws are linear in all impacts (see `truths`). So a
day maps what each claim contributes to each of them as it maps the means, and adds the impacts of
the day. `contributions` has the same for one day, going back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tracker.domain.scoring.amounts import Waning
from tracker.domain.scoring.contributions import Run
from tracker.domain.scoring.draws import Day

type _Row = dict[UUID, float]


@dataclass(slots=True)
class Forward:
    """What each claim contributes to the level, and to the deviation of each open draw. `spans` are
    the first and last days of the draws."""

    spans: Mapping[int, tuple[int, int]]
    level: Waning = field(default_factory=Waning)
    draws: dict[int, Waning] = field(default_factory=dict)

    def take(self, run: Run) -> None:
        """Take the next day with an impact."""
        self.draws |= {draw: Waning() for draw in run.opened}
        self._limit(run)
        lost = self._lost(run)
        worlds = {draw: self._world(run, draw, lost) for draw in run.of_day.actions}
        scale = run.effect.scale
        share = 1 - scale * run.totals.k
        if worlds:
            # The deviations of draws that act are not those after the day until all are mapped.
            level = _less(self.level.amounts(share), lost, scale)
            self.level = Waning(_with(level, run.of_day, scale, None))
        else:
            self.level.wane(share)
            for claim, amount in _impacts(run.of_day, scale, None):
                self.level.add(claim, amount)
        for draw, row in self.draws.items():
            if draw not in worlds:
                row.wane(run.effect.kept.get(draw, 1.0))
        after = self.level.amounts() if worlds else {}
        for draw, world in worlds.items():
            self.draws[draw] = Waning(_less(world, after, 1.0))
        self._assess(run)
        for draw in run.of_day.actions:
            if self.spans[draw][1] <= run.day:
                del self.draws[draw]

    def _limit(self, run: Run) -> None:
        for draw, part in run.effect.limited.items():
            self.draws[draw].wane(part)

    def _lost(self, run: Run) -> _Row:
        """What the draws that act take of their deviations."""
        row: _Row = {}
        for draw, action in run.of_day.actions.items():
            row = _less(row, self.draws[draw].amounts(), -action.p * action.k)
        return row

    def _world(self, run: Run, draw: int, lost: _Row) -> _Row:
        """What each claim contributes after the day to the level, given that a draw is true."""
        scale, action = run.effect.scales[draw], run.of_day.actions[draw]
        share = 1 - scale * run.totals.with_certain(action).k
        # The draw's own part of what is lost is given back: it is certain, and in `kept`.
        kept = run.effect.kept[draw] + scale * action.p * action.k
        world = _less(self.level.amounts(share), self.draws[draw].amounts(kept), -1.0)
        return _with(_less(world, lost, scale), run.of_day, scale, draw)

    def _assess(self, run: Run) -> None:
        """Keep what the assessed levels of the day and the ends of the scale leave, and add the
        assessed levels."""
        for row in (self.level, *self.draws.values()):
            row.wane(run.kept)
        for one in run.of_day.assessed:
            self.level.add(one.claim, run.gained * one.weighted)


def _less(row: _Row, other: Mapping[UUID, float], weight: float) -> _Row:
    """A row less another one, times a weight."""
    for claim, amount in other.items():
        row[claim] = row.get(claim, 0.0) - weight * amount
    return row


def _with(row: _Row, of_day: Day, scale: float, draw: int | None) -> _Row:
    for claim, amount in _impacts(of_day, scale, draw):
        row[claim] = row.get(claim, 0.0) + amount
    return row


def _impacts(of_day: Day, scale: float, draw: int | None) -> list[tuple[UUID, float]]:
    """The impacts of a day by claim; those of a draw that is true are certain."""
    return [
        (one.claim, scale * (1.0 if draw is not None and one.draw == draw else one.p) * one.impact)
        for one in of_day.given
    ]
