"""Simpler methods on the same events, whose agreement with the expert is printed beside ours."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from benchmarks import expert
from benchmarks.expert import Month
from benchmarks.verification import Track, Verification, Worlds
from tracker.domain.scoring.evidence import Pull, Pulls
from tracker.domain.scoring.level import Level

# Of the exponential mean, in days, and what brings values of −10..10 to −9..9.
MONTHS_36 = 36 * 365.25 / 12
SCALE = 0.9
# A step for every act, by its sign alone.
UP, DOWN = 0.3, -0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The track of a pair, and what it was scored from."""

    track: Track
    pulls: Pulls
    scorer: Level


def peers(compared: Mapping[str, Compared]) -> Iterator[tuple[str, Verification]]:
    """Yield each peer with its agreement."""
    for name, method in (("flat", _flat), ("goldstein36", _goldstein), ("signs", _signs)):
        tracks = {
            pair: replace(one.track, scores=method(one, [*one.track.scores]))
            for pair, one in compared.items()
        }
        yield name, Verification(tracks=tracks)
    tracks = {pair: one.track for pair, one in compared.items()}
    yield "others", Verification(tracks=dict(_others(tracks)))


def _flat(one: Compared, months: Sequence[Month]) -> Mapping[Month, Worlds]:
    return {month: Worlds([one.track.start]) for month in months}


def _goldstein(one: Compared, months: Sequence[Month]) -> Mapping[Month, Worlds]:
    """The mean value of the acts so far, each weighing e^(−age/36 months) times its p; 0 before
    any."""
    acts = [pull for pull in one.pulls if pull.sd is None]
    return {month: Worlds([_mean(acts, expert.last_day(month))]) for month in months}


def _mean(acts: Sequence[Pull], day: date) -> float:
    total = weight = 0.0
    for act in acts:
        age = day.toordinal() - act.first
        if age >= 0:
            own = act.p * act.weight * math.exp(-age / MONTHS_36)
            total, weight = total + own * act.value, weight + own
    return SCALE * total / weight if weight else 0.0


def _signs(one: Compared, months: Sequence[Month]) -> Mapping[Month, Worlds]:
    rules = one.scorer.rules
    steps = {kind: UP if step > 0 else DOWN for kind, step in rules.steps.items()}
    scorer = Level(replace(rules, steps=steps))
    return {
        month: Worlds(scorer.worlds(one.pulls, expert.last_day(month)).tolist()) for month in months
    }


def _others(tracks: Mapping[str, Track]) -> Iterator[tuple[str, Track]]:
    """The mean of the other pairs' levels, in the months in which there is one."""
    for pair, own in tracks.items():
        others = [track for name, track in tracks.items() if name != pair]
        found = {}
        for month in own.scores:
            means = [track.scores[month].mean for track in others if month in track.scores]
            found[month] = Worlds([statistics.fmean(means) if means else own.start])
        yield pair, replace(own, scores=found)
