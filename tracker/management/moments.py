"""The values of `--as-of`: a position of the log, or a time with UTC offset."""

from argparse import ArgumentTypeError
from datetime import datetime

from django.utils.dateparse import parse_datetime


def moment(text: str) -> int | datetime:
    """Read a position or a time.

    :raises ArgumentTypeError: if it is neither.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        found = parse_datetime(text) if "T" in text else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError(
            f"{text!r} is neither a position nor a time, such as 2022-05-24T12:00:00Z"
        )
    return found
