"""Dates as they are written in claims, and days at the ends of the calendar."""

from datetime import date, timedelta


def day_before(day: date) -> date:
    """Return the day before another; 0001-01-01 for itself, since the calendar begins with it."""
    return max(day, date.min + timedelta(days=1)) - timedelta(days=1)
