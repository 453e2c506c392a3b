"""What a party says, in one transaction: the statement, what it says, and the link between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tracker.domain import dateorder, guilt, sayings
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.parties import Actor, ActorKind
from tracker.domain.problems import Problem
from tracker.domain.publications import Source
from tracker.domain.sayings import Entered, SaidBy, Spoken
from tracker.log import Draft
from tracker.operations.ids import content_id, statement_id
from tracker.operations.turns import take_turns
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
class Told:
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


def told(entered: Mapping[UUID, Entered]) -> dict[UUID, Told]:
    """Make two claims of each that a party says, with one look-up for all. Those whose speaker is
    not on record are left out."""
    said = {key: one for key, one in entered.items() if one.said_by}
    if not said:
        return {}
    heard = speakers({one.said_by.actor for one in said.values() if one.said_by})
    cited = {one.document for each in said.values() for one in each.claim.citations}
    dates = states.dates(cited)
    held = states.documents(ids=list(cited), urls=())
    parties = kinds(said.values())
    found = {}
    for key, one in said.items():
        speaker = heard.get(one.said_by.actor) if one.said_by else None
        if speaker and one.said_by:
            spoken = sayings.spoken(
                one.claim,
                one.said_by,
                sayings.Known(
                    name=speaker.name,
                    source=speaker.source,
                    own=speaker.all | {each.id for each in held if each.source in speaker.all},
                    published=dates,
                    kinds=parties,
                ),
            )
            found[key] = Told(id=key, statement=statement_id(key), speaker=speaker, spoken=spoken)
    return found


def kinds(entered: Iterable[Entered]) -> dict[UUID, ActorKind]:
    """Give the kinds of those who take part in claims about something grave, and of those who say
    them; the others need none."""
    grave = [one for one in entered if guilt.grave(one.claim)]
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
                else unsourced(key, state.actor)
            )
    return found


def unsourced(actor: UUID, described: Actor) -> Speaker:
    """Give an actor that is no source yet as one."""
    source = content_id("speaker", str(actor))
    new = sayings.as_source(actor, described)
    return Speaker(actor, described.name, source, new, frozenset({source}))


def new_sources(heard: Iterable[Speaker]) -> list[Draft]:
    """The events that make sources of speakers who are none yet."""
    new = {one.source: one.new for one in heard if one.new}
    return [Draft(key, e.SourceDescribed(source=one), 0) for key, one in new.items()]


def take_speakers_turns(entered: Iterable[Entered]) -> None:
    """See to it that a speaker becomes one source only, whoever else writes now."""
    names = {f"speaker:{one.said_by.actor}" for one in entered if one.said_by}
    if names:
        take_turns(names)


def problems(entered: Sequence[Entered]) -> list[list[Problem]]:
    """What is wrong with who says each claim, beside what is wrong with the claim itself."""
    keyed = {UUID(int=place): one for place, one in enumerate(entered)}
    found = told(keyed)
    return [_problems(one, found.get(key)) for key, one in keyed.items()]


def _problems(entered: Entered, told: Told | None) -> list[Problem]:
    said_by = entered.said_by
    if said_by is None:
        return []
    if told is None:
        return [_nobody(said_by)]
    statement = told.spoken.statement
    wrong = list(sayings.problems(entered.claim, said_by, statement))
    if said_by.occurred:
        dates = states.dates(one.document for one in statement.citations)
        late = dateorder.claim_problems(statement, dates)
        wrong += [_moved(one) for one in late]
    return wrong


def _nobody(said_by: SaidBy) -> Problem:
    detail = f"{said_by.actor} is not an actor on record: record the speaker first"
    return Problem(pointer="/said_by/actor", code="unknown_reference", detail=detail)


def _moved(one: Problem) -> Problem:
    return Problem(
        pointer=sayings.POINTER + one.pointer, code=one.code, detail=one.detail, rests_on=()
    )
