"""Downloads of a pair or a triangle as SVG, PNG, CSV and JSON; cards for links; embedded charts."""

import csv
import io
import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.charts import drawing, framing, pair_chart
from tracker.charts import triangle as triangles
from tracker.domain.disclosure import Reader
from tracker.domain.formulas import guarded
from tracker.domain.movements import WindowMovement
from tracker.exports.readings import movement, plain
from tracker.pages import (
    compare_page,
    findings,
    month_table,
    pair_page,
    pair_pictures,
    pair_reasons,
    request_params,
    triad_page,
)
from tracker.pages.month_table import MonthRow
from tracker.pages.page_cache import (
    begin_long_work,
    cached_page,
    embeddable,
    page_cached_by,
    render_page,
    today,
)
from tracker.pages.pair_context import PairContext
from tracker.pages.pair_page import requested_context
from tracker.pages.triad_page import TriadPage
from tracker.queries import progress
from tracker.queries.scores import digests, triads
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.triads import TriadPoint
from tracker.wording import day_in_words

# Letters in a line of a picture, and of a card.
PICTURE_LETTERS, CARD_LETTERS = 76, 52
SCORE_COLUMNS = ("day", "value", "low", "high", "claims", "roots")
# The columns of a movement; empty where there is none.
MOVED_COLUMNS = ("moved_since", "moved", "moved_low", "moved_high", "fell", "rose")
SVG_TYPE, PNG_TYPE = "image/svg+xml; charset=utf-8", "image/png"
CSV_TYPE, JSON_TYPE = "text/csv; charset=utf-8", "application/json"


@cached_page(*request_params.OF_PAIR)
def pair_picture(request: HttpRequest, first: str, second: str, form: str) -> HttpResponse:
    pair = requested_context(request, first, second)
    if pair.span is None:
        raise Http404(_("nothing is recorded about this pair"))
    found = findings.pair_finding(pair)
    marked = pair_reasons.reasons(pair, found.move).marked
    shown = pair_pictures.main(pair, pair.span, marked)
    lines = [
        pair_pictures.title(pair),
        pair_pictures.sources(pair),
        *_wrapped(_pair_citation(request, pair)),
    ]
    whole = framing.as_file(
        pair_chart.draw(shown).svg, drawing.lines(found.text, PICTURE_LETTERS), lines
    )
    return _picture_file(request, whole, form, name=pair.series.pair)


@cached_page(*request_params.OF_PAIR)
def pair_scores(request: HttpRequest, first: str, second: str, form: str) -> HttpResponse:
    """The scores by month, as in the page's table."""
    pair = requested_context(request, first, second)
    rows = month_table.months(pair)
    if form == "csv":
        return file_answer(_months_csv(rows), CSV_TYPE, f"{pair.series.pair}.csv")
    body = _months_json(pair.series, rows, citation=_pair_citation(request, pair))
    return file_answer(body, JSON_TYPE, f"{pair.series.pair}.json")


@cached_page(*request_params.OF_PAIR)
def pair_card(request: HttpRequest, first: str, second: str) -> HttpResponse:
    pair = requested_context(request, first, second)
    if pair.span is None:
        raise Http404(_("nothing is recorded about this pair"))
    found = findings.pair_finding(pair)
    marked = pair_reasons.reasons(pair, found.move).marked
    title = _card_title(found.text, 4)
    small = _card_origin(f"{pair.name} · {day_in_words(pair.day)}")
    size = pair_chart.card_size(*framing.card_room(title, small))
    shown = pair_pictures.main(pair, pair.span, marked)
    return _card(pair_chart.draw(shown, size).svg, title, small)


@cached_page(*request_params.OF_COUNTRIES)
def triad_picture(
    request: HttpRequest, first: str, middle: str, last: str, form: str
) -> HttpResponse:
    page = _triad_page(request, first, middle, last)
    title = drawing.lines(page.headline, PICTURE_LETTERS)
    citation = _wrapped(_triad_citation(request, page))
    whole = framing.as_file(page.wide, title, citation)
    return _picture_file(request, whole, form, name=page.reading.name)


