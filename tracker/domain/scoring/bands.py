"""The names of a level: six bands of three points, or the words instead."""

from bisect import bisect_right
from datetime import date

NAMES = ("confrontation", "tension", "discord", "normal", "good", "friendly")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def band(value: float, *, low: float, high: float, top: float) -> str | None:
    """Name the band of a level on −top..top, where its interval is no wider than two bands.

    A band holds its lower edge.
    """
    width = 2 * top / len(NAMES)
    if (high - low) / 2 > width:
        return None
    edges = [place * width - top for place in range(1, len(NAMES))]
    return NAMES[bisect_right(edges, value)]


def unanchored(moved: float, *, since: date | None) -> str:
    """Say of a level without a band how far it moved since the month of its first impact."""
    if since is None:
        return "level not anchored; nothing recorded"
    month = f"{_MONTHS[since.month - 1]} {since.year}"
    tenths = f"{abs(moved):.1f}"
    if tenths == "0.0":
        return f"level not anchored; hardly moved since {month}"
    return f"level not anchored; moved {'+' if moved > 0 else '−'}{tenths} since {month}"
