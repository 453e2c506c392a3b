"""What the parts of a pair's page are built from, each read once for a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from tracker.charts import picture
from tracker.charts.picture import PictureSpan
from tracker.domain.disclosure import Reader
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation
from tracker.findings import moves
from tracker.findings.moves import FEW, Move
from tracker.lens_names import is_machine
from tracker.pages import headlines
from tracker.pages.listed_claims import ListedClaim
from tracker.pages.request_params import PageParams
from tracker.queries.claims import detail, disclosure, recent
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import what_if
from tracker.queries.records import names, states
from tracker.queries.scores import movements, pairs, uncounted
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.triads import LEVEL
from tracker.queries.scores.uncounted import UncountedClaims
from tracker.wording import Names

# Claims that the page lists.
MOST_CAUSES = 25
# Claims whose documents the tab of sources lists.
MOST_WITNESSED = 100
# Claims of a move that are listed: as many as the headline counts.
MOST_MOVERS = FEW
# Assessed levels that are listed, the latest first.
MOST_LEVELS = 8
# Open attacks among which a war is looked for, the latest first.
MOST_ASSAULTS = 5
# Claims about both countries that are listed where none moves the score.
MOST_ABOUT_BOTH = 10
# The value of the mildest attack, and how probable a war must be to be told as one.
LEAST_ASSAULT, LEAST_P = -7.5, 0.5


@dataclass(frozen=True, kw_only=True)
class PairContext:
    """A series on a day, and the parameters of the page."""

    series: Series
    params: PageParams
    day: date
    today: date

    @cached_property
    def naming(self) -> Names:
        codes = self.series.pair.split("-")
        named = names.countries(codes)
        return Names(by_code={code: named[code] for code in codes if code in named})

    @cached_property
    def known_on(self) -> str:
        """The moment as of which the page is."""
        return headlines.known_on(self.series.position)

    @property
    def name(self) -> str:
        return self.naming.direction(self.series.direction)

    @property
    def one(self) -> str:
        return self.series.pair.split("-")[0]

    @property
    def other(self) -> str:
        return self.series.pair.split("-")[1]

    @cached_property
    def path(self) -> str:
        return reverse("pages:pair", args=self.series.pair.split("-"))

    @cached_property
    def reading(self) -> Reading:
        return self.series.on(self.day)

    @cached_property
    def pulls(self) -> Sequence[Pull]:
        return what_if.pulls_of(self.series)

    @cached_property
    def explanation(self) -> Explanation:
        return self.series.scorer.contributions(self.pulls, self.day)

    @cached_property
    def uncounted(self) -> Sequence[UncountedClaims]:
        """Claims between the two countries that no lens counts; where this lens counts none, also
        those that other lenses count. Empty for a page of the past."""
        if not self.params.as_of.is_now:
            return ()
        series = self.series
        return uncounted.uncounted_claims(
            series.pair, lens=series.lens, every=not self.pulls, reader=Reader.PUBLIC
        )

    @cached_property
    def reported(self) -> date | None:
        """The day of the latest document, up to the day of the page, behind the latest claims;
        withheld claims are left out."""
        claims = [pull.claim for pull in self._latest if pull.claim not in self._withheld]
        at = None if self.params.as_of.is_now else self.series.position
        return states.last_report(claims, at=at, until=self.day)

    @property
    def begins(self) -> date | None:
        """The first day on record, if it is after the day of the page. Such a page shows the state
        of its day: no claims and no picture."""
        knots = self.series.knots
        return knots[0].day if knots and knots[0].day > self.day else None

    @cached_property
    def span(self) -> PictureSpan | None:
        if self.begins:
            return None
        return picture.span_of(self.series, today=max(self.today, self.day))

    @cached_property
    def ordered(self) -> Sequence[tuple[Pull, float]]:
        """The claims with their amounts, largest first; claims after the day come last. None on a
        day before all of them."""
        if self.begins:
            return ()
        pulls: Mapping[UUID, Pull] = {pull.claim: pull for pull in self.pulls}
        amounts = {part.claim: part.amount for part in self.explanation.parts}
        ordered = [(pulls[claim], amount) for claim, amount in amounts.items() if claim in pulls]
        return ordered + [(pull, 0.0) for claim, pull in pulls.items() if claim not in amounts]

    @cached_property
    def act_parts(self) -> Explanation:
        """The step that each claim made of that movement; of other scores, what it contributes to
        the score."""
        if self.moved is None:
            return self.explanation
        since, until = self.moved.since, self.moved.until
        if self.move and (self.move.start, self.move.end) == (since, until):
            return Explanation(parts=tuple(self.move.parts), drift=self.move.unreported)
        steps = self.series.scorer.moved_by(self.pulls, since, until)
        assert steps is not None  # noqa: S101 # what has a movement has steps
        return steps

    @cached_property
    def events(self) -> Sequence[tuple[Pull, float]]:
        """The claims with the amounts of `act_parts`, largest first; none on a day before all of
        them."""
        if self.begins:
            return ()
        pulls = {pull.claim: pull for pull in self.pulls}
        parts = self.act_parts.parts
        return [(pulls[part.claim], part.amount) for part in parts if part.claim in pulls]

    @cached_property
    def acts(self) -> Sequence[Pull]:
        """The acts and situations by the day, without assessed levels."""
        end = self.day.toordinal()
        return [pull for pull in self.pulls if pull.sd is None and pull.first <= end]

    @property
    def machine_coded(self) -> bool:
        """Whether the lens counts an archive that a program coded."""
        return is_machine(self.series.lens.lens)

    @cached_property
    def moved(self) -> WindowMovement | None:
        """How far the level moved: since the chosen day, or since the day before the first.

        :raises movements.NoWindow:
        """
        return movements.of_pulls(self.series, self.pulls, self.day, since=self.params.since)

    @cached_property
    def move(self) -> Move | None:
        """The move that the finding names: of a month, or all of `moved`."""
        lens = self.series.lens
        if not self.acts or lens.lens.model != LEVEL:
            return None
        return moves.find(
            self.series,
            self.pulls,
            self.moved,
            chosen=self.params.since is not None,
            months=not self.machine_coded,
        )

    @cached_property
    def assaults(self) -> Sequence[Pull]:
        """The last attacks that last, or lasted; withheld ones are left out."""
        return [pull for pull, _ in self._attacks if pull.claim not in self._withheld]

    @cached_property
    def about_both(self) -> Sequence[ClaimEntry]:
        """Recent claims about both countries, without assessed levels; empty for a page of the
        past, or of a day before all that moves the score."""
        if self.begins or not self.params.as_of.is_now:
            return ()
        found = recent.recent_of_pair(self.series.pair, lens=self.params.lens, reader=Reader.PUBLIC)
        return [entry for entry in found if entry.state.claim.kind != "level"][:MOST_ABOUT_BOTH]

    @property
    def not_counted(self) -> str:
        """A sentence about claims that no lens counts, where nothing else is on record."""
        if self.reading.claims:
            return ""
        return next((one.says for one in self.uncounted if not one.collection.lenses), "")

    @cached_property
    def movers(self) -> Sequence[tuple[Pull, float]]:
        """The claims that contributed most to that move, with their amounts; withheld claims are
        left out."""
        return self._named(self.steps_of_move, MOST_MOVERS)

    @cached_property
    def levels(self) -> Sequence[tuple[Pull, float]]:
        """The levels that were assessed by the day, the latest first, with what they contribute;
        withheld claims are left out."""
        return self._named(self._assessed, MOST_LEVELS)

    @property
    def leading(self) -> Sequence[tuple[Pull, float]]:
        """The claims that contribute most, as many as a finding rests on."""
        return self._largest[:MOST_MOVERS]

    def causes(self) -> list[ListedClaim]:
        """The largest claims, with their details as of the position; withheld claims are left
        out."""
        return self.listed(self._largest)

    def listed(self, shown: Sequence[tuple[Pull, float]]) -> list[ListedClaim]:
        """Add the details of some claims."""
        suffix = f"?as_of={self.params.as_of_text}" if self.params.as_of_text else ""
        return [
            ListedClaim(
                pull=pull,
                amount=amount,
                sheet=self.sheets[pull.claim],
                link=reverse("pages:claim", args=[pull.claim]) + suffix,
            )
            for pull, amount in shown
        ]

    @property
    def most_listed(self) -> int:
        """How many claims the page lists at most."""
        return MOST_WITNESSED if self.params.show == "sources" else MOST_CAUSES

    @cached_property
    def _latest(self) -> Sequence[Pull]:
        """The claims that acted last, of those that began by the day."""
        end = self.day.toordinal()
        begun = (pull for pull in self.pulls if pull.first <= end)
        ordered = sorted(begun, key=lambda one: (-min(one.last, end), -one.first, one.claim))
        return ordered[: states.MOST]

    @cached_property
    def steps_of_move(self) -> Sequence[tuple[Pull, float]]:
        """The acts of that move with their steps, the largest first."""
        pulls = {pull.claim: pull for pull in self.pulls}
        return [(pulls[part.claim], part.amount) for part in (self.move.parts if self.move else ())]

    @cached_property
    def _attacks(self) -> Sequence[tuple[Pull, float]]:
        """The last attacks that last, with 0, as the lists have them."""
        attacks = [
            pull
            for pull in self.acts
            if pull.situation and pull.p >= LEAST_P and pull.value <= LEAST_ASSAULT
        ]
        ordered = sorted(attacks, key=lambda pull: (-pull.last, pull.claim.int))
        return [(pull, 0.0) for pull in ordered[:MOST_ASSAULTS]]

    @cached_property
    def _assessed(self) -> Sequence[tuple[Pull, float]]:
        end = self.day.toordinal()
        assessed = [
            (pull, amount)
            for pull, amount in self.ordered
            if pull.sd is not None and pull.first <= end
        ]
        return sorted(assessed, key=lambda one: (-one[0].first, one[0].claim.int))

    @cached_property
    def _largest(self) -> Sequence[tuple[Pull, float]]:
        every = self.ordered if self.params.show == "sources" else self.events
        return self._named(every, self.most_listed)

    @cached_property
    def _judged(self) -> set[UUID]:
        """The claims at the head of each list of the page."""
        largest = (
            *self.ordered[: self.most_listed],
            *self.events[: self.most_listed],
            *self.steps_of_move[:MOST_MOVERS],
            *self._assessed[:MOST_LEVELS],
            *self._attacks,
        )
        return {pull.claim for pull in (*self._latest, *(pull for pull, _ in largest))}

    @cached_property
    def _withheld(self) -> set[UUID]:
        """Those of them that are withheld, from one query."""
        return disclosure.withheld_claims(
            self._judged, at=self.series.position, reader=Reader.PUBLIC
        )

    def _named(
        self, claims: Sequence[tuple[Pull, float]], most: int
    ) -> Sequence[tuple[Pull, float]]:
        """The first claims that are not withheld."""
        first = claims[:most]
        if not {pull.claim for pull, _ in first} & self._withheld:
            return first
        ids = [pull.claim for pull, _ in claims]
        at = self.series.position
        own = {*disclosure.first_disclosed(ids, at=at, most=most, reader=Reader.PUBLIC)}
        return [claim for claim in claims if claim[0].claim in own]

    @cached_property
    def sheets(self) -> Mapping[UUID, Sheet]:
        """Details of the listed claims, from one query."""
        listed = (*self._largest, *self.movers, *self.levels)
        shown = {pull.claim for pull, _ in listed} | {pull.claim for pull in self.assaults}
        return detail.sheets_at(shown, self.series.position, reader=Reader.PUBLIC)


def read(pair: str, params: PageParams, *, today: date) -> PairContext:
    """Read the series of a page. Without a `day` the score is of the day of `as_of`, or of
    today.

    :raises pairs.NoSuchDirection: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    :raises impacts.CatchingUp:
    """
    direction = pairs.direction_of(pair, params.direction)
    series = pairs.series(pair, direction=direction, lens=params.lens, as_of=params.as_of)
    day = params.day or params.as_of.day() or today
    return PairContext(series=series, params=params, day=day, today=today)
