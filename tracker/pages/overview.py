"""What the first page shows: every pair on record, those that say most at the top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tracker.domain import scoring
from tracker.domain.lenses import Lens, LensVersion
from tracker.pages import choices, picture, words
from tracker.pages.asked import Asked
from tracker.pages.choices import Choice
from tracker.queries import claims, impacts, knots, lenses, moment, names, ranking
from tracker.queries.claims import Filters
from tracker.queries.pairs import Series
from tracker.queries.ranking import Row
from tracker.queries.triads import LEVEL

NOT_ANCHORED = "the level is not anchored: only how far it moved is known"
NO_SIGN = "what is known leaves both signs open"


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
    stored = knots.stored_of(lens, [row.pair for row in shown])
    drawn = [_drawn(lens, row.pair, stored, top=top, today=today) for row in shown]
    return Overview(
        headline=_headline(every, called, lens.lens),
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


def _headline(rows: Sequence[Row], called: words.Names, lens: Lens) -> str:
    """Say how many claims stand where the lens looks, and of which pairs something can be said.

    Of a level that is its band, of a flow or a ratio its sign.
    """
    if not rows:
        return "Nothing is on record yet."
    level = lens.model == LEVEL
    standing = [Filters(collection=one, status="standing") for one in lens.view.collections]
    counted = words.counted(sum(map(claims.count, standing)), "claim")
    start = f"{counted} on record, {words.counted(len(rows), 'pair')} of countries with a score."
    clear = [row for row in rows if (row.score.band if level else _signed(row))]
    said = [f"{called.direction(row.pair)}: {row.words}." for row in clear]
    others = len(rows) - len(clear)
    if others:
        rest = f"For {'the other' if clear else 'all'} {others}"
        said.append(f"{rest} {NOT_ANCHORED if level else NO_SIGN}.")
    return " ".join([start, *said])


def _signed(row: Row) -> bool:
    return row.score.low > 0 or row.score.high < 0


def _drawn(
    lens: LensVersion, pair: str, stored: Mapping[str, knots.Stored], *, top: float, today: date
) -> str:
    """The course of a pair in small; nothing while its knots are being written."""
    if pair not in stored:
        return ""
    position, own = stored[pair]
    series = Series(
        pair=pair, direction=pair, lens=lens, as_of=position, position=position, knots=own
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
