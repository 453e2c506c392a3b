"""The runs of imports: where each stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from tracker.models.operational import ImportRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One file on its way in, or taken in. `counts` are of the rows that are done, by outcome;
    they are told about once a second."""

    id: UUID
    name: str
    format: str
    file_sha256: str
    collection: UUID | None
    by: str
    state: str
    rows: int | None
    done: int
    counts: Mapping[str, int]
    error: str
    started_at: datetime
    moved_at: datetime


def listing(*, limit: int, before: tuple[datetime, UUID] | None = None) -> list[Run]:
    """Give up to `limit` runs, the last first; those before one that began then."""
    rows = ImportRun.objects.order_by("-started_at", "-id")
    if before:
        at, run_id = before
        rows = rows.filter(Q(started_at__lt=at) | Q(started_at=at, id__lt=run_id))
    return [_run(one) for one in rows[:limit]]


def count() -> int:
    """How many there ever were."""
    return ImportRun.objects.count()


def run(run_id: UUID) -> Run | None:
    """Give one run."""
    found = ImportRun.objects.filter(id=run_id).first()
    return _run(found) if found else None


def _run(row: ImportRun) -> Run:
    return Run(
        id=row.id,
        name=row.name,
        format=row.format,
        file_sha256=row.file_sha256,
        collection=row.collection,
        by=row.recorded_by,
        state=row.state,
        rows=row.rows,
        done=row.done,
        counts={outcome: row.counts[outcome] for outcome in row.counts},
        error=row.error,
        started_at=row.started_at,
        moved_at=row.moved_at,
    )
