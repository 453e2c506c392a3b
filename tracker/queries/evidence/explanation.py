"""A score told claim by claim: what each gives, and every number that it is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain import codebooks, scoring
from tracker.domain import state as f
from tracker.domain.certainty import Step
from tracker.domain.codebooks import Code
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import STRENGTH, Evaluation, evaluate
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, Impact, Pull
from tracker.queries.claims import listing
from tracker.queries.evidence import impacts, what_if
from tracker.queries.evidence.neighbourhood import Neighbourhood
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Reading, Series

LEVEL = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the weight of an impact is made of, in one direction ("RUS>KAZ").

    `share`: of a meeting of many, or of a whole of which the claim is a part.
    """

    direction: str
    strength: str
    sector: str
    share: float

    @property
    def weight(self) -> float:
        return STRENGTH[self.strength] * SECTOR_WEIGHT[self.sector] * self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClaim:
    """One claim's contribution: `amount` = p · `impact` · what is `left` of it on the day.

    `step` is that of the lens for the code's value; a flow has none, and weighs the value. `times`
    is how many steps a situation has given in its `days` so far; an act gives one. `chains`: of
    each citation the sources' names, from the publisher to the root.
    """

    claim: UUID
    title: str
    state: f.ClaimState
    amount: float
    first: date
    last: date
    code: Code
    step: float | None
    parts: tuple[Part, ...]
    weight: float
    days: int
    times: float
    p: float
    steps: tuple[Step, ...]
    chains: tuple[tuple[str, ...], ...]

    @property
    def impact(self) -> float:
        unit = self.code.value or 0.0 if self.step is None else self.step
        return unit * self.weight * self.times

    @property
    def left(self) -> float | None:
        """None of an act without effect, of which nothing can be left."""
        given = self.p * self.impact
        return self.amount / given if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """A score, what is left of the start, and the claims, largest first; `others` are those that
    were not told one by one, and `others_amount` is what they give together."""

    series: Series
    reading: Reading
    start: float
    told: tuple[ExplainedClaim, ...]
    others: int
    others_amount: float

    @property
    def total(self) -> float:
        return sum((one.amount for one in self.told), self.start) + self.others_amount


