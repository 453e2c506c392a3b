"""Stamps: what the response of a resource depends on. A new stamp means a new response.

A stamp is made from the query and the values in the address without validating either, because
refused requests are not cached.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from tracker.queries import progress

type Stamp = Callable[[Mapping[str, str], Mapping[str, Any]], str]


def log(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For records and their histories."""
    return progress.of_log()


def day_by_day(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For scores and for the effects of claims, on a day that defaults to today."""
    return f"{progress.of_views()}|{_today()}"


def tables(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For the tables of all pairs, which age daily."""
    return f"{progress.of_tables()}|{_today()}"


def program(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For what is part of the program."""
    return ""


def described(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For the description, which says whether readers need a token."""
    return "open" if settings.ANONYMOUS_READERS else "closed"


def editions(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For editions, which cover days that have ended."""
    return progress.of_editions()


def scores(*, dated_by: str) -> Stamp:
    """For scores alone.

    If the query has a position and `dated_by` (the day, or the last day of a span), the response
    never changes.
    """

    def stamp(query: Mapping[str, str], place: Mapping[str, Any]) -> str:
        as_of = query.get("as_of", "")
        if dated_by in query and as_of.isdecimal() and len(as_of) < 19:
            return progress.of_past(int(as_of))
        return day_by_day(query, place)

    return stamp


def _today() -> str:
    return timezone.now().date().isoformat()
