"""Takes a file in: read through as a whole first, so that a wrong one is refused before anything is
written; then row by row, each id from the row's content, so that a second run adds nothing.

Memory does not grow with the file.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from django.db import Error

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.imports import runs
from tracker.imports.flags import FORMATS, REPEATS, UNDATED, Flags
from tracker.imports.formats import generic
from tracker.imports.formats.base import Format, Refused, opened
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.mappings import Mapping
from tracker.imports.formats.recognise import forced, recognise
from tracker.imports.records import CannotImport, Records
from tracker.imports.runs import OUTCOMES, File, Report, Signed, Tally, Watch
from tracker.imports.writer import ImportWriter, Work, seldom_swept
from tracker.log import Draft
from tracker.operations.lenses import default_lens, define_for_collection
from tracker.projections import standing
from tracker.queries.scores.lenses import latest
from tracker.queries.scores.uncounted import counted_by

QUIET = Watch()


class FileChanged(RuntimeError):
    """The file is not what it was when its reading began; what is written until then stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is taken in: of which format, if it is not to be recognised; by which mapping,
    if it is a table of no format of ours; whether claims that are on record otherwise are
    corrected; and whether rows without a date, or rows that may repeat claims on record, are left
    out."""

    format: str | None = None
    mapping: Mapping | None = None
    apply_changes: bool = False
    skip_undated: bool = False
    skip_repeats: bool = False

    @property
    def skips(self) -> frozenset[str]:
        """Which marked rows are left out."""
        asked = {UNDATED: self.skip_undated, REPEATS: self.skip_repeats}
        return frozenset(flag for flag, skipped in asked.items() if skipped)


def import_file(
    file: BinaryIO, *, name: str, signed: Signed | None, how: How, watch: Watch = QUIET
) -> Report:
    """Put the claims of a file on record, and that it was taken in. It must be seekable.

    Unsigned, everything is looked up and checked, and nothing is written.

    :raises BadFile: :raises CannotImport: :raises Invalid: before anything is written.
    :raises UnderWay: while somebody withdraws what an earlier run added.
    :raises VersionConflict: :raises LogBusy: :raises FileChanged: what is written until then stays;
        run it again.
    """
    form = _form(file, how)
    flags = _flags(form, how, looks=signed is None)
    records = Records(form)
    rows = form.count(file, beat=watch.reads)
    whole = _whole(file, form, rows, name=name, collection=records.collection)
    validity.refuse(validity.event_problems(_record(whole, e.NAMESPACE, Tally(), [])))
    watch.begins(form, whole.rows)
    if signed is None:
        work = Work(records, None, flags)
        stopped = _go_through(file, form, work, total=whole.rows, watch=watch)
        return _report(whole, work, run=None, stopped=stopped, lens=_lens_to_come(records))
    run, lens = runs.begun(whole, by=signed.by, at=signed.now()), ""
    watch.runs(run)
    with runs.under_way(run, alone=False), _failing(run, signed):
        reason = f"{name}, as imported by run {run}, says otherwise" if how.apply_changes else ""
        work = Work(records, ImportWriter(run, records, signed, correction=reason), flags)
        stopped = _go_through(file, form, work, total=whole.rows, watch=watch)
        if not stopped:
            if _digest(file) != whole.sha256:
                raise FileChanged("the file changed while it was read")
            whole = replace(whole, rows=work.tally.rows)
            lens = _conclude(run, whole, records, work.tally, signed)
        _settle(run, work.tally, runs.STOPPED if stopped else runs.DONE, signed)
    return _report(whole, work, run=run, stopped=stopped, lens=lens)


def _form(file: BinaryIO, how: How) -> Format:
    if how.mapping is not None:
        return generic.form(how.mapping)
    return forced(how.format, file) if how.format else recognise(opened(file))


def _flags(form: Format, how: How, *, looks: bool) -> Flags:
    if how.skips and form.name not in FORMATS:
        raise CannotImport(
            f"{form.name} is an archive, whose rows have dates and are told apart by their keys:"
            " skipping rows is for tables and for claims"
        )
    return Flags(form, looks=looks, skips=how.skips)


def _whole(file: BinaryIO, form: Format, rows: int, *, name: str, collection: UUID | None) -> File:
    return File(name=name, format=form.name, sha256=_digest(file), rows=rows, collection=collection)


def _go_through(file: BinaryIO, form: Format, work: Work, *, total: int, watch: Watch) -> bool:
    """Take the rows; True if somebody asked to stop before the end."""
    rows: Iterator[DraftClaim | Refused] = form.read(form.opened(file))
    with work.seen, seldom_swept() as sweep:
        while chunk := list(islice(rows, work.chunk)):
            work.take(chunk, watch)
            watch.progress(work.tally.rows, total)
            if watch.stop():
                return True
            sweep()
    return False


def _conclude(run: UUID, whole: File, records: Records, tally: Tally, signed: Signed) -> str:
    """Record the import, if it wrote anything, and let a lens see a machine-coded collection that
    none sees; give the name of that lens."""
    spans = runs.spans(run)
    if not spans:
        return ""
    collection = records.first or e.NAMESPACE
    draft = Draft(stream=run, event=_record(whole, collection, tally, spans), expected=0)
    # Who imports the same file at once may have been first.
    with suppress(log.VersionConflict):
        log.append([draft], at=signed.now(), by=signed.by, project=standing.project)
    # Where another lens has the name, somebody has to choose.
    with suppress(validity.Invalid):
        made = define_for_collection(collection, at=signed.now(), by=signed.by)
        if made and isinstance(defined := made.decoded(), e.LensDefined):
            return defined.lens.name
    return ""


def _record(
    whole: File, collection: UUID, tally: Tally, spans: list[tuple[int, int]]
) -> e.ImportRecorded:
    most = validity.MOST_POSITIONS
    positions = [e.Positions(first=first, last=last) for first, last in spans]
    return e.ImportRecorded(
        name=whole.name,
        format=whole.format,
        collection=collection,
        file_sha256=whole.sha256,
        counts={"rows": whole.rows} | _counts(tally),
        positions=tuple(positions) if len(positions) <= most else (),
    )


@contextmanager
def _failing(run: UUID, signed: Signed) -> Iterator[None]:
    """Let a run say why it ends, if it does before its time."""
    try:
        yield
    except Exception as problem:
        with suppress(Error):
            runs.set_state(run, runs.FAILED, at=signed.now(), error=str(problem) or repr(problem))
        raise


def _settle(run: UUID, tally: Tally, state: str, signed: Signed) -> None:
    runs.set_state(run, state, at=signed.now(), done=tally.rows, counts=_counts(tally))


def _counts(tally: Tally) -> dict[str, int]:
    return {outcome: tally.counts[outcome] for outcome in OUTCOMES}


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # it reads into


def _report(whole: File, work: Work, *, run: UUID | None, stopped: bool, lens: str = "") -> Report:
    return Report(
        run=run,
        format=whole.format,
        rows=whole.rows,
        counts=_counts(work.tally),
        reasons=work.tally.reasons,
        remarks=work.tally.remarks,
        citations=work.added["citations"],
        corrections=work.added["corrections"],
        stopped=stopped,
        lens=lens,
        uncounted=_uncounted(work.records, lens),
        flags=work.tally.flags,
    )


def _lens_to_come(records: Records) -> str:
    """The name of the lens that `_conclude` would define."""
    first = records.first
    lens = default_lens(first, records.used[first]) if first in records.used else None
    taken = {one.lens.name for one in latest()}
    return lens.name if lens and lens.name not in taken else ""


def _uncounted(records: Records, lens: str) -> tuple[str, ...]:
    """The names of the collections of a file's claims that no lens counts, nor the one to come."""
    counting = counted_by(records.used)
    return tuple(
        sorted(
            one.name
            for key, one in records.used.items()
            if not (counting[key] or (lens and key == records.first))
        )
    )