def explain(series: Series, day: date, *, most: int, reader: Reader) -> ScoreExplanation:
    """Tell a score by its largest `most` claims."""
    apart = what_if.explanation(series, day)
    shown, rest = apart.parts[:most], apart.parts[most:]
    ground = _ground(series, {one.claim for one in shown}, reader)
    return ScoreExplanation(
        series=series,
        reading=series.on(day),
        start=apart.start,
        told=tuple(_told(ground, one, day) for one in shown),
        others=len(rest),
        others_amount=sum(one.amount for one in rest),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """All that claims are told from, as of the position of the series."""

    series: Series
    pulls: Mapping[UUID, Pull]
    impacts: Mapping[UUID, list[Impact]]
    states: Mapping[UUID, f.ClaimState]
    titles: Mapping[UUID, str]
    evaluations: Mapping[UUID, Evaluation]
    names: Mapping[UUID, str]


def _ground(series: Series, wanted: set[UUID], reader: Reader) -> _Ground:
    snapshot = AlteredSnapshot(series.position, absence=what_if.absent(series))
    around = Neighbourhood(snapshot, series.lens.lens.view)
    found = snapshot.all(wanted, f.ClaimState)
    evaluations = {key: evaluate(one, around.around(one)) for key, one in found.items()}
    known = [one for one in what_if.known(series) if one.claim in wanted]
    pulls = series.lens.pulls(known, series.direction)
    sources = {
        source for each in evaluations.values() for step in each.steps for source in step.sources
    }
    named = states.names(states.records(sources, at=series.position), at=series.position)
    return _Ground(
        series=series,
        pulls={one.claim: one for one in pulls},
        impacts={key: [one for one in known if one.claim == key] for key in wanted},
        states=states.claims(wanted, at=series.position),
        titles=listing.titles(wanted, at=series.position, reader=reader),
        evaluations=evaluations,
        names=named,
    )


def _told(ground: _Ground, part: moments.Part, day: date) -> ExplainedClaim:
    key = part.claim
    pull, state, lens = ground.pulls[key], ground.states[key], ground.series.lens
    evaluation = ground.evaluations[key]
    return ExplainedClaim(
        claim=key,
        title=ground.titles[key],
        state=state,
        amount=part.amount,
        first=date.fromordinal(pull.first),
        last=date.fromordinal(pull.last),
        code=codebooks.find(state.claim.code or ""),
        step=step_of(lens, pull.value) if lens.lens.model == LEVEL else None,
        parts=tuple(_parts(ground, key)),
        weight=pull.weight,
        days=len(_days(ground.series, pull, day)),
        times=_times(ground.series, pull, day),
        p=pull.p,
        steps=evaluation.steps,
        chains=tuple(
            tuple(ground.names.get(source) or "[name withheld]" for source in step.sources)
            for step in evaluation.certainty.steps
            if step.sources
        ),
    )


def step_of(lens: LensVersion, value: float) -> float:
    """The step of a level's lens for a code's value: what one full and certain act of a
    government does to a level of 0."""
    model = scoring.MODELS[lens.lens.model].read(lens.lens.parameters)
    one = Pull(
        claim=UUID(int=0),
        first=2,
        last=2,
        situation=False,
        fades=False,
        value=value,
        weight=1.0,
        p=1.0,
        roots=(),
        state_roots=(),
    )
    return sum(part.amount for part in model.contributions([one], date.fromordinal(2)).parts)


def _parts(ground: _Ground, claim: UUID) -> Iterator[Part]:
    """The directions of a claim that are in the series, and what each one's weight is made of."""
    state = ground.states[claim]
    strength = state.claim.strength.grade if state.claim.strength else "full"
    admitted = ground.series.lens.lens.sectors
    for one in ground.impacts[claim]:
        heard = [sector for sector in one.sectors if not admitted or sector in admitted]
        direction = f"{one.initiator}>{one.recipient}"
        if heard and ground.series.direction in (direction, ground.series.pair):
            yield Part(
                direction=direction,
                strength=strength,
                sector=max(sorted(heard), key=lambda sector: SECTOR_WEIGHT[sector]),
                share=one.weight / STRENGTH[strength],
            )


def _days(series: Series, pull: Pull, day: date) -> range:
    """The days on which a claim has acted so far, as ordinals; an anchor outdoes those before."""
    since = max(pull.first, _anchored(series) + 1)
    return range(since, min(pull.last, day.toordinal()) + 1)


def _times(series: Series, pull: Pull, day: date) -> float:
    """How many steps a situation has given to a level so far, a part of one each day.

    A flow forgets each of the days apart, so there a situation is told as a whole.
    """
    if not pull.situation or series.lens.lens.model != LEVEL:
        return 1.0
    parameters = series.lens.lens.parameters
    days = _days(series, pull, day)
    fade = moments.powers(float(parameters["situation_fade"]), upto=days.stop - pull.first)
    worth = (fade[each - pull.first] if pull.fades else 1.0 for each in days)
    return sum(worth) / float(parameters["situation_days"])


def _anchored(series: Series) -> int:
    """The day up to which an anchor has said all there is; 0 without one."""
    return series.anchor.day.toordinal() if series.anchor else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A claim's evaluation in a view, which goes by the names of the lenses that look through."""

    lenses: str
    evaluation: Evaluation

    @property
    def judged(self) -> bool:
        """Whether a verdict moved p after the last step."""
        return self.evaluation.p != self.evaluation.certainty.p


def effects(claim_id: UUID, *, reader: Reader, as_of: At) -> list[Effect]:
    """Give a claim's effect in every view of a lens in force, as known at a moment.

    :raises AheadOfLog: for a moment after the head.
    """
    position = as_of.position
    looking: dict[str, list[str]] = {}
    views = {}
    for one in lenses.latest():
        looking.setdefault(one.lens.view.id, []).append(one.lens.name)
        views[one.lens.view.id] = one.lens.view
    found = []
    for key, names in looking.items():
        evaluation = impacts.evaluation(claim_id, views[key], position=position, reader=reader)
        if evaluation is not None:
            found.append(Effect(lenses=", ".join(names), evaluation=evaluation))
    return found
