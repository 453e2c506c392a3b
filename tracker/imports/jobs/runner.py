"""Runs a job: an import, a withdrawal or a batch; and records its outcome."""

import io
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as Names
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.db import DatabaseError, InterfaceError

from tracker.domain.validity import Invalid
from tracker.imports import files, queries, spool, withdrawal
from tracker.imports import isolation as limits
from tracker.imports import runs as import_runs
from tracker.imports.files import FileChanged, ImportOptions
from tracker.imports.formats import mappings, rejected
from tracker.imports.formats.mappings import Mapping
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.rejected import RefusedRows
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs import batches, leases
from tracker.imports.jobs.leases import Interrupted, Lease, LeaseKeeper, MonitoredFile, no_op
from tracker.imports.queries import BATCH, IMPORT, WITHDRAWAL
from tracker.imports.records import CannotImport
from tracker.imports.runs import Author, ImportInUse, Report
from tracker.imports.spool import Sample
from tracker.imports.withdrawal import NoSuchImport
from tracker.log import LogBusy, VersionConflict
from tracker.models.jobs import CANCELLED, DONE, FAILED

# These errors do not go away with another attempt.
PERMANENT_ERRORS = (BadFile, BadMapping, CannotImport, Invalid, NoSuchImport)
# These errors may go away.
TEMPORARY_ERRORS = (ImportInUse, VersionConflict, LogBusy, FileChanged, OSError)
_SWITCHES = ("apply_changes", "skip_undated", "skip_repeats", "dry_run")
# Reasons and remarks in the report; the file of rejected rows has all of them.
MOST_REASONS = 100
# A limit for files in which every row is refused.
MOST_REJECTED = 100_000


class JobResult(NamedTuple):
    """The outcome of a job, as columns of its row; `stopped` if it is not complete, `failure`: why
    it failed although it was done to its end."""

    stopped: bool
    columns: dict[str, Any]
    failure: str = ""


class Spawn(Protocol):
    """Runs a job in a separate process with limits, and returns the exit status."""

    def __call__(self, lease: Lease, /, *, shutting_down: Callable[[], bool]) -> int: ...


def run_next(
    *,
    now: Callable[[], datetime],
    shutting_down: Callable[[], bool],
    spawn: Spawn | None = None,
) -> bool:
    """Run the job that has waited longest. Returns whether there was one.

    If `shutting_down` returns True, the job is left to another worker. Imports run by `spawn`, if
    given.
    """
    lease = leases.take(at=now())
    if lease is None:
        return False
    if spawn is None or lease.kind != IMPORT:
        run(lease, now=now, shutting_down=shutting_down)
    elif status := spawn(lease, shutting_down=shutting_down):
        _fail(lease, status, at=now())
    return True


def _fail(lease: Lease, status: int, *, at: datetime) -> None:
    """Record why a job's process ended, if the process could not do so itself."""
    spool.partial_rejected(lease.id, lease.token).unlink(missing_ok=True)
    reason = limits.limit_message(status)
    if not reason:
        leases.retry_later(lease, f"the process that read the file ended with {status}", at=at)
        return
    run = leases.run_of(lease)
    if leases.end(lease, FAILED, at=at, error=reason) and run:
        import_runs.set_state(run, import_runs.FAILED, at=at, error=reason)


def run(
    lease: Lease,
    *,
    now: Callable[[], datetime],
    shutting_down: Callable[[], bool],
    step: Callable[[], None] = no_op,
) -> None:
    """Run a job that was taken. `step` is called at each step.

    Unexpected errors are raised; the job is tried again a few times.
    """
    keeper = LeaseKeeper(lease, now=now, shutting_down=shutting_down, step=step)
    try:
        result = WORK[lease.kind](lease, keeper)
    except Interrupted:
        _release(keeper, {})
    except PERMANENT_ERRORS as problem:
        leases.end(lease, FAILED, at=now(), error=str(problem))
    except TEMPORARY_ERRORS as problem:
        leases.retry_later(lease, _message(problem), at=now())
    except MemoryError:
        raise
    except Exception as problem:
        # Without the database the lease expires.
        with suppress(DatabaseError, InterfaceError):
            leases.retry_later(lease, repr(problem), at=now())
        raise
    else:
        _conclude(keeper, result)


def _conclude(keeper: LeaseKeeper, result: JobResult) -> None:
    if result.stopped:
        _release(keeper, result.columns)
    else:
        state = FAILED if result.failure else DONE
        leases.end(keeper.lease, state, at=keeper.now(), error=result.failure, **result.columns)


def _release(keeper: LeaseKeeper, columns: dict[str, Any]) -> None:
    """Leave an incomplete job: end it if it was cancelled, or return it to the queue."""
    if keeper.stop_reason == leases.CANCELLATION:
        leases.end(keeper.lease, CANCELLED, at=keeper.now(), error="", **columns)
    elif keeper.stop_reason == leases.SHUTDOWN:
        leases.give_back(keeper.lease, at=keeper.now())


def _import(lease: Lease, keeper: LeaseKeeper) -> JobResult:
    return _finished_import(lease) or _import_file(lease, keeper)


