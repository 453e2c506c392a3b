"""What all parts of a pair's page are made from, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation
from tracker.pages import picture, seeing, words
from tracker.pages.asked import Asked
from tracker.pages.picture import Span
from tracker.queries import counted, guilt, impacts, names, pairs, sheets
from tracker.queries.counted import OfPair
from tracker.queries.pairs import Reading, Series
from tracker.queries.sheets import Sheet

# So many claims are told one by one.
MOST_CAUSES = 25


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
    def until(self) -> date | None:
        """The last day of what goes on."""
        return date.fromordinal(self.pull.last) if self.pull.last > self.pull.first else None

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
    def naming(self) -> words.Names:
        codes = self.series.pair.split("-")
        found = names.countries(codes)
        return words.Names(by_code={code: found[code] for code in codes if code in found})

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
        return counted.of_pair(series.pair, lens=series.lens, every=not self.ordered)

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

    def causes(self, most: int) -> list[Cause]:
        """The largest claims that may be named, with all that is known of them at the position."""
        at = self.series.position
        own = {*guilt.named([pull.claim for pull, _ in self.ordered], at=at, most=most)}
        shown = [(pull, amount) for pull, amount in self.ordered if pull.claim in own]
        told = sheets.as_of([pull.claim for pull, _ in shown], at)
        suffix = f"?as_of={self.asked.as_of_text}" if self.asked.as_of_text else ""
        return [
            Cause(
                number=number,
                pull=pull,
                amount=amount,
                sheet=told[pull.claim],
                link=reverse("pages:claim", args=[pull.claim]) + suffix,
            )
            for number, (pull, amount) in enumerate(shown, start=1)
        ]


def of_pair(pair: str, asked: Asked, *, today: date, known_on: date | None) -> Ground:
    """Read the series that was asked for. `known_on` is the day of the position, where one was
    asked for: without a day the score is that of the day on which so much was known.

    :raises pairs.NoSuchDirection: :raises lenses.NoSuchLens: :raises moment.NotYet:
    :raises impacts.CatchingUp:
    """
    direction = pairs.direction_of(pair, asked.direction)
    series = pairs.series(pair, direction=direction, lens=seeing.label(asked), as_of=asked.as_of)
    return Ground(series=series, asked=asked, day=asked.day or known_on or today, today=today)
