"""Evaluates one claim at a position and writes what is new: the versions of its impacts, what
they depend on, and whether it had to be set aside."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.domain.events import UnknownShape
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import ImpactVersion, Quarantine
from tracker.projections.marks import Touched
from tracker.queries.impacts import impact_of
from tracker.queries.neighbourhood import Neighbourhood
from tracker.queries.snapshot import Snapshot

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
    _write(claim_id, _evaluated(claim_id, around, step), step)
    _depend(claim_id, around.streams, step.view)


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


def _write(claim_id: UUID, impacts: Iterable[Impact], step: Step) -> None:
    """Close the versions that no longer hold, open those that are new, leave the others."""
    view, position = step.view, step.snapshot.position
    open_rows = ImpactVersion.objects.filter(view=view.id, claim=claim_id, known_until__isnull=True)
    old = {(row.initiator, row.recipient): row for row in open_rows}
    new = {(one.initiator, one.recipient): one for one in impacts}
    same = {key for key in old.keys() & new.keys() if impact_of(old[key]) == new[key]}
    for key in sorted(old.keys() - same):
        row = old[key]
        step.touched.add(row.pair, row.first)
        open_rows.filter(pair=row.pair, initiator=row.initiator).update(known_until=position)
    created = [_version(new[key], position, view) for key in sorted(new.keys() - same)]
    for row in created:
        step.touched.add(row.pair, row.first)
    ImpactVersion.objects.bulk_create(created)


def _version(impact: Impact, position: int, view: View) -> ImpactVersion:
    facts: dict[str, Any] = asdict(impact)
    for name in ("sectors", "roots", "state_roots"):
        facts[name] = list(facts[name])
    return ImpactVersion(
        view=view.id,
        pair=pair_of(impact.initiator, impact.recipient),
        known_from=position,
        **facts,
    )


def _depend(claim_id: UUID, streams: set[UUID], view: View) -> None:
    """Remember which streams the claim's impacts were computed from."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM dependency WHERE view = %(view)s AND claim = %(claim)s"
            " AND stream <> ALL (%(streams)s))"
            " INSERT INTO dependency (view, stream, claim)"
            " SELECT %(view)s, stream, %(claim)s FROM unnest(%(streams)s) AS stream"
            " ON CONFLICT DO NOTHING",
            {"view": view.id, "claim": claim_id, "streams": sorted(streams)},
        )