@cached_page(*request_params.OF_COUNTRIES)
def triad_history(
    request: HttpRequest, first: str, middle: str, last: str, form: str
) -> HttpResponse:
    page = _triad_page(request, first, middle, last)
    if form == "csv":
        return file_answer(_points_csv(page.points), CSV_TYPE, f"{page.reading.name}.csv")
    body = _points_json(
        page.reading.name,
        page.points,
        lens=page.reading.lens.label,
        position=page.reading.position,
        citation=_triad_citation(request, page),
    )
    return file_answer(body, JSON_TYPE, f"{page.reading.name}.json")


@cached_page(*request_params.OF_COUNTRIES)
def triad_card(request: HttpRequest, first: str, middle: str, last: str) -> HttpResponse:
    page = _triad_page(request, first, middle, last)
    title, small = _card_title(page.headline, 3), _card_origin(page.name)
    size = triangles.card_size(*framing.card_room(title, small))
    return _card(page.triangle(size), title, small)


def _triad_page(request: HttpRequest, first: str, middle: str, last: str) -> TriadPage:
    params = request_params.read(request.GET)
    return triad_page.build(triads.ordered_codes(first, middle, last), params, today=today())


def _pair_citation(request: HttpRequest, pair: PairContext) -> str:
    return pair_page.citation(pair, request.build_absolute_uri(pair_page.permanent_link(pair)))


def _triad_citation(request: HttpRequest, page: TriadPage) -> str:
    return triad_page.citation(page, request.build_absolute_uri(page.permanent_link))


def _picture_file(request: HttpRequest, svg: str, form: str, *, name: str) -> HttpResponse:
    if form == "png":
        return file_answer(drawing.png(svg), PNG_TYPE, f"{name}.png")
    origin = request.build_absolute_uri("/").rstrip("/")
    return file_answer(framing.linked(svg, origin=origin), SVG_TYPE, f"{name}.svg")


def file_answer(body: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@embeddable
@cached_page(*request_params.OF_PAIR)
def embedded_pair(request: HttpRequest, first: str, second: str) -> HttpResponse:
    pair = requested_context(request, first, second)
    found = findings.pair_finding(pair)
    context = {
        "name": pair.name,
        "headline": found.text,
        "chart": pair_pictures.chart(pair, pair_reasons.reasons(pair, found.move).marked),
        "link": request.build_absolute_uri(pair_page.chart_link(pair)),
        "retracted": pair_page.knowledge(pair).retracted,
        "hidden": True,
    }
    return render_page(request, "pages/embed.html", context)


@embeddable
@cached_page(*request_params.OF_COUNTRIES)
def embedded_triad(request: HttpRequest, first: str, middle: str, last: str) -> HttpResponse:
    page = _triad_page(request, first, middle, last)
    context = {
        "name": page.name,
        "headline": page.headline,
        "triangle": page,
        "link": request.build_absolute_uri(page.link),
        "hidden": True,
    }
    return render_page(request, "pages/embed.html", context)


def _months_csv(rows: Sequence[MonthRow]) -> str:
    columns = (*SCORE_COLUMNS, *MOVED_COLUMNS)
    return csv_text(columns, ((*_scored(row.reading), *_moved(row.moved)) for row in rows))


def _scored(reading: Reading) -> tuple[Any, ...]:
    score = reading.score
    return (reading.day, score.value, score.low, score.high, reading.claims, reading.roots)


def _moved(moved: WindowMovement | None) -> tuple[Any, ...]:
    if moved is None:
        return ("",) * len(MOVED_COLUMNS)
    return (moved.since, moved.value, moved.low, moved.high, moved.fell, moved.rose)


def _months_json(series: Series, rows: Sequence[MonthRow], *, citation: str) -> str:
    """The scores in the form of the API, with their movements and their citation."""
    return json_text(
        {
            "citation": citation,
            "pair": series.pair,
            "direction": series.direction,
            "lens": series.lens.label,
            "position": series.position,
            "scores": [{**plain(row.reading), "movement": movement(row.moved)} for row in rows],
        }
    )


def _points_csv(points: Sequence[TriadPoint]) -> str:
    rows = [_point_row(point) for point in points]
    pairs = [*rows[0]["edges"]] if rows else []
    return csv_text(
        ("day", *pairs, "balance", "balanced"),
        ((row["day"], *row["edges"].values(), row["balance"], row["balanced"]) for row in rows),
    )


def _points_json(
    name: str, points: Sequence[TriadPoint], *, lens: str, position: int, citation: str
) -> str:
    head = {"citation": citation, "triad": name, "lens": lens, "position": position}
    return json_text({**head, "history": [_point_row(point) for point in points]})


def _point_row(point: TriadPoint) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "edges": {edge.pair: edge.value for edge in point.triad.edges},
        "balance": point.triad.balance,
        "balanced": point.triad.balanced,
    }


