"""Claims that a party makes: the statement, the claim, and the link between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import attribution, disclosure, validity
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.attribution import Attribution, SaidBy, Submission, statement_id
from tracker.domain.claims import Citation, Claim, Interest
from tracker.domain.problems import Problem
from tracker.domain.proposed import Proposed
from tracker.domain.records import Actor, ActorKind, Source
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import references
from tracker.operations.claims import NoSuchClaim
from tracker.operations.ids import content_id
from tracker.operations.name_locks import lock_name, lock_names
from tracker.projections import standing
from tracker.queries.evidence.preview import DraftStatement
from tracker.queries.records import states


class PartySource(NamedTuple):
    """A party as a source: `source` is the source's id, `new` its record if it does not exist yet,
    and `all` the ids of all sources that are this party."""

    actor: UUID
    name: str
    source: UUID
    new: Source | None
    all: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributedClaim:
    """A claim that a party makes. `id` is the claim's, `statement` that of the statement."""

    id: UUID
    statement: UUID
    speaker: PartySource
    parts: Attribution

    @property
    def link(self) -> e.ClaimsLinked:
        """The link from the statement to the claim."""
        return e.ClaimsLinked(type="says", from_=self.statement, to=self.id)

    @property
    def draft_statement(self) -> DraftStatement:
        """The statement for a preview."""
        new = self.speaker.new
        source = f.SourceState(id=self.speaker.source, source=new) if new else None
        claim = self.parts.statement
        return DraftStatement(id=self.statement, claim=claim, link=self.link, source=source)

    def drafts(self, proposed: Proposed | None = None) -> Iterator[Draft]:
        """The events of the two new claims and of their link. `proposed`: what a reader proposed
        for the content."""
        yield Draft(self.id, e.ClaimAsserted(claim=self.parts.content, proposed=proposed), 0)
        yield Draft(self.statement, e.ClaimAsserted(claim=self.parts.statement), 0)
        link = self.link
        yield Draft(e.link_id(link.type, link.from_, link.to), link, 0)


def as_statements(submissions: Mapping[UUID, Submission]) -> dict[UUID, AttributedClaim]:
    """Split each claim that a party makes into statement and claim, with one look-up for all. The
    others, and those whose speaker is not on record, are skipped."""
    entries = {key: entry for key, entry in submissions.items() if entry.said_by}
    if not entries:
        return {}
    by_actor = speakers({entry.said_by.actor for entry in entries.values() if entry.said_by})
    cited = {cite.document for entry in entries.values() for cite in entry.claim.citations}
    dates = states.dates(cited)
    documents = states.documents(ids=list(cited), urls=())
    kinds = grave_kinds(entries.values())
    attributed = {}
    for key, entry in entries.items():
        speaker = by_actor.get(entry.said_by.actor) if entry.said_by else None
        if speaker and entry.said_by:
            context = attribution.SpeakerContext(
                name=speaker.name,
                source=speaker.source,
                own=speaker.all | {d.id for d in documents if d.source in speaker.all},
                published=dates,
                kinds=kinds,
            )
            parts = attribution.attribute(entry.claim, entry.said_by, context)
            attributed[key] = AttributedClaim(
                id=key, statement=statement_id(key), speaker=speaker, parts=parts
            )
    return attributed


def grave_kinds(submissions: Iterable[Submission]) -> dict[UUID, ActorKind]:
    """The kinds of the parties and speakers of claims about serious acts; others need none."""
    grave = [entry for entry in submissions if disclosure.grave(entry.claim)]
    parties = {party.actor for entry in grave for party in entry.claim.parties}
    return states.actor_kinds(parties | {entry.said_by.actor for entry in grave if entry.said_by})


def speakers(actors: Iterable[UUID]) -> dict[UUID, PartySource]:
    """The speakers for actors on record. A speaker without a source contains a new one."""
    ids = set(actors)
    sources = states.speakers(ids)
    by_actor = {}
    for key, state in states.records(ids, at=None).items():
        if isinstance(state, f.ActorState):
            existing = sources.get(key)
            by_actor[key] = (
                PartySource(key, state.actor.name, existing[0], None, frozenset(existing))
                if existing
                else new_speaker(key, state.actor)
            )
    return by_actor


def new_speaker(id_: UUID, actor: Actor) -> PartySource:
    """The speaker for an actor that is not a source yet."""
    source = content_id("speaker", str(id_))
    new = attribution.as_source(id_, actor)
    return PartySource(id_, actor.name, source, new, frozenset({source}))


def new_sources(speakers: Iterable[PartySource]) -> list[Draft]:
    """The events that record the new sources of speakers."""
    new = {speaker.source: speaker.new for speaker in speakers if speaker.new}
    return [Draft(key, e.SourceDescribed(source=source), 0) for key, source in new.items()]


def lock_speakers(submissions: Iterable[Submission], deniers: Iterable[UUID] = ()) -> None:
    """Lock the speakers, so that concurrent writers create only one source for each."""
    actors = {entry.said_by.actor for entry in submissions if entry.said_by} | {*deniers}
    if actors:
        lock_names(f"speaker:{actor}" for actor in actors)


