"""The days at which a time axis has a tick, and their labels."""

from datetime import date, timedelta

from tracker.language_formats import day_name, month_name, year_name

# The width of a label, in points.
LABEL_WIDTH = 78
# Months between ticks, and days on a short axis, of which the first that leaves room is taken.
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DAYS = (1, 2, 7, 14, 28)
# Up to so many days an axis has days.
MOST_DAYS = 60


def time_ticks(start: date, end: date, *, width: float) -> list[tuple[date, str]]:
    """The days with a tick and their labels, from `start` to `end`, both included, on an axis of so
    many points."""
    length, most = (end - start).days, max(1, int(width // LABEL_WIDTH))
    if length <= MOST_DAYS:
        # A day has a longer label than a month.
        step = next((days for days in DAYS if length / days <= most / 1.3), DAYS[-1])
        every = (start + timedelta(days=n) for n in range(0, length + 1, step))
        return [(day, day_name(day, short=True)) for day in every]
    months = next((months for months in MONTHS if length / 30.4 / months <= most), MONTHS[-1])
    numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    firsts = [date(n // 12, n % 12 + 1, 1) for n in numbers if n % months == 0 and n >= 12]
    shown = [day for day in firsts if start <= day <= end]
    if months < 12:
        return [(day, month_name(day, short=True)) for day in shown]
    return [(day, year_name(day.year)) for day in shown]
