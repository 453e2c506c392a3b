"""Creates and cancels jobs. A request that equals an unfinished job returns that job."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.problems import Conflict, NotFound
from tracker.imports import queries, spool
from tracker.imports.queries import BATCH, IMPORT, WITHDRAWAL
from tracker.imports.spool import Received
from tracker.imports.withdrawal import NoSuchImport
from tracker.models.jobs import CANCELLED, RUNNING, UNFINISHED, WAITING, BatchRow, Job
from tracker.models.operational import ImportRun
from tracker.operations import ids

# Sent after each commit that created a job. Workers that miss it find the job in the table.
job_requested = Signal()


class NoSuchJob(NotFound):
    """There is no job with this id."""


class NotPossibleNow(Conflict):
    """The request is not possible in the current state; the message names the reason."""


class FileDeleted(NotFound):
    """The file of the job was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of an import: the format, if it is not to be detected; the mapping of a table, in
    TOML; whether claims on record with other content are corrected; whether it is a dry run; and
    whether rows without a date, or rows that may repeat claims on record, are skipped."""

    format: str | None = None
    mapping: str | None = None
    apply_changes: bool = False
    dry_run: bool = False
    skip_undated: bool = False
    skip_repeats: bool = False


def request_import(received: Received, options: Options, *, at: datetime, by: str) -> UUID:
    """Create a job that imports a file. Returns its id."""
    with transaction.atomic():
        job = _import(received.name, received.size, received.sha256, options, at=at, by=by)
        if _save_new(job):
            spool.adopt(received, job.id)
        return job.id


def request_load(
    checked: UUID, *, at: datetime, by: str, skip_undated: bool = False, skip_repeats: bool = False
) -> UUID:
    """Create a job that imports the file of a dry run. Returns the new job's id.

    :raises NoSuchJob: :raises FileDeleted: if the file was deleted.
    """
    dry_run = Job.objects.filter(id=checked, kind=IMPORT).first()
    if dry_run is None:
        raise NoSuchJob(f"there is no import job {checked}")
    skips = {"skip_undated": skip_undated, "skip_repeats": skip_repeats}
    chosen = {name: skip or dry_run.options.get(name, False) for name, skip in skips.items()}
    options = Options(**dry_run.options | chosen | {"dry_run": False})
    name, size, digest = dry_run.file_name, dry_run.file_size, dry_run.file_sha256
    with transaction.atomic():
        job = _import(name, size, digest, options, at=at, by=by)
        if _save_new(job):
            try:
                spool.share_upload(checked, job.id)
            except FileNotFoundError as problem:
                raise FileDeleted(f"{name} was deleted: upload it again") from problem
        return job.id


def request_batch(rows: Sequence[str], *, mode: str, dry_run: bool, at: datetime, by: str) -> UUID:
    """Create a job that records claims, each as it was sent in JSON. Returns the job's id.

    `mode`: "atomic" records all or none, "partial" those that are valid.
    """
    options = {"mode": mode, "dry_run": dry_run}
    with transaction.atomic():
        same = [BATCH, by, options, list(rows)]
        job = _job(BATCH, options, at=at, by=by, same=same, total=len(rows))
        if _save_new(job):
            claims = ids.new_ids(at, len(rows))
            BatchRow.objects.bulk_create(
                BatchRow(job=job, place=place, claim=claim, sent=sent)
                for place, (claim, sent) in enumerate(zip(claims, rows, strict=True))
            )
        return job.id


def request_withdrawal(run: UUID, *, reason: str, at: datetime, by: str) -> UUID:
    """Create a job that withdraws an import. Returns the job's id.

    :raises NoSuchImport: :raises Invalid: without a reason.
    :raises NotPossibleNow: while a job brings more of it.
    """
    validity.refuse(validity.event_problems(e.ClaimRetracted(reason=reason)))
    if not ImportRun.objects.filter(id=run).exists():
        raise NoSuchImport(f"there is no import {run}")
    if Job.objects.filter(run=run, kind=IMPORT, state__in=UNFINISHED).exists():
        raise NotPossibleNow(f"import {run} is still running: cancel its job first")
    with transaction.atomic():
        options = {"reason": reason}
        job = _job(WITHDRAWAL, options, at=at, by=by, same=[WITHDRAWAL, str(run)], run=run)
        _save_new(job)
        return job.id


def cancel(job_id: UUID, *, at: datetime) -> None:
    """Cancel a job: at once if it waits, else after the current chunk.

    What is written until then stays.

    :raises NoSuchJob: :raises NotPossibleNow: if it has ended.
    """
    row = Job.objects.filter(id=job_id)
    ended = {"state": CANCELLED, "ended_at": at, "moved_at": at, "lease": None}
    if row.filter(state=WAITING).update(cancel_wanted=True, **ended):
        return
    if row.filter(state=RUNNING).update(cancel_wanted=True):
        return
    job = queries.job(job_id)
    if job is None:
        raise NoSuchJob(f"there is no job {job_id}")
    raise NotPossibleNow(f"the job has ended: it is {job.state}")


def _import(
    name: str, size: int | None, sha256: str, options: Options, *, at: datetime, by: str
) -> Job:
    values = asdict(options)
    file = {"file_name": name, "file_size": size, "file_sha256": sha256}
    return _job(IMPORT, values, at=at, by=by, same=[IMPORT, by, sha256, values], **file)


def _job(
    kind: str, options: Mapping[str, Any], *, at: datetime, by: str, same: list[Any], **more: Any
) -> Job:
    digest = hashlib.sha256(codec.canonical(same).encode()).hexdigest()
    stamp = {"recorded_by": by, "asked_at": at, "moved_at": at}
    return Job(id=ids.new_id(at), kind=kind, options=dict(options), same=digest, **stamp, **more)


def _save_new(job: Job) -> bool:
    """Save a job. Returns False if an equal job is unfinished; the job then takes its id."""
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        equal = Job.objects.filter(same=job.same, state__in=UNFINISHED)
        # If there is none, the job that was in the way has ended meanwhile: try again.
        if saved := equal.values_list("id", flat=True).first():
            transaction.on_commit(lambda: job_requested.send_robust(sender=None))
            is_new = saved == job.id
            job.id = saved
            return is_new
