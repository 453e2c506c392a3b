"""What the first page shows: every pair on record, those that say most at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tracker.domain import scoring
from tracker.domain.lenses import LensVersion
from tracker.pages import choices, picture, words
from tracker.pages.asked import Asked
from tracker.pages.choices import Choice
from tracker.queries import claims, impacts, knots, lenses, moment, names, ranking
from tracker.queries.claims import Filters
from tracker.queries.pairs import Series
from tracker.queries.ranking import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A pair in the table. `low`, `at`, `high` are places in a box 180 wide, `spark` a polyline."""

    row: Row
    called: str
    link: str
    low: float
    at: float
    high: float
    spark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    headline: str
    lines: Sequence[Line]
    lens: LensVersion
    day: date | None
    top: float
    lenses: Sequence[Choice]
    countries: Sequence[tuple[str, str]]
    country: str


def build(asked: Asked, *, today: date) -> Overview:
    """Gather the first page.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = lenses.named(asked.lens, position=moment.resolve(None))
    impacts.served(lens.lens.view.id)
    every = ranking.page(lens, ranking.BY_NAME, limit=None)
    called = words.Names(by_code=names.countries(_codes(every)))
    shown = [row for row in every if asked.country in (None, *row.pair.split("-"))]
    shown.sort(key=lambda row: (row.score.band is None, -abs(row.score.value), row.pair))
    top = scoring.MODELS[lens.lens.model].top
    drawn = [_drawn(lens, row, top=top, today=today) for row in shown]
    return Overview(
        headline=_headline(every, called),
        lines=[
            _line(row, called, asked, top=top, spark=spark)
            for row, spark in zip(shown, drawn, strict=True)
        ],
        lens=lens,
        day=every[0].day if every else None,
        top=top,
        lenses=choices.of_lens(reverse("pages:overview"), asked),
        countries=sorted((called.country(code), code) for code in _codes(every)),
        country=asked.country or "",
    )


def _codes(rows: Sequence[Row]) -> set[str]:
    return {code for row in rows for code in row.pair.split("-")}


def _headline(rows: Sequence[Row], called: words.Names) -> str:
    """Say how much is known, and of which pairs a level can be named."""
    if not rows:
        return "Nothing is on record yet."
    counted = words.counted(claims.count(Filters()), "claim")
    start = f"{counted} on record, {words.counted(len(rows), 'pair')} of countries with a score."
    named = [row for row in rows if row.score.band]
    said = [f"{called.direction(row.pair)}: {row.score.band}." for row in named]
    others = len(rows) - len(named)
    if others:
        rest = "For the other" if named else "For all"
        said.append(f"{rest} {others} the level is not anchored: only how far it moved is known.")
    return " ".join([start, *said])


def _drawn(lens: LensVersion, row: Row, *, top: float, today: date) -> str:
    """The course of a pair in small; nothing while its knots are being written."""
    stored = knots.stored(lens, row.pair, row.pair)
    if stored is None:
        return ""
    series = Series(
        pair=row.pair,
        direction=row.pair,
        lens=lens,
        as_of=stored[0],
        position=stored[0],
        knots=stored[1],
    )
    span = picture.span_of(series, today=today)
    return picture.spark(series, span, top=top) if span else ""


def _line(row: Row, called: words.Names, asked: Asked, *, top: float, spark: str) -> Line:
    low, at, high = (
        round(180 * (value + top) / (2 * top), 1)
        for value in (row.score.low, row.score.value, row.score.high)
    )
    path = reverse("pages:pair", args=row.pair.split("-"))
    return Line(
        row=row,
        called=called.direction(row.pair),
        link=choices.address(path, asked, country="", day=""),
        low=low,
        at=at,
        high=high,
        spark=spark,
    )
