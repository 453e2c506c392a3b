"""Whom a claim accuses of a serious act, and when the public may see it.

A person or company is named as responsible only if two independent roots say so or an official body
found so, and a second editor has approved it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from heapq import merge
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim
from tracker.domain.proposed import Proposed
from tracker.domain.records import Actor, ActorKind, Role, Source


class Reader(Enum):
    """Whom an answer is for: the public, or the people who edit the record."""

    PUBLIC = "public"
    DESK = "desk"


BLAMED: frozenset[ActorKind] = frozenset({"person", "company"})
# Acts with these codes are crimes unless a state commits them.
EVENTS = frozenset({"ASSAULT", "COERCE"})
# The roles that a claim blames: in an accusation its recipients, otherwise those who act.
ACTING: tuple[Role, ...] = ("initiator", "about")
ACCUSED: tuple[Role, ...] = ("recipient", "about")
CONTEXTS = frozenset(
    {"crime", "corruption", "cyber", "illegal_drugs", "intelligence", "terrorism", "trafficking"}
)
ACCUSES = "ACCUSE"
ROOTS_NEEDED = 2
# What a claim lacks until a second editor has approved it.
APPROVAL = "a review or verdict by a second editor"
# Actors of these sectors can give an official finding.
OFFICIAL_SECTORS = frozenset({"government", "legislature", "judiciary", "military", "intelligence"})
MASK = (
    "Withheld: this claim accuses a person or company of a serious act. It will be shown once two"
    " independent sources or an official finding support it and a second editor has approved it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """The support of a claim: its independent supporting roots, whether an official source that is
    none of them confirmed it, its authors, and those who approved it.
    """

    roots: Collection[UUID]
    found: bool
    authors: Collection[str]
    vouched: Collection[str]


def grave(claim: Claim) -> bool:
    """Return whether a claim is about a crime or espionage, whoever did it."""
    return is_grave(claim.code, claim.contexts)


def is_grave(code: str | None, contexts: Iterable[str]) -> bool:
    """Return whether a claim with this code and these contexts is about a crime or espionage."""
    return _event(code) in EVENTS or not CONTEXTS.isdisjoint(contexts)


def blamed(claim: Claim, kinds: Mapping[UUID, ActorKind]) -> list[UUID]:
    """Return the persons and companies that a claim names as responsible. `kinds` has its parties.

    An accusation blames its recipients; a denied act blames nobody.
    """
    if not grave(claim) or claim.polarity == "denied":
        return []
    actors = claim.actors(*(ACCUSED if _event(claim.code) == ACCUSES else ACTING))
    return [actor for actor in actors if kinds.get(actor) in BLAMED]


def blamed_by_proposal(
    proposed: Proposed, claim: Claim, kinds: Mapping[UUID, ActorKind]
) -> set[UUID]:
    """Return whom the proposal of a claim names as responsible and the claim does not. `kinds` has
    the parties of both.
    """
    as_proposed = replace(
        claim, parties=proposed.parties, code=proposed.code, polarity=proposed.polarity
    )
    return set(blamed(as_proposed, kinds)) - set(blamed(claim, kinds))


def masked(claim: Claim) -> Claim:
    """Return the part of a claim that is public before the rest is: its kind, date, collection and
    measured amount, without parties and words.
    """
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
    """Return what a claim requires before it may be public; empty if nothing."""
    requirements = []
    if len(set(backing.roots)) < ROOTS_NEEDED and not backing.found:
        requirements.append("a second independent root, or a verdict after an official finding")
    if not set(backing.vouched) - set(backing.authors):
        requirements.append(APPROVAL)
    return requirements


def roots(citations: Iterable[Citation], publishers: Mapping[UUID, UUID]) -> set[UUID]:
    """Return the roots that support a claim: the end of each chain, or the document's publisher."""
    return {
        citation.chain[-1] if citation.chain else publishers[citation.document]
        for citation in citations
        if citation.stance == "supports"
    }


def official(source: Source, actor: Actor | None) -> bool:
    """Return whether a source can give an official finding. `actor` is the source as an actor, if
    it is one. A newspaper or news agency cannot, whoever owns it.
    """
    if actor is None:
        return source.kind == "organisation" and source.state_owned
    sectors = {affiliation.sector for affiliation in actor.affiliations}
    return actor.kind in ("state", "organisation") or not OFFICIAL_SECTORS.isdisjoint(sectors)


def codes(events: Collection[str]) -> list[str]:
    """Return the codes of all codebooks that are mapped to one of the events."""
    return [code for code, event in _events().items() if event in events]


def _event(code: str | None) -> str:
    """The event that a code is mapped to: ASSAULT for plover-2.0/ASSAULT/beat."""
    return _events().get(code or "", "")


