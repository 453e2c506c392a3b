"""When the public may see claims, worked out from the log."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import structlog

from tracker import log
from tracker.domain import disclosure
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Assessment, Step
from tracker.log import Recorded
from tracker.models.derived import StandingClaim

logger = structlog.get_logger()
# A claim that cannot be read is not shown.
_UNREADABLE = Assessment(spans=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """An assessment, and the records whose later events may change it, beyond those that the claim
    names as it stands."""

    assessment: Assessment
    rests_on: frozenset[UUID] = frozenset()


_ORDINARY = Assessed(assessment=Assessment())


def lacks(claim: UUID) -> tuple[str, ...]:
    """What a claim lacks before the public may see it, in words."""
    return assess([claim])[claim].assessment.lacks


def assess(claims: Iterable[UUID]) -> dict[UUID, Assessed]:
    """Assess those of some claims that are on record, at the head of the log."""
    rows = StandingClaim.objects.filter(id__in=list(claims))
    held = {row[0]: row[1:] for row in rows.values_list("id", "version", "actors")}
    past = RecordHistory()
    past.load(chain.from_iterable(actors for _, actors in held.values()))
    # Claims of a single event are nearly all, and accuse only if a party can be blamed.
    whole = [
        key
        for key, (version, actors) in held.items()
        if version > 1 or any(map(past.was_blamable, actors))
    ]
    return dict.fromkeys(held, _ORDINARY) | _assess_whole(whole, past)


def blamable(record: f.State | None) -> bool:
    """Whether a record is of somebody whom claims may blame."""
    return isinstance(record, f.ActorState) and record.actor.kind in disclosure.BLAMED


def ever_blamable(actors: Iterable[UUID]) -> list[UUID]:
    """Those of some actors whom claims could blame, as they were ever described."""
    past, wanted = RecordHistory(), list(actors)
    past.load(wanted)
    return [one for one in wanted if past.was_blamable(one)]


def _assess_whole(claims: Collection[UUID], past: "RecordHistory") -> dict[UUID, Assessed]:
    """Assess claims by their whole history."""
    histories: dict[UUID, list[Recorded]] = defaultdict(list)
    for one in log.history(claims, words=False):
        histories[one.stream].append(one)
    found: dict[UUID, Assessed] = {}
    steps: dict[UUID, list[Step]] = {}
    for key, history in histories.items():
        try:
            steps[key] = [Step(one.recorded_by, one.entry()) for one in history]
        except (e.UnknownShape, ValueError) as problem:
            logger.warning("claim withheld", claim=str(key), why=repr(problem))
            found[key] = Assessed(assessment=_UNREADABLE)
    grave = {key: some for key, some in steps.items() if _is_grave(some)}
    past.load_around(chain.from_iterable(grave.values()))
    found |= {key: _assessed(key, some, past) for key, some in grave.items()}
    return dict.fromkeys(steps, _ORDINARY) | found


def _assessed(claim: UUID, steps: Sequence[Step], past: "RecordHistory") -> Assessed:
    around = past.around(steps)
    try:
        assessment = disclosure.assess(steps, past.states(around))
    except Exception:  # a claim that cannot be assessed is withheld, and stops no other
        logger.exception("claim withheld", claim=str(claim))
        return Assessed(assessment=_UNREADABLE, rests_on=frozenset(around))
    rests = assessment.blames or len(_versions(steps)) > 1
    return Assessed(assessment=assessment, rests_on=frozenset(around if rests else ()))


def _is_grave(steps: Iterable[Step]) -> bool:
    return any(map(disclosure.grave, _versions(steps)))


def _versions(steps: Iterable[Step]) -> list[Claim]:
    events = (step.entry.event for step in steps)
    return [one.claim for one in events if isinstance(one, e.ClaimAsserted | e.ClaimCorrected)]


def _named(steps: Iterable[Step]) -> set[UUID]:
    """The actors, documents and sources that the events of a claim name, as far as disclosure
    depends on them."""
    found: set[UUID] = set()
    for step in steps:
        match step.entry.event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                found |= {party.actor for party in claim.parties}
                found |= {citation.document for citation in claim.citations}
            case e.CitationAdded(citation=citation):
                found.add(citation.document)
            case e.VerdictGiven(source=UUID() as source):
                found.add(source)
    return found


class RecordHistory:
    """Records as each of their events left them."""

    def __init__(self) -> None:
        self._events: dict[UUID, list[Recorded]] = {}
        self._states: dict[UUID, list[tuple[int, f.State]]] = {}

    def load(self, records: Iterable[UUID]) -> None:
        """Read the events of records that were not read yet, with one question."""
        new = {one for one in records if one not in self._events}
        self._events |= {one: [] for one in new}
        for recorded in log.history(new, words=False):
            self._events[recorded.stream].append(recorded)

    def load_around(self, steps: Iterable[Step]) -> None:
        """Read what events of claims name, and the actors that sources are."""
        wanted = _named(steps)
        self.load(wanted)
        self.load(actor for one in wanted for actor in self._actors_of(one))

    def around(self, steps: Iterable[Step]) -> set[UUID]:
        """The records that events of a claim rest on."""
        wanted = _named(steps)
        return wanted.union(*map(self._actors_of, wanted))

    def states(self, records: Iterable[UUID]) -> list[tuple[int, f.State]]:
        """What records were, each with the position from which on, in the order of the log."""
        return sorted(chain.from_iterable(map(self._states_of, records)), key=lambda one: one[0])

    def was_blamable(self, actor: UUID) -> bool:
        """Whether claims could blame an actor, as it was ever described."""
        kinds = {one.body.get("actor", {}).get("kind") for one in self._events[actor]}
        return not disclosure.BLAMED.isdisjoint(kinds)

    def _actors_of(self, record: UUID) -> set[UUID]:
        bodies: Iterable[Mapping[str, Mapping[str, str]]] = (
            one.body for one in self._events[record]
        )
        named = (body.get("source", {}).get("actor") for body in bodies)
        return {UUID(one) for one in named if one}

    def _states_of(self, record: UUID) -> list[tuple[int, f.State]]:
        if record not in self._states:
            state: f.State | None = None
            found: list[tuple[int, f.State]] = []
            for one in self._events[record]:
                state = f.fold([one.entry()], state)
                if state is not None:
                    found.append((one.position, state))
            self._states[record] = found
        return self._states[record]
