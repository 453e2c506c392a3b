"""How well the scores of some pairs agree with an expert's monthly values.

Rank correlation and errors look at the scores; coverage, PIT and CRPS at their intervals. In means
each pair has the same weight.
"""

import math
import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks.expert import Month
from tracker.domain.scoring.distributions import t4_cdf

INTERVALS = (50, 80, 90, 95)
# Of the bootstrap. The seed is fixed so that a run can be repeated.
DRAWS, SEED = 10_000, 1
_MONTHS_OF_A_CHANGE = 12
# The sd of a variable of t with 4 degrees of freedom.
_SD_OF_T4 = math.sqrt(2)


def _squares(t: float) -> float:
    """An antiderivative of the square of the CDF of t with 4 degrees of freedom."""
    below, half = t4_cdf(t), t / 2
    u = 1 + half * half
    fourth = half / (6 * u * u * u) + 5 * half / (24 * u * u) + 5 * half / (16 * u)
    fourth += 5 / 16 * math.atan(half)
    return t * below * below + below / (u * math.sqrt(u)) - 3 / 4 * fourth


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipped:
    """A score as a distribution: t with 4 degrees of freedom, with a mean and an sd before it is
    clipped to `low`..`high`: what lies beyond an end lies on it. All numbers are in points of the
    scale, and `sd` is above 0."""

    mean: float
    sd: float
    low: float = -9.0
    high: float = 9.0

    def rank(self, x: float) -> float:
        """The probability of at most `x` before clipping (the probability integral transform)."""
        return t4_cdf(self._standard(x))

    def crps(self, x: float) -> float:
        """The continuous ranked probability score of an outcome `x` in `low`..`high`: the integral
        of (F − 1[outcome at most]) squared, in points (Gneiting & Raftery 2007, JASA 102, eq. 20).
        Smaller is better; with an sd of almost 0 it is the absolute error."""
        at = self._standard(x)
        below = _squares(at) - _squares(self._standard(self.low))
        # 1 − F(x) = F(−x).
        above = _squares(-at) - _squares(-self._standard(self.high))
        return (below + above) * self._scale

    @property
    def _scale(self) -> float:
        return self.sd / _SD_OF_T4

    def _standard(self, x: float) -> float:
        return (x - self.mean) / self._scale


@dataclass(frozen=True, kw_only=True)
class Track:
    """A pair's scores at the ends of months, the expert's values of these months, and the level
    from which the scores started. All are levels on −9..9."""

    scores: Mapping[Month, Clipped]
    expert: Mapping[Month, float]
    start: float

    @cached_property
    def spearman(self) -> float:
        """Rank correlation, with mean ranks for ties. A constant has no order: 0."""
        return _correlation(
            [score.mean for score in self.scores.values()], self._experts, method="ranked"
        )

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
        tail = (1 - percent / 100) / 2
        return statistics.fmean(tail <= rank <= 1 - tail for rank in self.ranks)

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

    def _both(self) -> Iterator[tuple[Clipped, float]]:
        return ((score, self.expert[month]) for month, score in self.scores.items())

    def _mean(self, of: Callable[[Clipped, float], float]) -> float:
        return statistics.fmean(of(score, value) for score, value in self._both())


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
