"""Contributions to version 2 of the level, day by day forward.

The mean of the level and those of the draws' worlds are linear in all impacts (see `truths`). So a
day maps what each claim contributes to each of them as it maps the means, and adds the impacts of
the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from tracker.domain.scoring.draws import Day
from tracker.domain.scoring.truths import Scales

type _Row = dict[UUID, float]


class DayOfFold(Protocol):
    """A day of a fold: what acts on it, the draws that it opens and closes, the scales, the part of
    the level that the usual act takes, and the weights of the level and of assessments."""

    @property
    def of_day(self) -> Day: ...
    @property
    def opened(self) -> tuple[int, ...]: ...
    @property
    def closed(self) -> tuple[int, ...]: ...
    @property
    def scales(self) -> Scales: ...
    @property
    def usual_loss(self) -> float: ...
    @property
    def kept(self) -> float: ...
    @property
    def gained(self) -> float: ...


@dataclass(slots=True)
class Forward:
    """What each claim contributes to the level, and to the world of each open draw."""

    level: _Row = field(default_factory=dict)
    worlds: dict[int, _Row] = field(default_factory=dict)

    def take(self, run: DayOfFold) -> None:
        """Take the next day with an impact."""
        for draw in run.opened:
            self.worlds[draw] = dict(self.level)
        self._act(run)
        for one in run.of_day.assessed:
            for row in (self.level, *self.worlds.values()):
                row[one.claim] = row.get(one.claim, 0.0) + run.gained * one.weighted
        for draw in run.closed:
            del self.worlds[draw]

    def _act(self, run: DayOfFold) -> None:
        """Map the rows by the impacts of the day, add these, and keep what assessments leave."""
        actions = run.of_day.actions
        lost = run.of_day.plain.k + run.usual_loss
        shares = {draw: action.p * action.k for draw, action in actions.items()}
        total = sum(shares.values(), 0.0)
        worlds = {}
        for draw, row in self.worlds.items():
            scale = run.kept * run.scales.given[draw]
            others = {other: share for other, share in shares.items() if other != draw}
            rest = total - shares.get(draw, 0.0)
            certain = actions[draw].k if draw in actions else 0.0
            worlds[draw] = self._mixed(
                row, run.kept - scale * (lost + certain + rest), scale * rest, scale, others
            )
            _add(worlds[draw], run.of_day, scale, draw)
        scale = run.kept * run.scales.total
        self.level = self._mixed(self.level, run.kept - scale * lost, 0.0, scale, shares)
        _add(self.level, run.of_day, scale, None)
        self.worlds = worlds

    def _mixed(
        self, own: _Row, share: float, of_level: float, scale: float, draws: Mapping[int, float]
    ) -> _Row:
        """A share of a row, with a share of the level's, less those of the rows of draws."""
        mixed = {claim: amount * share for claim, amount in own.items()}
        rows = [(self.level, of_level)] if of_level else []
        rows += [(self.worlds[draw], -scale * weight) for draw, weight in draws.items()]
        for row, weight in rows:
            for claim, amount in row.items():
                mixed[claim] = mixed.get(claim, 0.0) + amount * weight
        return mixed


def _add(row: _Row, of_day: Day, scale: float, draw: int | None) -> None:
    """Add the impacts of a day; in the world of a draw its own are certain."""
    for given in of_day.given:
        p = 1.0 if draw is not None and given.draw == draw else given.p
        row[given.claim] = row.get(given.claim, 0.0) + scale * p * given.impact
