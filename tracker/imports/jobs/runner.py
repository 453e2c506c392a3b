"""Works on one job: takes the file in, or the import back, and says what came of it."""

import io
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as Names
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import DatabaseError, InterfaceError

from tracker.domain.validity import Invalid
from tracker.imports import files, queries, spool, withdrawal
from tracker.imports import isolation as limits
from tracker.imports import runs as importruns_of
from tracker.imports.files import FileChanged, How
from tracker.imports.formats import mappings, rejected
from tracker.imports.formats.base import BadFile
from tracker.imports.formats.mappings import Mapping
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs import batches, leases
from tracker.imports.jobs.batches import SpooledRejects
from tracker.imports.jobs.leases import Heard, Interrupted, Keeper, Lease, nothing
from tracker.imports.queries import BATCH, IMPORT, WITHDRAWAL
from tracker.imports.records import CannotImport
from tracker.imports.runs import Report, Signed, UnderWay
from tracker.imports.spool import Sample
from tracker.imports.withdrawal import NoSuchImport
from tracker.log import LogBusy, VersionConflict
from tracker.models.jobs import CANCELLED, DONE, FAILED

# No further try mends these.
WRONG = (BadFile, BadMapping, CannotImport, Invalid, NoSuchImport)
# These may go by themselves.
HINDERED = (UnderWay, VersionConflict, LogBusy, FileChanged, OSError)
# Reasons and remarks that are told; the file of rejected rows has them all.
MOST_TOLD = 100


class Came(NamedTuple):
    """What came of a job, in the columns of its row; `stopped` if it was left half-way."""

    stopped: bool
    told: dict[str, Any]


class Spawn(Protocol):
    """Runs a job in a separate process with limits, and returns the exit status."""

    def __call__(self, lease: Lease, /, *, leaving: Callable[[], bool]) -> int: ...


def run_next(
    *,
    now: Callable[[], datetime],
    leaving: Callable[[], bool],
    spawn: Spawn | None = None,
) -> bool:
    """Run the job that has waited longest. Returns whether there was one.

    When `leaving` returns True, the worker shuts down and leaves the job to another. Imports run by
    `spawn`, if given.
    """
    lease = leases.take(at=now())
    if lease is None:
        return False
    if spawn is None or lease.kind != IMPORT:
        run(lease, now=now, leaving=leaving)
    elif status := spawn(lease, leaving=leaving):
        _fail(lease, status, at=now())
    return True


def _fail(lease: Lease, status: int, *, at: datetime) -> None:
    """Record why a job's process ended, if the process could not do so itself."""
    spool.rejected_so_far(lease.id, lease.token).unlink(missing_ok=True)
    why = limits.limit_message(status)
    if not why:
        leases.retry_later(lease, f"the process that read the file ended with {status}", at=at)
        return
    run = leases.run_of(lease)
    if leases.end(lease, FAILED, at=at, error=why) and run:
        importruns_of.set_state(run, importruns_of.FAILED, at=at, error=why)


def run(
    lease: Lease,
    *,
    now: Callable[[], datetime],
    leaving: Callable[[], bool],
    step: Callable[[], None] = nothing,
) -> None:
    """Do a job that is taken. `step` is called at each step forward.

    Whatever is a mistake of ours is raised, and the job tried again a few times.
    """
    keeper = Keeper(lease, now=now, leaving=leaving, step=step)
    try:
        came = WORK[lease.kind](lease, keeper)
    except Interrupted:
        _leave(keeper, {})
    except WRONG as problem:
        leases.end(lease, FAILED, at=now(), error=str(problem))
    except HINDERED as problem:
        leases.retry_later(lease, _words(problem), at=now())
    except MemoryError:
        raise
    except Exception as problem:
        # Where the database is away, the lease runs out.
        with suppress(DatabaseError, InterfaceError):
            leases.retry_later(lease, repr(problem), at=now())
        raise
    else:
        _conclude(keeper, came)


def _conclude(keeper: Keeper, came: Came) -> None:
    if came.stopped:
        _leave(keeper, came.told)
    else:
        leases.end(keeper.lease, DONE, at=keeper.now(), error="", **came.told)


def _leave(keeper: Keeper, told: dict[str, Any]) -> None:
    """Leave a job half-way: for good, to whoever takes it next, or to who has it already."""
    if keeper.left == leases.CANCELLATION:
        leases.end(keeper.lease, CANCELLED, at=keeper.now(), error="", **told)
    elif keeper.left == leases.LEAVING:
        leases.give_back(keeper.lease, at=keeper.now())


def _import(lease: Lease, keeper: Keeper) -> Came:
    return _done_already(lease) or _take_in(lease, keeper)


