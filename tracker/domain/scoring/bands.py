"""Names for levels, from confrontation to friendly, and how probable they are."""

import math
from bisect import bisect_right
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from tracker.domain.percentages import percent
from tracker.domain.scoring.distributions import t4_cdf

BANDS = ("confrontation", "tension", "discord", "normal", "good", "friendly")
# An assessed level is fresh for five years: about the term of a government.
FRESH_DAYS = 1826

State = Literal["never", "fresh", "past"]


class Likely(NamedTuple):
    """The two neighbouring bands that together are most probable, the more probable one first, and
    the probability that the level is in one of them."""

    bands: tuple[str, str]
    chance: float


class Assessment(NamedTuple):
    """Whether the level of a pair was ever assessed by a claim with a p of at least .5, and on what
    day last: `past` means more than five years before."""

    state: State
    day: date | None


NEVER = Assessment("never", None)


def assessment(last: float, day: date) -> Assessment:
    """Return the state of a level on a day; `last` is the ordinal of the day on which it was last
    assessed, 0 if it never was."""
    if not last:
        return NEVER
    fresh = day.toordinal() - int(last) <= FRESH_DAYS
    return Assessment("fresh" if fresh else "past", date.fromordinal(int(last)))


def likeliest(mean: float, sd: float, *, top: float) -> Likely:
    """Return the two most probable neighbouring bands of a level on −top..top, by Student's t with
    4 degrees of freedom. What is beyond an end belongs to the band there."""
    found = chances(mean, sd, top)
    place = max(range(len(BANDS) - 1), key=lambda n: found[n] + found[n + 1])
    one, other = place, place + 1
    if found[other] > found[one]:
        one, other = other, one
    return Likely((BANDS[one], BANDS[other]), found[one] + found[other])


def chances(mean: float, sd: float, top: float) -> list[float]:
    """Return the probability of each band."""
    edges = scale(top)[1]
    if sd <= 0:
        at = bisect_right(edges, mean)
        return [float(place == at) for place in range(len(BANDS))]
    below = [t4_cdf((edge - mean) / sd * math.sqrt(2)) for edge in edges]
    return [high - low for low, high in pairwise([0.0, *below, 1.0])]


@cache
def scale(top: float) -> tuple[float, list[float]]:
    """Return the width of the bands on −top..top, and their inner edges."""
    width = 2 * top / len(BANDS)
    return width, [place * width - top for place in range(1, len(BANDS))]


def words(likely: Likely | None, assessed: Assessment | None) -> str:
    """Describe a level by its bands, and say if it was not assessed lately."""
    if assessed is None or assessed.day is None:
        doubt = "level never assessed"
    else:
        doubt = f"last assessed in {assessed.day.year}" if assessed.state == "past" else ""
    named = f"{' or '.join(likely.bands)} ({percent(likely.chance)})" if likely else ""
    return ", ".join(filter(None, (named, doubt)))
