"""What a picture of a series shows, in sentences."""

from datetime import date

from django.utils.translation import gettext as _

from tracker.charts.picture import PictureSpan
from tracker.domain.movements import WindowMovement
from tracker.language_formats import month_name
from tracker.level_wording import shown
from tracker.queries.scores.pairs import Series
from tracker.wording import day_in_words, signed


def movement(name: str, moved: WindowMovement) -> str:
    """The picture of a movement, for readers who cannot see it."""
    return _(
        "%(name)s: how far the relation moved, in points; a level runs from −9 to +9. The line"
        " begins at 0 on %(since)s and ends at %(value)s; the 90 %% interval there is %(low)s to"
        " %(high)s."
    ) % {
        "name": name,
        "since": day_in_words(moved.since),
        "value": signed(moved.value),
        "low": signed(moved.low),
        "high": signed(moved.high),
    }


def course(name: str, series: Series, span: PictureSpan) -> str:
    """The picture of a score, for readers who cannot see it."""
    last = series.score_on(span.end)
    if series.lens.model.levels:
        says = _(
            "%(name)s, %(start)s to %(end)s: the line begins at %(first)s and ends at %(last)s."
        )
    elif last.silent:
        says = _(
            "%(name)s, %(start)s to %(end)s: the line begins at 0 because nothing earlier is known,"
            " and ends with %(last)s."
        )
    else:
        says = _(
            "%(name)s, %(start)s to %(end)s: the line begins at 0 because nothing earlier is known,"
            " and ends at %(last)s."
        )
    return says % {
        "name": name,
        "start": month_name(span.start),
        "end": month_name(span.end),
        "first": signed(series.score_on(span.start).value),
        "last": shown(last),
    }


def dashed(reported: date | None, end: date) -> str:
    """Explain the dashed part after the last source; empty for a picture that ends before it."""
    if reported is None or reported >= end:
        return ""
    return _("Dashed after the last source, dated %(day)s.") % {"day": day_in_words(reported)}


def unmoved(end: date, day: date) -> str:
    """Why a picture of a movement ends before the day of the page; empty where it does not."""
    if day <= end:
        return ""
    text = _("The picture ends on %(end)s: nothing on file moves it after that day.")
    return text % {"end": day_in_words(end)}


def after(series: Series, end: date, day: date) -> str:
    """Give the score of a day after the end of the picture; empty for an earlier one."""
    if day <= end:
        return ""
    score = series.score_on(day)
    says = (
        _("No later claim moves it; on %(day)s there is %(value)s.")
        if score.silent
        else _("No later claim moves it; on %(day)s it is %(value)s.")
    )
    return says % {"day": day_in_words(day), "value": shown(score)}