def _done_already(lease: Lease) -> Came | None:
    """What came of the import, if its worker died between its end and that of the job: a second one
    would find all that it added known."""
    run = queries.run(lease.run) if lease.run else None
    if run is None or run.state != DONE:
        return None
    columns = {"counts": run.counts, "total": run.rows, "done": run.done, "format": run.format}
    return Came(stopped=False, told=columns)


def _take_in(lease: Lease, keeper: Keeper) -> Came:
    options = lease.options
    mapping = mappings.read(options["mapping"]) if options["mapping"] else None
    how = _how(options, mapping)
    signed = None if options["dry_run"] else Signed(by=lease.by, now=keeper.now)
    rejects, sample = SpooledRejects(spool.rejected_so_far(lease.id, lease.token)), Sample()
    review = SpooledRejects(spool.review_so_far(lease.id, lease.token))
    told: dict[str, Any] = {"refused": rejects.add}
    if options["dry_run"]:
        told |= {"settled": sample.add, "flagged": review.add}
    try:
        with io.BufferedReader(Heard(spool.upload_of(lease.id), keeper.reads)) as file:
            report = files.import_file(
                file, name=lease.file_name, signed=signed, how=how, watch=keeper.watch(**told)
            )
        kept = keeper.left in ("", leases.CANCELLATION)
        came = _reported(report, lease, rejects, kept=kept)
        came.told["told"]["rows"] = sample.rows
        came.told["told"]["review"] = review.keep(spool.review_of(lease.id)) if kept else 0
        if mapping and came.told["told"]["rejected"]:
            came.told["told"]["to_mend"] = _give_out(keeper, mapping, rejects)
            came.told["told"]["rejected_says"] = rejects.says
        return came
    finally:
        rejects.drop()
        review.drop()


def _how(options: Names[str, Any], mapping: Mapping | None) -> How:
    """A job of before there was something to skip skips nothing."""
    return How(
        format=options["format"],
        mapping=mapping,
        apply_changes=options["apply_changes"],
        skip_undated=options.get("skip_undated", False),
        skip_repeats=options.get("skip_repeats", False),
    )


def _reported(report: Report, lease: Lease, rejects: SpooledRejects, *, kept: bool) -> Came:
    told: dict[str, Any] = {
        "reasons": dict(Counter(report.reasons).most_common(MOST_TOLD)),
        "remarks": dict(Counter(report.remarks).most_common(MOST_TOLD)),
        "citations": report.citations,
        "corrections": report.corrections,
        "lens": report.lens,
        "uncounted": list(report.uncounted),
        "flags": dict(report.flags),
        "rejected": rejects.keep(spool.rejected_of(lease.id)) if kept else 0,
        "rejected_says": rejects.says,
    }
    counts = dict(report.counts)
    columns: dict[str, Any] = {"counts": counts, "told": told, "run": report.run}
    columns["format"] = report.format
    columns |= {"total": report.rows, "done": sum(counts.values())}
    return Came(report.stopped, columns)


def _give_out(keeper: Keeper, mapping: Mapping, rejects: SpooledRejects) -> int:
    """Write the refused rows for whoever mends them; give their number. A spool that is full undoes
    no import."""
    try:
        data = spool.upload_of(keeper.lease.id).read_bytes()
        with spool.to_mend_of(keeper.lease.id).open("wb") as out:
            return rejected.write(data, mapping, rejects.reasons, out, beat=keeper.beat)
    except OSError as problem:
        rejects.says = f"the rows to fix could not be written: {problem.strerror}"
        return 0


def _withdraw(lease: Lease, keeper: Keeper) -> Came:
    assert lease.run is not None  # noqa: S101 # who asked named one
    signed = Signed(by=lease.by, now=keeper.now)
    reason = lease.options["reason"]
    found = withdrawal.withdraw_import(
        lease.run, reason=reason, signed=signed, watch=keeper.watch()
    )
    counts = {"retracted": found.claims, "already": found.already}
    return Came(found.stopped, {"counts": counts})


def _batch(lease: Lease, keeper: Keeper) -> Came:
    counts = batches.work(lease, keeper)
    return Came(bool(keeper.left), {"counts": counts, "done": sum(counts.values())})


def _words(problem: Exception) -> str:
    """What is in the way; a file that is not there may be in another host's spool."""
    if isinstance(problem, FileNotFoundError):
        return "the file is not in this worker's spool: SPOOL_FOLDER must be one for all hosts"
    return str(problem)


WORK: Names[str, Callable[[Lease, Keeper], Came]] = {
    IMPORT: _import,
    WITHDRAWAL: _withdraw,
    BATCH: _batch,
}
