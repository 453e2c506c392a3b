"""A score explained claim by claim: the contribution of each, and the numbers behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain import state as f
from tracker.domain.casualties import Toll
from tracker.domain.certainty import Step
from tracker.domain.codebooks import Code
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import Representative
from tracker.domain.impacts import STRENGTH, Evaluation, evaluate
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import AssessedLevel, WindowMovement, assessed_level
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, Impact, Pull
from tracker.domain.scoring.moments import Scorer
from tracker.domain.scoring.standing import Standing
from tracker.queries.claims import listing
from tracker.queries.evidence import acting, impacts, what_if
from tracker.queries.evidence.acting import ActingMember
from tracker.queries.evidence.neighbourhood import Neighbourhood
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.scores import lenses, movements
from tracker.queries.scores.pairs import Reading, Series

LEVEL = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPart:
    """What the weight of an impact consists of, in one direction ("RUS>KAZ").

    `toll`: for an assault, the part by its number of dead. `share`: of a meeting of many, or of a
    whole that the claim is part of.
    """

    direction: str
    strength: str
    sector: str
    share: float
    toll: Toll | None = None

    @property
    def weight(self) -> float:
        full = STRENGTH[self.strength] * SECTOR_WEIGHT[self.sector]
        return (full * self.toll.share if self.toll else full) * self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClaim:
    """One claim's contribution: `amount` = p · `impact` · the fraction `left` on the day.

    `step` is the lens's step for the code's value; None for a flow, which weighs the value itself.
    `beside` is the share of the `weight` that counts beside other acts of the pair. `times` is how
    many steps a situation has contributed in its `days` so far; 1 for an act. `chains`: for each
    citation the names of the sources, from publisher to root. A claim that assesses a `level` has
    no code, and its amount follows from what was known of the level then. `acting`: the countries
    of the pair for which it counts because they belong to an organisation.
    """

    claim: UUID
    title: str
    state: f.ClaimState
    amount: float
    first: date
    last: date
    level: AssessedLevel | None
    code: Code | None
    step: float | None
    parts: tuple[WeightPart, ...]
    weight: float
    beside: float
    days: int
    times: float
    p: float
    steps: tuple[Step, ...]
    chains: tuple[tuple[str, ...], ...]
    acting: tuple[ActingMember, ...]

    @property
    def impact(self) -> float:
        value = self.code.value if self.code else None
        unit = value or 0.0 if self.step is None else self.step
        return unit * self.weight * self.beside * self.times

    @property
    def left(self) -> float | None:
        """None for an act without effect, and for an assessed level."""
        given = self.p * self.impact
        return self.amount / given if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """A score: what the `usual` acts of the pair contribute, and the claims, largest first;
    `others` claims are not listed, and together contribute `others_amount`."""

    series: Series
    reading: Reading
    movement: WindowMovement | None
    usual: float
    claims: tuple[ExplainedClaim, ...]
    others: int
    others_amount: float

    @property
    def total(self) -> float:
        claims = sum((claim.amount for claim in self.claims), self.usual)
        return claims + self.others_amount


def explain(
    series: Series, day: date, *, most: int, reader: Reader, since: date | None = None
) -> ScoreExplanation:
    """Explain a score by its largest `most` claims, with the movement since a day.

    :raises movements.NoWindow:
    """
    known = what_if.impacts_of(series)
    pulls = series.lens.pulls(known, series.direction)
    apart = series.scorer.contributions(pulls, day)
    shown, rest = apart.parts[:most], apart.parts[most:]
    evidence = _evidence(series, known, pulls, {part.claim for part in shown}, reader)
    return ScoreExplanation(
        series=series,
        reading=series.on(day),
        movement=movements.of_pulls(series, pulls, day, since=since),
        usual=apart.usual,
        claims=tuple(_explained(evidence, part, day) for part in shown),
        others=len(rest),
        others_amount=sum(part.amount for part in rest),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What the claims are explained from, as of the position of the series."""

    series: Series
    pulls: Mapping[UUID, Pull]
    weighed: Mapping[UUID, float]
    impacts: Mapping[UUID, list[Impact]]
    states: Mapping[UUID, f.ClaimState]
    titles: Mapping[UUID, str]
    evaluations: Mapping[UUID, Evaluation]
    names: Mapping[UUID, str]
    acting: Mapping[Representative, ActingMember]


def _evidence(
    series: Series,
    known: Sequence[Impact],
    pulls: Sequence[Pull],
    wanted: set[UUID],
    reader: Reader,
) -> _Evidence:
    absent = what_if.absence_of(series)
    snapshot = AlteredSnapshot(series.position, absence=absent, reader=reader)
    around = Neighbourhood(snapshot, series.lens.lens.view)
    altered = snapshot.all(wanted, f.ClaimState)
    evaluations = {key: evaluate(state, around.around(state)) for key, state in altered.items()}
    of_claims: dict[UUID, list[Impact]] = {key: [] for key in wanted}
    for impact in known:
        if impact.claim in wanted:
            of_claims[impact.claim].append(impact)
    sources = {
        source for each in evaluations.values() for step in each.steps for source in step.sources
    }
    members = (one for each in evaluations.values() for one in each.acting)
    return _Evidence(
        series=series,
        pulls={pull.claim: pull for pull in pulls if pull.claim in wanted},
        weighed={pull.claim: pull.weight for pull in _weighed(series.scorer, pulls)},
        impacts=of_claims,
        states=states.claims(wanted, at=series.position),
        titles=listing.titles(wanted, at=series.position, reader=reader),
        evaluations=evaluations,
        names=states.names(states.records(sources, at=series.position), at=series.position),
        acting=acting.named(members, position=series.position),
    )


