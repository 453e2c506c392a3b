"""What a party says, in one transaction: the statement, what it says, and the link between them."""

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
from tracker.domain.attribution import Entered, SaidBy, Spoken
from tracker.domain.claims import Citation, Claim, Interest
from tracker.domain.problems import Problem
from tracker.domain.records import Actor, ActorKind, Source
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import references
from tracker.operations.claims import NoSuchClaim
from tracker.operations.ids import content_id, statement_id
from tracker.operations.name_locks import lock_name, lock_names
from tracker.projections import standing
from tracker.queries.evidence.preview import Saying
from tracker.queries.records import states


class Speaker(NamedTuple):
    """A party as a source: `source` is its id, `new` the record where there was none, and `all`
    the sources that are it."""

    actor: UUID
    name: str
    source: UUID
    new: Source | None
    all: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributedClaim:
    """A claim that a party says: under `id` what is said, under `statement` that it was said."""

    id: UUID
    statement: UUID
    speaker: Speaker
    spoken: Spoken

    @property
    def link(self) -> e.ClaimsLinked:
        """The statement says the claim."""
        return e.ClaimsLinked(type="says", from_=self.statement, to=self.id)

    @property
    def saying(self) -> Saying:
        """The statement as a draft that is looked at."""
        new = self.speaker.new
        source = f.SourceState(id=self.speaker.source, source=new) if new else None
        claim = self.spoken.statement
        return Saying(id=self.statement, claim=claim, link=self.link, source=source)

    def drafts(self) -> Iterator[Draft]:
        """The events of the two claims and of their link, all new."""
        yield Draft(self.id, e.ClaimAsserted(claim=self.spoken.said), 0)
        yield Draft(self.statement, e.ClaimAsserted(claim=self.spoken.statement), 0)
        link = self.link
        yield Draft(e.link_id(link.type, link.from_, link.to), link, 0)


def as_statements(entered: Mapping[UUID, Entered]) -> dict[UUID, AttributedClaim]:
    """Make two claims of each that a party says, with one look-up for all. Those whose speaker is
    not on record are left out."""
    said = {key: one for key, one in entered.items() if one.said_by}
    if not said:
        return {}
    heard = speakers({one.said_by.actor for one in said.values() if one.said_by})
    cited = {one.document for each in said.values() for one in each.claim.citations}
    dates = states.dates(cited)
    held = states.documents(ids=list(cited), urls=())
    parties = grave_kinds(said.values())
    found = {}
    for key, one in said.items():
        speaker = heard.get(one.said_by.actor) if one.said_by else None
        if speaker and one.said_by:
            spoken = attribution.spoken(
                one.claim,
                one.said_by,
                attribution.Known(
                    name=speaker.name,
                    source=speaker.source,
                    own=speaker.all | {each.id for each in held if each.source in speaker.all},
                    published=dates,
                    kinds=parties,
                ),
            )
            found[key] = AttributedClaim(
                id=key, statement=statement_id(key), speaker=speaker, spoken=spoken
            )
    return found


def grave_kinds(entered: Iterable[Entered]) -> dict[UUID, ActorKind]:
    """Give the kinds of those who take part in claims about something grave, and of those who say
    them; the others need none."""
    grave = [one for one in entered if disclosure.grave(one.claim)]
    parties = {party.actor for one in grave for party in one.claim.parties}
    return kinds_of(parties | {one.said_by.actor for one in grave if one.said_by})


def kinds_of(actors: Iterable[UUID]) -> dict[UUID, ActorKind]:
    """Give the kinds of those actors that are on record."""
    wanted = set(actors)
    found = states.records(wanted, at=None) if wanted else {}
    return {key: one.actor.kind for key, one in found.items() if isinstance(one, f.ActorState)}


def speakers(actors: Iterable[UUID]) -> dict[UUID, Speaker]:
    """Give actors on record as sources. One that is no source yet would become one."""
    wanted = set(actors)
    sources = states.speakers(wanted)
    found = {}
    for key, state in states.records(wanted, at=None).items():
        if isinstance(state, f.ActorState):
            own = sources.get(key)
            found[key] = (
                Speaker(key, state.actor.name, own[0], None, frozenset(own))
                if own
                else new_speaker(key, state.actor)
            )
    return found


def new_speaker(actor: UUID, described: Actor) -> Speaker:
    """Give an actor that is no source yet as one."""
    source = content_id("speaker", str(actor))
    new = attribution.as_source(actor, described)
    return Speaker(actor, described.name, source, new, frozenset({source}))


def new_sources(heard: Iterable[Speaker]) -> list[Draft]:
    """The events that make sources of speakers who are none yet."""
    new = {one.source: one.new for one in heard if one.new}
    return [Draft(key, e.SourceDescribed(source=one), 0) for key, one in new.items()]


