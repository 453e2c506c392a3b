"""The models once more, slowly: day by day from the formulas, with nothing of the engine in it.

`REFERENCES[model](impacts, day)` gives the value and the sd of the undirected pair under the
model's defaults. It shares only the agreements that bits depend on: claim-id order, products
from the left, powers by repeated multiplication. The sectors' weights are typed in again.
"""

# ruff: noqa: N803, N806 # the letters are the formulas'

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from tracker.domain.scoring.evidence import Impact

SECTORS = {"government": 1.0, "state media": 0.6, "business": 0.3}
TABLE = [(-10, -6.0), (-9, -4.0), (-8, -1.5), (-7, -0.7), (0, 0.0), (10, 0.6)]
FADE = 0.99615658722057522
DECAY = 0.98471475293443124
SLOW_DECAY = 0.99810276875159463


class Met:
    """A claim in the undirected pair: the mean of the impacts that it has there."""

    def __init__(self, impacts: Sequence[Impact]) -> None:
        one = impacts[0]
        weights = [i.weight * max(SECTORS[sector] for sector in i.sectors) for i in impacts]
        self.weight = sum(weights) / len(weights)
        self.p = sum(i.p for i in impacts) / len(impacts)
        self.first, self.last, self.value = one.first, one.last, one.value
        self.situation, self.fades = one.situation, one.fades

    def share(self, day: date) -> float:
        """What of a situation's whole weight falls on a day, but for the division by 30."""
        return power(FADE, (day - self.first).days) if self.fades else 1.0


def met(impacts: Sequence[Impact]) -> list[Met]:
    counting = sorted((i for i in impacts if i.p > 0), key=lambda i: (str(i.claim), i.initiator))
    return [Met(list(same)) for _, same in groupby(counting, key=lambda i: i.claim)]


def power(ratio: float, times: int) -> float:
    result = 1.0
    for _ in range(times):
        result *= ratio
    return result


def days_of(claims: Sequence[Met], day: date) -> Iterator[date]:
    if claims:
        first = min(claim.first for claim in claims)
        yield from (first + timedelta(days=n) for n in range((day - first).days + 1))


def step(value: float) -> float:
    for (below, low), (above, high) in pairwise(TABLE):
        if below <= value < above:
            return low + (high - low) * (value - below) / (above - below)
    return TABLE[-1][1]


def tone(impacts: Sequence[Impact], day: date) -> tuple[float, float]:
    claims = met(impacts)
    A = B = V = 0.0
    quiet = 0
    sums_so_far = [0.0 for _ in claims]
    for today in days_of(claims, day):
        quiet += 1
        acting = [n for n, claim in enumerate(claims) if claim.first <= today <= claim.last]
        if not acting:
            continue
        a = b = v = 0.0
        for n in acting:
            claim, p, w = claims[n], claims[n].p, claims[n].weight
            if claim.situation:
                w = w / 30 * claim.share(today)
            left = sums_so_far[n] * DECAY
            sums_so_far[n] = left + w * claim.value
            a, b = a + p * w * claim.value, b + p * w
            v += p * (1 - p) * (sums_so_far[n] * sums_so_far[n] - left * left)
        fallen = power(DECAY, quiet)
        A, B, V = A * fallen + a, B * fallen + b, V * fallen * fallen + v
        quiet = 0
    fallen = power(DECAY, quiet)
    variance = max((V + 9) / ((B + 1) * (B + 1)), _quiet_variance(B, V, fallen))
    value = A * fallen / (B * fallen + 1)
    return max(-10.0, min(10.0, value)), math.sqrt(variance)


def _quiet_variance(B: float, V: float, fallen: float) -> float:
    b, v = B * fallen, V * fallen * fallen
    return (v + 9) / ((b + 1) * (b + 1))


def cooperation(impacts: Sequence[Impact], day: date) -> tuple[float, float]:
    claims = met(impacts)
    C = K = U = V = 0.0
    quiet = 0
    sums_so_far = [0.0 for _ in claims]
    for today in days_of(claims, day):
        quiet += 1
        acting = [n for n, claim in enumerate(claims) if claim.first <= today <= claim.last]
        if not acting:
            continue
        added = {True: (0.0, 0.0), False: (0.0, 0.0)}
        for n in acting:
            claim, p, w = claims[n], claims[n].p, claims[n].weight
            if claim.situation:
                w = w / 30 * claim.share(today)
            left = sums_so_far[n] * SLOW_DECAY
            sums_so_far[n] = left + w * abs(claim.value)
            mass, doubt = added[claim.value > 0]
            more = sums_so_far[n] * sums_so_far[n] - left * left
            added[claim.value > 0] = mass + p * w * abs(claim.value), doubt + p * (1 - p) * more
        fallen = power(SLOW_DECAY, quiet)
        C, U = C * fallen + added[True][0], U * fallen * fallen + added[True][1]
        K, V = K * fallen + added[False][0], V * fallen * fallen + added[False][1]
        quiet = 0
    fallen = power(SLOW_DECAY, quiet)
    T = (C + K) * fallen + 10
    tau = 0.57735026918962576
    of_C, of_K = _reach(C, K, fallen), _reach(K, C, fallen)
    variance = U * of_C * of_C + V * of_K * of_K + 10 * 10 * tau * tau / (T * T)
    return (C * fallen - K * fallen) / T, math.sqrt(variance)


def _reach(one: float, other: float, fallen: float) -> float:
    """l·(2·other·l + κ)/T² at its largest since the knot: its derivative is 0 at `turn`."""
    at = 1.0
    if one - 3 * other > 10:
        turn = 10 / (one - 3 * other)
        at = turn if turn > fallen else fallen
    T = (one + other) * at + 10
    return at * (2 * other * at + 10) / (T * T)


REFERENCES: dict[str, Callable[[Sequence[Impact], date], tuple[float, float]]] = {
    "cooperation": cooperation,
    "tone": tone,
}