def _weighed(scorer: Scorer, pulls: Sequence[Pull]) -> Sequence[Pull]:
    """The pulls with the weights that they have beside others, of a model that states them."""
    return scorer.weighed(pulls) if isinstance(scorer, Standing) else pulls


def _explained(evidence: _Evidence, part: moments.Part, day: date) -> ExplainedClaim:
    key = part.claim
    pull, state, lens = evidence.pulls[key], evidence.states[key], evidence.series.lens
    evaluation, is_level = evidence.evaluations[key], lens.lens.model == LEVEL
    return ExplainedClaim(
        claim=key,
        title=evidence.titles[key],
        state=state,
        amount=part.amount,
        first=date.fromordinal(pull.first),
        last=date.fromordinal(pull.last),
        level=assessed_level(pull),
        code=codebooks.find(state.claim.code or "") if pull.sd is None else None,
        step=step_of(lens, pull.value) if is_level and pull.sd is None else None,
        parts=tuple(_parts(evidence, key)) if pull.sd is None else (),
        weight=pull.weight,
        beside=evidence.weighed[key] / pull.weight if pull.weight else 1.0,
        days=len(_days(pull, day)),
        times=_times(evidence.series, pull, day),
        p=pull.p,
        steps=evaluation.steps,
        chains=tuple(
            tuple(evidence.names.get(source) or "[name withheld]" for source in step.sources)
            for step in evaluation.certainty.steps
            if step.sources
        ),
        acting=tuple(_acting(evidence, key)),
    )


def _acting(evidence: _Evidence, claim: UUID) -> Iterator[ActingMember]:
    """The memberships that give a claim its impacts in the series."""
    initiators = {
        impact.initiator
        for impact in evidence.impacts[claim]
        if evidence.series.direction
        in (
            f"{impact.initiator}>{impact.recipient}",
            evidence.series.pair,
        )
    }
    for one in evidence.evaluations[claim].acting:
        if evidence.acting[one].initiator in initiators:
            yield evidence.acting[one]


def step_of(lens: LensVersion, value: float) -> float:
    """Return a level lens's step for a code's value: what one full and certain act of a government
    adds to a level of 0."""
    model = lens.model.read(lens.lens.parameters)
    pull = Pull(
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
    return sum(part.amount for part in model.contributions([pull], date.fromordinal(2)).parts)


def _parts(evidence: _Evidence, claim: UUID) -> Iterator[WeightPart]:
    """The directions of a claim that are in the series, and the weight of each."""
    state = evidence.states[claim]
    strength = state.claim.strength.grade if state.claim.strength else "full"
    toll = evidence.evaluations[claim].toll
    full = STRENGTH[strength] * toll.share if toll else STRENGTH[strength]
    admitted = evidence.series.lens.lens.sectors
    for impact in evidence.impacts[claim]:
        sectors = [sector for sector in impact.sectors if not admitted or sector in admitted]
        direction = f"{impact.initiator}>{impact.recipient}"
        if sectors and evidence.series.direction in (direction, evidence.series.pair):
            yield WeightPart(
                direction=direction,
                strength=strength,
                sector=max(sorted(sectors), key=lambda sector: SECTOR_WEIGHT[sector]),
                share=impact.weight / full,
                toll=toll,
            )


def _days(pull: Pull, day: date) -> range:
    """The days on which a claim has contributed so far, as ordinals."""
    return range(pull.first, min(pull.last, day.toordinal()) + 1)


def _times(series: Series, pull: Pull, day: date) -> float:
    """How many steps a situation has contributed to a level so far, a fraction each day.

    A flow lets each day fade separately, so there a situation counts as a whole.
    """
    if not pull.situation or series.lens.lens.model != LEVEL:
        return 1.0
    parameters = series.lens.lens.parameters
    days = _days(pull, day)
    fade = moments.powers(float(parameters["situation_fade"]), upto=days.stop - pull.first)
    daily = (fade[each - pull.first] if pull.fades else 1.0 for each in days)
    times = sum(daily) / float(parameters["situation_days"])
    most = float(parameters.get("situation_steps", "0"))
    return min(times, most) if most and pull.fades else times


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A claim's evaluation in a view, with the names of the lenses that use the view, and of the
    countries for which organisations act."""

    lenses: str
    evaluation: Evaluation
    acting: tuple[ActingMember, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether a verdict moved p after the last step."""
        return self.evaluation.p != self.evaluation.certainty.p


def effects(claim_id: UUID, *, reader: Reader, as_of: At) -> list[Effect]:
    """Return a claim's evaluation in every view of a lens in force, as known at a moment.

    :raises AheadOfLog: for a moment after the head.
    """
    position = as_of.position
    names_by_view: dict[str, list[str]] = {}
    views = {}
    for lens in lenses.latest():
        names_by_view.setdefault(lens.lens.view.id, []).append(lens.lens.name)
        views[lens.lens.view.id] = lens.lens.view
    effects_found = []
    for key, names in names_by_view.items():
        evaluation = impacts.evaluation(claim_id, views[key], position=position, reader=reader)
        if evaluation is not None:
            members = acting.named(evaluation.acting, position=position)
            effects_found.append(
                Effect(
                    lenses=", ".join(names), evaluation=evaluation, acting=tuple(members.values())
                )
            )
    return effects_found
