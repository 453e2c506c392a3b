"""The names of levels: six bands of equal width, or a sentence for a level without a band."""

from bisect import bisect_right
from datetime import date

from tracker.domain.dates.words import MONTHS

NAMES = ("confrontation", "tension", "discord", "normal", "good", "friendly")


def band(value: float, *, low: float, high: float, top: float) -> str | None:
    """Return the band of a level on −top..top; None if its interval is wider than two bands.

    A band includes its lower edge.
    """
    width = 2 * top / len(NAMES)
    if (high - low) / 2 > width:
        return None
    edges = [place * width - top for place in range(1, len(NAMES))]
    return NAMES[bisect_right(edges, value)]


def unanchored(moved: float, *, since: date | None) -> str:
    """Describe how far a level without a band moved since the month of its first impact."""
    if since is None:
        return "level not anchored; nothing recorded"
    month = f"{MONTHS[since.month - 1]} {since.year}"
    tenths = f"{abs(moved):.1f}"
    if tenths == "0.0":
        return f"level not anchored; hardly moved since {month}"
    return f"level not anchored; moved {'+' if moved > 0 else '−'}{tenths} since {month}"
