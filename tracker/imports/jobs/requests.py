"""Asking for jobs, and for their end. Who asks for what is under way already is given that job."""

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
from tracker.imports import queries as on_record
from tracker.imports import spool
from tracker.imports.queries import BATCH, IMPORT, WITHDRAWAL
from tracker.imports.spool import Received
from tracker.imports.withdrawal import NoSuchImport
from tracker.models.jobs import CANCELLED, RUNNING, UNFINISHED, WAITING, BatchRow, Job
from tracker.models.operational import ImportRun
from tracker.operations import ids

# Sent after each commit that asked for a job. A hint: whoever misses it finds the job in the table.
asked = Signal()


class NoSuchJob(NotFound):
    """There is no job with this id."""


class NotNow(Conflict):
    """It cannot be asked for as things stand; the message says what is in the way."""


class Gone(NotFound):
    """The file is not kept any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a file is to be taken in: of which format, if it is not to be recognised; by which
    mapping, in TOML, if it is a table; whether claims that are on record otherwise are corrected;
    whether it is only looked at; and whether rows without a date, or rows that may repeat claims
    on record, are left out."""

    format: str | None = None
    mapping: str | None = None
    apply_changes: bool = False
    dry_run: bool = False
    skip_undated: bool = False
    skip_repeats: bool = False


def ask_import(received: Received, options: Options, *, at: datetime, by: str) -> UUID:
    """Have a file taken in, and give the job's id."""
    with transaction.atomic():
        job = _import(received.name, received.size, received.sha256, options, at=at, by=by)
        if _first(job):
            spool.adopt(received, job.id)
        return job.id


def ask_in_earnest(
    looked: UUID, *, at: datetime, by: str, skip_undated: bool = False, skip_repeats: bool = False
) -> UUID:
    """Have the file taken in that a dry run has looked at, and give the new job's id.

    :raises NoSuchJob: :raises Gone: if the file is not kept any more.
    """
    before = Job.objects.filter(id=looked, kind=IMPORT).first()
    if before is None:
        raise NoSuchJob(f"there is no import job {looked}")
    skips = {"skip_undated": skip_undated, "skip_repeats": skip_repeats}
    asked = {name: skip or before.options.get(name, False) for name, skip in skips.items()}
    options = Options(**before.options | asked | {"dry_run": False})
    name, size, digest = before.file_name, before.file_size, before.file_sha256
    with transaction.atomic():
        job = _import(name, size, digest, options, at=at, by=by)
        if _first(job):
            try:
                spool.share(looked, job.id)
            except FileNotFoundError as problem:
                raise Gone(f"{name} was deleted: upload it again") from problem
        return job.id


def ask_batch(rows: Sequence[str], *, mode: str, dry_run: bool, at: datetime, by: str) -> UUID:
    """Have claims put on record, each as it was sent in JSON, and give the job's id.

    `mode`: "atomic", all or none, or "partial", those that are right.
    """
    options = {"mode": mode, "dry_run": dry_run}
    with transaction.atomic():
        same = [BATCH, by, options, list(rows)]
        job = _job(BATCH, options, at=at, by=by, same=same, total=len(rows))
        if _first(job):
            claims = ids.new_ids(at, len(rows))
            BatchRow.objects.bulk_create(
                BatchRow(job=job, place=place, claim=claim, sent=sent)
                for place, (claim, sent) in enumerate(zip(claims, rows, strict=True))
            )
        return job.id


def ask_withdrawal(run: UUID, *, reason: str, at: datetime, by: str) -> UUID:
    """Have all claims retracted that an import added and that stand, and give the job's id.

    :raises NoSuchImport: :raises Invalid: without a reason.
    :raises NotNow: while a job brings more of it.
    """
    validity.refuse(validity.event_problems(e.ClaimRetracted(reason=reason)))
    if not ImportRun.objects.filter(id=run).exists():
        raise NoSuchImport(f"there is no import {run}")
    if Job.objects.filter(run=run, kind=IMPORT, state__in=UNFINISHED).exists():
        raise NotNow(f"import {run} is still running: cancel its job first")
    with transaction.atomic():
        options = {"reason": reason}
        job = _job(WITHDRAWAL, options, at=at, by=by, same=[WITHDRAWAL, str(run)], run=run)
        _first(job)
        return job.id


def cancel(job_id: UUID, *, at: datetime) -> None:
    """Have a job end before its time: at once if it waits, else after the chunk that it is at.

    What is written until then stays.

    :raises NoSuchJob: :raises NotNow: if it has ended.
    """
    row = Job.objects.filter(id=job_id)
    ended = {"state": CANCELLED, "ended_at": at, "moved_at": at, "lease": None}
    if row.filter(state=WAITING).update(cancel_wanted=True, **ended):
        return
    if row.filter(state=RUNNING).update(cancel_wanted=True):
        return
    found = on_record.job(job_id)
    if found is None:
        raise NoSuchJob(f"there is no job {job_id}")
    raise NotNow(f"the job has ended: it is {found.state}")


def _import(
    name: str, size: int | None, sha256: str, options: Options, *, at: datetime, by: str
) -> Job:
    says = asdict(options)
    file = {"file_name": name, "file_size": size, "file_sha256": sha256}
    return _job(IMPORT, says, at=at, by=by, same=[IMPORT, by, sha256, says], **file)


def _job(
    kind: str, options: Mapping[str, Any], *, at: datetime, by: str, same: list[Any], **more: Any
) -> Job:
    digest = hashlib.sha256(codec.canonical(same).encode()).hexdigest()
    stamp = {"recorded_by": by, "asked_at": at, "moved_at": at}
    return Job(id=ids.new_id(at), kind=kind, options=dict(options), same=digest, **stamp, **more)


def _first(job: Job) -> bool:
    """Put a job on the list, and give whether it is the first of its like; else let it be the one
    that is under way."""
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        kept = Job.objects.filter(same=job.same, state__in=UNFINISHED).values_list("id", flat=True)
        # One that was in the way may have ended meanwhile.
        if found := kept.first():
            transaction.on_commit(lambda: asked.send_robust(sender=None))
            first = found == job.id
            job.id = found
            return first
