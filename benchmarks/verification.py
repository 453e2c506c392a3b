"""How well the levels of some pairs agree with an expert's monthly values.

Rank correlation and errors look at the means; coverage, PIT and CRPS at the worlds of a level, and
at those of its change over twelve months. In means each pair has the same weight.
"""

import math
import random
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks.expert import Month

INTERVALS = (50, 80, 90, 95)
# Of the bootstrap. The seed is fixed so that a run can be repeated.
DRAWS, SEED = 10_000, 1
_MONTHS_OF_A_CHANGE = 12
_PLACES = 9


@dataclass(frozen=True)
class Worlds:
    """A level, or its change, in each of some worlds of equal weight, in points."""

    values: Sequence[float]

    @cached_property
    def mean(self) -> float:
        return math.fsum(self.values) / len(self.values)

    @cached_property
    def _ordered(self) -> list[float]:
        return sorted(self.values)

    def rank(self, x: float) -> float:
        """The share of the worlds below `x`, and half of those that are equal (the probability
        integral transform)."""
        below, up_to = bisect_left(self._ordered, x), bisect_right(self._ordered, x)
        return (below + up_to) / 2 / len(self.values)

    def crps(self, x: float) -> float:
        """The continuous ranked probability score of an outcome: the mean distance of the worlds to
        it, less half their mean distance to each other (Gneiting & Raftery 2007, JASA 102, eq. 21).
        Smaller is better; of one world it is the absolute error."""
        number = len(self.values)
        away = math.fsum(abs(value - x) for value in self.values) / number
        apart = math.fsum(
            (2 * place - number + 1) * value for place, value in enumerate(self._ordered)
        )
        return away - apart / (number * number)

    def less(self, other: "Worlds") -> "Worlds":
        """The change from another level, in each world."""
        return Worlds([a - b for a, b in zip(self.values, other.values, strict=True)])


@dataclass(frozen=True, kw_only=True)
class Track:
    """A pair's levels at the ends of months, the expert's values of these months, and the level
    from which they started. All are on −9..9."""

    scores: Mapping[Month, Worlds]
    expert: Mapping[Month, float]
    start: float

    @cached_property
    def spearman(self) -> float:
        """Rank correlation, with mean ranks for ties. A constant has no order: 0. Means that differ
        by rounding are ties."""
        means = [round(score.mean, _PLACES) for score in self.scores.values()]
        return _correlation(means, self._experts, method="ranked")

    @cached_property
    def error(self) -> float:
        """Mean absolute error of the scores."""
        return self._mean(lambda score, value: abs(score.mean - value))

    @cached_property
    def flat_error(self) -> float:
        """Mean absolute error of a flat line at the start."""
        return statistics.fmean(abs(self.start - value) for value in self._experts)

    @cached_property
    def crps(self) -> float:
        """Mean continuous ranked probability score, in points."""
        return self._mean(lambda score, value: score.crps(value))

    @cached_property
    def ranks(self) -> tuple[float, ...]:
        """The expert's values as quantiles of the scores' distributions (PIT)."""
        return tuple(score.rank(value) for score, value in self._both())

    def coverage(self, percent: int) -> float:
        """The share of months in which the central interval holds the expert's value."""
        return _held(self.ranks, percent)

    @cached_property
    def changes(self) -> Sequence[tuple[Worlds, float]]:
        """The changes over twelve months, each with the expert's."""
        return [
            (now.less(self.scores[year - 1, month]), self.expert[year, month] - before)
            for (year, month), now in self.scores.items()
            if (year - 1, month) in self.scores
            and (before := self.expert.get((year - 1, month))) is not None
        ]

    def change_coverage(self, percent: int) -> float | None:
        """The share of the changes whose central interval holds the expert's; None without any."""
        ranks = [change.rank(value) for change, value in self.changes]
        return _held(ranks, percent) if ranks else None

    @property
    def falls(self) -> list[tuple[float, bool]]:
        """Where the expert saw a change: the probability that the level fell, and whether it
        did."""
        return [(change.rank(0.0), value < 0) for change, value in self.changes if value]

    @property
    def deciles(self) -> list[float]:
        """The share of months in each tenth of the distributions; .1 each is ideal."""
        found = [min(9, int(rank * 10)) for rank in self.ranks]
        return [found.count(tenth) / len(found) for tenth in range(10)]

    def change_r(self, other: "Track") -> float | None:
        """The correlation of the 12-month changes of these scores with those of another pair's
        expert values, or its own, in the months that both have. None if these are fewer than three.
        """
        ours, theirs = self._score_changes, other._expert_changes  # noqa: SLF001 # of the class
        months = [month for month in ours if month in theirs]
        if len(months) < 3:
            return None
        return _correlation([ours[one] for one in months], [theirs[one] for one in months])

    @cached_property
    def _score_changes(self) -> dict[Month, float]:
        return _changes({month: score.mean for month, score in self.scores.items()})

    @cached_property
    def _expert_changes(self) -> dict[Month, float]:
        return _changes(self.expert)

    @property
    def _experts(self) -> list[float]:
        return [self.expert[month] for month in self.scores]

    def _both(self) -> Iterator[tuple[Worlds, float]]:
        return ((score, self.expert[month]) for month, score in self.scores.items())

    def _mean(self, of: Callable[[Worlds, float], float]) -> float:
        return statistics.fmean(of(score, value) for score, value in self._both())


