"""The impacts of plain claims, by parts: each part is worked out once and kept.

A plain claim's impacts factorise. Its p follows from the grade of the source on the day of the
document; its countries follow from the actors on the day of the act; its value from the code. Each
part is computed by the same functions as in `evaluate`, so that the results are equal bit for bit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.certainty import certainty_of, p_after_verdict
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.evidence import Representative, Surroundings, acts
from tracker.domain.impacts import STRENGTH
from tracker.domain.lenses import View
from tracker.domain.memberships import Period
from tracker.domain.plain import PlainCitation, PlainClaim
from tracker.domain.records import Actor, Collection, Document, Party, Reliability, dated
from tracker.domain.scoring.evidence import Impact
from tracker.domain.state import ClaimState, SourceState
from tracker.domain.testimonies import grade_in_force, testimonies

_NOBODY = UUID(int=0)


class _Act(NamedTuple):
    """What follows from a code."""

    value: float
    fades: bool
    speech: bool
    checkable: bool


class _Effect(NamedTuple):
    """The effect of one country on another, as far as it follows from the parties."""

    initiator: str
    recipient: str
    weight: float
    sectors: tuple[str, ...]


class _Witness(NamedTuple):
    """What follows from the citations."""

    p: float
    roots: tuple[UUID, ...]
    state_roots: tuple[UUID, ...]


@lru_cache(4_096)
def _act(code: str) -> _Act | None:
    """:raises UnknownCode:"""
    known = codebooks.find(code)
    has_value = known.value is not None
    return (
        _Act(known.value or 0.0, not known.assault, known.speech, known.checkable)
        if has_value
        else None
    )


@lru_cache(65_536)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(65_536)
def _id(text: str) -> UUID:
    return UUID(text)


@dataclass(slots=True)
class Records:
    """The records that plain claims refer to, as of one position. Documents are by id as text."""

    actors: dict[UUID, Actor] = field(default_factory=dict)
    sources: dict[UUID, SourceState] = field(default_factory=dict)
    collections: dict[UUID, Collection] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)


class Parts:
    """The parts of the plain claims of a view. `records` must have what the claims refer to.

    After a change of a record that is in use, and after very many claims, begin with new parts.
    """

    def __init__(self, view: View, records: Records) -> None:
        self._view = view
        self._records = records
        self._around = Surroundings(
            view=view,
            cluster=(),
            actors=records.actors,
            sources=records.sources,
            documents={},
            collections=records.collections,
        )
        self._counting: dict[str, bool] = {}
        self._dated: dict[str, bool] = {}
        self._representatives: dict[tuple[str, str], tuple[Representative, ...]] = {}
        self._members: dict[tuple[str, str], tuple[Representative, ...]] = {}
        self._effects: dict[tuple[object, ...], tuple[_Effect, ...]] = {}
        self._witnesses: dict[tuple[object, ...], _Witness] = {}

    def counts(self, collection: str) -> bool:
        """Whether the claims of a collection count, as they are asserted."""
        known = self._counting.get(collection)
        if known is None:
            record = self._records.collections[_id(collection)]
            known = self._view.admits(_id(collection), record) and not record.review
            self._counting[collection] = known
        return known

    def impacts(self, claim_id: UUID, claim: PlainClaim) -> list[Impact]:
        """The impacts of a plain claim of the view, as `evaluate` returns them.

        :raises UnknownCode: :raises KeyError: if a record is missing.
        """
        act = _act(claim.code)
        if act is None or not self.counts(claim.collection):
            return []
        effects = self._effects_of(claim)
        if not effects:
            return []
        witness = self._witness_of(claim, act)
        if witness.p <= 0:
            return []
        day = _day(claim.day)
        code = claim.code or ""
        return [_impact(claim_id, day, act, effect, witness, code) for effect in effects]

    def _effects_of(self, claim: PlainClaim) -> tuple[_Effect, ...]:
        key = (claim.initiators, claim.recipients, *self._days(claim))
        known = self._effects.get(key)
        if known is None:
            known = self._new_effects(claim)
            self._effects[key] = known
        return known

    def _days(self, claim: PlainClaim) -> tuple[str, ...]:
        """The day of the claim, if its countries depend on the day."""
        actors = (*claim.initiators, *claim.recipients)
        return (claim.day,) if any(map(self._is_dated, actors)) else ()

    def _is_dated(self, actor: str) -> bool:
        """Whether an actor represents different countries on different days."""
        known = self._dated.get(actor)
        if known is None:
            known = any(
                link.since or link.until
                for one in self._with_members(_id(actor))
                for link in one.terms
            )
            self._dated[actor] = known
        return known

    def _with_members(self, actor: UUID) -> Iterator[Actor]:
        """An actor, and the members of a group, recursively."""
        waiting, reached = [actor], {actor}
        while waiting:
            described = self._records.actors[waiting.pop()]
            yield described
            new = [member for member in described.members if member not in reached]
            waiting += new
            reached.update(new)

    def _new_effects(self, claim: PlainClaim) -> tuple[_Effect, ...]:
        initiating = self._representing(claim.initiators, claim.day)
        receiving = self._representing(claim.recipients, claim.day) if claim.recipients else None
        members = self._members_of(claim.initiators, claim.day) if claim.recipients else ()
        effects = [
            _Effect(
                initiator=self._around.code(interaction.initiator),
                recipient=self._around.code(interaction.recipient),
                weight=STRENGTH["full"] * interaction.share,
                sectors=tuple(sorted({one.sector for one in interaction.initiators})),
            )
            for interaction in acts(initiating, receiving, members)
        ]
        return tuple(sorted(effects, key=lambda effect: (effect.initiator, effect.recipient)))

    def _representing(self, actors: Iterable[str], day: str) -> tuple[Representative, ...]:
        return tuple(
            representative for actor in actors for representative in self._countries(actor, day)
        )

    def _countries(self, actor: str, day: str) -> tuple[Representative, ...]:
        key = (actor, day if self._is_dated(actor) else "")
        known = self._representatives.get(key)
        if known is None:
            on_day = Period(_day(day), _day(day))
            known = self._around.representatives((_id(actor),), on_day)
            self._representatives[key] = known
        return known

    def _members_of(self, actors: Iterable[str], day: str) -> tuple[Representative, ...]:
        return tuple(member for actor in actors for member in self._members_on(actor, day))

    def _members_on(self, actor: str, day: str) -> tuple[Representative, ...]:
        key = (actor, day if self._is_dated(actor) else "")
        known = self._members.get(key)
        if known is None:
            on_day = Period(_day(day), _day(day))
            known = self._around.members((_id(actor),), on_day)
            self._members[key] = known
        return known

    def _witness_of(self, claim: PlainClaim, act: _Act) -> _Witness:
        key = (
            claim.collection,
            act.speech,
            act.checkable,
            tuple([self._testimony(one, claim.initiators, act) for one in claim.citations]),
        )
        known = self._witnesses.get(key)
        if known is None:
            known = self._new_witness(claim, speech=act.speech)
            self._witnesses[key] = known
        return known

    def _testimony(
        self, citation: PlainCitation, initiators: tuple[str, ...], act: _Act
    ) -> tuple[object, ...]:
        """What the weight of a citation follows from."""
        document = self._records.documents[citation.document]
        links = [document.source, *map(_id, citation.chain)]
        return (
            citation.credibility,
            citation.interest,
            tuple([self._link(source, document, initiators, act) for source in links]),
        )

    def _link(
        self, source: UUID, document: Document, initiators: tuple[str, ...], act: _Act
    ) -> tuple[UUID, Reliability | None, bool]:
        """A source with its grade on the day of the document, and whether it speaks for itself."""
        state = self._records.sources[source]
        speaks = act.speech and str(state.source.actor) in initiators
        return source, _grade(state, document), speaks

    def _new_witness(self, claim: PlainClaim, *, speech: bool) -> _Witness:
        sources, documents = self._records.sources, self._records.documents
        around = Surroundings(
            view=self._view,
            cluster=(_alone(claim),),
            actors=self._records.actors,
            sources=sources,
            documents={_id(one.document): documents[one.document] for one in claim.citations},
            collections=self._records.collections,
        )
        on_day = Period(_day(claim.day), _day(claim.day))
        cited = testimonies(around, speech=speech, period=on_day)
        certainty = certainty_of(around.cluster[0].claim, cited, around)
        return _Witness(
            p=p_after_verdict(certainty, None),
            roots=certainty.roots,
            state_roots=tuple(root for root in certainty.roots if sources[root].source.state_owned),
        )


def _impact(
    claim: UUID, day: date, act: _Act, effect: _Effect, witness: _Witness, code: str
) -> Impact:
    return Impact(
        claim=claim,
        initiator=effect.initiator,
        recipient=effect.recipient,
        first=day,
        last=day,
        situation=False,
        fades=act.fades,
        value=act.value,
        weight=effect.weight,
        sectors=effect.sectors,
        p=witness.p,
        roots=witness.roots,
        state_roots=witness.state_roots,
        code=code,
    )


def _grade(source: SourceState, document: Document) -> Reliability | None:
    return grade_in_force(source.ratings, on=dated(document)) if source.ratings else None


def _alone(claim: PlainClaim) -> ClaimState:
    """A plain claim that is linked with no other."""
    parties = [Party(actor=_id(actor), role="initiator") for actor in claim.initiators]
    parties += [Party(actor=_id(actor), role="recipient") for actor in claim.recipients]
    stated = Claim(
        collection=_id(claim.collection),
        kind="act",
        parties=tuple(parties),
        citations=tuple(map(_cited, claim.citations)),
        code=claim.code,
        occurred=Occurred(edtf=claim.day),
    )
    return ClaimState(id=_NOBODY, claim=stated, asserted_at=0)


def _cited(citation: PlainCitation) -> Citation:
    return Citation(
        document=_id(citation.document),
        chain=tuple(map(_id, citation.chain)),
        credibility=citation.credibility,
        interest=citation.interest,
    )