def _finished_import(lease: Lease) -> JobResult | None:
    """The outcome of an import whose worker died before it ended the job: a second import would
    find all rows known."""
    run = queries.run(lease.run) if lease.run else None
    if run is None or run.state != DONE:
        return None
    columns = {"counts": run.counts, "total": run.rows, "done": run.done, "format": run.format}
    return JobResult(stopped=False, columns=columns)


def _import_file(lease: Lease, keeper: LeaseKeeper) -> JobResult:
    mapping = mappings.read(lease.options["mapping"]) if lease.options["mapping"] else None
    rejects, review = (
        RefusedRows(path(lease.id, lease.token), most=MOST_REJECTED)
        for path in (spool.partial_rejected, spool.partial_review)
    )
    sample = Sample()
    try:
        report = _run_import(lease, keeper, mapping, (rejects, review, sample))
        keeps_files = keeper.stop_reason in ("", leases.CANCELLATION)
        result = _import_result(report, lease, rejects, keeps_files=keeps_files)
        details = result.columns["told"]
        details["rows"] = sample.rows
        details["review"] = _publish(review, spool.review_of(lease.id)) if keeps_files else 0
        if mapping and details["rejected"]:
            details["to_mend"] = _write_rows_to_fix(keeper, mapping, rejects)
            details["rejected_says"] = rejects.error
        return result
    finally:
        for rows in (rejects, review):
            rows.close()
            rows.path.unlink(missing_ok=True)


def _run_import(
    lease: Lease,
    keeper: LeaseKeeper,
    mapping: Mapping | None,
    outputs: tuple[RefusedRows, RefusedRows, Sample],
) -> Report:
    rejects, review, sample = outputs
    callbacks: dict[str, Any] = {"refused": rejects.add}
    author = Author(by=lease.by, now=keeper.now)
    if lease.options["dry_run"]:
        callbacks |= {"settled": sample.add, "flagged": review.add}
    with io.BufferedReader(MonitoredFile(spool.upload_of(lease.id), keeper.reads)) as file:
        return files.import_file(
            file,
            name=lease.file_name,
            author=author,
            options=_import_options(lease.options, mapping),
            observer=keeper.observer(**callbacks),
        )


def _import_options(options: Names[str, Any], mapping: Mapping | None) -> ImportOptions:
    """The options of a job."""
    return ImportOptions(
        format=options["format"],
        mapping=mapping,
        **{name: options[name] for name in _SWITCHES},
    )


def _import_result(
    report: Report, lease: Lease, rejects: RefusedRows, *, keeps_files: bool
) -> JobResult:
    details: dict[str, Any] = {
        "reasons": dict(Counter(report.reasons).most_common(MOST_REASONS)),
        "remarks": dict(Counter(report.remarks).most_common(MOST_REASONS)),
        "citations": report.citations,
        "corrections": report.corrections,
        "lens": report.lens,
        "uncounted": list(report.uncounted),
        "flags": dict(report.flags),
        "rejected": _publish(rejects, spool.rejected_of(lease.id)) if keeps_files else 0,
        "rejected_says": rejects.error,
    }
    counts = dict(report.counts)
    if report.stopped and report.run and (run := queries.run(report.run)):
        # An earlier attempt may have come further.
        counts = dict(run.counts)
    columns: dict[str, Any] = {"counts": counts, "told": details, "run": report.run}
    columns["format"] = report.format
    columns |= {"total": report.rows, "done": sum(counts.values())}
    return JobResult(report.stopped, columns, report.failure)


def _publish(rows: RefusedRows, path: Path) -> int:
    """Move a file of rows to where it is read. Returns their number."""
    if not rows.close():
        return 0
    rows.path.rename(path)
    return rows.rows


def _write_rows_to_fix(keeper: LeaseKeeper, mapping: Mapping, rejects: RefusedRows) -> int:
    """Write the refused rows in the form of the table. Returns their number. A full disk does not
    undo the import."""
    try:
        data = spool.upload_of(keeper.lease.id).read_bytes()
        with spool.to_fix_of(keeper.lease.id).open("wb") as out:
            return rejected.write(data, mapping, rejects.reasons, out, beat=keeper.beat)
    except OSError as problem:
        rejects.error = f"the rows to fix could not be written: {problem.strerror}"
        return 0


def _withdraw(lease: Lease, keeper: LeaseKeeper) -> JobResult:
    assert lease.run is not None  # noqa: S101 # a withdrawal has a run
    report = withdrawal.withdraw_import(
        lease.run,
        reason=lease.options["reason"],
        author=Author(by=lease.by, now=keeper.now),
        observer=keeper.observer(),
    )
    counts = {"retracted": report.claims, "already": report.already}
    return JobResult(report.stopped, {"counts": counts})


def _batch(lease: Lease, keeper: LeaseKeeper) -> JobResult:
    counts = batches.run_batch(lease, keeper)
    return JobResult(bool(keeper.stop_reason), {"counts": counts, "done": sum(counts.values())})


def _message(problem: Exception) -> str:
    """The message of a temporary error; a missing file may be in another host's spool."""
    if isinstance(problem, FileNotFoundError):
        return "the file is not in this worker's spool: SPOOL_FOLDER must be one for all hosts"
    return str(problem)


WORK: Names[str, Callable[[Lease, LeaseKeeper], JobResult]] = {
    IMPORT: _import,
    WITHDRAWAL: _withdraw,
    BATCH: _batch,
}
