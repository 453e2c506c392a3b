"""What all parts of a pair's page are made from, read once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import combinations
from uuid import UUID

from django.urls import reverse

from tracker.domain import evidence
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation
from tracker.pages import headlines, picture, words
from tracker.pages.headlines import FEW, Apart, Facts, Move, named_move
from tracker.pages.picture import Span
from tracker.pages.request_params import Asked
from tracker.queries.claims import detail, disclosure
from tracker.queries.claims.detail import NamedCitation, Sheet, Witness
from tracker.queries.evidence import impacts
from tracker.queries.moment import AsOf
from tracker.queries.records import names, states
from tracker.queries.scores import lenses, pairs, table, uncounted
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.table import Order
from tracker.queries.scores.triads import LEVEL
from tracker.queries.scores.uncounted import OfPair
from tracker.wording import Names, day_in_words


def apart(series: Series, day: date, *, as_of: AsOf) -> Apart | None:
    """The first two lenses of the series's model that listen to a bloc and to all but that bloc,
    and are apart by more than doubt; None where none are."""
    for one, other in combinations(lenses.latest(), 2):
        if one.lens.model == series.lens.lens.model and _complementary(one, other):
            names = (one.lens.name, other.lens.name)
            found = _compared(series, names, day, as_of=as_of)
            if found and found.divergence and found.divergence.apart:
                return Apart(lenses=names, values=(found.one.score.value, found.other.score.value))
    return None


def _compared(
    series: Series, names: tuple[str, str], day: date, *, as_of: AsOf
) -> pairs.Day | None:
    """None where a lens was not defined yet, or its view still catches up."""
    with suppress(lenses.NoSuchLens, impacts.CatchingUp):
        two = pairs.sides(series.pair, direction=series.direction, lenses=names, as_of=as_of)
        return pairs.on(two, day)
    return None


def _complementary(one: LensVersion, other: LensVersion) -> bool:
    """Whether two lenses look at the same with blocs that are each other's rest."""
    ours, theirs = one.lens.view.bloc, other.lens.view.bloc
    if ours is None or theirs is None or ours.rule == theirs.rule:
        return False
    return replace(ours, rule=theirs.rule) == theirs and replace(
        one.lens.view, bloc=None
    ) == replace(other.lens.view, bloc=None)


