"""What the answer of a resource rests on: by it an answer is told from the next one.

A stamp is made from the query and the place in the address, without looking at either closely: of
what is refused nothing is kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from tracker.queries import stamps

type Stamp = Callable[[Mapping[str, str], Mapping[str, Any]], str]


def log(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """Of records and their histories."""
    return stamps.of_log()


def day_by_day(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """Of scores, and of claims with what they do, on a day that is today where none is named."""
    return f"{stamps.of_views()}|{_today()}"


def tables(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """Of the tables of all pairs, which age."""
    return f"{stamps.of_tables()}|{_today()}"


def program(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """Of what stands in the program itself."""
    return ""


def described(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """Of the description, which says whether readers need a token."""
    return "open" if settings.ANONYMOUS_READERS else "closed"


def editions(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """Of editions, which are made of days that ended."""
    return stamps.of_editions()


def scores(*, dated_by: str) -> Stamp:
    """Of scores alone.

    As known at a position and where `dated_by`, the day or the last of a span, is named, the answer
    is the same for ever.
    """

    def stamp(query: Mapping[str, str], place: Mapping[str, Any]) -> str:
        as_of = query.get("as_of", "")
        if dated_by in query and as_of.isdecimal() and len(as_of) < 19:
            return stamps.of_past(int(as_of))
        return day_by_day(query, place)

    return stamp


def _today() -> str:
    return timezone.now().date().isoformat()
