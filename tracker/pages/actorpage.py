"""What the page of a country shows: whom it has to do with, how, and what was said of it lately."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from tracker.domain import folding as f
from tracker.domain import scoring
from tracker.domain.lenses import LensVersion
from tracker.domain.triads import Sign
from tracker.pages import choices, drawing, egocharts
from tracker.pages.asked import Asked
from tracker.pages.choices import Choice
from tracker.pages.egocharts import Neighbour
from tracker.pages.headlines import short
from tracker.pages.trianglewords import SIGNS
from tracker.pages.words import counted
from tracker.queries import claims, impacts, lenses, moment, names, ranking, shelf
from tracker.queries.claims import Filed
from tracker.queries.ranking import Order, Row

MOST_NEIGHBOURS = 40
MOST_CLAIMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A neighbour in the list, as in the picture."""

    called: str
    link: str
    row: Row
    sign: Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorPage:
    code: str
    called: str
    headline: str
    svg: str
    narrow: str
    lines: Sequence[Line]
    others: int
    recent: Sequence[Filed]
    lens: LensVersion
    lenses: Sequence[Choice]


def build(actor: f.ActorState, asked: Asked) -> ActorPage:
    """Gather the page of a country on record.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    code = actor.actor.code or ""
    lens = lenses.named(asked.lens, position=moment.resolve(None))
    impacts.served(lens.lens.view.id)
    rows = ranking.page(
        lens, Order(column="claims", descending=True, country=code), limit=MOST_NEIGHBOURS
    )
    count = ranking.count(lens, Order(column="claims", country=code))
    called = names.countries([code, *(_other(row, code) for row in rows)])
    lines = [_line(row, code, called, asked) for row in rows]
    around = [_neighbour(one, lens) for one in sorted(lines, key=lambda one: one.called)]
    name = called.get(code, code)
    path = reverse("pages:actor", args=[code])
    return ActorPage(
        code=code,
        called=name,
        headline=headline(name, lines, count),
        svg=drawing.drawn(egocharts.ego(name, around)) if around else "",
        narrow=drawing.drawn(egocharts.ego(name, around, wide=False)) if around else "",
        lines=lines,
        others=count - len(lines),
        recent=shelf.claims_about(claims.voices_of(actor.id), limit=MOST_CLAIMS),
        lens=lens,
        lenses=choices.of_lens(path, asked),
    )


def headline(name: str, lines: Sequence[Line], count: int) -> str:
    """Say of how many relations something is known for sure."""
    if not lines:
        return f"Nothing on record moves a relation of {name}."
    known = [one for one in lines if one.sign != "undetermined"]
    start = f"{name} has a score with {counted(count, 'country', 'countries')}"
    if not known:
        return f"{start}; of none is it known whether the relation is good or bad."
    said = [f"{one.called} {SIGNS[one.sign]} ({short(one.row.score.value)})" for one in known[:4]]
    more = f" and {len(known) - 4} more" if len(known) > 4 else ""
    return f"{start}; known for sure: {', '.join(said)}{more}."


def _line(row: Row, code: str, called: dict[str, str], asked: Asked) -> Line:
    other = _other(row, code)
    path = reverse("pages:pair", args=row.pair.split("-"))
    low, high = row.score.low, row.score.high
    return Line(
        called=called.get(other, other),
        link=choices.address(path, asked, country="", day=""),
        row=row,
        sign="positive" if low > 0 else "negative" if high < 0 else "undetermined",
    )


def _neighbour(line: Line, lens: LensVersion) -> Neighbour:
    value = line.row.score.value
    return Neighbour(
        called=line.called,
        sign=line.sign,
        reach=min(1.0, abs(value) / scoring.MODELS[lens.lens.model].top),
        says=f"{line.called}: {short(value)}, {SIGNS[line.sign]}",
        url=line.link,
    )


def _other(row: Row, code: str) -> str:
    return next(one for one in row.pair.split("-") if one != code)