# So many claims are told one by one.
MOST_CAUSES = 25
# On the tab of sources, so many are gone through.
MOST_WITNESSED = 100
# Claims of a move that are listed: as many as the headline counts.
MOST_MOVERS = FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A claim and what it gives to the score, by its number in the list."""

    number: int
    pull: Pull
    amount: float
    sheet: Sheet
    link: str

    @property
    def title(self) -> str:
        return self.sheet.filed.title

    @property
    def day(self) -> date:
        return date.fromordinal(self.pull.first)

    @property
    def when(self) -> str:
        """When it happened, as the claim has it: no day that the claim does not name."""
        dated = self.sheet.dated
        if dated is None:
            return "undated"
        reported = self._reported if dated.bounds.latest is None else None
        return f"{dated.says}, last reported {day_in_words(reported)}" if reported else dated.says

    @property
    def _reported(self) -> date | None:
        """The day of the latest document that supports it."""
        documents = {one.document.id: one.document.document for one in self.sheet.citations}
        return max(evidence.cited_on([self.sheet.filed.state], documents), default=None)

    @property
    def good(self) -> bool:
        return self.pull.value > 0

    @property
    def coded(self) -> bool:
        """Whether a machine read it out of the news."""
        return self.sheet.collection.collection.coding == "machine"

    @property
    def chains(self) -> list[str]:
        """Who says so: of each citation the names from the publisher to the root."""
        found = (
            " ← ".join(one.name or "[name withheld]" for one in each.provenance)
            for each in self.sheet.citations
        )
        return list(dict.fromkeys(found))


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A series on a day, and how it was asked for."""

    series: Series
    asked: Asked
    day: date
    today: date

    @cached_property
    def naming(self) -> Names:
        codes = self.series.pair.split("-")
        found = names.countries(codes)
        return Names(by_code={code: found[code] for code in codes if code in found})

    @cached_property
    def known_on(self) -> str:
        """As of when everything is."""
        return words.known_on(self.series.position)

    @property
    def called(self) -> str:
        return self.naming.direction(self.series.direction)

    @property
    def one(self) -> str:
        return self.series.pair.split("-")[0]

    @property
    def other(self) -> str:
        return self.series.pair.split("-")[1]

    @property
    def path(self) -> str:
        return reverse("pages:pair", args=self.series.pair.split("-"))

    @cached_property
    def reading(self) -> Reading:
        return self.series.on(self.day)

    @cached_property
    def pulls(self) -> Sequence[Pull]:
        series = self.series
        known = impacts.known(series.lens.lens.view.id, series.pair, position=series.position)
        return series.lens.pulls(known, series.direction)

    @cached_property
    def explanation(self) -> Explanation:
        return self.series.scorer.contributions(self.pulls, self.day)

    @cached_property
    def uncounted(self) -> Sequence[OfPair]:
        """The claims on record between the two that no lens counts, and where this lens counts
        none, those that others count. Of now alone: of the past not asked for."""
        if self.asked.as_of is not None:
            return ()
        series = self.series
        return uncounted.of_pair(
            series.pair, lens=series.lens, every=not self.ordered, reader=Reader.PUBLIC
        )

    @cached_property
    def reported(self) -> date | None:
        """The day of the latest document behind the claims that acted last, of those that may be
        named."""
        claims = [pull.claim for pull in self._latest if pull.claim not in self._withheld]
        at = None if self.asked.as_of is None else self.series.position
        return states.last_report(claims, at=at)

    @cached_property
    def span(self) -> Span | None:
        return picture.span_of(self.series, today=max(self.today, self.day))

    @cached_property
    def ordered(self) -> Sequence[tuple[Pull, float]]:
        """The claims with their amounts, largest first; those that act after the day stand last."""
        pulls: Mapping[UUID, Pull] = {pull.claim: pull for pull in self.pulls}
        amounts = {part.claim: part.amount for part in self.explanation.parts}
        found = [(pulls[claim], amount) for claim, amount in amounts.items() if claim in pulls]
        return found + [(pull, 0.0) for claim, pull in pulls.items() if claim not in amounts]

    @property
    def facts(self) -> Facts:
        """What the headline says."""
        return replace(self._findings, reported=self.reported)

    @property
    def move(self) -> Move | None:
        """The move that the headline names."""
        return named_move(self._findings)

    @cached_property
    def movers(self) -> Sequence[tuple[Pull, float]]:
        """The claims that gave most to that move and may be named, with their amounts."""
        return self._named(self._moved, MOST_MOVERS)

    def causes(self) -> list[Cause]:
        """The largest claims that may be named, with all that is known of them at the position."""
        return self.told(self._largest)

    def told(self, shown: Sequence[tuple[Pull, float]]) -> list[Cause]:
        """Claims that the page lists with their amounts, numbered, with all that is known of
        them."""
        suffix = f"?as_of={self.asked.as_of_text}" if self.asked.as_of_text else ""
        return [
            Cause(
                number=number,
                pull=pull,
                amount=amount,
                sheet=self._sheets[pull.claim],
                link=reverse("pages:claim", args=[pull.claim]) + suffix,
            )
            for number, (pull, amount) in enumerate(shown, start=1)
        ]

    @property
    def reach(self) -> int:
        """How many of the largest claims the page lists."""
        return MOST_WITNESSED if self.asked.show == "sources" else MOST_CAUSES

    @cached_property
    def _findings(self) -> Facts:
        return headlines.facts(
            self.series,
            self.pulls,
            self.day,
            called=self.naming.joined(self.series.direction),
            apart=apart(self.series, self.day, as_of=self.asked.as_of),
        )

    @cached_property
    def _latest(self) -> Sequence[Pull]:
        """The claims that acted last."""
        ordered = sorted(self.pulls, key=lambda one: (-one.last, -one.first, one.claim))
        return ordered[: states.MOST]

    @cached_property
    def _moved(self) -> Sequence[tuple[Pull, float]]:
        pulls = {pull.claim: pull for pull in self.pulls}
        return [(pulls[one.claim], one.amount) for one in (self.move.parts if self.move else ())]

    @cached_property
    def _largest(self) -> Sequence[tuple[Pull, float]]:
        return self._named(self.ordered, self.reach)

    @cached_property
    def _judged(self) -> set[UUID]:
        """The claims that come first in each of the page's lists."""
        largest = (*self.ordered[: self.reach], *self._moved[:MOST_MOVERS])
        return {pull.claim for pull in (*self._latest, *(pull for pull, _ in largest))}

    @cached_property
    def _withheld(self) -> set[UUID]:
        """Those of them that are withheld, looked up at once."""
        return disclosure.withheld(self._judged, at=self.series.position, reader=Reader.PUBLIC)

    def _named(
        self, claims: Sequence[tuple[Pull, float]], most: int
    ) -> Sequence[tuple[Pull, float]]:
        """The first of some claims that may be named: later ones in the place of withheld ones."""
        first = claims[:most]
        if not {pull.claim for pull, _ in first} & self._withheld:
            return first
        ids = [pull.claim for pull, _ in claims]
        at = self.series.position
        own = {*disclosure.named(ids, at=at, most=most, reader=Reader.PUBLIC)}
        return [one for one in claims if one[0].claim in own]

    @cached_property
    def _sheets(self) -> Mapping[UUID, Sheet]:
        """What is known of the claims that the page lists, read at once."""
        listed = {pull.claim for pull, _ in (*self._largest, *self.movers)}
        return detail.sheets_at(listed, self.series.position, reader=Reader.PUBLIC)