def problems(submissions: Sequence[Submission], *, at: datetime) -> list[list[Problem]]:
    """The problems of the party that makes each claim, in addition to those of the claim. `at`: the
    moment of entry."""
    keyed = {UUID(int=place): entry for place, entry in enumerate(submissions)}
    attributed = as_statements(keyed)
    return [_problems(entry, attributed.get(key), at=at) for key, entry in keyed.items()]


def _problems(
    submission: Submission, attributed: AttributedClaim | None, *, at: datetime
) -> list[Problem]:
    said_by = submission.said_by
    if said_by is None:
        return []
    if attributed is None:
        return [unknown_speaker(said_by)]
    statement = attributed.parts.statement
    problems = list(attribution.problems(submission.claim, said_by, statement))
    if said_by.occurred:
        dates = states.dates(citation.document for citation in statement.citations)
        late = [*validity.claim_order_problems(statement, dates)]
        late += validity.future_problems(statement, at=at)
        problems += [_at_statement(problem) for problem in late]
    return problems


def unknown_speaker(said_by: SaidBy) -> Problem:
    """The problem of a party that is no actor on record."""
    detail = f"{said_by.actor} is not an actor on record: record the speaker first"
    return Problem(pointer="/said_by/actor", code="unknown_reference", detail=detail)


def _at_statement(problem: Problem) -> Problem:
    """The problem with a pointer into `said_by`."""
    pointer = attribution.POINTER + problem.pointer
    return Problem(pointer=pointer, code=problem.code, detail=problem.detail, rests_on=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """The denial of a claim by an actor, with its citation. `interest` is derived by default:
    self-serving if the denier is a party to the claim, or speaks for the state of a party."""

    actor: UUID
    citation: Citation
    interest: Interest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedClaim:
    """A denial as it is recorded: the claim's id, the denying citation, and the denier."""

    claim: UUID
    citation: Citation
    denier: PartySource

    def draft(self, expected: int | None = None) -> Draft:
        """The event of the citation."""
        return Draft(self.claim, e.CitationAdded(citation=self.citation), expected)

    @property
    def references(self) -> list[references.Reference]:
        """The records that must exist: all but the denier's source, if it is new."""
        new = {self.denier.source} if self.denier.new else set()
        return [one for one in references.of_citation(self.citation) if one[1] not in new]


def denied(claim_id: UUID, claim: Claim, denial: Denial) -> DeniedClaim:
    """Return the denial of a claim, as it is recorded.

    :raises Invalid: if the denier is not on record.
    """
    denier = _denier(denial)
    citation = _citation(denial, claim, denier)
    return DeniedClaim(claim=claim_id, citation=citation, denier=denier)


def deny(
    claim_id: UUID, denial: Denial, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Record the denial of a claim.

    :raises NoSuchClaim: :raises Invalid: :raises OutOfOrder: if the claim is retracted.
    """
    state = states.claim(claim_id)
    if state is None:
        raise NoSuchClaim(claim_id)
    with transaction.atomic():
        lock_name(f"speaker:{denial.actor}")
        done = denied(claim_id, state.claim, denial)
        if done.citation in state.claim.citations:
            validity.refuse([_problem("", "repeated", "the claim already has this denial")])
        return _append(done, at=at, by=by, expected=expected)


def _append(denial: DeniedClaim, *, at: datetime, by: str, expected: int | None) -> Recorded:
    drafts = [*new_sources([denial.denier]), denial.draft(expected)]
    referred = denial.references
    problems = validity.event_problems(drafts[-1].event)
    validity.refuse([*problems, *references.missing(referred)])

    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.require(referred), *standing.project(pending)]

    return log.append(drafts, at=at, by=by, project=project)[-1]


def _denier(denial: Denial) -> PartySource:
    speaker = speakers([denial.actor]).get(denial.actor)
    if speaker is None:
        detail = f"{denial.actor} is not an actor on record: record the denier first"
        raise validity.Invalid([_problem("/denied_by", "unknown_reference", detail)])
    return speaker


def _citation(denial: Denial, claim: Claim, speaker: PartySource) -> Citation:
    cited = states.documents(ids=[denial.citation.document], urls=())
    own = speaker.all | {document.id for document in cited if document.source in speaker.all}
    citation = attribution.attributed_citation(denial.citation, speaker.source, own)
    interest = denial.interest or _interest(denial.actor, claim)
    return replace(citation, stance="denies", interest=interest)


def _interest(denier: UUID, claim: Claim) -> Interest:
    """Self-serving if the denier is a party to the claim, or speaks for the state of a party."""
    parties = {party.actor for party in claim.parties}
    records = states.records({denier, *parties}, at=None)
    denier_side = _represented(denier, records.get(denier))
    party_sides = {actor for party in parties for actor in _represented(party, records.get(party))}
    return "self-serving" if denier_side & party_sides else "none"


def _represented(actor: UUID, state: f.State | None) -> set[UUID]:
    """An actor, its countries, its members, and the countries that it acts for."""
    if not isinstance(state, f.ActorState):
        return {actor}
    countries = {one.country for one in state.actor.affiliations}
    return {actor, *countries, *state.actor.members, *state.actor.represented}


def _problem(pointer: str, code: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code=code, detail=detail)
