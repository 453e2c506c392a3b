"""Moments and days as arguments of commands."""

from argparse import ArgumentTypeError
from datetime import date, datetime

from tracker.queries import moment as moments


def moment(text: str) -> int | datetime:
    """Read a position of the log, or a time with UTC offset.

    :raises ArgumentTypeError: if it is neither.
    """
    try:
        return moments.read_moment(text)
    except moments.NoMoment as problem:
        raise ArgumentTypeError(str(problem)) from problem


def day(text: str) -> date:
    """Read a day, such as 2022-05-24.

    :raises ArgumentTypeError: if it is none.
    """
    try:
        return moments.read_day(text)
    except moments.NoDay as problem:
        raise ArgumentTypeError(str(problem)) from problem
