"""What claims that are not on record would do: their p, the pairs that they would move from what to
what, and the claims that may say it already. Nothing is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import evidence
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import Surroundings, interactions
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import LensVersion, View, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.queries.claims import duplicates
from tracker.queries.claims.duplicates import Duplicate, Pair
from tracker.queries.evidence import impacts, what_if
from tracker.queries.evidence.impacts import CatchingUp
from tracker.queries.evidence.neighbourhood import (
    LinkStreams,
    Neighbourhood,
    prefetch_references,
    standing_links,
)
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Reading, Series

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
    """A series that would move: on the draft's own day and today; `series` is it as it is, and
    as it would be."""

    pair: str
    direction: str
    lens: str
    scored_through: int
    on: tuple[Step, ...]
    series: tuple[Series, Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStatement:
    """A statement that would come on record with a draft, which it says: its id, its link to the
    draft, and the source that its speaker would become, if it is none yet."""

    id: UUID
    claim: Claim
    link: e.ClaimsLinked
    source: f.SourceState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPreview:
    """What one of several drafts would do by itself, and which claims may say it already."""

    claim: Claim
    effects: tuple[Effect, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """As of a position; `left_out` pairs are too many to be worked out. `statement`: where a party
    says the draft, the claim that it does."""

    as_of: int
    effects: tuple[Effect, ...]
    moves: tuple[Move, ...]
    left_out: int
    duplicates: tuple[Duplicate, ...]
    statement: DraftPreview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPreview:
    """What several drafts would do, each by its id, and what they would move all at once."""

    as_of: int
    drafts: Mapping[UUID, DraftPreview]
    moves: tuple[Move, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafts:
    """The record with the drafts in it, how they are linked with one another, and the claims on
    record that they may change."""

    states: Mapping[UUID, f.ClaimState]
    snapshot: AlteredSnapshot
    concerned: set[UUID]
    links: LinkStreams


def preview(
    claim: Claim,
    *,
    claim_id: UUID,
    today: date,
    reader: Reader,
    saying: DraftStatement | None = None,
) -> Preview:
    """Say what a claim would do, which is as valid as one on record.

    Under the id of a claim on record it would be its correction.

    :raises otherwise.TooMuch: if it is linked with too many others.
    """
    sayings = [saying] if saying else ()
    found = previews({claim_id: claim}, today=today, sayings=sayings, reader=reader)
    return Preview(
        as_of=found.as_of,
        effects=found.drafts[claim_id].effects,
        moves=found.moves,
        left_out=found.left_out,
        duplicates=found.drafts[claim_id].duplicates,
        statement=found.drafts[saying.id] if saying else None,
    )


def previews(
    said: Mapping[UUID, Claim],
    *,
    today: date,
    reader: Reader,
    sayings: Sequence[DraftStatement] = (),
) -> JointPreview:
    """Say the same of several claims that would be put on record together, and of the statements
    that say some of them.

    :raises otherwise.TooMuch: if they are linked with too many others.
    """
    position = log.head().position
    claims = {**said, **{one.id: one.claim for one in sayings}}
    drafts = _drafts(claims, sayings, position)
    latest = lenses.latest()
    effects: dict[UUID, list[Effect]] = {key: [] for key in claims}
    pairs: dict[UUID, set[Pair]] = {key: set() for key in claims}
    moves, left_out = list[Move](), 0
    for view in {one.lens.view.id: one.lens.view for one in latest}.values():
        own = [one for one in latest if one.lens.view.id == view.id]
        around = Neighbourhood(drafts.snapshot, view, link_streams=drafts.links)
        for key, state in drafts.states.items():
            near = around.around(state)
            effects[key].append(_effect(state, near, own))
            pairs[key] |= _between(state, near)
        touched = _touched(drafts, view, [each[-1].evaluation for each in effects.values()])
        left_out += len(touched[MOST_PAIRS:])
        moves += _moves(drafts, own, touched[:MOST_PAIRS], today)
    alike = duplicates.Search(reader).duplicates(claims, pairs)
    return JointPreview(
        as_of=position,
        drafts={
            key: DraftPreview(claim=one, effects=tuple(effects[key]), duplicates=alike[key])
            for key, one in claims.items()
        },
        moves=tuple(moves),
        left_out=left_out,
    )


def _drafts(
    claims: Mapping[UUID, Claim], sayings: Sequence[DraftStatement], position: int
) -> _Drafts:
    record = AlteredSnapshot(position)
    record.load(claims)
    states = {
        key: replace(held, claim=claim)
        if (held := record.get(key, f.ClaimState))
        else f.ClaimState(id=key, claim=claim, asserted_at=position + place)
        for place, (key, claim) in enumerate(claims.items(), start=1)
    }
    links = {one.id: one for one in (_link(saying.link) for saying in sayings)}
    sources = {one.source.id: one.source for one in sayings if one.source}
    snapshot = AlteredSnapshot(position, drafts={**states, **links, **sources})
    prefetch_references(claims.values(), snapshot)
    concerned = what_if.linked(claims, most=what_if.MOST_EVALUATED)
    return _Drafts(
        states=states,
        snapshot=snapshot,
        concerned=concerned,
        links=_with_links(links.values()),
    )


def _link(event: e.ClaimsLinked) -> f.LinkState:
    stream = e.link_id(event.type, event.from_, event.to)
    return f.LinkState(id=stream, type=event.type, from_=event.from_, to=event.to)


def _with_links(links: Iterable[f.LinkState]) -> LinkStreams:
    """The links on record, and those of the drafts."""
    own: dict[UUID, set[UUID]] = {}
    for link in links:
        for end in (link.from_, link.to):
            own.setdefault(end, set()).add(link.id)

    def streams(claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
        held = standing_links(claims)
        return {one: held[one] | own.get(one, set()) for one in claims}

    return streams


def _effect(state: f.ClaimState, around: Surroundings, own: Iterable[LensVersion]) -> Effect:
    names = tuple(one.lens.name for one in own)
    return Effect(lenses=names, evaluation=evaluate(state, around))


def _between(state: f.ClaimState, around: Surroundings) -> set[Pair]:
    """The pairs of countries that the draft is about, whether or not it moves them."""
    cited = evidence.cited_on([state], around.documents)
    period = evidence.period(state.claim, cited=cited)
    return {one.countries for one in interactions(state.claim, around, period)}


def _touched(drafts: _Drafts, view: View, evaluations: Iterable[Evaluation]) -> list[str]:
    """The pairs that the drafts move or no longer move, their own first."""
    own = {_pair(one) for each in evaluations for one in each.impacts}
    held = impacts.open_versions(view.id, drafts.concerned)
    others = {pair_of(*ends) for each in held.values() for ends in each}
    return [*sorted(own), *sorted(others - own)]


def _pair(impact: Impact) -> str:
    return pair_of(impact.initiator, impact.recipient)


def _moves(
    drafts: _Drafts, own: Iterable[LensVersion], touched: Iterable[str], today: date
) -> Iterator[Move]:
    """What moves under the lenses of one view; nothing while that still catches up."""
    own = list(own)
    view = own[0].lens.view
    try:
        position = min(drafts.snapshot.position, impacts.served(view.id))
    except CatchingUp:
        return
    anew = what_if.evaluated(drafts.concerned, drafts.snapshot, view, links=drafts.links)
    for pair in touched:
        held = impacts.known(view.id, pair, position=position)
        then = what_if.replaced(held, drafts.concerned, anew, pair)
        changed = {one for one in {*held} ^ {*then} if one.claim in drafts.concerned}
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
        series=(before, after),
    )
