"""What the page of a pair shows: the sentence, the picture, why, the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation
from tracker.pages import choices, picture, words
from tracker.pages.asked import Asked
from tracker.pages.choices import Choice
from tracker.pages.picture import Placed, Span
from tracker.queries import claims, impacts, names, pairs
from tracker.queries.pairs import Reading, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A claim and what it gives to the score."""

    placed: Placed
    until: date | None
    amount: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage:
    """`start` is what is left of the start; with the causes it sums to the score."""

    called: str
    headline: str
    evidence: str
    series: Series
    reading: Reading
    span: Span | None
    svg: str
    says: str
    table: Sequence[Reading]
    causes: Sequence[Cause]
    start: float
    directions: Sequence[Choice]
    lenses: Sequence[Choice]
    api: Sequence[Choice]


def build(pair: str, asked: Asked, *, today: date) -> PairPage:
    """Gather the page of a pair.

    :raises pairs.NoSuchDirection: :raises lenses.NoSuchLens: :raises moment.NotYet:
    """
    direction = pairs.direction_of(pair, asked.direction)
    series = pairs.series(pair, direction=direction, lens=asked.lens, as_of=asked.as_of)
    naming = words.Names(by_code=names.countries(pair.split("-")))
    called = naming.direction(direction)
    day = asked.day or today
    explanation = pairs.explanation(series, day)
    causes = _causes(series, explanation, asked)
    span = picture.span_of(series, today=max(today, day))
    path = reverse("pages:pair", args=pair.split("-"))
    return PairPage(
        called=called,
        headline=words.headline(series.on(day)),
        evidence=words.evidence(series.on(day)),
        series=series,
        reading=series.on(day),
        span=span,
        svg=picture.draw(series, span, [one.placed for one in causes]) if span else "",
        says=picture.says(called, series, span) if span else "",
        table=series.over(span.start, span.end, every="month") if span else [],
        causes=causes,
        start=explanation.start,
        directions=choices.of_direction(path, asked, series, naming),
        lenses=choices.of_lens(path, asked),
        api=choices.of_api(asked, series, span, day.isoformat()),
    )


def _causes(series: Series, explanation: Explanation, asked: Asked) -> list[Cause]:
    """The claims, largest first; those that act later than the day stand last with nothing."""
    pulls = _pulls(series)
    amounts = {part.claim: part.amount for part in explanation.parts}
    ordered = [*amounts, *(one for one in pulls if one not in amounts)]
    titles = claims.titles(ordered, at=series.position if asked.as_of is not None else None)
    return [
        _cause(number, pulls[one], amounts.get(one, 0.0), titles[one], asked)
        for number, one in enumerate(ordered, start=1)
        if one in pulls
    ]


def _cause(number: int, pull: Pull, amount: float, title: str, asked: Asked) -> Cause:
    link = reverse("pages:claim", args=[pull.claim])
    placed = Placed(
        number=number,
        day=date.fromordinal(pull.first),
        good=pull.value > 0,
        title=title,
        link=f"{link}?as_of={asked.as_of_text}" if isinstance(asked.as_of, int) else link,
    )
    until = date.fromordinal(pull.last) if pull.last > pull.first else None
    return Cause(placed=placed, until=until, amount=amount, p=pull.p)


def _pulls(series: Series) -> Mapping[UUID, Pull]:
    view = series.lens.lens.view.id
    known = impacts.known(view, series.pair, position=series.position)
    return {pull.claim: pull for pull in series.lens.pulls(known, series.direction)}
