"""When the public may see claims, computed from the log."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

import structlog

from tracker import log
from tracker.domain import disclosure
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Assessment, AuthoredEvent, Reader
from tracker.log import Recorded
from tracker.log.messages import id_array
from tracker.models.derived import StandingClaim
from tracker.queries import accounts
from tracker.queries.claims import disclosure as disclosed
from tracker.queries.sql import select

logger = structlog.get_logger()
# A claim that cannot be read is not shown.
_UNREADABLE = Assessment(spans=())
# The condition that a row of a claim, `c`, is about something grave.
GRAVE = "(c.code = ANY(%s::text[]) OR c.state #> '{claim,contexts}' ?| %s::text[])"
# Also those of which a past row is missing: their events decide.
_EVER_GRAVE = (
    f"SELECT c.id FROM standing_claim c WHERE c.id = ANY(%s::uuid[]) AND ({GRAVE}"  # noqa: S608
    " OR c.version > 1 AND c.version <> 1 + (SELECT count(*) FROM past_claim p WHERE p.id = c.id))"
    f" UNION SELECT c.id FROM past_claim c WHERE c.id = ANY(%s::uuid[]) AND {GRAVE}"
)


def grave_codes() -> list[Any]:
    """Return the parameters of `GRAVE`."""
    return [disclosure.codes(disclosure.EVENTS), sorted(disclosure.CONTEXTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """An assessment, and the records whose later events may change it, beyond those that the claim
    names now."""

    assessment: Assessment
    rests_on: frozenset[UUID] = frozenset()


_ORDINARY = Assessed(assessment=Assessment())


def lacks(claim: UUID) -> tuple[str, ...]:
    """Return what a claim lacks before the public may see it, in words."""
    assessment = assess([claim])[claim].assessment
    if assessment == _UNREADABLE:
        return ("an assessment: it failed, and the log of the worker has the reason",)
    if not assessment.lacks and disclosed.withheld_claims([claim], at=None, reader=Reader.PUBLIC):
        return ("the assessment that follows a change; it runs in the background",)
    return assessment.lacks


def assess(claims: Iterable[UUID]) -> dict[UUID, Assessed]:
    """Assess those claims that are on record, as of the head of the log."""
    rows = StandingClaim.objects.filter(id__in=list(claims))
    on_record = {row[0]: row[1:] for row in rows.values_list("id", "version", "actors")}
    ids = id_array(on_record)
    grave = {row[0] for row in select(_EVER_GRAVE, [ids, *grave_codes(), ids, *grave_codes()])}
    history = RecordHistory()
    history.load(chain.from_iterable(on_record[key][1] for key in grave))
    # A claim with a single event accuses only if a party can be blamed.
    assessed_fully = [
        key
        for key in grave
        if on_record[key][0] > 1 or any(map(history.was_blamable, on_record[key][1]))
    ]
    return dict.fromkeys(on_record, _ORDINARY) | _assess_fully(assessed_fully, history)


def blamable(record: f.State | None) -> bool:
    """Whether a record is an actor whom claims may accuse."""
    return isinstance(record, f.ActorState) and record.actor.kind in disclosure.BLAMED


def ever_blamable(actors: Iterable[UUID]) -> list[UUID]:
    """Return the actors whom claims could accuse by any of their descriptions."""
    history, wanted = RecordHistory(), list(actors)
    history.load(wanted)
    return [actor for actor in wanted if history.was_blamable(actor)]


def _assess_fully(claims: Collection[UUID], history: "RecordHistory") -> dict[UUID, Assessed]:
    """Assess claims about something grave by their whole history."""
    histories: dict[UUID, list[Recorded]] = defaultdict(list)
    for event in log.history(claims, words=False):
        histories[event.stream].append(event)
    assessed: dict[UUID, Assessed] = {}
    steps: dict[UUID, list[AuthoredEvent]] = {}
    # Nobody is a second editor by another name of the same account.
    by = {event.recorded_by for events in histories.values() for event in events}
    person = {name: min(same) for name, same in accounts.names_of_same_account(by).items()}
    for key, events in histories.items():
        try:
            steps[key] = [
                AuthoredEvent(person[event.recorded_by], event.entry()) for event in events
            ]
        except (e.UnknownShape, ValueError) as problem:
            logger.warning("claim withheld", claim=str(key), why=repr(problem))
            assessed[key] = Assessed(assessment=_UNREADABLE)
    history.load_around(chain.from_iterable(steps.values()))
    return assessed | {key: _assessed(key, own_steps, history) for key, own_steps in steps.items()}


def _assessed(claim: UUID, steps: Sequence[AuthoredEvent], history: "RecordHistory") -> Assessed:
    records = history.around(steps)
    try:
        assessment = disclosure.assess(steps, history.states(records))
    except Exception:  # a claim that cannot be assessed is withheld, and stops no other
        logger.exception("claim withheld", claim=str(claim))
        return Assessed(assessment=_UNREADABLE, rests_on=frozenset(records))
    depends = assessment.blames or len(_versions(steps)) > 1
    return Assessed(assessment=assessment, rests_on=frozenset(records if depends else ()))


def _versions(steps: Iterable[AuthoredEvent]) -> list[Claim]:
    events = (step.entry.event for step in steps)
    return [
        event.claim for event in events if isinstance(event, e.ClaimAsserted | e.ClaimCorrected)
    ]


def _named(steps: Iterable[AuthoredEvent]) -> set[UUID]:
    """The actors, documents and sources that the events of a claim name, as far as disclosure
    depends on them."""
    records: set[UUID] = set()
    for step in steps:
        match step.entry.event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                records |= {party.actor for party in claim.parties}
                records |= {citation.document for citation in claim.citations}
            case e.CitationAdded(citation=citation):
                records.add(citation.document)
            case e.VerdictGiven(source=UUID() as source):
                records.add(source)
    return records


class RecordHistory:
    """Past states of records."""

    def __init__(self) -> None:
        self._events: dict[UUID, list[Recorded]] = {}
        self._states: dict[UUID, list[tuple[int, f.State]]] = {}

    def load(self, records: Iterable[UUID]) -> None:
        """Read the events of records that are not loaded yet, with one query."""
        new = {record for record in records if record not in self._events}
        self._events |= {record: [] for record in new}
        for recorded in log.history(new, words=False):
            self._events[recorded.stream].append(recorded)

    def load_around(self, steps: Iterable[AuthoredEvent]) -> None:
        """Read the records that events of claims name, and the actors of named sources."""
        wanted = _named(steps)
        self.load(wanted)
        self.load(actor for record in wanted for actor in self._actors_of(record))

    def around(self, steps: Iterable[AuthoredEvent]) -> set[UUID]:
        """Return the records that events of a claim depend on."""
        wanted = _named(steps)
        return wanted.union(*map(self._actors_of, wanted))

    def states(self, records: Iterable[UUID]) -> list[tuple[int, f.State]]:
        """Return the states of records, each with its first position, in the order of the log."""
        return sorted(
            chain.from_iterable(map(self._states_of, records)), key=lambda entry: entry[0]
        )

    def was_blamable(self, actor: UUID) -> bool:
        """Whether claims could accuse an actor by any of its descriptions."""
        kinds = {event.content.get("actor", {}).get("kind") for event in self._events[actor]}
        return not disclosure.BLAMED.isdisjoint(kinds)

    def _actors_of(self, record: UUID) -> set[UUID]:
        bodies: Iterable[Mapping[str, Mapping[str, str]]] = (
            event.content or {} for event in self._events[record]
        )
        actors = (body.get("source", {}).get("actor") for body in bodies)
        return {UUID(actor) for actor in actors if actor}

    def _states_of(self, record: UUID) -> list[tuple[int, f.State]]:
        if record not in self._states:
            state: f.State | None = None
            states: list[tuple[int, f.State]] = []
            for event in self._events[record]:
                state = f.fold([event.entry()], state)
                if state is not None:
                    states.append((event.position, state))
            self._states[record] = states
        return self._states[record]