def lock_speakers(entered: Iterable[Entered]) -> None:
    """See to it that a speaker becomes one source only, whoever else writes now."""
    names = {f"speaker:{one.said_by.actor}" for one in entered if one.said_by}
    if names:
        lock_names(names)


def problems(entered: Sequence[Entered]) -> list[list[Problem]]:
    """What is wrong with who says each claim, beside what is wrong with the claim itself."""
    keyed = {UUID(int=place): one for place, one in enumerate(entered)}
    found = as_statements(keyed)
    return [_problems(one, found.get(key)) for key, one in keyed.items()]


def _problems(entered: Entered, told: AttributedClaim | None) -> list[Problem]:
    said_by = entered.said_by
    if said_by is None:
        return []
    if told is None:
        return [_unknown_speaker(said_by)]
    statement = told.spoken.statement
    wrong = list(attribution.problems(entered.claim, said_by, statement))
    if said_by.occurred:
        dates = states.dates(one.document for one in statement.citations)
        late = validity.claim_order_problems(statement, dates)
        wrong += [_at_statement(one) for one in late]
    return wrong


def _unknown_speaker(said_by: SaidBy) -> Problem:
    detail = f"{said_by.actor} is not an actor on record: record the speaker first"
    return Problem(pointer="/said_by/actor", code="unknown_reference", detail=detail)


def _at_statement(one: Problem) -> Problem:
    return Problem(
        pointer=attribution.POINTER + one.pointer, code=one.code, detail=one.detail, rests_on=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Who denies a claim, and where that stands. Without `interest` it follows from whether the
    denier is a party to the claim or speaks for the state of one."""

    actor: UUID
    citation: Citation
    interest: Interest | None = None


def deny(
    claim_id: UUID, denial: Denial, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Record that somebody denies a claim.

    :raises NoSuchClaim: :raises Invalid: :raises OutOfOrder: if the claim is retracted.
    """
    state = states.claim(claim_id)
    if state is None:
        raise NoSuchClaim(claim_id)
    with transaction.atomic():
        lock_name(f"speaker:{denial.actor}")
        speaker = _denier(denial)
        citation = _citation(denial, state.claim, speaker)
        if citation in state.claim.citations:
            validity.refuse([_problem("", "repeated", "the claim has this denial already")])
        return _append(claim_id, citation, speaker, Stamp(at=at, by=by, expected=expected))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When, by whom, and the version that the person saw."""

    at: datetime
    by: str
    expected: int | None


def _append(claim_id: UUID, citation: Citation, speaker: Speaker, stamp: Stamp) -> Recorded:
    event = e.CitationAdded(citation=citation)
    # The denier's own source may be new.
    own = {speaker.source} if speaker.new else set()
    referred = [one for one in references.of_citation(citation) if one[1] not in own]
    validity.refuse([*validity.event_problems(event), *references.missing(referred)])

    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.require(referred), *standing.project(pending)]

    drafts = [
        *new_sources([speaker]),
        Draft(stream=claim_id, event=event, expected=stamp.expected),
    ]
    return log.append(drafts, at=stamp.at, by=stamp.by, project=project)[-1]


def _denier(denial: Denial) -> Speaker:
    speaker = speakers([denial.actor]).get(denial.actor)
    if speaker is None:
        detail = f"{denial.actor} is not an actor on record: record the denier first"
        raise validity.Invalid([_problem("/denied_by", "unknown_reference", detail)])
    return speaker


def _citation(denial: Denial, claim: Claim, speaker: Speaker) -> Citation:
    cited = states.documents(ids=[denial.citation.document], urls=())
    own = speaker.all | {one.id for one in cited if one.source in speaker.all}
    citation = attribution.heard(denial.citation, speaker.source, own)
    interest = denial.interest or _interest(denial.actor, claim)
    return replace(citation, stance="denies", interest=interest)


def _interest(denier: UUID, claim: Claim) -> Interest:
    """Whether the denier is a party to a claim, or speaks for a state that one speaks for."""
    parties = {party.actor for party in claim.parties}
    held = states.records({denier, *parties}, at=None)
    own = _stands_for(denier, held.get(denier))
    theirs = {one for party in parties for one in _stands_for(party, held.get(party))}
    return "self-serving" if own & theirs else "none"


def _stands_for(actor: UUID, state: f.State | None) -> set[UUID]:
    if not isinstance(state, f.ActorState):
        return {actor}
    countries = {one.country for one in state.actor.affiliations}
    return {actor, *countries, *state.actor.members}


def _problem(pointer: str, code: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code=code, detail=detail)
