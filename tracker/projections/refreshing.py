"""Updates the impacts of claims to the position of a follower.

An impact that an event made outdated ends at its position, and a new one begins there, so that the
impacts as known at any position are a filter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.events import UnknownShape
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.records import Collection
from tracker.domain.scoring.evidence import Impact, changes_from
from tracker.models.derived import Quarantine
from tracker.projections.impact_batch import ImpactBatch
from tracker.projections.plain_claims import Evaluated, KeptParts, PlainClaims, ReadEvent
from tracker.projections.scores import ChangedPairs
from tracker.queries.evidence.impacts import Ends
from tracker.queries.evidence.record import Neighbourhood, Snapshot

logger = structlog.get_logger()


# If a person's event affects no more claims than that, their pairs are urgent.
FEW_CLAIMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerStep:
    """The state of a follower in one transaction: its view, the log up to the current event, the
    batch, the parts of plain claims, the plain claims that the batch asserts or reports, what they
    are evaluated to by position, the pairs touched so far, the claims in quarantine, and the events
    of people."""

    view: View
    kept: KeptParts
    plain: PlainClaims
    evaluated: dict[int, Evaluated]
    snapshot: Snapshot
    batch: ImpactBatch
    touched: ChangedPairs
    quarantined: set[str]
    entered: set[int]

    def admits(self, collection_id: UUID) -> bool:
        """Whether claims of a collection count at this position. If the collection cannot be read,
        its claims are evaluated, so that they appear in quarantine."""
        if self.view.collections:
            return collection_id in self.view.collections
        state = self.snapshot.readable([collection_id], f.CollectionState).get(collection_id)
        return state is None or self.view.admits(collection_id, state.collection)

    def begins_to_admit(self, collection_id: UUID, collection: Collection) -> bool:
        """Whether a new description of a collection makes its claims count."""
        counts = self.view.admits(collection_id, collection)
        return counts and not self.admits(collection_id)


def refresh(claims: Sequence[UUID], step: FollowerStep) -> None:
    """Update the impacts of claims to the step's position."""
    for claim_id, known in zip(claims, step.batch.known(claims), strict=True):
        around = Neighbourhood(step.snapshot, step.view, link_streams=step.batch.links)
        around.streams.add(claim_id)
        impacts = _evaluate(claim_id, around, step)
        urgent = len(claims) <= FEW_CLAIMS
        _write(claim_id, known, impacts, step, position=step.snapshot.position, urgent=urgent)
        if _was_linked(claim_id, step):
            step.batch.depends(claim_id, around.streams)


def _was_linked(claim_id: UUID, step: FollowerStep) -> bool:
    """Whether a claim was ever linked, so that it gets rows of dependencies. What any other claim
    rests on follows from its own row."""
    return bool(step.batch.links({claim_id})[claim_id])


def assert_plain(event: ReadEvent, step: FollowerStep) -> bool:
    """Write the impacts of a new plain claim. False if its parts could not be worked out."""
    claim_id, position = event.body.stream, event.body.position
    evaluated = step.evaluated.get(position)
    if evaluated is None:
        return False
    step.batch.begin(claim_id)
    step.plain[claim_id] = evaluated.claim
    _write(claim_id, {}, evaluated.impacts, step, position=position)
    return True


def report_plain(event: ReadEvent, step: FollowerStep) -> bool:
    """Update the impacts of a plain claim that is reported again. False if it is not plain now, or
    its parts could not be worked out."""
    claim_id, position = event.body.stream, event.body.position
    evaluated = step.evaluated.get(position)
    if evaluated is None or claim_id not in step.plain:
        return False
    if _subject(claim_id) in step.quarantined or _was_linked(claim_id, step):
        return False
    step.plain[claim_id] = evaluated.claim
    [known] = step.batch.known([claim_id])
    _write(claim_id, known, evaluated.impacts, step, position=position)
    return True


def _evaluate(claim_id: UUID, around: Neighbourhood, step: FollowerStep) -> tuple[Impact, ...]:
    """The claim's impacts. If it cannot be evaluated: none, and an entry in quarantine."""
    subject = _subject(claim_id)
    try:
        state = step.snapshot.get(claim_id, f.ClaimState)
        impacts = evaluate(state, around.around(state)).impacts if state else ()
    except (DatabaseError, UnknownShape, codec.BadShape):
        raise
    except Exception as problem:  # other claims must go on
        logger.exception("claim quarantined", claim=str(claim_id), view=step.view.id)
        step.quarantined.add(subject)
        Quarantine.objects.update_or_create(
            view=step.view.id,
            subject=subject,
            defaults={"position": step.snapshot.position, "error": repr(problem)},
        )
        return ()
    if subject in step.quarantined:
        step.quarantined.remove(subject)
        Quarantine.objects.filter(view=step.view.id, subject=subject).delete()
    return impacts


def _subject(claim_id: UUID) -> str:
    """The name of a claim in quarantine."""
    return f"claim:{claim_id}"


def _write(
    claim_id: UUID,
    known: Mapping[Ends, Impact],
    impacts: Iterable[Impact],
    step: FollowerStep,
    *,
    position: int,
    urgent: bool = True,
) -> None:
    """Close outdated impact versions and open new ones. `urgent`: if a person's event is there."""
    urgent = urgent and position in step.entered
    new = {Ends(impact.initiator, impact.recipient): impact for impact in impacts}
    for ends, impact in sorted(known.items()):
        if impact != new.get(ends):
            step.touched.add(pair_of(*ends), changes_from(impact), urgent=urgent)
            step.batch.close(claim_id, ends, position=position)
    for ends, impact in new.items():
        if ends not in known:
            step.touched.add(pair_of(*ends), changes_from(impact), urgent=urgent)
            step.batch.open(impact, position=position)
