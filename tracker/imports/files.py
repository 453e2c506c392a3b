"""Imports a file.

A first pass reads the whole file, so that an invalid one is refused before anything is written. The
second pass processes it row by row. Ids come from the content of rows, so that a second run adds
nothing. Memory does not grow with the file.
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
from tracker.imports import office_holders, runs
from tracker.imports.flags import FORMATS, REPEATS, UNDATED, Flags
from tracker.imports.formats import generic
from tracker.imports.formats.base import FileRow, ImportFormat
from tracker.imports.formats.mappings import Mapping
from tracker.imports.formats.packed import open_unpacked
from tracker.imports.formats.recognise import forced_format, format_of
from tracker.imports.records import CannotImport, ImportedRecords
from tracker.imports.runs import OUTCOMES, Author, File, Observer, Report, Tally
from tracker.imports.writer import ImportWriter, RowProcessor, rare_garbage_collection
from tracker.log import Draft
from tracker.log.messages import planned_once, send
from tracker.operations.lenses import default_lens, define_for_collection
from tracker.projections import standing
from tracker.queries.records.offices import offices
from tracker.queries.scores.lenses import latest
from tracker.queries.scores.uncounted import counted_by

SILENT = Observer()


class FileChanged(RuntimeError):
    """The file changed while it was read; what is written until then stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Options of an import: the format, if it is not to be detected; the mapping of a table;
    whether claims on record with other content are corrected; whether rows without a date, or
    rows that may repeat claims on record, are skipped; and whether it is a dry run: everything is
    looked up and checked, nothing is written."""

    format: str | None = None
    mapping: Mapping | None = None
    apply_changes: bool = False
    skip_undated: bool = False
    skip_repeats: bool = False
    dry_run: bool = False

    @property
    def skips(self) -> frozenset[str]:
        """The marks whose rows are skipped."""
        flags = {UNDATED: self.skip_undated, REPEATS: self.skip_repeats}
        return frozenset(flag for flag, skipped in flags.items() if skipped)


def import_file(
    file: BinaryIO,
    *,
    name: str,
    author: Author,
    options: ImportOptions,
    observer: Observer = SILENT,
) -> Report:
    """Record the claims of a seekable file, and the import itself, unless it is a dry run.

    :raises BadFile: :raises CannotImport: :raises Invalid: before anything is written.
    :raises ImportInUse: while another process withdraws an earlier run of the file.
    :raises VersionConflict: :raises LogBusy: :raises FileChanged: what is written until then stays;
        run it again.
    """
    form = _form(file, options)
    if form.name in office_holders.FORMATS:
        return _import_office_holders(file, form, author, options, observer)
    flags = _flags(form, options, compares=options.dry_run)
    records = ImportedRecords(form, at=author.now())
    file_info = _first_pass(file, form, name, records, observer)
    if options.dry_run:
        return _check(file, form, file_info, RowProcessor(records, None, flags), observer)
    with runs.begin(file_info, by=author.by, at=author.now()) as run:
        reason = f"{name}, as imported by run {run}, says otherwise"
        correction = reason if options.apply_changes else ""
        writer = ImportWriter(run, records, author, correction=correction)
        return _write(file, form, file_info, RowProcessor(records, writer, flags), author, observer)


def _import_office_holders(
    file: BinaryIO,
    form: ImportFormat,
    author: Author,
    options: ImportOptions,
    observer: Observer,
) -> Report:
    if options.skips:
        raise CannotImport(f"{form.name} has terms of offices: skipping rows is for claims")
    changes = options.apply_changes
    writer = None if options.dry_run else author
    return office_holders.import_office_holders(
        file, form, author=writer, apply_changes=changes, observer=observer
    )


def _first_pass(
    file: BinaryIO, form: ImportFormat, name: str, records: ImportedRecords, observer: Observer
) -> File:
    """Count the rows of a file and hash it, and check that its import can be recorded."""
    rows = form.count(file, beat=observer.reads)
    digest = _digest(file)
    file_info = File(
        name=name, format=form.name, sha256=digest, rows=rows, collection=records.collection
    )
    validity.refuse(validity.event_problems(_record(file_info, e.NAMESPACE, Tally(), [])))
    observer.begins(form, rows)
    return file_info


def _check(
    file: BinaryIO, form: ImportFormat, file_info: File, processor: RowProcessor, observer: Observer
) -> Report:
    """Run an import that writes nothing."""
    stopped = _process(file, form, processor, total=file_info.rows, observer=observer)
    lens = _default_lens_name(processor.records)
    return _report(file_info, processor, run=None, stopped=stopped, lens=lens)


def _write(
    file: BinaryIO,
    form: ImportFormat,
    file_info: File,
    processor: RowProcessor,
    author: Author,
    observer: Observer,
) -> Report:
    """Run an import that writes, from its first row to its record in the log."""
    run, lens = processor.run, ""
    assert run is not None  # noqa: S101 # the processor has a writer
    observer.runs(run)
    with _record_failure(run, author):
        stopped = _process(file, form, processor, total=file_info.rows, observer=observer)
        if not stopped:
            if _digest(file) != file_info.sha256:
                raise FileChanged("the file changed while it was read")
            file_info = replace(file_info, rows=processor.tally.rows)
            lens = _conclude(run, file_info, processor, author)
        _end_run(run, processor.tally, author, stopped=stopped)
    return _report(file_info, processor, run=run, stopped=stopped, lens=lens)


def _form(file: BinaryIO, options: ImportOptions) -> ImportFormat:
    if options.mapping is not None:
        return generic.format_for(options.mapping)
    form = forced_format(options.format, file) if options.format else format_of(open_unpacked(file))
    return form.with_offices(offices()) if form.names_people else form


def _flags(form: ImportFormat, options: ImportOptions, *, compares: bool) -> Flags:
    if options.skips and form.name not in FORMATS:
        raise CannotImport(
            f"{form.name} is an archive, whose rows have dates and unique keys:"
            " skipping rows is for tables and for claims"
        )
    return Flags(form, compares=compares, skips=options.skips)


@planned_once()
def _process(
    file: BinaryIO, form: ImportFormat, processor: RowProcessor, *, total: int, observer: Observer
) -> bool:
    """Process the rows. Returns True if the observer stopped it before the end."""
    rows: Iterator[FileRow] = form.entries(file)
    with processor.known, rare_garbage_collection() as collect:
        while chunk := list(islice(rows, processor.chunk)):
            processor.process(chunk, observer)
            observer.progress(processor.tally.rows, total)
            if observer.stop():
                return True
            collect()
    return False


def _conclude(run: UUID, file: File, processor: RowProcessor, author: Author) -> str:
    """Record the import, if it wrote anything, and define a lens for a machine-coded collection
    that no lens counts. Returns the name of that lens."""
    spans = runs.spans(run)
    if not spans:
        return ""
    collection = processor.records.first or e.NAMESPACE
    event = _record(file, collection, processor.tally, spans)
    draft = Draft(stream=run, event=event, expected=0)
    # Another import of the same file may have recorded it already.
    with suppress(log.VersionConflict):
        log.append([draft], at=author.now(), by=author.by, project=standing.project)
    # If another lens has the name, a person has to choose another one.
    with suppress(validity.Invalid):
        recorded = define_for_collection(collection, at=author.now(), by=author.by)
        if recorded and isinstance(defined := recorded.decoded(), e.LensDefined):
            return defined.lens.name
    return ""


def _record(
    file: File, collection: UUID, tally: Tally, spans: list[tuple[int, int]]
) -> e.ImportRecorded:
    limit = validity.MOST_POSITIONS
    positions = [e.Positions(first=first, last=last) for first, last in spans]
    return e.ImportRecorded(
        name=file.name,
        format=file.format,
        collection=collection,
        file_sha256=file.sha256,
        counts={"rows": file.rows} | _counts(tally),
        positions=tuple(positions) if len(positions) <= limit else (),
    )


@contextmanager
def _record_failure(run: UUID, author: Author) -> Iterator[None]:
    """Record what ends a run before its last row: an error, or somebody who stops its process."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        with suppress(Error):
            runs.set_state(run, runs.STOPPED, at=author.now())
        raise
    except Exception as problem:
        with suppress(Error):
            runs.set_state(run, runs.FAILED, at=author.now(), error=str(problem) or repr(problem))
        raise


