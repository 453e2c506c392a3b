"""A claim as it stands becomes its impacts on directed pairs of countries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain import certainty, evidence, likelihood
from tracker.domain.certainty import Certainty, Step, testimonies
from tracker.domain.codebooks import Code
from tracker.domain.events import VerdictGiven
from tracker.domain.evidence import (
    Meeting,
    Period,
    Silent,
    Surroundings,
    Whole,
    counts,
    meetings,
    pairs_of,
)
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, Impact
from tracker.domain.state import ClaimState

STRENGTH: dict[str, float] = {"weak": 0.3, "partial": 0.6, "full": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a claim does in a view, and why: its p step by step, and its impacts or the reason
    that there are none.

    `p` is that of the claim as a whole, after the verdict on all of it; a verdict for some
    parties only is in the p of their impacts.
    """

    p: float
    certainty: Certainty
    steps: tuple[Step, ...]
    impacts: tuple[Impact, ...]
    silent_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What a claim says was done, when, and between whom."""

    code: Code
    span: evidence.Span
    meetings: tuple[Meeting, ...]


def evaluate(state: ClaimState, around: Surroundings) -> Evaluation:
    """Give a claim's p and its impacts, or the reason that it has none."""
    code = evidence.code_of(state.claim)
    sure = certainty.weigh(
        testimonies(
            around,
            speech=code is not None and code.speech,
            period=evidence.period(state.claim, cited=_cited(around)),
        ),
        likelihood=likelihood.midpoint(state.claim.likelihood),
    )
    verdicts = _verdicts(around.cluster)
    whole = _deciding(verdicts, frozenset())
    try:
        impacts = _impacts(state, around, sure, verdicts)
        why = "" if impacts else _why_none(sure)
    except Silent as reason:
        impacts, why = (), str(reason)
    return Evaluation(
        p=certainty.judged(sure, whole),
        certainty=sure,
        steps=(*sure.steps, *([certainty.verdict_step(sure, whole)] if whole else [])),
        impacts=impacts,
        silent_because=why,
    )


def _cited(around: Surroundings) -> list[date]:
    return evidence.cited_on(around.cluster, around.documents)


def _verdicts(cluster: Iterable[ClaimState]) -> list[VerdictGiven]:
    """The verdicts on any of the claims, in the order in which they were given."""
    given = [pair for one in cluster for pair in zip(one.judged_at, one.verdicts, strict=True)]
    return [verdict for _, verdict in sorted(given, key=lambda pair: pair[0])]


def _deciding(verdicts: Sequence[VerdictGiven], involved: frozenset[UUID]) -> VerdictGiven | None:
    """The last verdict that applies: one for some parties applies only where one is involved.

    `unverifiable` leaves p as it is, so it also leaves the verdict before it in force.
    """
    applying = [
        one
        for one in verdicts
        if one.verdict != "unverifiable" and (not one.parties or involved & set(one.parties))
    ]
    return applying[-1] if applying else None


def _why_none(sure: Certainty) -> str:
    if sure.roots:
        return "its p is 0: it was judged false, or outweighed by denials"
    return "its p is 0: nothing that counts in this view supports it"


def _impacts(
    state: ClaimState, around: Surroundings, sure: Certainty, verdicts: Sequence[VerdictGiven]
) -> tuple[Impact, ...]:
    act = _act(state, around)
    roots = {root: around.sources[root].source.state_owned for root in sure.roots}
    strength = STRENGTH[state.claim.strength.grade if state.claim.strength else "full"]
    found = []
    for meeting in act.meetings:
        p, sectors = _surest(meeting, sure, verdicts)
        if p > 0:
            impact = Impact(
                claim=state.id,
                initiator=around.code(meeting.initiator),
                recipient=around.code(meeting.recipient),
                first=act.span.first,
                last=act.span.last,
                situation=state.claim.kind == "situation",
                fades=not act.code.assault,
                value=act.code.value or 0.0,
                weight=strength * meeting.share / _parts_on(meeting, around),
                sectors=sectors,
                p=p,
                roots=tuple(roots),
                state_roots=tuple(root for root, owned in roots.items() if owned),
            )
            found.append(impact)
    return tuple(sorted(found, key=lambda impact: (impact.initiator, impact.recipient)))


def _act(state: ClaimState, around: Surroundings) -> _Act:
    """What the claim says was done.

    :raises Silent: where it says nothing that counts.
    """
    claim = state.claim
    if reason := counts(
        state, view=around.view, collection=around.collections[claim.collection]
    ) or _not_the_one(state, around):
        raise Silent(reason)
    code = evidence.scoring_code(claim)
    span = evidence.span(claim, cited=_cited(around))
    found = tuple(meetings(claim, around, Period(span.since, span.last)))
    if not found:
        raise Silent("it is not between two countries")
    return _Act(code=code, span=span, meetings=found)


def _not_the_one(state: ClaimState, around: Surroundings) -> str:
    """Why another claim counts in this one's place, if one does."""
    if around.superseded:
        return "a later claim supersedes it"
    if around.cluster[0].id != state.id:
        return f"it is the same as {around.cluster[0].id}, which counts for both"
    wholes = (whole.claim for whole in around.wholes)
    if any(one.claim.kind == "situation" and pairs_of(one, around) for one in wholes):
        return "it is an instance of a situation, which counts already"
    return ""


def _surest(
    meeting: Meeting, sure: Certainty, verdicts: Sequence[VerdictGiven]
) -> tuple[float, tuple[str, ...]]:
    """The p of one country's act towards another, and the sectors it came from.

    Verdicts for some parties can leave each way in which the two meet another p: what was judged
    false of one initiator is still true of the next. The way that weighs most counts.
    """
    ways: dict[float, set[str]] = {}
    for one in meeting.initiators:
        for other in meeting.recipients:
            involved = frozenset({one.party, one.country, other.party, other.country})
            p = certainty.judged(sure, _deciding(verdicts, involved))
            ways.setdefault(p, set()).add(one.sector)
    p = max(sorted(ways), key=lambda p: p * max(SECTOR_WEIGHT[one] for one in ways[p]))
    return p, tuple(sorted(ways[p]))


def _parts_on(meeting: Meeting, around: Surroundings) -> int:
    """How many parts of the same whole share this pair, this claim among them."""
    return max([1, *(_sharing(meeting.countries, whole, around) for whole in around.wholes)])


def _sharing(pair: frozenset[UUID], whole: Whole, around: Surroundings) -> int:
    return sum(pair in pairs_of(part, around) for part in whole.parts)
