"""Evaluates one claim at a position and writes what is new: the versions of its impacts, what
they depend on, and whether it had to be set aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.domain.events import UnknownShape
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.publications import Collection
from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import Quarantine
from tracker.projections.marks import Touched
from tracker.projections.stretch import Stretch
from tracker.queries.evidence.impacts import Ends
from tracker.queries.evidence.neighbourhood import Neighbourhood
from tracker.queries.evidence.snapshot import Snapshot

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a follower stands: its view, the log up to here, the stretch that it takes in, the
    pairs touched on the way, and the subjects in quarantine when it set out."""

    view: View
    snapshot: Snapshot
    stretch: Stretch
    touched: Touched
    set_aside: set[str]

    def admits(self, collection_id: UUID) -> bool:
        """Whether claims of a collection count at this position. Where the collection cannot be
        read, its claims are evaluated, so that they are set aside by name."""
        if self.view.collections:
            return collection_id in self.view.collections
        state = self.snapshot.sound([collection_id], f.CollectionState).get(collection_id)
        return state is None or self.view.admits(collection_id, state.collection)

    def begins_to_admit(self, collection_id: UUID, collection: Collection) -> bool:
        """Whether a new description makes claims count that were not looked at before."""
        counts = self.view.admits(collection_id, collection)
        return counts and not self.admits(collection_id)


def refresh(claims: Sequence[UUID], step: Step) -> None:
    """Bring what is known of claims up to the step's position."""
    known = step.stretch.known(claims)
    for claim_id, held in zip(claims, known, strict=True):
        around = Neighbourhood(step.snapshot, step.view, link_streams=step.stretch.links)
        around.streams.add(claim_id)
        _write(claim_id, held, _evaluated(claim_id, around, step), step)
        step.stretch.depends(claim_id, around.streams)


def _evaluated(claim_id: UUID, around: Neighbourhood, step: Step) -> tuple[Impact, ...]:
    """The claim's impacts; none, and an entry in quarantine, if it cannot be evaluated."""
    subject = f"claim:{claim_id}"
    try:
        state = step.snapshot.get(claim_id, f.ClaimState)
        impacts = evaluate(state, around.around(state)).impacts if state else ()
    except (DatabaseError, UnknownShape, codec.BadShape):
        raise
    except Exception as problem:  # a poison claim is set aside alone
        logger.exception("claim quarantined", claim=str(claim_id), view=step.view.id)
        step.set_aside.add(subject)
        Quarantine.objects.update_or_create(
            view=step.view.id,
            subject=subject,
            defaults={"position": step.snapshot.position, "error": repr(problem)},
        )
        return ()
    if subject in step.set_aside:
        step.set_aside.remove(subject)
        Quarantine.objects.filter(view=step.view.id, subject=subject).delete()
    return impacts


def _write(
    claim_id: UUID, known: Mapping[Ends, Impact], impacts: Iterable[Impact], step: Step
) -> None:
    """Close the versions that no longer hold and open those that are new."""
    position = step.snapshot.position
    new = {Ends(one.initiator, one.recipient): one for one in impacts}
    for ends, was in sorted(known.items()):
        if was != new.get(ends):
            step.touched.add(pair_of(*ends), was.first)
            step.stretch.close(claim_id, ends, position=position)
    for ends, now in new.items():
        if ends not in known:
            step.touched.add(pair_of(*ends), now.first)
            step.stretch.open(now, position=position)
