"""Types of command line arguments."""

from argparse import ArgumentTypeError
from datetime import date, datetime

from django.utils.dateparse import parse_datetime


def moment(text: str) -> int | datetime:
    """A position of the log, or a time with UTC offset.

    :raises ArgumentTypeError: for any other text.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        time = parse_datetime(text) if "T" in text else None
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise ArgumentTypeError(
            f"{text!r} is neither a position nor a time, such as 2022-05-24T12:00:00Z"
        )
    return time


def day(text: str) -> date:
    """A day in ISO format.

    :raises ArgumentTypeError: for any other text.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text!r} is not a day, such as 2022-05-24") from problem
