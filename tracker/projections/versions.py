"""Evaluates one claim at a position and writes what is new: the versions of its impacts, what
they depend on, and whether it had to be set aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.domain.events import UnknownShape
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.log import Statement
from tracker.log.messages import send
from tracker.models.derived import ImpactVersion, Quarantine
from tracker.projections.marks import Touched
from tracker.projections.rowsets import insert
from tracker.queries.impacts import open_versions
from tracker.queries.neighbourhood import Neighbourhood
from tracker.queries.snapshot import Snapshot

_CLOSE = (
    "UPDATE impact SET known_until = %s WHERE view = %s AND claim = %s AND known_until IS NULL"
    " AND initiator = %s AND recipient = %s"
)
_DEPEND = (
    "WITH gone AS (DELETE FROM dependency WHERE view = %s AND claim = %s AND stream <> ALL (%s))"
    " INSERT INTO dependency (view, claim, stream) SELECT %s, %s, stream FROM unnest(%s) AS stream"
    " ON CONFLICT DO NOTHING"
)
logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a follower stands: its view, the log up to here, the pairs touched on the way, and
    the subjects in quarantine when it set out."""

    view: View
    snapshot: Snapshot
    touched: Touched
    set_aside: set[str]


def refresh(claim_id: UUID, step: Step) -> None:
    """Bring what is known of a claim up to the step's position."""
    around = Neighbourhood(step.snapshot, step.view)
    around.streams.add(claim_id)
    written = _write(claim_id, _evaluated(claim_id, around, step), step)
    send(*written, _depend(claim_id, around.streams, step.view))


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


def _write(claim_id: UUID, impacts: Iterable[Impact], step: Step) -> list[Statement]:
    """What closes the versions that no longer hold and opens those that are new."""
    view, position = step.view.id, step.snapshot.position
    old = dict(open_versions(view, claim_id))
    new = {(one.initiator, one.recipient): one for one in impacts}
    closed = [key for key in sorted(old) if old[key] != new.get(key)]
    opened = [key for key in sorted(new) if old.get(key) != new[key]]
    for one in (*(old[key] for key in closed), *(new[key] for key in opened)):
        step.touched.add(pair_of(one.initiator, one.recipient), one.first)
    return [
        *(Statement(_CLOSE, [position, view, claim_id, *key]) for key in closed),
        *([insert(ImpactVersion, [_version(new[key], step) for key in opened])] if opened else []),
    ]


def _version(impact: Impact, step: Step) -> dict[str, Any]:
    return {
        "view": step.view.id,
        "pair": pair_of(impact.initiator, impact.recipient),
        "known_from": step.snapshot.position,
        **impact._asdict(),
    }


def _depend(claim_id: UUID, streams: set[UUID], view: View) -> Statement:
    """What remembers which streams the claim's impacts were computed from."""
    known = sorted(streams)
    return Statement(_DEPEND, [view.id, claim_id, known, view.id, claim_id, known])