def _wrapped(citation: str) -> list[str]:
    return drawing.lines(citation, PICTURE_LETTERS * 8 // 5)


def _card(svg: str, title: Sequence[str], small: Sequence[str]) -> HttpResponse:
    card = framing.as_card(svg, title, small)
    return HttpResponse(drawing.png(card), content_type=PNG_TYPE)


def _card_origin(name: str) -> list[str]:
    return [textwrap.shorten(f"Entente · {name}", CARD_LETTERS * 3 // 2, placeholder=" …")]


def _card_title(headline: str, lines: int) -> list[str]:
    """The first sentences that fit into so many lines; of a longer sentence its beginning."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ])|(?<=。)", headline)
    for number in range(len(sentences), 0, -1):
        wrapped = drawing.lines(" ".join(sentences[:number]), CARD_LETTERS)
        if len(wrapped) <= lines:
            return wrapped
    return drawing.lines(sentences[0], CARD_LETTERS, max_lines=lines, placeholder=" …")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return sheet.getvalue()


def json_text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


COMPARISON_COLUMNS = (
    "line",
    "pair",
    "lens",
    "position",
    "day",
    "points",
    "low",
    "high",
    "fell",
    "rose",
)
DIGEST_COLUMNS = ("pair", "turn", "points", "low", "high", "claim", "title", "one_source")

type Row = tuple[Any, ...]


@page_cached_by(progress.of_tables, compare_page.PARAMETERS)
def comparison(request: HttpRequest, form: str) -> HttpResponse:
    """The movements of a comparison, of each line on the days of its acts."""
    page = compare_page.requested(request)
    rows = [
        (
            line.pair.series.lens.label if page.kind == "lenses" else line.name,
            line.pair.series.pair,
            line.pair.series.lens.label,
            line.pair.series.position,
            step.until,
            step.value,
            step.low,
            step.high,
            step.fell,
            step.rose,
        )
        for line in (one.named for one in page.lines)
        for step in line.pair.course
    ]
    head = {
        "title": page.title,
        "day": page.day.isoformat(),
        "address": request.build_absolute_uri(page.frozen),
    }
    return _table_answer(form, f"compare-{page.day}", head, "movements", COMPARISON_COLUMNS, rows)


@page_cached_by(progress.of_tables, ())
def digest(request: HttpRequest, month: date, form: str) -> HttpResponse:
    """The pairs with reports in a month, with their movements and the claim behind each."""
    begin_long_work(request)
    found = digests.of_month(month, today=today(), reader=Reader.PUBLIC)
    rows = []
    for one in found.changes:
        moved, main = one.movement, one.main
        points = (moved.value, moved.low, moved.high) if moved else (None, None, None)
        claim = (str(main.id), main.title) if main else (None, None)
        rows.append((one.pair, one.turn, *points, *claim, one.one_source))
    name = f"{month:%Y-%m}"
    head = {
        "month": name,
        "until": found.until.isoformat(),
        "address": request.build_absolute_uri(reverse("pages:digest", args=[month])),
        "others": found.others,
    }
    return _table_answer(form, f"digest-{name}", head, "changes", DIGEST_COLUMNS, rows)


def _table_answer(
    form: str,
    name: str,
    head: dict[str, Any],
    noun: str,
    columns: Sequence[str],
    rows: Sequence[Row],
) -> HttpResponse:
    """The table as a file: CSV, or JSON with the head and an object for each row."""
    if form == "csv":
        cells = ([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
        return file_answer(csv_text(columns, cells), CSV_TYPE, f"{name}.csv")
    plain = [
        {
            column: value.isoformat() if isinstance(value, date) else value
            for column, value in zip(columns, row, strict=True)
        }
        for row in rows
    ]
    return file_answer(json_text({**head, noun: plain}), JSON_TYPE, f"{name}.json")
