"""A score explained claim by claim: the contribution of each, and the numbers behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain import state as f
from tracker.domain.certainty import Step
from tracker.domain.codebooks import Code
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import Representative
from tracker.domain.impacts import STRENGTH, Evaluation, Toll, evaluate
from tracker.domain.movements import AssessedLevel, WindowMovement, assessed_level
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, Impact, Pull, is_war
from tracker.domain.scoring.level import Level
from tracker.queries.claims import listing
from tracker.queries.evidence import acting, impacts, what_if
from tracker.queries.evidence.acting import ActingMember
from tracker.queries.evidence.record import Neighbourhood
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.scores import lenses, movements
from tracker.queries.scores.pairs import Reading, Series


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

    `step` is what a full and certain act of its class adds to a level of 0, and `monthly` what each
    month of a `war` adds to that; None for a flow, which weighs the value of the code. Less is
    left where later acts took from it, or where a larger act of the month counts instead. `chains`:
    for each citation the names of the sources, from publisher to root. A claim that assesses a
    `level` has no code, and its amount follows from what was known of the level then. `acting`: the
    countries of the pair for which it counts because they belong to an organisation. `part`: what
    the scorer says of it.
    """

    claim: UUID
    title: str
    state: f.ClaimState
    part: moments.Part
    first: date
    last: date
    level: AssessedLevel | None
    code: Code | None
    step: float | None
    monthly: float | None
    parts: tuple[WeightPart, ...]
    weight: float
    war: bool
    p: float
    steps: tuple[Step, ...]
    chains: tuple[tuple[str, ...], ...]
    acting: tuple[ActingMember, ...]

    @property
    def amount(self) -> float:
        return self.part.amount

    @property
    def impact(self) -> float:
        value = self.code.value if self.code else None
        unit = value or 0.0 if self.step is None else self.step
        return unit * self.weight

    @property
    def left(self) -> float | None:
        """None for an act without effect, an assessed level, and a war."""
        given = self.p * self.impact
        return self.amount / given if given and not self.war else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """A score: what nobody reported contributes, and the claims, largest first; `others` claims are
    not listed, and together contribute `others_amount`."""

    series: Series
    reading: Reading
    movement: WindowMovement | None
    unreported: float
    claims: tuple[ExplainedClaim, ...]
    others: int
    others_amount: float

    @property
    def total(self) -> float:
        claims = sum((claim.amount for claim in self.claims), self.unreported)
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
        unreported=apart.unreported,
        claims=tuple(_explained(evidence, part) for part in shown),
        others=len(rest),
        others_amount=sum(part.amount for part in rest),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What the claims are explained from, as of the position of the series."""

    series: Series
    pulls: Mapping[UUID, Pull]
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
        impacts=of_claims,
        states=states.claims(wanted, at=series.position),
        titles=listing.titles(wanted, at=series.position, reader=reader),
        evaluations=evaluations,
        names=states.names(states.records(sources, at=series.position), at=series.position),
        acting=acting.named(members, position=series.position),
    )


def _explained(evidence: _Evidence, part: moments.Part) -> ExplainedClaim:
    key = part.claim
    pull, state = evidence.pulls[key], evidence.states[key]
    scorer = evidence.series.scorer
    level = scorer if isinstance(scorer, Level) and pull.sd is None else None
    evaluation = evidence.evaluations[key]
    return ExplainedClaim(
        claim=key,
        title=evidence.titles[key],
        state=state,
        part=part,
        first=date.fromordinal(pull.first),
        last=date.fromordinal(pull.last),
        level=assessed_level(pull),
        code=codebooks.find(state.claim.code or "") if pull.sd is None else None,
        step=level.step_of(pull) if level else None,
        monthly=level.month_of_war if level and is_war(pull) else None,
        parts=tuple(_parts(evidence, key)) if pull.sd is None else (),
        weight=pull.weight,
        war=is_war(pull),
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
