"""The sentence above a picture, written from numbers by rules: where a pair stands, what moved it,
who accounts for that, and how little is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.pages.words import counted

Measure = Literal["level", "flow", "ratio"]

# What rounds to nothing is no move; a wider half of the interval leaves a level unknown.
LEAST_MOVE = 0.05
# So much of a move makes "all of it"; beyond so many claims their number says little.
ALL = 0.97
FEW = 5
# So many days without a move are worth a word.
QUIET = 366
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The largest move of a calendar month, by the day it ended on, and what each claim gave to
    it, in points."""

    ended: date
    amount: float
    gave: Sequence[float] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Two groups of sources that put the pair apart by more than doubt: their lenses' names and
    values, in points."""

    lenses: tuple[str, str]
    values: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a series on `day`. `words` are the model's own; `band` is a level's name
    where it has earned one; `last_move` is the last month that moved anything."""

    called: str
    measure: Measure
    day: date
    value: float
    low: float
    high: float
    band: str | None
    words: str
    claims: int
    roots: int
    move: Move | None = None
    last_move: date | None = None
    apart: Apart | None = None


def headline(facts: Facts) -> str:
    """Say in one to three sentences what the numbers say."""
    if not facts.claims:
        return f"Nothing on record moves {facts.called}."
    first = _of_level(facts) if facts.measure == "level" else _of_flow(facts)
    return " ".join(filter(None, (first, _quiet(facts), _apart(facts))))


def short(value: float) -> str:
    """A number to a tenth with its sign, without a leading nought: "−.5", "+1.0"; nothing is 0."""
    text = f"{value:+.1f}".replace("-", "−")
    if text in ("+0.0", "−0.0"):
        return "0"
    return text.replace("0.", ".", 1) if text[1:3] == "0." else text


def in_words(number: int) -> str:
    """Small numbers as words."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _of_level(facts: Facts) -> str:
    if facts.band:
        moved = f"; it moved {_moved(facts.move)}" if facts.move else ""
        return f"{facts.called}: {facts.band} ({short(facts.value)}){moved}."
    if facts.move:
        return f"{facts.called} moved {_moved(facts.move)}; the level itself is not anchored."
    return f"{_hardly(facts)}; anything between {short(facts.low)} and {short(facts.high)} fits."


def _of_flow(facts: Facts) -> str:
    start = f"{facts.called}: {facts.words} ({short(facts.value)})"
    if facts.move and (facts.low > 0 or facts.high < 0):
        return f"{start}; it moved {_moved(facts.move)}."
    return f"{start}; {_between(facts)}."


def _between(facts: Facts) -> str:
    said = counted(facts.claims, "claim")
    return f"{said} leave{'s' * (facts.claims == 1)} {short(facts.low)} to {short(facts.high)} open"


def _hardly(facts: Facts) -> str:
    return (
        f"We hardly know where {facts.called} stands: {in_words(facts.claims)}"
        f" claim{'s' * (facts.claims != 1)} from {in_words(facts.roots)} independent"
        f" source{'s' * (facts.roots != 1)}"
    )


def _moved(move: Move) -> str:
    """ "−.5 in March 2022; two claims account for all of it"."""
    said = f"{short(move.amount)} in {move.ended:%B %Y}"
    because = _accounts(move)
    return f"{said}; {because}" if because else said


def _accounts(move: Move) -> str:
    """Say how many claims make the move, the largest first; nothing where none pulled that way."""
    along = sorted((abs(one) for one in move.gave if one * move.amount > 0), reverse=True)
    if not along:
        return ""
    whole = abs(move.amount)
    given = 0.0
    for number, one in enumerate(along[:FEW], start=1):
        given += one
        if given >= ALL * whole:
            return f"{_claims(number)} for all of it"
    if along[0] >= whole / 2:
        return "one claim accounts for most of it"
    several = len(along[:FEW])
    share = round(100 * given / whole)
    return f"the {in_words(several)} largest of {len(along):,} claims account for {share} % of it"


def _claims(number: int) -> str:
    return f"{in_words(number)} claim{'s account' if number != 1 else ' accounts'}"


def _quiet(facts: Facts) -> str:
    if facts.last_move is None or (facts.day - facts.last_move).days < QUIET:
        return ""
    if facts.measure != "level":
        return ""
    return f"Nothing has moved it since {facts.last_move:%B %Y}."


def _apart(facts: Facts) -> str:
    if facts.apart is None:
        return ""
    (one, other), (first, second) = facts.apart.lenses, facts.apart.values
    return f"Sources disagree: {short(first)} by {one}, {short(second)} by {other}."
