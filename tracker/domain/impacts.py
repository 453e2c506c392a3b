"""A claim in its current state becomes its impacts on directed pairs of countries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from tracker.domain import evidence
from tracker.domain.certainty import (
    Certainty,
    Step,
    certainty_of,
    p_after_verdict,
    verdict_step,
)
from tracker.domain.claims import Claim, Magnitude
from tracker.domain.codebooks import Code
from tracker.domain.events import VerdictGiven
from tracker.domain.evidence import (
    EVER,
    Interaction,
    NoImpact,
    Representative,
    Surroundings,
    Whole,
    interactions,
    pairs_of,
    why_not_counted,
)
from tracker.domain.memberships import Period
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, Impact
from tracker.domain.state import ClaimState
from tracker.domain.testimonies import testimonies

STRENGTH: dict[str, float] = {"weak": 0.3, "partial": 0.6, "full": 1.0}
# The units of a number of dead.
UNITS = frozenset({"death", "deaths", "dead", "killed", "fatality", "fatalities"})


class Toll(NamedTuple):
    """The share of a code's full weight that a number of dead gives, and the number in words."""

    share: float
    says: str


# Each class lowers the value by about one: on the default scale a value of -10 moves a level by -6,
# -9 by -4, -8 by -1.5 and -7 by -.7.
_CLASSES: tuple[tuple[Decimal, Toll], ...] = (
    (Decimal(1000), Toll(1.0, "1,000 dead or more")),
    (Decimal(25), Toll(0.67, "25 to 999 dead")),
    (Decimal(1), Toll(0.25, "1 to 24 dead")),
    (Decimal(0), Toll(0.12, "nobody killed")),
)
_UNKNOWN = Toll(1.0, "number of dead not given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The result of a claim in a view: its p step by step, and its impacts or the reason why it has
    none.

    `p` is that of the whole claim, after the verdict on all of it. A verdict for some parties only
    is in the p of their impacts. `toll`: for an assault, the share of its weight by its number of
    dead, which is part of the weights; None for other acts. `acting`: the countries whose impacts
    follow from memberships in initiating organisations.
    """

    p: float
    certainty: Certainty
    steps: tuple[Step, ...]
    impacts: tuple[Impact, ...]
    silent_because: str
    toll: Toll | None = None
    acting: tuple[Representative, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """The act of a claim: what, when, and between whom."""

    code: Code
    span: evidence.Span
    interactions: tuple[Interaction, ...]


def evaluate(state: ClaimState, around: Surroundings) -> Evaluation:
    """Calculate the p of a claim and its impacts, or the reason why it has none."""
    code = evidence.code_of(state.claim)
    cited = testimonies(
        around,
        speech=code is not None and code.speech,
        period=evidence.period(state.claim, cited=_cited(around)),
    )
    certainty = certainty_of(state.claim, cited, around)
    verdicts = _verdicts(around.cluster)
    verdict = _decisive(verdicts, frozenset())
    try:
        impacts = _impacts(state, around, certainty, verdicts)
        silent_because = "" if impacts else _no_impact_reason(certainty)
    except NoImpact as reason:
        impacts, silent_because = (), str(reason)
    return Evaluation(
        p=p_after_verdict(certainty, verdict),
        certainty=certainty,
        steps=(*certainty.steps, *([verdict_step(certainty, verdict)] if verdict else [])),
        impacts=impacts,
        silent_because=silent_because,
        toll=toll_of(state.claim, code) if impacts else None,
        acting=_acting(state, around) if impacts else (),
    )


def _acting(state: ClaimState, around: Surroundings) -> tuple[Representative, ...]:
    """The members for which organisations act in a claim, once for each organisation."""
    initiators = state.claim.actors("initiator")
    if not around.members(initiators, EVER):
        return ()
    found = (one for act in _act(state, around).interactions for one in act.initiators)
    return tuple(dict.fromkeys(one for one in found if one.membership))


def toll_of(claim: Claim, code: Code | None) -> Toll | None:
    """Return the share of its weight that an assault has by its number of dead; None for other
    acts.

    The number is the claim's magnitude, in `UNITS`. Without one the weight is the full one.
    """
    if code is None or not code.assault:
        return None
    dead = _dead(claim.magnitude)
    if dead is None:
        return _UNKNOWN
    return next(toll for least, toll in _CLASSES if dead >= least)


def _dead(magnitude: Magnitude | None) -> Decimal | None:
    """The number of dead; None if the claim measures something else, a change, or nothing."""
    if magnitude is None or magnitude.change or magnitude.value < 0:
        return None
    return magnitude.value if magnitude.unit.strip().casefold() in UNITS else None


def _cited(around: Surroundings) -> list[date]:
    return evidence.cited_on(around.cluster, around.documents)


def _verdicts(cluster: Iterable[ClaimState]) -> list[VerdictGiven]:
    """All verdicts on the claims, in the order in which they were given."""
    positioned = [
        pair for state in cluster for pair in zip(state.judged_at, state.verdicts, strict=True)
    ]
    return [verdict for _, verdict in sorted(positioned, key=lambda pair: pair[0])]


def _decisive(verdicts: Sequence[VerdictGiven], involved: frozenset[UUID]) -> VerdictGiven | None:
    """The last verdict that applies. One for some parties applies if one of them is involved.

    An unverifiable verdict leaves p unchanged, so the verdict before it stays in force.
    """
    applying = [
        verdict
        for verdict in verdicts
        if verdict.verdict != "unverifiable"
        and (not verdict.parties or involved & set(verdict.parties))
    ]
    return applying[-1] if applying else None


def _no_impact_reason(certainty: Certainty) -> str:
    if certainty.roots:
        return "its p is 0: it was judged false, or outweighed by denials"
    return "its p is 0: nothing that counts in this view supports it"


def _impacts(
    state: ClaimState, around: Surroundings, certainty: Certainty, verdicts: Sequence[VerdictGiven]
) -> tuple[Impact, ...]:
    if state.claim.kind == "level":
        return _levels(state, around, certainty, verdicts)
    act = _act(state, around)
    state_roots = _state_owned(certainty, around)
    full, situation = _full_weight(state.claim, act), state.claim.kind == "situation"
    impacts = []
    for interaction in act.interactions:
        p, sectors = _weightiest(interaction, certainty, verdicts)
        if p > 0:
            days = _days(act.span, interaction) if situation else act.span
            impact = Impact(
                claim=state.id,
                initiator=around.code(interaction.initiator),
                recipient=around.code(interaction.recipient),
                first=days.first,
                last=days.last,
                situation=situation,
                fades=not act.code.assault,
                value=act.code.value or 0.0,
                weight=full * interaction.share / _parts_on(interaction, around),
                sectors=sectors,
                p=p,
                roots=certainty.roots,
                state_roots=state_roots,
                code=state.claim.code or "",
            )
            impacts.append(impact)
    return tuple(sorted(impacts, key=lambda impact: (impact.initiator, impact.recipient)))


def _state_owned(certainty: Certainty, around: Surroundings) -> tuple[UUID, ...]:
    """The roots of a claim that a state owns."""
    return tuple(root for root in certainty.roots if around.sources[root].source.state_owned)


def _full_weight(claim: Claim, act: _Act) -> float:
    """The weight of an act before it is shared: its strength, and its number of dead."""
    strength = STRENGTH[claim.strength.grade if claim.strength else "full"]
    toll = toll_of(claim, act.code)
    return strength * toll.share if toll else strength


def _days(span: evidence.Span, interaction: Interaction) -> Period:
    """The days of a situation on which an initiator takes part."""
    own = interaction.days
    return Period(max(span.first, own.first), min(span.last, own.last))


def _levels(
    state: ClaimState, around: Surroundings, certainty: Certainty, verdicts: Sequence[VerdictGiven]
) -> tuple[Impact, ...]:
    """The assessed level of a pair, in both directions. `first` is the day at whose close it
    applies."""
    if reason := _not_counted(state, around):
        raise NoImpact(reason)
    p = p_after_verdict(certainty, _decisive(verdicts, frozenset()))
    day = evidence.level_day(state.claim, cited=_cited(around))
    level, ends = state.claim.level, _countries_of(state.claim, around)
    if level is None or ends is None:
        raise NoImpact("it is not about two countries")
    return tuple(
        Impact(
            claim=state.id,
            initiator=initiator,
            recipient=recipient,
            first=day,
            last=day,
            situation=False,
            fades=False,
            value=level.mean,
            weight=1.0,
            sectors=(),
            p=p,
            roots=certainty.roots,
            state_roots=_state_owned(certainty, around),
            code=level.rung or "",
            sd=level.doubt,
        )
        for initiator, recipient in (ends, ends[::-1])
        if p > 0
    )


def _countries_of(claim: Claim, around: Surroundings) -> tuple[str, str] | None:
    """The codes of the two countries that a claim is about; None if it is about others."""
    parties = claim.actors("about")
    states = [party for party in parties if around.actors[party].kind == "state"]
    if len(parties) != 2 or len({*states}) != 2:
        return None
    first, second = sorted(map(around.code, states))
    return first, second


def _act(state: ClaimState, around: Surroundings) -> _Act:
    """The act of the claim.

    :raises NoImpact: if the claim has none that counts.
    """
    claim = state.claim
    if reason := _not_counted(state, around):
        raise NoImpact(reason)
    code = evidence.scoring_code(claim)
    span = evidence.span(claim, cited=_cited(around))
    found = tuple(interactions(claim, around, Period(span.since, span.last)))
    if not found:
        raise NoImpact("it is not between two countries")
    return _Act(code=code, span=span, interactions=found)


def _not_counted(state: ClaimState, around: Surroundings) -> str:
    """The reason why a claim does not count in the view; empty if it does."""
    collection = around.collections[state.claim.collection]
    alone = why_not_counted(state, view=around.view, collection=collection)
    return alone or _replaced_by(state, around)


def _replaced_by(state: ClaimState, around: Surroundings) -> str:
    """The reason why another claim counts instead of this one; empty if none does."""
    if around.superseded:
        return "a later claim supersedes it"
    if around.cluster[0].id != state.id:
        return f"it is the same as {around.cluster[0].id}, which counts for both"
    wholes = (whole.claim for whole in around.wholes)
    if any(whole.claim.kind == "situation" and pairs_of(whole, around) for whole in wholes):
        return "it is an instance of a situation, which counts already"
    return ""


def _weightiest(
    interaction: Interaction, certainty: Certainty, verdicts: Sequence[VerdictGiven]
) -> tuple[float, tuple[str, ...]]:
    """The p of one country's act towards another, and the sectors of its initiators.

    Verdicts for some parties can give each combination of parties another p. The one with the most
    weight counts.
    """
    sectors_by_p: dict[float, set[str]] = {}
    for initiator in interaction.initiators:
        for recipient in interaction.recipients:
            involved = frozenset(
                {initiator.party, initiator.country, recipient.party, recipient.country}
            )
            p = p_after_verdict(certainty, _decisive(verdicts, involved))
            sectors_by_p.setdefault(p, set()).add(initiator.sector)
    p = max(
        sorted(sectors_by_p),
        key=lambda p: p * max(SECTOR_WEIGHT[sector] for sector in sectors_by_p[p]),
    )
    return p, tuple(sorted(sectors_by_p[p]))


def _parts_on(interaction: Interaction, around: Surroundings) -> int:
    """How many parts of the same whole share this pair, including this claim."""
    return max([1, *(_sharing(interaction.countries, whole, around) for whole in around.wholes)])


def _sharing(pair: frozenset[UUID], whole: Whole, around: Surroundings) -> int:
    return sum(pair in pairs_of(part, around) for part in whole.parts)
