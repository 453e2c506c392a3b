"""The page that compares the certainty of claims with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from tracker.charts import drawing
from tracker.charts.drawing import LINE, QUIET, SCHEMA, Spec, axes, quantity
from tracker.domain.calibration import VERDICTS_NEEDED, Calibration, Group
from tracker.domain.disclosure import Reader
from tracker.language_formats import decimal, grouped
from tracker.pages import request_params
from tracker.pages.page_cache import page_cached_by, render_page
from tracker.queries import progress
from tracker.queries.evidence import calibration
from tracker.queries.scores import lenses
from tracker.wording import percent

# The edge of the picture, in points.
EDGE = 300
NOTHING_YET = lazy("No claim has been checked yet.")


class Table(NamedTuple):
    """A table of groups, with the heading of its first column."""

    title: str
    heading: str
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One record with its picture and tables. While there are too few verdicts it has neither."""

    title: str
    headline: str
    record: Calibration
    picture: str
    tables: Sequence[Table]


@page_cached_by(progress.of_calibration, ("lens", "as_of"))
def show(request: HttpRequest) -> HttpResponse:
    params = request_params.read(request.GET)
    context: dict[str, Any] = {"headline": str(NOTHING_YET), "position": params.as_of.past}
    # An empty record has no lens yet.
    if lenses.latest():
        report = calibration.report(lens=params.lens, as_of=params.as_of, reader=Reader.PUBLIC)
        drawn = _section(_("Claims drawn by chance"), report.drawn)
        judged = _section(_("All claims with a verdict"), report.judged)
        context |= {"report": report, "drawn": drawn, "judged": judged}
        # A draw says more of all claims, once it is large enough.
        context["headline"] = (drawn if drawn.picture else judged).headline
    return render_page(request, "pages/calibration.html", context)


def _section(title: str, record: Calibration) -> Section:
    shown = not record.missing
    tables = (
        Table(_("By the grade that decided p"), _("Grade"), record.grades),
        Table(_("By the length of the chain"), _("Sources from publisher to root"), record.chains),
        Table(_("By the number of independent roots"), _("Roots"), record.roots),
    )
    return Section(
        title=title,
        headline=headline(record),
        record=record,
        picture=drawing.svg(diagram(record.bins)) if shown else "",
        tables=tables if shown else (),
    )


def headline(record: Calibration) -> str:
    """The record in a sentence."""
    overall = record.overall
    if overall.outcome is None or overall.mean_p is None:
        return str(NOTHING_YET)
    if record.missing:
        text = ngettext(
            "%(number)s claim has been checked. The figures are shown from %(needed)s on: with"
            " fewer, luck decides.",
            "%(number)s claims have been checked. The figures are shown from %(needed)s on: with"
            " fewer, luck decides.",
            overall.decided,
        )
        return text % {"number": grouped(overall.decided), "needed": VERDICTS_NEEDED}
    text = ngettext(
        "%(number)s claim has been checked: %(share)s were confirmed, where the program expected"
        " %(expected)s.",
        "%(number)s claims have been checked: %(share)s were confirmed, where the program expected"
        " %(expected)s.",
        overall.decided,
    )
    return text % {
        "number": grouped(overall.decided),
        "share": percent(overall.outcome.share),
        "expected": percent(overall.mean_p),
    }


def diagram(bins: Sequence[Group]) -> Spec:
    """The share of confirmed claims over p: one point for each bin, with its interval. On the
    dashed diagonal the two are equal."""
    return {
        "$schema": SCHEMA,
        "width": EDGE,
        "height": EDGE,
        "background": "transparent",
        "padding": 6,
        "layer": _layers(_bin_rows(bins)),
        "config": axes(),
    }


def _bin_rows(bins: Sequence[Group]) -> list[dict[str, Any]]:
    return [
        {"p": group.mean_p, **{name: getattr(group.outcome, name) for name in ("low", "high")}}
        | {"share": group.outcome.share, "says": describe(group)}
        for group in bins
        if group.outcome
    ]


def _layers(rows: list[dict[str, Any]]) -> list[Spec]:
    """The diagonal, and above it the interval and the point of each row."""
    ends = [{"p": 0, "share": 0}, {"p": 1, "share": 1}]
    place = {
        "x": _share("p", _("p before the verdict")),
        "y": _share("share", _("share confirmed")),
    }
    dashed = {"type": "line", "color": QUIET, "strokeDash": [5, 5], "aria": False}
    rule = {"type": "rule", "color": LINE, "strokeWidth": 2, "aria": False}
    point = {"type": "circle", "color": LINE, "size": 80, "opacity": 1}
    return [
        {"name": "ideal", "data": {"values": ends}, "mark": dashed, "encoding": place},
        {
            "name": "reach",
            "data": {"values": rows},
            "mark": rule,
            "encoding": place | {"y": quantity("low"), "y2": {"field": "high"}},
        },
        {
            "name": "share",
            "data": {"values": rows},
            "mark": point,
            "encoding": place | {"description": {"field": "says"}},
        },
    ]


def describe(group: Group) -> str:
    """A bin in a sentence: "Of the 40 claims with p .80 on average, 31 were confirmed"."""
    text = ngettext(
        "Of %(number)s claim with p %(p)s on average, %(confirmed)s were confirmed",
        "Of %(number)s claims with p %(p)s on average, %(confirmed)s were confirmed",
        group.decided,
    )
    return text % {
        "number": grouped(group.decided),
        "p": decimal(f"{group.mean_p:.2f}"),
        "confirmed": group.confirmed,
    }


def _share(field: str, title: str) -> Spec:
    look = {"titleColor": QUIET, "titleFontSize": 12, "titleFontWeight": "normal"}
    ticks = {"values": [0, 0.2, 0.4, 0.6, 0.8, 1], "format": ".1f"}
    return {
        **quantity(field),
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {"title": title, **ticks, **look},
    }
