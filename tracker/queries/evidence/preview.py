"""What claims that are not on record would do: their p, the scores that they would move, and
possible duplicates. Nothing is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import evidence
from tracker.domain import state as f
from tracker.domain.around import LinkStreams, prefetch_references
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import Surroundings, interactions
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.queries.claims import duplicates
from tracker.queries.claims.duplicates import Duplicate, Pair
from tracker.queries.evidence import impacts, what_if
from tracker.queries.evidence.impacts import CatchingUp
from tracker.queries.evidence.record import Neighbourhood, standing_links
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Reading, Series

# A claim between groups may touch hundreds of pairs; this many are computed.
MOST_PAIRS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEffect:
    """The draft's evaluation in a view, with the lenses that use it."""

    lenses: tuple[str, ...]
    evaluation: Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedDay:
    """The score at the end of a day without and with the drafts."""

    day: date
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMove:
    """A series that would move: on the draft's first day and today; `series` without and with
    it."""

    pair: str
    direction: str
    lens: str
    scored_through: int
    on: tuple[PreviewedDay, ...]
    series: tuple[Series, Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStatement:
    """A statement that would be recorded with the draft that it says: its id, its link to the
    draft, and the source that its speaker would become, if it is none yet."""

    id: UUID
    claim: Claim
    link: e.ClaimsLinked
    source: f.SourceState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPreview:
    """What one of several drafts would do by itself, and the possible duplicates of it."""

    claim: Claim
    effects: tuple[DraftEffect, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """As of a position; `left_out` pairs are not computed. `statement`: the claim that a party says
    the draft."""

    as_of: int
    effects: tuple[DraftEffect, ...]
    moves: tuple[DraftMove, ...]
    left_out: int
    duplicates: tuple[Duplicate, ...]
    statement: DraftPreview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPreview:
    """What several drafts would do, each by its id, and what they would move together."""

    as_of: int
    drafts: Mapping[UUID, DraftPreview]
    moves: tuple[DraftMove, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafts:
    """The record with the drafts in it, the drafts' links, and the claims that they may change."""

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
    statement: DraftStatement | None = None,
) -> Preview:
    """Preview a valid claim. With the id of a claim on record, it is previewed as its correction.

    :raises what_if.TooManyClaims: if it is linked with too many others.
    """
    statements = [statement] if statement else ()
    joint = previews({claim_id: claim}, today=today, statements=statements, reader=reader)
    return Preview(
        as_of=joint.as_of,
        effects=joint.drafts[claim_id].effects,
        moves=joint.moves,
        left_out=joint.left_out,
        duplicates=joint.drafts[claim_id].duplicates,
        statement=joint.drafts[statement.id] if statement else None,
    )


def previews(
    wanted: Mapping[UUID, Claim],
    *,
    today: date,
    reader: Reader,
    statements: Sequence[DraftStatement] = (),
    links: Sequence[e.ClaimsLinked] = (),
    sources: Sequence[f.SourceState] = (),
) -> JointPreview:
    """Preview claims that would be recorded together, with the statements that say some of them,
    links of theirs, and sources that are not on record.

    :raises what_if.TooManyClaims: if they are linked with too many others.
    """
    position = log.head().position
    claims = {**wanted, **{statement.id: statement.claim for statement in statements}}
    all_links = [*(statement.link for statement in statements), *links]
    new = [*(one.source for one in statements if one.source), *sources]
    drafts = _drafts(claims, all_links, new, position)
    evaluated = [(own, _evaluated(drafts, own)) for own in _lenses_by_view()]
    moves, left_out = _all_moves(drafts, evaluated, today)
    return JointPreview(
        as_of=position,
        drafts=_draft_previews(claims, [by_draft for _, by_draft in evaluated], reader),
        moves=moves,
        left_out=left_out,
    )


# The effect of each draft in a view, and the pairs that it is about.
type _Evaluated = dict[UUID, tuple[DraftEffect, set[Pair]]]


def _draft_previews(
    claims: Mapping[UUID, Claim],
    evaluated: Sequence[_Evaluated],
    reader: Reader,
) -> dict[UUID, DraftPreview]:
    """What each claim would do in every view, and the claims that may say the same."""
    pairs = {key: set[Pair]().union(*(of_view[key][1] for of_view in evaluated)) for key in claims}
    alike = duplicates.Search(reader).duplicates(claims, pairs)
    return {
        key: DraftPreview(
            claim=claim,
            effects=tuple(of_view[key][0] for of_view in evaluated),
            duplicates=alike[key],
        )
        for key, claim in claims.items()
    }


def _drafts(
    claims: Mapping[UUID, Claim],
    new_links: Iterable[e.ClaimsLinked],
    new_sources: Iterable[f.SourceState],
    position: int,
) -> _Drafts:
    record = AlteredSnapshot(position, reader=Reader.DESK)
    record.load(claims)
    states = {
        key: replace(on_record, claim=claim)
        if (on_record := record.get(key, f.ClaimState))
        else f.ClaimState(id=key, claim=claim, asserted_at=position + place)
        for place, (key, claim) in enumerate(claims.items(), start=1)
    }
    links = {link.id: link for link in map(_link, new_links)}
    sources = {source.id: source for source in new_sources}
    ends = {end for link in links.values() for end in (link.from_, link.to)}
    snapshot = AlteredSnapshot(position, drafts={**states, **links, **sources}, reader=Reader.DESK)
    prefetch_references(claims.values(), snapshot)
    concerned = what_if.linked_claims(claims.keys() | ends, most=what_if.MOST_EVALUATED)
    return _Drafts(
        states=states, snapshot=snapshot, concerned=concerned, links=_with_links(links.values())
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
        on_record = standing_links(claims)
        return {claim: on_record[claim] | own.get(claim, set()) for claim in claims}

    return streams


def _lenses_by_view() -> list[list[LensVersion]]:
    by_view: dict[str, list[LensVersion]] = {}
    for lens in lenses.latest():
        by_view.setdefault(lens.lens.view.id, []).append(lens)
    return list(by_view.values())


def _evaluated(drafts: _Drafts, own: Sequence[LensVersion]) -> _Evaluated:
    """Evaluate the drafts in the view of some lenses."""
    around = Neighbourhood(drafts.snapshot, own[0].lens.view, link_streams=drafts.links)
    names = tuple(lens.lens.name for lens in own)
    evaluated = {}
    for key, state in drafts.states.items():
        near = around.around(state)
        effect = DraftEffect(lenses=names, evaluation=evaluate(state, near))
        evaluated[key] = effect, _between(state, near)
    return evaluated


def _all_moves(
    drafts: _Drafts, evaluated: Sequence[tuple[list[LensVersion], _Evaluated]], today: date
) -> tuple[tuple[DraftMove, ...], int]:
    """What moves in all views, and how many pairs are left out."""
    moves, left_out = list[DraftMove](), 0
    for own, by_draft in evaluated:
        touched = _touched(drafts, own, [effect.evaluation for effect, _ in by_draft.values()])
        left_out += len(touched[MOST_PAIRS:])
        moves += _moves(drafts, own, touched[:MOST_PAIRS], today)
    return tuple(moves), left_out


def _between(state: f.ClaimState, around: Surroundings) -> set[Pair]:
    """The pairs of countries that the draft is about, whether or not it moves them."""
    cited = evidence.cited_on([state], around.documents)
    period = evidence.period(state.claim, cited=cited)
    return {interaction.countries for interaction in interactions(state.claim, around, period)}


def _touched(
    drafts: _Drafts, own: Sequence[LensVersion], evaluations: Iterable[Evaluation]
) -> list[str]:
    """The pairs that the drafts move or no longer move, their own first."""
    moved = {
        impacts.pair_of_impact(impact)
        for evaluation in evaluations
        for impact in evaluation.impacts
    }
    current = impacts.open_versions(own[0].lens.view.id, drafts.concerned)
    others = {pair_of(*ends) for impacts_by_ends in current.values() for ends in impacts_by_ends}
    return [*sorted(moved), *sorted(others - moved)]


def _moves(
    drafts: _Drafts, own: Sequence[LensVersion], touched: Iterable[str], today: date
) -> Iterator[DraftMove]:
    """What moves under the lenses of one view; nothing while it catches up."""
    view = own[0].lens.view
    try:
        position = min(drafts.snapshot.position, impacts.served_position(view.id))
    except CatchingUp:
        return
    evaluated = what_if.evaluate_claims(drafts.concerned, drafts.snapshot, view, links=drafts.links)
    for pair in touched:
        known = impacts.on_pair(view.id, pair, position=position)
        replaced = what_if.replace_impacts(known, drafts.concerned, evaluated, pair)
        changed = {impact for impact in {*known} ^ {*replaced} if impact.claim in drafts.concerned}
        for direction in _directions(pair, changed):
            for lens in own:
                two = [
                    _series(lens, pair, direction, position, impacts_then)
                    for impacts_then in (known, replaced)
                ]
                days = sorted({min(impact.first for impact in changed), today})
                yield _move(two, days)


def _directions(pair: str, changed: Iterable[Impact]) -> list[str]:
    """The undirected pair and the stances that change; none if no impact changes."""
    stances = {f"{impact.initiator}>{impact.recipient}" for impact in changed}
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
        knots=lens.scorer.knots(lens.pulls(known, direction)),
    )


def _move(both: list[Series], days: Iterable[date]) -> DraftMove:
    before, after = both
    return DraftMove(
        pair=before.pair,
        direction=before.direction,
        lens=before.lens.label,
        scored_through=before.position,
        on=tuple(PreviewedDay(day=day, before=before.on(day), after=after.on(day)) for day in days),
        series=(before, after),
    )
