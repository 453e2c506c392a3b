"""Dates of claims (EDTF) in the language of the page.

English has the most forms. Other languages name a season or a quarter by its months, and show a
doubt about part of a date as a doubt about all of it.
"""

from calendar import monthrange
from functools import partial

from babel.dates import format_interval
from babel.lists import format_list
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from tracker.domain.dates.description import date_name, describe
from tracker.domain.dates.edtf import Bounds, DateSet, Interval, Point, Range, bounds, parse
from tracker.language_formats import day_name, is_english, month_name, year_name


def described(edtf: str) -> str:
    """A date in words: "on 24 May 2022", "around 2022"; in other languages without "on" and "in".

    :raises BadDate: if it is not supported EDTF.
    """
    if is_english():
        return describe(edtf)
    dated = parse(edtf)
    if isinstance(dated, Interval):
        return _period(dated)
    if isinstance(dated, DateSet):
        members = [_member(member, every=dated.every) for member in dated.members]
        locale = to_locale(get_language() or "en")
        return format_list(members, "standard" if dated.every else "or", locale=locale)
    return _point(dated)


def named(edtf: str) -> str:
    """A day, a month or a year: "28 June 1977", "1977".

    :raises BadDate: if it is not supported EDTF.
    """
    return date_name(edtf) if is_english() else _limits(bounds(edtf))


def _period(interval: Interval) -> str:
    first, last = (
        _point(side) if isinstance(side, Point) else "" for side in (interval.start, interval.end)
    )
    given = {"first": first, "last": last}
    if first and last:
        return _("lasted from %(first)s to %(last)s") % given
    if first and interval.end == "..":
        return _("since %(first)s, no end reported") % given
    if first:
        return _("since %(first)s, end unknown") % given
    if interval.start == "..":
        return _("until %(last)s, start open") % given
    return _("until %(last)s, start unknown") % given


def _member(member: Point | Range, *, every: bool) -> str:
    if isinstance(member, Point):
        return _point(member)
    end, *other_end = (end for end in (member.first, member.last) if end)
    if other_end:
        name = _limits(member.bounds)
        return _("all of %(period)s") % {"period": name} if every else _one_of(end, name)
    given = {"date": _point(end)}
    if member.last is None:
        return _("%(date)s or after") % given
    return _("%(date)s or before") % given


def _point(point: Point) -> str:
    name = _limits(point.bounds)
    if point.masked:
        name = _one_of(point, name)
    if set("~%") & set(point.doubt):
        name = _("around %(date)s") % {"date": name}
    if set("?%") & set(point.doubt):
        name = _("%(date)s (uncertain)") % {"date": name}
    return name


def _one_of(point: Point, period: str) -> str:
    if point.unit == "day":
        return _("one day in %(period)s") % {"period": period}
    if point.unit == "month":
        return _("one month in %(period)s") % {"period": period}
    return _("one year in %(period)s") % {"period": period}


def _limits(limits: Bounds) -> str:
    """The shortest name for all days from the first to the last."""
    first, last = limits.earliest, limits.latest
    if first is None or last is None:
        return _("an unknown year")
    if first == last:
        return day_name(first)
    span = partial(format_interval, first, last, locale=to_locale(get_language() or "en"))
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return year_name(first.year) if first.year == last.year else span("y")
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        alike = (first.year, first.month) == (last.year, last.month)
        return month_name(first) if alike else span("yMMMM")
    return span("yMMMMd")