def _held(ranks: Sequence[float], percent: int) -> float:
    tail = (1 - percent / 100) / 2
    return statistics.fmean(tail <= rank <= 1 - tail for rank in ranks)


def _log_score(said: float, outcome: bool, *, least: float) -> float:  # noqa: FBT001 # a value
    """The logarithmic score of a probability, which is kept from 0 and 1 by `least`."""
    said = min(max(said, least), 1 - least)
    return -math.log(said if outcome else 1 - said)


def _correlation(one: Sequence[float], other: Sequence[float], *, method: str = "linear") -> float:
    """The correlation of two series; 0 if one is constant."""
    if len(set(one)) < 2 or len(set(other)) < 2:
        return 0.0
    return statistics.correlation(one, other, method=method)  # type: ignore[arg-type]


def _changes(values: Mapping[Month, float]) -> dict[Month, float]:
    """The change of each month to the same month of the year before."""
    return {
        (year, month): value - values[year - 1, month]
        for (year, month), value in values.items()
        if (year - 1, month) in values
    }


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The figures over all pairs."""

    tracks: Mapping[str, Track]

    def mean(self, of: Callable[[Track], float]) -> float:
        return statistics.fmean(map(of, self.tracks.values()))

    @property
    def skill(self) -> float:
        """How much smaller the mean error is than that of flat lines at the starts: 1 without
        errors, 0 if the flat lines do as well."""
        flat = self.mean(lambda track: track.flat_error)
        return 1 - self.mean(lambda track: track.error) / flat if flat else 0.0

    @property
    def own_change_r(self) -> float:
        """The mean correlation of 12-month changes with the pair's own expert values."""
        return _mean_of([track.change_r(track) for track in self.tracks.values()])

    @property
    def other_change_r(self) -> float:
        """The mean over all ordered couples of pairs of that with the values of another pair."""
        tracks = self.tracks.values()
        return _mean_of([one.change_r(two) for one in tracks for two in tracks if one is not two])

    @property
    def deciles(self) -> list[float]:
        return [
            statistics.fmean(shares)
            for shares in zip(*(track.deciles for track in self.tracks.values()), strict=True)
        ]

    @cached_property
    def spearman_interval(self) -> tuple[float, float]:
        """The 90 % interval of the mean rank correlation if the pairs were drawn again."""
        found = [track.spearman for track in self.tracks.values()]
        draw = random.Random(SEED)
        means = sorted(statistics.fmean(draw.choices(found, k=len(found))) for _ in range(DRAWS))
        return means[DRAWS * 5 // 100], means[DRAWS * 95 // 100 - 1]

    @property
    def log_score(self) -> float:
        """The mean logarithmic score of the probability that a level fell in twelve months."""
        least = 0.5 / 256
        return _mean_of(
            [
                statistics.fmean(_log_score(said, fell, least=least) for said, fell in track.falls)
                if track.falls
                else None
                for track in self.tracks.values()
            ]
        )

    @property
    def base_log_score(self) -> float:
        """That of the share of all changes that were falls."""
        outcomes = [[fell for _, fell in track.falls] for track in self.tracks.values()]
        every = [fell for own in outcomes for fell in own]
        if not every:
            return 0.0
        rate = statistics.fmean(every)
        return _mean_of(
            [
                statistics.fmean(_log_score(rate, fell, least=1e-9) for fell in own)
                if own
                else None
                for own in outcomes
            ]
        )

    def change_line(self, name: str) -> str:
        """The machine-readable line of the changes over twelve months."""
        held = {
            f"coverage{one}": _mean_of(
                [track.change_coverage(one) for track in self.tracks.values()]
            )
            for one in INTERVALS
        }
        figures = {**held, "log_score": self.log_score, "base_log_score": self.base_log_score}
        return f"{name} {' '.join(f'{key}={_signed(figure)}' for key, figure in figures.items())}"

    def peer_line(self, name: str, peer: str) -> str:
        """The machine-readable line of another method, of which only the means are compared."""
        figures = {
            "mean_spearman": self.mean(lambda track: track.spearman),
            "skill": self.skill,
            "mean_abs_error": self.mean(lambda track: track.error),
        }
        texts = (f"{key}={_signed(figure)}" for key, figure in figures.items())
        return f"{name} name={peer} {' '.join(texts)}"

    def line(self, name: str) -> str:
        """The machine-readable line."""
        if not self.tracks:
            return f"{name} pairs=0"
        spearmans = [track.spearman for track in self.tracks.values()]
        figures = {
            "mean_spearman": statistics.fmean(spearmans),
            "median_spearman": statistics.median(spearmans),
            "worst_spearman": min(spearmans),
            "mean_abs_error": self.mean(lambda track: track.error),
            "skill": self.skill,
            "change_r": self.own_change_r,
            **{f"coverage{one}": self.mean(_coverage(one)) for one in INTERVALS},
            "crps": self.mean(lambda track: track.crps),
        }
        texts = (f"{key}={_signed(figure)}" for key, figure in figures.items())
        return f"{name} {' '.join(texts)} pairs={len(self.tracks)}"

    def table(self) -> Iterator[str]:
        """A line for each pair, and what concerns all of them, for people."""
        yield (
            f"{'pair':9}{'months':>7}{'spearman':>9}{'error':>7}{'flat':>6}{'skill':>7}"
            f"{'change r':>9}{'50 %':>6}{'80 %':>5}{'90 %':>5}{'95 %':>5}{'crps':>6}"
        )
        for pair, track in self.tracks.items():
            yield _row(pair, track)
        yield f"PIT deciles: {' '.join(f'{share:.2f}' for share in self.deciles)}"
        low, high = self.spearman_interval
        yield f"mean spearman, 90 % interval over pairs: {_signed(low, 2)} to {_signed(high, 2)}"
        own, other = _signed(self.own_change_r, 2), _signed(self.other_change_r, 2)
        yield f"12-month changes: r {own} with the pair's own expert, {other} with other pairs'"


def _row(pair: str, track: Track) -> str:
    skill = 1 - track.error / track.flat_error if track.flat_error else 0.0
    change_r = track.change_r(track)
    shown = "–" if change_r is None else _signed(change_r, 2)
    held = "".join(f"{track.coverage(one):5.2f}" for one in INTERVALS)
    return (
        f"{pair:9}{len(track.scores):7}{_signed(track.spearman, 2):>9}{track.error:7.2f}"
        f"{track.flat_error:6.2f}{_signed(skill, 2):>7}{shown:>9} {held}{track.crps:6.2f}"
    )


def _coverage(percent: int) -> Callable[[Track], float]:
    return lambda track: track.coverage(percent)


def _mean_of(found: Sequence[float | None]) -> float:
    known = [one for one in found if one is not None]
    return statistics.fmean(known) if known else 0.0


def _signed(figure: float, digits: int = 3) -> str:
    """The figure with so many decimals, and never −0."""
    return f"{round(figure, digits) + 0.0:.{digits}f}"
