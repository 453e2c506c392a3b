"""How often claims of each certainty were confirmed: the program's own record of its p.

The outcome of a judged claim is 1 if it was confirmed and 0 if it was found false. An unverifiable
claim is neither: it gives bounds, as if all such claims were false, or all true. The Brier score
and its parts are after Murphy (1973), the intervals after Jeffreys (`interval`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import exp, fsum, lgamma, log

from tracker.domain.certainty import CORROBORATED_CAP
from tracker.domain.judged_claims import JudgedClaim

# With fewer, luck decides.
VERDICTS_NEEDED = 20
# What a value of the table weighs before any verdict: so many claims that turned out as it says.
PSEUDO_CLAIMS = 20
BINS = 10
# Longer chains and more roots share a row.
MOST_LINKS = 4
MOST_ROOTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some claims were confirmed, and the 90 % interval of the share.

    `effective` is the number that the interval rests on: (Σw)²/Σw², which is the number of decided
    claims where all weigh the same. `all_false` and `all_true` are the share if all unverifiable
    claims were so.
    """

    share: float
    low: float
    high: float
    effective: float
    all_false: float
    all_true: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The claims of one row of a table: `decided` were confirmed or false, the others
    `unverifiable`. `mean_p` is the mean p of the decided ones. `outcome` and it are None without
    any.
    """

    label: str
    decided: int
    confirmed: int
    unverifiable: int
    mean_p: float | None
    outcome: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierScore:
    """The mean of (p − o)² and its parts: brier = reliability − resolution + uncertainty + within.

    `reliability`: how far the shares of the bins are from their p; 0 is best. `resolution`: how far
    they are from one another; more is better. `uncertainty`: the score of always giving the overall
    share. `within`: what the differences of p inside the bins add.
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCheck:
    """What verdicts say of one grade: a Beta of 20 pseudo-claims at the p that the method gives a
    claim with this grade alone, updated by the outcomes. `mean` is its mean, `low` to `high` its
    90 %.

    `odds` are the prior odds in this p, of claims of this `kind`, in words.
    """

    grade: str
    kind: str
    odds: float
    p: float
    decided: int
    confirmed: int
    mean: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether the method's p has left the 90 %."""
        return not self.low <= self.p <= self.high

    @property
    def in_table(self) -> float | None:
        """The mean as a value of the table of grades: without the prior odds. None above the p that
        no number of reports exceeds, where the grade decides nothing."""
        if self.mean > CORROBORATED_CAP:
            return None
        return self.mean / (self.mean + (1 - self.mean) * self.odds)

    @property
    def proposal(self) -> str:
        """What the next table of certainties should change; empty if nothing. It is never applied
        by the program."""
        if not self.outside:
            return ""
        return (
            f"{self.grade} ({self.kind}): {self.confirmed} of {self.decided} claims were confirmed"
            f" where p was {self.p:.2f}. That leaves {self.low:.2f} to {self.high:.2f} as the"
            f" likely p of such claims; {self._proposed()}."
        )

    def _proposed(self) -> str:
        value = self.in_table
        if value is None:
            return f"the highest p of reports, {CORROBORATED_CAP:g}, is too low, not the grade"
        return f"a p of {self.mean:.2f} is proposed, which is {value:.2f} in the table of grades"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The record of some judged claims, in groups. `score` is None without a decided claim."""

    overall: Group
    bins: tuple[Group, ...]
    grades: tuple[Group, ...]
    chains: tuple[Group, ...]
    roots: tuple[Group, ...]
    score: BrierScore | None
    checks: tuple[GradeCheck, ...]

    @property
    def missing(self) -> int:
        """How many decided claims are lacking before the figures mean much."""
        return max(0, VERDICTS_NEEDED - self.overall.decided)


def calibrate(claims: Iterable[JudgedClaim]) -> Calibration:
    """Return the record of judged claims, each given once, in any order."""
    ordered = sorted(claims, key=lambda claim: (claim.position, claim.claim))
    bins = _rows(ordered, lambda claim: _bin(claim.p))
    return Calibration(
        overall=_group("all claims", ordered),
        bins=tuple(_group(_bin_label(number), rows) for number, rows in bins),
        grades=_groups(ordered, lambda claim: (claim.grade, claim.grade)),
        chains=_groups(ordered, lambda claim: _up_to(claim.chain, MOST_LINKS)),
        roots=_groups(ordered, lambda claim: _up_to(claim.roots, MOST_ROOTS)),
        score=_brier([decided for _, rows in bins if (decided := _decided(rows))]),
        checks=tuple(_checks(ordered)),
    )


type _Rows = list[JudgedClaim]


def _rows[Key](
    claims: Iterable[JudgedClaim], key: Callable[[JudgedClaim], Key]
) -> list[tuple[Key, _Rows]]:
    """The claims by a key, in its order."""
    ordered: list[JudgedClaim] = sorted(claims, key=key)  # type: ignore[arg-type]
    return [(found, list(rows)) for found, rows in groupby(ordered, key=key)]


def _groups(
    claims: Sequence[JudgedClaim], key: Callable[[JudgedClaim], tuple[object, str]]
) -> tuple[Group, ...]:
    return tuple(_group(label, rows) for (_, label), rows in _rows(claims, key))


def _bin(p: float) -> int:
    """The number of the bin of a p: tenths, 1 in the last. A p has four places."""
    return min(BINS - 1, round(p * 10_000) * BINS // 10_000)


def _bin_label(number: int) -> str:
    return f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"


def _up_to(number: int, most: int) -> tuple[int, str]:
    """A row for each number; one for the largest and above."""
    return (number, str(number)) if number < most else (most, f"{most} or more")


def _decided(claims: Iterable[JudgedClaim]) -> _Rows:
    return [claim for claim in claims if claim.outcome != "unverifiable"]


def _weight(claims: Iterable[JudgedClaim], *outcomes: str) -> float:
    """The weight of the claims that had one of the outcomes."""
    return fsum(claim.weight for claim in claims if claim.outcome in outcomes)


def _mean_p(claims: Sequence[JudgedClaim]) -> float:
    return fsum(claim.weight * claim.p for claim in claims) / fsum(one.weight for one in claims)


def _group(label: str, claims: Sequence[JudgedClaim]) -> Group:
    decided = _decided(claims)
    return Group(
        label=label,
        decided=len(decided),
        confirmed=sum(claim.outcome == "confirmed" for claim in decided),
        unverifiable=len(claims) - len(decided),
        mean_p=_mean_p(decided) if decided else None,
        outcome=_share(claims) if decided else None,
    )


def _share(claims: Sequence[JudgedClaim]) -> Share:
    confirmed, false, open_ = (
        _weight(claims, outcome) for outcome in ("confirmed", "false", "unverifiable")
    )
    decided = confirmed + false
    effective = decided**2 / fsum(claim.weight**2 for claim in _decided(claims))
    share = confirmed / decided
    low, high = jeffreys(share * effective, effective)
    return Share(
        share=share,
        low=low,
        high=high,
        effective=effective,
        all_false=confirmed / (decided + open_),
        all_true=(confirmed + open_) / (decided + open_),
    )


def _brier(bins: Sequence[_Rows]) -> BrierScore | None:
    """The score of the decided claims, given bin by bin."""
    everything = [claim for rows in bins for claim in rows]
    if not everything:
        return None
    total = fsum(claim.weight for claim in everything)
    base = _weight(everything, "confirmed") / total
    shares = [
        (_weight(rows, "confirmed", "false"), _mean_p(rows), _confirmed_share(rows))
        for rows in bins
    ]
    reliability = fsum(weight * (p - share) ** 2 for weight, p, share in shares) / total
    resolution = fsum(weight * (share - base) ** 2 for weight, _, share in shares) / total
    brier = (
        fsum(claim.weight * (claim.p - (claim.outcome == "confirmed")) ** 2 for claim in everything)
        / total
    )
    uncertainty = base * (1 - base)
    return BrierScore(
        brier=brier,
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        within=brier - (reliability - resolution + uncertainty),
    )


def _confirmed_share(claims: Sequence[JudgedClaim]) -> float:
    return _weight(claims, "confirmed") / _weight(claims, "confirmed", "false")


def _checks(claims: Iterable[JudgedClaim]) -> Iterable[GradeCheck]:
    """The check of each grade, at each p that the method gave it alone, by kind of claim."""
    alone = (claim for claim in _decided(claims) if claim.alone and 0 < claim.p < 1)
    for (grade, p, prior), rows in _rows(alone, lambda one: (one.grade, one.p, one.prior)):
        share = _share(rows)
        successes = PSEUDO_CLAIMS * p + share.share * share.effective
        trials = PSEUDO_CLAIMS + share.effective
        low, high = interval(successes, trials - successes)
        yield GradeCheck(
            grade=grade,
            kind=prior.says,
            odds=prior.odds,
            p=p,
            decided=len(rows),
            confirmed=sum(claim.outcome == "confirmed" for claim in rows),
            mean=successes / trials,
            low=low,
            high=high,
        )


# The share of the probability inside an interval, as everywhere in Entente.
LEVEL = 0.90
_TINY = 1e-300
_CLOSE = 1e-14
# Halvings of the unit interval: the last is below the distance of two floats near 1.
_HALVINGS = 60


def cumulative(x: float, a: float, b: float) -> float:
    """Return the probability that a Beta(a, b) is at most x, for 0 ≤ x ≤ 1 and a, b > 0."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    # The fraction converges fast below the mean; above it the other tail is used.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def quantile(share: float, a: float, b: float) -> float:
    """Return the x below which a Beta(a, b) is with probability `share`, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if cumulative(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def interval(a: float, b: float) -> tuple[float, float]:
    """Return the two ends of the central 90 % of a Beta(a, b)."""
    tail = (1 - LEVEL) / 2
    return quantile(tail, a, b), quantile(1 - tail, a, b)


def jeffreys(k: float, n: float) -> tuple[float, float]:
    """Return the 90 % interval of a share of which k in n were seen: that of Beta(k+½, n−k+½).

    It reaches 0 where none was seen, and 1 where all were.
    """
    low, high = interval(k + 0.5, n - k + 0.5)
    return (low if k > 0 else 0.0), (high if k < n else 1.0)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta, term by term from the front."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value, change, m = d, 0.0, 0
    while abs(change - 1) > _CLOSE:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _nonzero(1 + term * d)
            c = _nonzero(1 + term / c)
            change = d * c
            value *= change
    return value


def _nonzero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
