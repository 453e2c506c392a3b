"""What a claim that is not on record would do: its p, the pairs that it would move from what to
what, and the claims that may say it already. Nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tracker import log
from tracker.domain import acts
from tracker.domain import folding as f
from tracker.domain.claims import Claim
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import LensVersion, View, pair_of
from tracker.domain.meetings import meetings
from tracker.domain.scoring.evidence import Impact
from tracker.domain.surroundings import Surroundings
from tracker.queries import duplicates, impacts, lenses, otherwise
from tracker.queries.altered import Altered
from tracker.queries.duplicates import Duplicate, Pair
from tracker.queries.impacts import CatchingUp
from tracker.queries.neighbourhood import Neighbourhood
from tracker.queries.pairs import Reading, Series

# A claim between groups may touch hundreds of pairs; so many are worked out.
MOST_PAIRS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The draft's evaluation in a view, which goes by the lenses that look through it."""

    lenses: tuple[str, ...]
    evaluation: Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The score at the end of a day as it is, and as it would be."""

    day: date
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A series that would move: on the draft's own day and today."""

    pair: str
    direction: str
    lens: str
    scored_through: int
    on: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """As of a position; `left_out` pairs are too many to be worked out."""

    as_of: int
    effects: tuple[Effect, ...]
    moves: tuple[Move, ...]
    left_out: int
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """The record with the draft in it, and the claims on record that it may change."""

    state: f.ClaimState
    snapshot: Altered
    concerned: set[UUID]


def preview(claim: Claim, *, claim_id: UUID, today: date) -> Preview:
    """Say what a claim would do, which is as valid as one on record.

    Under the id of a claim on record it would be its correction.

    :raises otherwise.TooMuch: if it is linked with too many others.
    """
    position = log.head().position
    draft = _draft(claim, claim_id, position)
    latest = lenses.latest()
    views = {one.lens.view.id: one.lens.view for one in latest}
    effects, pairs, left_out = [], set[Pair](), 0
    moves: list[Move] = []
    for key, view in views.items():
        own = [one for one in latest if one.lens.view.id == key]
        around = Neighbourhood(draft.snapshot, view).around(draft.state)
        evaluation = evaluate(draft.state, around)
        effects.append(Effect(lenses=tuple(one.lens.name for one in own), evaluation=evaluation))
        pairs |= _between(draft.state, around)
        touched = _touched(draft, view, evaluation)
        left_out += len(touched[MOST_PAIRS:])
        moves += _moves(draft, own, touched[:MOST_PAIRS], today)
    return Preview(
        as_of=position,
        effects=tuple(effects),
        moves=tuple(moves),
        left_out=left_out,
        duplicates=tuple(duplicates.duplicates(claim, pairs, but=claim_id)),
    )


def _draft(claim: Claim, claim_id: UUID, position: int) -> _Draft:
    held = Altered(position).get(claim_id, f.ClaimState)
    state = (
        replace(held, claim=claim)
        if held
        else f.ClaimState(id=claim_id, claim=claim, asserted_at=position + 1)
    )
    return _Draft(
        state=state,
        snapshot=Altered(position, drafts={claim_id: state}),
        concerned=otherwise.linked([claim_id], most=otherwise.MOST_EVALUATED),
    )


def _between(state: f.ClaimState, around: Surroundings) -> set[Pair]:
    """The pairs of countries that the draft is about, whether or not it moves them."""
    cited = acts.cited_on([state], around.documents)
    period = acts.period(state.claim, cited=cited)
    return {one.countries for one in meetings(state.claim, around, period)}


def _touched(draft: _Draft, view: View, evaluation: Evaluation) -> list[str]:
    """The pairs that the draft moves or no longer moves, its own first."""
    own = {_pair(one) for one in evaluation.impacts}
    held = impacts.open_versions(view.id, draft.concerned)
    others = {pair_of(*ends) for each in held.values() for ends in each}
    return [*sorted(own), *sorted(others - own)]


def _pair(impact: Impact) -> str:
    return pair_of(impact.initiator, impact.recipient)


def _moves(
    draft: _Draft, own: Iterable[LensVersion], touched: Iterable[str], today: date
) -> Iterator[Move]:
    """What moves under the lenses of one view; nothing while that still catches up."""
    own = list(own)
    view = own[0].lens.view
    try:
        position = min(draft.snapshot.position, impacts.served(view.id))
    except CatchingUp:
        return
    anew = otherwise.evaluated(draft.concerned, draft.snapshot, view)
    for pair in touched:
        held = impacts.known(view.id, pair, position=position)
        then = otherwise.replaced(held, draft.concerned, anew, pair)
        changed = {one for one in {*held} ^ {*then} if one.claim in draft.concerned}
        for direction in _directions(pair, changed):
            for lens in own:
                two = [_series(lens, pair, direction, position, each) for each in (held, then)]
                days = sorted({min(one.first for one in changed), today})
                yield _move(two, days)


def _directions(pair: str, changed: Iterable[Impact]) -> list[str]:
    """The undirected pair and the stances that change; none where nothing does."""
    stances = {f"{one.initiator}>{one.recipient}" for one in changed}
    return [pair, *sorted(stances)] if stances else []


def _series(
    lens: LensVersion, pair: str, direction: str, position: int, known: Iterable[Impact]
) -> Series:
    return Series(
        pair=pair,
        direction=direction,
        lens=lens,
        as_of=position,
        position=position,
        knots=lens.scorer(direction).knots(lens.pulls(known, direction)),
    )


def _move(two: list[Series], days: Iterable[date]) -> Move:
    before, after = two
    return Move(
        pair=before.pair,
        direction=before.direction,
        lens=before.lens.label,
        scored_through=before.position,
        on=tuple(Step(day=day, before=before.on(day), after=after.on(day)) for day in days),
    )
