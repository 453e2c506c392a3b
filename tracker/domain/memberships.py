"""For which countries an organisation acts in a period: its members on its days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from tracker.domain.dates.edtf import Bounds, bounds
from tracker.domain.records import Actor, Membership

_DAY = timedelta(days=1)


class Period(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: date
    last: date


def in_period(organisation: Actor, period: Period) -> Mapping[UUID, tuple[Membership, Period]]:
    """Return the countries for which an organisation acts in a period, each with its last
    membership and the days from the first to the last on which it was a member, not suspended."""
    by_country: dict[UUID, list[Membership]] = {
        country: [] for country in sorted(organisation.represented)
    }
    for membership in organisation.memberships if by_country else ():
        by_country[membership.country].append(membership)
    found: dict[UUID, tuple[Membership, Period]] = {}
    for country, own in by_country.items():
        suspensions = [days_of(one) for one in own if one.status == "suspended"]
        stays = [
            (membership, part)
            for membership in own
            if membership.status is None
            for part in _without(_common(days_of(membership), period), suspensions)
        ]
        if stays:
            last = max(stays, key=lambda stay: stay[1].last)
            first = min(part.first for _, part in stays)
            found[country] = (last[0], Period(first, last[1].last))
    return found


def days_of(membership: Membership) -> Period:
    """Return the days of a membership. Where only a month or a year is known, a country is a member
    from its last day until before its first, and suspended from its first until before its last:
    its organisation never acts for it on a day on which it may not have done so."""
    since, until = _limits(membership.since), _limits(membership.until)
    if membership.status == "suspended":
        return Period(since.earliest or date.min, _before(until.latest))
    return Period(since.latest or date.min, _before(until.earliest))


def _limits(day: str | None) -> Bounds:
    return bounds(day) if day else Bounds(earliest=None, latest=None)


def _before(day: date | None) -> date:
    """The day before, without a day the last."""
    return day - _DAY if day else date.max


def _without(period: Period, others: Iterable[Period]) -> Iterator[Period]:
    """The parts of a period outside the others."""
    first = period.first
    for other in sorted(others):
        if other.first > first:
            yield from _days(first, min(period.last, other.first - _DAY))
        if other.last >= first:
            if other.last >= period.last:
                return
            first = other.last + _DAY
    yield from _days(first, period.last)


def _days(first: date, last: date) -> Iterator[Period]:
    if first <= last:
        yield Period(first, last)


def _common(one: Period, other: Period) -> Period:
    """The days in both; none if it ends before it begins."""
    return Period(max(one.first, other.first), min(one.last, other.last))