def _end_run(run: UUID, tally: Tally, author: Author, *, stopped: bool) -> None:
    counts = _counts(tally)
    send(runs.progress_statement(run, tally.rows, counts, at=author.now()))
    failure = "" if stopped else runs.all_refused(counts)
    state = runs.STOPPED if stopped else runs.FAILED if failure else runs.DONE
    runs.set_state(run, state, at=author.now(), error=failure)


def _counts(tally: Tally) -> dict[str, int]:
    return {outcome: tally.counts[outcome] for outcome in OUTCOMES}


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # it reads into


def _report(
    file: File, processor: RowProcessor, *, run: UUID | None, stopped: bool, lens: str = ""
) -> Report:
    return Report(
        run=run,
        format=file.format,
        rows=file.rows,
        counts=_counts(processor.tally),
        reasons=processor.tally.reasons,
        remarks=processor.tally.remarks,
        citations=processor.added["citations"],
        corrections=processor.added["corrections"],
        stopped=stopped,
        lens=lens,
        uncounted=_uncounted(processor.records, lens),
        flags=processor.tally.flags,
    )


def _default_lens_name(records: ImportedRecords) -> str:
    """The name of the lens that `_conclude` would define; empty if it would define none."""
    first = records.first
    lens = default_lens(first, records.used[first]) if first in records.used else None
    existing = {version.lens.name for version in latest()}
    return lens.name if lens and lens.name not in existing else ""


def _uncounted(records: ImportedRecords, lens: str) -> tuple[str, ...]:
    """The names of the collections that neither an existing lens nor the new one counts."""
    counting = counted_by(records.used)
    return tuple(
        sorted(
            collection.name
            for key, collection in records.used.items()
            if not (counting[key] or (lens and key == records.first))
        )
    )