def of_pair(pair: str, asked: Asked, *, today: date, known_on: date | None) -> Ground:
    """Read the series that was asked for. `known_on` is the day of the position, where one was
    asked for: without a day the score is that of the day on which so much was known.

    :raises pairs.NoSuchDirection: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    :raises impacts.CatchingUp:
    """
    direction = pairs.direction_of(pair, asked.direction)
    series = pairs.series(pair, direction=direction, lens=asked.lens, as_of=asked.as_of)
    return Ground(series=series, asked=asked, day=asked.day or known_on or today, today=today)


MOST_TRIANGLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """A third country that both of a pair have to do with, and the page of the three."""

    called: str
    link: str


def triangles(on: Ground) -> Sequence[Triangle]:
    """The triangles of a pair that are known best, by the claims on their other two sides."""
    lens = on.series.lens
    if lens.lens.model != LEVEL:
        return []
    ends = on.series.pair.split("-")
    claims = [_claims(lens, end) for end in ends]
    third = (claims[0].keys() & claims[1].keys()) - {*ends}
    best = sorted(third, key=lambda one: (-min(each[one] for each in claims), one))
    called = names.countries(best[:MOST_TRIANGLES])
    return [
        Triangle(
            called=called.get(one, one),
            link=reverse("pages:triad", args=sorted((*ends, one))),
        )
        for one in best[:MOST_TRIANGLES]
    ]


def _claims(lens: LensVersion, country: str) -> dict[str, int]:
    """With whom a country shares claims, and how many."""
    rows = table.page(lens, Order(column="pair", country=country), limit=None)
    return {next(one for one in row.pair.split("-") if one != country): row.claims for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A document, who published it, and the claims that are taken from it."""

    document: UUID
    title: str
    url: str | None
    date: str | None
    publisher: Witness
    claims: list[tuple[Cause, NamedCitation]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """The documents, those of most claims first; `others` claims are not looked at."""

    documents: Sequence[Told]
    others: int


def documents_behind(on: Ground) -> Witnesses:
    causes = on.causes()
    found: dict[UUID, Told] = {}
    for cause, cited in _cited(causes):
        document = cited.document.document
        told = found.setdefault(
            cited.document.id,
            Told(
                document=cited.document.id,
                title=document.title or document.url or "[title withheld]",
                url=document.url,
                date=document.date,
                publisher=cited.provenance[0],
            ),
        )
        told.claims.append((cause, cited))
    ordered = sorted(found.values(), key=lambda one: (-len(one.claims), one.title))
    return Witnesses(documents=ordered, others=len(on.ordered) - len(causes))


def _cited(causes: Sequence[Cause]) -> Iterator[tuple[Cause, NamedCitation]]:
    for cause in causes:
        for cited in cause.sheet.citations:
            yield cause, cited
