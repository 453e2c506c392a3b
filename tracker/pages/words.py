"""What a score rests on, and as of when it is, in words."""

from tracker.queries import moment
from tracker.queries.scores.pairs import Reading
from tracker.wording import counted, day_in_words, signed


def known_on(position: int) -> str:
    """A position of the log by its day: "27 November 2026 (position 361 of the record)"."""
    day = moment.day_of(position)
    return f"{day_in_words(day)} (position {position} of the record)" if day else "an empty record"


def evidence(reading: Reading) -> str:
    """Say how certain a score is and what it rests on."""
    if not reading.claims:
        return f"Nothing recorded moves this score up to {day_in_words(reading.day)}."
    score = reading.score
    interval = f"{signed(score.value)}, 90 % interval {signed(score.low)} to {signed(score.high)}"
    state = f", {reading.state_roots} of them state-owned" if reading.state_roots else ""
    return (
        f"On {day_in_words(reading.day)} the score is {interval}. It rests on"
        f" {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent source')}{state};"
        f" the latest took effect {_ago(reading.days_since)}."
    )


def _ago(days: int | None) -> str:
    if not days:
        return "on that day"
    if days < 60:
        return f"{counted(days, 'day')} before"
    if days < 730:
        return f"more than {counted(int(days / 30.5), 'month')} before"
    return f"more than {counted(int(days / 365.25), 'year')} before"
