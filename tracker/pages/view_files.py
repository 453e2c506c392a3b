"""Downloads of the tables of a comparison and a monthly digest, as CSV and JSON."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.domain.disclosure import Reader
from tracker.domain.formulas import guarded
from tracker.pages import compare_page
from tracker.pages.downloads import CSV_TYPE, JSON_TYPE, csv_text, file_answer, json_text
from tracker.pages.page_cache import begin_long_work, page_cached_by, today
from tracker.queries import progress
from tracker.queries.scores import digests

COMPARE = ("line", "pair", "lens", "position", "day", "points", "low", "high", "fell", "rose")
DIGEST = ("pair", "turn", "points", "low", "high", "claim", "title", "one_source")

type Row = tuple[Any, ...]


@page_cached_by(progress.of_tables, compare_page.PARAMETERS)
def compare(request: HttpRequest, form: str) -> HttpResponse:
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
    return _answer(form, f"compare-{page.day}", head, "movements", COMPARE, rows)


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
    return _answer(form, f"digest-{name}", head, "changes", DIGEST, rows)


def _answer(
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
