"""Whom a claim blames for a crime or for espionage, and what it takes to print that in public.

A person or a firm is named as responsible only where two independent roots say so or somebody
official found so, and where a second pair of eyes has looked.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.claims import Citation, Claim
from tracker.domain.records import Actor, ActorKind, Role, Source

BLAMED: frozenset[ActorKind] = frozenset({"person", "company"})
# What these codes say is a crime wherever it is no act of a state.
EVENTS = frozenset({"ASSAULT", "COERCE"})
# The parties that a claim blames: of an accusation those it is directed at, else those who act.
ACTING: tuple[Role, ...] = ("initiator", "about")
ACCUSED: tuple[Role, ...] = ("recipient", "about")
CONTEXTS = frozenset(
    {"crime", "corruption", "cyber", "illegal_drugs", "intelligence", "terrorism", "trafficking"}
)
ACCUSES = "ACCUSE"
ROOTS_NEEDED = 2
# Who speaks from these sectors can give an official finding.
FINDING = frozenset({"government", "legislature", "judiciary", "military", "intelligence"})
MASK = (
    "Withheld: this claim accuses a person or company of a serious act. It will be shown once two"
    " independent sources or an official finding support it and a second editor has approved it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What stands behind a claim: its independent supporting roots, whether an official source
    that is none of them found it confirmed, and who wrote and who vouched for it."""

    roots: Collection[UUID]
    found: bool
    authors: Collection[str]
    vouched: Collection[str]


def grave(claim: Claim) -> bool:
    """Whether a claim is about a crime or espionage at all, whoever did it."""
    return _event(claim) in EVENTS or not CONTEXTS.isdisjoint(claim.contexts)


def blamed(claim: Claim, kinds: Mapping[UUID, ActorKind]) -> list[UUID]:
    """The persons and firms that a claim names as responsible; `kinds` are of its parties.

    An accusation blames those whom it is directed at; a denied act blames nobody.
    """
    if not grave(claim) or claim.polarity == "denied":
        return []
    said = claim.actors(*(ACCUSED if _event(claim) == ACCUSES else ACTING))
    return [one for one in said if kinds.get(one) in BLAMED]


def masked(claim: Claim) -> Claim:
    """What of a claim may be printed for everybody before it may be printed as a whole: that there
    is one, where, of what kind, when, and what was measured, but nobody and no words."""
    occurred = claim.occurred and replace(claim.occurred, phrase="")
    return Claim(
        collection=claim.collection,
        kind=claim.kind,
        parties=(),
        citations=(),
        summary=MASK,
        polarity=claim.polarity,
        modality=claim.modality,
        occurred=occurred,
        likelihood=claim.likelihood,
        magnitude=claim.magnitude,
        resolves_by=claim.resolves_by,
    )


def missing(backing: Backing) -> list[str]:
    """What is still missing before it may be printed in public, in words; nothing if it may."""
    found = []
    if len(set(backing.roots)) < ROOTS_NEEDED and not backing.found:
        found.append("a second independent root, or a verdict after an official finding")
    if not set(backing.vouched) - set(backing.authors):
        found.append("a review or verdict by a second editor")
    return found


def roots(citations: Iterable[Citation], publishers: Mapping[UUID, UUID]) -> set[UUID]:
    """The roots that support a claim: the last of each chain, or else the document's publisher."""
    return {
        one.chain[-1] if one.chain else publishers[one.document]
        for one in citations
        if one.stance == "supports"
    }


def official(source: Source, actor: Actor | None) -> bool:
    """Whether a source can find something in the name of a public body: `actor` is the actor that
    it is, if it is one. A newspaper or news agency cannot, whoever owns it."""
    if actor is None:
        return source.kind == "organisation" and source.state_owned
    sectors = {one.sector for one in actor.affiliations}
    return actor.kind in ("state", "organisation") or not FINDING.isdisjoint(sectors)


def codes(events: Collection[str]) -> list[str]:
    """The codes of all codebooks that stand for one of some events."""
    return [code for code, event in _events().items() if event in events]


def _event(claim: Claim) -> str:
    """The event that a code stands for in its codebook: ASSAULT of plover-2.0/ASSAULT/beat."""
    return _events().get(claim.code or "", "")


@cache
def _events() -> Mapping[str, str]:
    return {one.code: codebooks.find(one.code).event for one in codebooks.choices()}
