"""The sentence above all pairs: the major moves, or how new the record is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import erf, sqrt

from tracker.wording import day_in_words, in_words, listed, signed

NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A pair that shifted by `amount` points since a day; `sd` is that of its earlier changes."""

    called: str
    amount: float
    sd: float
    since: date

    @property
    def weight(self) -> float:
        """Its size times how surely it is no chance: the probability that a normal variable of
        this sd stays within the amount."""
        sure = erf(abs(self.amount) / self.sd / sqrt(2)) if self.sd else 1.0
        return abs(self.amount) * sure


def headline(
    day: date | None, shifted: Sequence[Mover], latest: date | None, *, whole: bool = True
) -> str:
    """Say what shifted in the two weeks to `day`, by size times certainty; else of which day the
    `latest` event is. `whole`: whether `shifted` has all that did, so that they can be counted."""
    if day is None or (not shifted and latest is None):
        return "Nothing is on record yet."
    if shifted:
        ordered = sorted(shifted, key=lambda one: (-one.weight, one.called))
        named = [f"{one.called} moved {signed(one.amount)}" for one in ordered[:NAMED]]
        since = day_in_words(min(one.since for one in ordered))
        return f"{listed([*named, *_others(ordered, whole=whole)])} since {since}."
    assert latest is not None  # noqa: S101 # else nothing is on record
    return (
        f"No major change in the two weeks to {day_in_words(day)}."
        f" The latest event on record dates from {day_in_words(latest)}."
    )


def then(day: date | None, latest: date | None) -> str:
    """Say how new the record was, as far as was known then. Past shifts are not kept."""
    if day is None or latest is None:
        return "Nothing was on record yet."
    return (
        f"As known on {day_in_words(day)}, the latest event on record dated from"
        f" {day_in_words(latest)}."
    )


def _others(ordered: Sequence[Mover], *, whole: bool) -> list[str]:
    others = len(ordered) - NAMED
    if others <= 0:
        return []
    return [f"{in_words(others)} more shifted" if whole else "others shifted"]