@cache
def _events() -> Mapping[str, str]:
    return {choice.code: codebooks.find(choice.code).event for choice in codebooks.choices()}


# A start beyond every position of the log: the current claim is public, but not its history.
NEVER = 2**63 - 1


class PublicSpan(NamedTuple):
    """Positions as of which a claim is public. Without an end it is public now."""

    known_from: int
    known_until: int | None = None


# For a claim that never accused anybody.
ALWAYS = (PublicSpan(0),)


class AuthoredEvent(NamedTuple):
    """An event of a claim, and its author."""

    by: str
    entry: f.Entry


type Records = Mapping[UUID, f.State]


@dataclass(slots=True)
class Case:
    """The part of the history of a claim on which disclosure depends."""

    state: f.ClaimState | None = None
    versions: list[Claim] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    approvers: set[str] = field(default_factory=set)

    def add(self, step: AuthoredEvent) -> None:
        """Add the next event. A new version, or a rejection, ends earlier approvals."""
        state = f.fold([step.entry], self.state)
        assert isinstance(state, f.ClaimState)  # noqa: S101 # the stream of a claim
        self.state = state
        match step.entry.event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                self.versions.append(claim)
                self.authors.add(step.by)
                self.approvers.clear()
            case e.CitationAdded():
                self.authors.add(step.by)
            case e.ClaimReviewed(outcome="rejected"):
                self.approvers.clear()
            case e.ClaimReviewed() | e.VerdictGiven(verdict="confirmed"):
                self.approvers.add(step.by)

    def blamed(self, records: Records) -> list[set[UUID]]:
        """Return whom each version blames, given the parties in `records`."""
        kinds = {
            key: record.actor.kind
            for key, record in records.items()
            if isinstance(record, f.ActorState)
        }
        return [set(blamed(version, kinds)) for version in self.versions]

    def lacks(self, records: Records) -> list[str]:
        """Return what the current claim requires before it may be public."""
        if self.state is None or not self.blamed(records)[-1]:
            return []
        independent = roots(self.state.claim.citations, _publishers(records))
        return missing(
            Backing(
                roots=independent,
                found=_is_confirmed(self.state, independent, records),
                authors=self.authors,
                vouched=self.approvers,
            )
        )

    def conceals(self, records: Records) -> bool:
        """Return whether an earlier version blames somebody whom the current one does not."""
        blamed = self.blamed(records)
        return bool(set().union(*blamed) - blamed[-1]) if blamed else False


def _publishers(records: Records) -> dict[UUID, UUID]:
    documents = (record for record in records.values() if isinstance(record, f.DocumentState))
    return {document.id: document.document.source for document in documents}


def _is_confirmed(state: f.ClaimState, independent: set[UUID], records: Records) -> bool:
    """Whether an official source confirmed it that is neither a root nor a party."""
    parties = {party.actor for party in state.claim.parties}
    judges = [verdict.source for verdict in state.verdicts if verdict.verdict == "confirmed"]
    for judge in judges:
        source = records.get(judge) if judge and judge not in independent else None
        if isinstance(source, f.SourceState) and source.source.actor not in parties:
            actor = records.get(source.source.actor) if source.source.actor else None
            if official(source.source, actor.actor if isinstance(actor, f.ActorState) else None):
                return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The positions as of which a claim is public, what it lacks now, and whether it ever blamed
    anybody.
    """

    spans: tuple[PublicSpan, ...] = ALWAYS
    lacks: tuple[str, ...] = ()
    blames: bool = False


def assess(steps: Iterable[AuthoredEvent], records: Iterable[tuple[int, f.State]]) -> Assessment:
    """Assess when a claim is public, from its events and those of the records it depends on, each
    in the order of the log.

    As of a position it is public if it was then and is now, since newer facts about its parties may
    make the accusation graver.
    """
    case, current, spans = Case(), dict[UUID, f.State](), list[PublicSpan]()
    since: int | None = None
    blames = False
    own = ((step.entry.position, step) for step in steps)
    for position, item in merge(own, records, key=lambda change: change[0]):
        if isinstance(item, AuthoredEvent):
            case.add(item)
        else:
            current[item.id] = item
        if case.state is None:
            continue
        blames = blames or any(case.blamed(current))
        is_public = not case.conceals(current) and not case.lacks(current)
        if is_public and since is None:
            since = 0 if position == case.state.asserted_at else position
        elif not is_public and since is not None:
            spans.append(PublicSpan(since, position))
            since = None
    lacks = tuple(case.lacks(current))
    if since is not None:
        spans.append(PublicSpan(since))
    else:
        spans = [] if lacks else [PublicSpan(NEVER)]
    return Assessment(spans=tuple(spans), lacks=lacks, blames=blames)
