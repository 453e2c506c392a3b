"""The sentence above all pairs: what moved, or when anything last did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.pages.headlines import in_words, short
from tracker.pages.words import day_in_words

NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A pair that shifted, by how many points and since which day."""

    called: str
    amount: float
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The pairs, by name, that claims last moved, and the day of the last of these."""

    called: Sequence[str]
    day: date


def headline(day: date | None, shifted: Sequence[Mover], latest: Latest | None) -> str:
    """Say what shifted in the two weeks to `day`, the largest first; else what moved last."""
    if day is None or (not shifted and latest is None):
        return "Nothing is on record yet."
    if shifted:
        ordered = sorted(shifted, key=lambda one: (-abs(one.amount), one.called))
        said = [f"{one.called} moved {short(one.amount)}" for one in ordered[:NAMED]]
        since = day_in_words(min(one.since for one in ordered))
        return f"{_joined(said, len(ordered) - len(said), 'more shifted')} since {since}."
    assert latest is not None  # noqa: S101 # else nothing is on record
    return (
        f"No relation shifted in the two weeks to {day_in_words(day)}."
        f" The last to move {_named(latest)}"
    )


def then(day: date | None, latest: Latest | None) -> str:
    """Say what had moved last as far as was known then. Shifts are kept of what is known now."""
    if day is None or latest is None:
        return "Nothing was on record yet."
    return f"As known then, the last to move by {day_in_words(day)} {_named(latest)}"


def _named(latest: Latest) -> str:
    verb = "was" if len(latest.called) == 1 else "were"
    last = _joined(list(latest.called[:NAMED]), len(latest.called[NAMED:]), "more")
    return f"{verb} {last}, in {latest.day:%B %Y}."


def _joined(said: list[str], others: int, what: str) -> str:
    parts = [*said, *([f"{in_words(others)} {what}"] if others > 0 else [])]
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
