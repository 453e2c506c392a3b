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

MOST_CAUSES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A claim and what it gives to the score."""

    placed: Placed
    until: date | None
    amount: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The course of a pair as a picture, as a sentence and as a table."""

    svg: str
    says: str
    table: Sequence[Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage:
    """`start` is what is left of the start; with the causes, and those `others` that are too many
    to show, it sums to the score. Nothing is `seen` where nothing was ever recorded."""

    called: str
    headline: str
    evidence: str
    series: Series
    reading: Reading
    seen: Seen | None
    causes: Sequence[Cause]
    others: int
    others_amount: float
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
    day = asked.day or today
    explanation = pairs.explanation(series, day)
    ordered = _ordered(series, explanation)
    causes = _causes(ordered[:MOST_CAUSES], asked, series)
    span = picture.span_of(series, today=max(today, day))
    path = reverse("pages:pair", args=pair.split("-"))
    return PairPage(
        called=naming.direction(direction),
        headline=words.headline(series.on(day)),
        evidence=words.evidence(series.on(day)),
        series=series,
        reading=series.on(day),
        seen=_seen(series, span, naming.direction(direction), causes) if span else None,
        causes=causes,
        others=len(ordered[MOST_CAUSES:]),
        others_amount=sum(amount for _, amount in ordered[MOST_CAUSES:]),
        start=explanation.start,
        directions=choices.of_direction(path, asked, series, naming),
        lenses=choices.of_lens(path, asked),
        api=choices.of_api(asked, series, span, day.isoformat()),
    )


def _seen(series: Series, span: Span, called: str, causes: Sequence[Cause]) -> Seen:
    return Seen(
        svg=picture.draw(series, span, [one.placed for one in causes]),
        says=picture.says(called, series, span),
        table=series.over(span.start, span.end, every="month"),
    )


def _ordered(series: Series, explanation: Explanation) -> list[tuple[Pull, float]]:
    """The claims with their amounts, largest first; those that act after the day stand last."""
    pulls = _pulls(series)
    amounts = {part.claim: part.amount for part in explanation.parts}
    found = [(pulls[claim], amount) for claim, amount in amounts.items() if claim in pulls]
    return found + [(pull, 0.0) for claim, pull in pulls.items() if claim not in amounts]


def _causes(ordered: Sequence[tuple[Pull, float]], asked: Asked, series: Series) -> list[Cause]:
    at = series.position if asked.as_of is not None else None
    titles = claims.titles([pull.claim for pull, _ in ordered], at=at)
    return [
        _cause(number, pull, amount, titles[pull.claim], asked)
        for number, (pull, amount) in enumerate(ordered, start=1)
    ]


def _cause(number: int, pull: Pull, amount: float, title: str, asked: Asked) -> Cause:
    link = reverse("pages:claim", args=[pull.claim])
    placed = Placed(
        number=number,
        day=date.fromordinal(pull.first),
        good=pull.value > 0,
        title=title,
        link=choices.with_parameters(link, as_of=asked.as_of_text),
    )
    until = date.fromordinal(pull.last) if pull.last > pull.first else None
    return Cause(placed=placed, until=until, amount=amount, p=pull.p)


def _pulls(series: Series) -> Mapping[UUID, Pull]:
    view = series.lens.lens.view.id
    known = impacts.known(view, series.pair, position=series.position)
    return {pull.claim: pull for pull in series.lens.pulls(known, series.direction)}
