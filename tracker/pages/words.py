"""Sentences made of numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.queries.pairs import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The countries' names by code; an unknown one is called by its code."""

    by_code: Mapping[str, str]

    def country(self, code: str) -> str:
        return self.by_code.get(code, code)

    def direction(self, name: str) -> str:
        """What a direction is called: "Kazakhstan and Russia", "Russia towards Kazakhstan"."""
        glue, joined = (">", " towards ") if ">" in name else ("-", " and ")
        return joined.join(self.country(code) for code in name.split(glue))

    def joined(self, name: str) -> str:
        """The same to begin a sentence with: "Kazakhstan–Russia", "Russia – United States"."""
        if ">" in name:
            return self.direction(name)
        called = [self.country(code) for code in name.split("-")]
        return (" – " if any(" " in one for one in called) else "–").join(called)


def signed(value: float, places: int = 2) -> str:
    """A number with its sign, a real minus, and no sign for what rounds to nothing."""
    text = f"{value:+.{places}f}".replace("-", "−")
    return text[1:] if not text.strip("+−0.") else text


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def evidence(reading: Reading) -> str:
    """Say how sure that is, and what it rests on."""
    if not reading.claims:
        return f"Nothing recorded moves this score up to {day_in_words(reading.day)}."
    score = reading.score
    interval = f"{signed(score.value)}, 90 % interval {signed(score.low)} to {signed(score.high)}"
    state = f", {reading.state_roots} of them state-owned" if reading.state_roots else ""
    return (
        f"On {day_in_words(reading.day)} the score is {interval}. It rests on"
        f" {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent source')}{state};"
        f" the latest began to act {_ago(reading.days_since)}."
    )


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _ago(days: int | None) -> str:
    if not days:
        return "on that day"
    if days < 60:
        return f"{counted(days, 'day')} before"
    if days < 730:
        return f"more than {counted(int(days / 30.5), 'month')} before"
    return f"more than {counted(int(days / 365.25), 'year')} before"
