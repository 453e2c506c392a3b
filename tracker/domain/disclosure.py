"""Whom a claim blames for a crime or for espionage, and what it takes to print that in public.

A person or a firm is named as responsible only where two independent roots say so or somebody
official found so, and where a second pair of eyes has looked.
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
from tracker.domain.records import Actor, ActorKind, Role, Source


class Reader(Enum):
    """Whom an answer is for: everybody, or the people who work on the record."""

    PUBLIC = "public"
    DESK = "desk"


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
    return [actor for actor in said if kinds.get(actor) in BLAMED]


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
        citation.chain[-1] if citation.chain else publishers[citation.document]
        for citation in citations
        if citation.stance == "supports"
    }


def official(source: Source, actor: Actor | None) -> bool:
    """Whether a source can find something in the name of a public body: `actor` is the actor that
    it is, if it is one. A newspaper or news agency cannot, whoever owns it."""
    if actor is None:
        return source.kind == "organisation" and source.state_owned
    sectors = {affiliation.sector for affiliation in actor.affiliations}
    return actor.kind in ("state", "organisation") or not FINDING.isdisjoint(sectors)


def codes(events: Collection[str]) -> list[str]:
    """The codes of all codebooks that stand for one of some events."""
    return [code for code, event in _events().items() if event in events]


def _event(claim: Claim) -> str:
    """The event that a code stands for in its codebook: ASSAULT of plover-2.0/ASSAULT/beat."""
    return _events().get(claim.code or "", "")


@cache
def _events() -> Mapping[str, str]:
    return {choice.code: codebooks.find(choice.code).event for choice in codebooks.choices()}


# The first position of a span that no position of the log is in: the claim may be shown as it
# stands, but not as it was, nor may its history.
NEVER = 2**63 - 1


class Span(NamedTuple):
    """Positions as of which a claim may be shown in public; without an end it may be shown now."""

    known_from: int
    known_until: int | None = None


# Of a claim that never accused anybody.
ALWAYS = (Span(0),)


class Step(NamedTuple):
    """An event of a claim, and who recorded it."""

    by: str
    entry: f.Entry


type Records = Mapping[UUID, f.State]


@dataclass(slots=True)
class Case:
    """What was recorded of a claim so far, as far as disclosure depends on it."""

    state: f.ClaimState | None = None
    versions: list[Claim] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    approvers: set[str] = field(default_factory=set)

    def add(self, step: Step) -> None:
        """Take in the next event. A new version, or a rejection, ends the approvals before it."""
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
        """Whom each version blames, by what the parties are in `records`."""
        kinds = {
            key: record.actor.kind
            for key, record in records.items()
            if isinstance(record, f.ActorState)
        }
        return [set(blamed(version, kinds)) for version in self.versions]

    def lacks(self, records: Records) -> list[str]:
        """What is missing before the claim may be shown as it stands."""
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
        """Whether an earlier version blames somebody whom the last does not."""
        blamed = self.blamed(records)
        return bool(set().union(*blamed) - blamed[-1]) if blamed else False


def _publishers(records: Records) -> dict[UUID, UUID]:
    documents = (record for record in records.values() if isinstance(record, f.DocumentState))
    return {document.id: document.document.source for document in documents}


def _is_confirmed(state: f.ClaimState, independent: set[UUID], records: Records) -> bool:
    """Whether an official source found it confirmed that is neither a root of it nor a party."""
    parties = {party.actor for party in state.claim.parties}
    judges = [verdict.source for verdict in state.verdicts if verdict.verdict == "confirmed"]
    for judge in judges:
        held = records.get(judge) if judge and judge not in independent else None
        if isinstance(held, f.SourceState) and held.source.actor not in parties:
            actor = records.get(held.source.actor) if held.source.actor else None
            if official(held.source, actor.actor if isinstance(actor, f.ActorState) else None):
                return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Since when, and until when, a claim may be shown in public; what it lacks now, in words; and
    whether it ever blamed anybody."""

    spans: tuple[Span, ...] = ALWAYS
    lacks: tuple[str, ...] = ()
    blames: bool = False


def assess(steps: Iterable[Step], records: Iterable[tuple[int, f.State]]) -> Assessment:
    """Say when a claim may be shown, from its events and from those of the records that it rests
    on, each in the order of the log.

    As of a position it may be shown if it could be then and can be now: what is known now of its
    parties may be graver than what was known.
    """
    case, known, spans = Case(), dict[UUID, f.State](), list[Span]()
    since: int | None = None
    blames = False
    own = ((step.entry.position, step) for step in steps)
    for position, one in merge(own, records, key=lambda change: change[0]):
        if isinstance(one, Step):
            case.add(one)
        else:
            known[one.id] = one
        if case.state is None:
            continue
        blames = blames or any(case.blamed(known))
        shown = not case.conceals(known) and not case.lacks(known)
        if shown and since is None:
            since = 0 if position == case.state.asserted_at else position
        elif not shown and since is not None:
            spans.append(Span(since, position))
            since = None
    lacks = tuple(case.lacks(known))
    if since is not None:
        spans.append(Span(since))
    else:
        spans = [] if lacks else [Span(NEVER)]
    return Assessment(spans=tuple(spans), lacks=lacks, blames=blames)
