"""The page that compares the certainty of claims with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from tracker.charts.drawing import GRID, LINE, OPENED, QUIET, number, symbol
from tracker.domain.calibration import VERDICTS_NEEDED, Calibration, Group
from tracker.domain.disclosure import Reader
from tracker.language_formats import decimal, grouped
from tracker.pages import request_params
from tracker.pages.page_cache import page_cached_by, render_page
from tracker.queries import progress
from tracker.queries.evidence import calibration
from tracker.queries.scores import lenses
from tracker.wording import percent

# The edge of the plot, in points, and the room for the labels on its left and below it.
EDGE, LEFT, BELOW = 300, 56, 46
POINT = symbol("circle", 80)
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
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
        picture=diagram(record.bins) if shown else "",
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


def diagram(bins: Sequence[Group]) -> str:
    """The share of confirmed claims over p as SVG: one point for each bin, with its interval. On
    the dashed diagonal the two are equal."""
    found = [
        (_at(group.mean_p), group.outcome, describe(group))
        for group in bins
        if group.outcome and group.mean_p is not None
    ]
    reach = "".join(
        f'<line x1="{x}" x2="{x}" y1="{_up(outcome.low)}" y2="{_up(outcome.high)}"/>'
        for x, outcome, _ in found
    )
    points = "".join(
        f'<path transform="translate({x},{_up(outcome.share)})" d="{POINT}">'
        f"<title>{escape(says)}</title></path>"
        for x, outcome, says in found
    )
    return (
        f'{OPENED} viewBox="{-LEFT} -10 {LEFT + EDGE + 20} {EDGE + BELOW + 10}">{_axes()}'
        f'<g class="ideal_marks" aria-hidden="true"><path fill="none" stroke="{QUIET}"'
        f' stroke-dasharray="5,5" d="M0,{EDGE}L{EDGE},0"/></g>'
        f'<g class="reach_marks" stroke="{LINE}" stroke-width="2" aria-hidden="true">{reach}</g>'
        f'<g class="share_marks" fill="{LINE}">{points}</g></svg>'
    )


def _axes() -> str:
    """The grid, the labels of both axes, and what they are."""
    grid = "".join(
        f'<line x2="{EDGE}" y1="{_up(tick)}" y2="{_up(tick)}"/>'
        f'<line x1="{_at(tick)}" x2="{_at(tick)}" y2="{EDGE}"/>'
        for tick in TICKS
    )
    across = "".join(
        f'<text x="{_at(tick)}" y="{EDGE + 18}">{decimal(f"{tick:.1f}")}</text>' for tick in TICKS
    )
    up = "".join(
        f'<text x="-8" y="{number(EDGE * (1 - tick) + 4)}">{decimal(f"{tick:.1f}")}</text>'
        for tick in TICKS
    )
    titles = (
        f'<text x="{EDGE / 2:g}" y="{EDGE + 38}">{escape(_("p before the verdict"))}</text>'
        f'<text transform="translate(-40,{EDGE / 2:g})rotate(-90)">'
        f"{escape(_('share confirmed'))}</text>"
    )
    opened = f'<g class="role-axis-label" font-size="12" fill="{QUIET}"'
    return (
        f'<g class="role-axis-grid" stroke="{GRID}">{grid}</g>'
        f'{opened} text-anchor="middle">{across}{titles}</g>{opened} text-anchor="end">{up}</g>'
    )


def _at(p: float) -> str:
    """Where a probability is from the left, in points."""
    return number(p * EDGE)


def _up(share: float) -> str:
    """Where a share is from the top, in points."""
    return number((1 - share) * EDGE)


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
