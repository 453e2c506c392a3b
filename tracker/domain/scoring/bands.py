"""Names for levels, from confrontation to friendly, and how probable they are."""

from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from tracker.domain.percentages import about

BANDS = ("confrontation", "tension", "discord", "normal", "good", "friendly")
# An assessed level is fresh for five years: about the term of a government.
FRESH_DAYS = 1826

# A level counts as assessed if a claim with such a p says what it was.
ASSESSED_P = 0.5

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
    named = f"{' or '.join(likely.bands)} ({about(likely.chance)})" if likely else ""
    return ", ".join(filter(None, (named, doubt)))
