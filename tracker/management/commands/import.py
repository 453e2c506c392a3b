"""`manage.py import FILE…`: imports the claims of files."""

import io
import signal
import sys
import threading
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from rich.console import Console

from tracker.domain.validity import Invalid
from tracker.imports import isolation
from tracker.imports.files import FileChanged, ImportOptions, import_file
from tracker.imports.formats import mappings
from tracker.imports.formats.base import ImportFormat
from tracker.imports.formats.mappings import Mapping
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.rejected import RefusedRows
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs.leases import MonitoredFile, no_op
from tracker.imports.records import CannotImport
from tracker.imports.runs import Author, ImportInUse, Observer, Report
from tracker.log import LogBusy, VersionConflict
from tracker.management import import_report
from tracker.management.guarded import GuardedCommand

IMPORTER = "system:import"
PROBLEMS = (BadFile, BadMapping, CannotImport, Invalid)
# A lost database connection ends an import too; what was written stays.
STOPPED = (LogBusy, VersionConflict, FileChanged, ImportInUse, OperationalError, InterfaceError)


# What Ctrl-C leaves, and the exit status of shells for it.
IMPORT_STOPPED = "import: stopped; run the same command again, and it goes on where it stopped"
CHECK_STOPPED = "import: the dry run was stopped; nothing was written"
INTERRUPTED = 130
_SWITCHES = ("apply_changes", "skip_undated", "skip_repeats", "dry_run")


class Command(GuardedCommand):
    help = "import the claims of files; existing claims stay as they are"

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = ", ".join(FORMATS)
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="can be compressed")
        parser.add_argument("--format", "--preset", help=f"do not detect the format: {formats}")
        parser.add_argument(
            "--mapping", type=Path, help="for a table: a TOML file, see docs/importing.md"
        )
        parser.add_argument("--by", default=IMPORTER, help="the author in the log")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything without writing"
        )
        parser.add_argument(
            "--apply-changes",
            action="store_true",
            help="correct claims on record that differ from the file",
        )
        parser.add_argument("--skip-undated", action="store_true", help="skip rows without a date")
        parser.add_argument(
            "--skip-repeats",
            action="store_true",
            help="skip possible duplicates of claims on record",
        )

        # The index of the file for this process.
        parser.add_argument("--only", type=int, help=SUPPRESS)

    def run_from_argv(self, argv: list[str]) -> None:
        """Import each file in a separate process with limits."""
        # As `super` does: the parser prints its usage instead of raising an error.
        self._called_from_command_line = True
        options = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
        if options.only is not None:
            super().run_from_argv(argv)
            return
        try:
            statuses = [self._in_process(argv, number) for number in range(len(options.files))]
        except KeyboardInterrupt:
            self.stderr.write(CHECK_STOPPED if options.dry_run else IMPORT_STOPPED)
            sys.exit(INTERRUPTED)
        if any(statuses):
            sys.exit(1)

    def _in_process(self, argv: list[str], number: int) -> int:
        status = isolation.run(["-m", "django", *argv[1:], "--only", str(number)])
        if limit := isolation.limit_message(status):
            self.stderr.write(self.style.ERROR(f"CommandError: the import stopped: {limit}"))
        return status

    def handle(self, *_: Any, files: list[Path], **options: Any) -> None:
        only = options["only"]
        if only is None:
            self._import_all(files, no_op, options, several=len(files) > 1)
            return
        file = files[only]
        # Each step is outside of a transaction.
        stops = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stops.set())
        with isolation.confined(size=file.stat().st_size if file.is_file() else None) as step:

            def step_or_stop() -> None:
                if stops.is_set():
                    sys.exit(INTERRUPTED)
                step()

            self._import_all([file], step_or_stop, options, several=len(files) > 1)

    def _import_all(
        self,
        files: list[Path],
        step: Callable[[], None],
        options: dict[str, Any],
        *,
        several: bool,
    ) -> None:
        how = _how(options)
        signed = Author(now=timezone.now, by=options["by"])
        console = Console(
            # Cells can contain brackets; they are not markup.
            file=cast("IO[str]", self.stdout),
            soft_wrap=True,
            markup=False,
            highlight=False,
        )
        problems = []
        for file in files:
            try:
                _import(file, how, signed, console, step)
            except CommandError as problem:
                problems.append(f"{file.name}: {problem}" if several else str(problem))
        if problems:
            raise CommandError("\n".join(problems))


def _import(
    file: Path,
    how: ImportOptions,
    signed: Author,
    console: Console,
    step: Callable[[], None],
) -> None:
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise CommandError(f"{file} cannot be read twice: save it as a regular file first")
        refused = RefusedRows(file.with_name(f"{file.name}.rejected.csv"))
        review = file.with_name(f"{file.name}.review.csv")
        flagged = RefusedRows(review, what="the rows to decide on")
        watch = Observer(reads=step, refused=refused.add, flagged=flagged.add)
        with closing(refused), closing(flagged):
            report = _report(file, how, signed, console, watch)
    except OSError as problem:
        raise CommandError(f"{problem.filename}: {problem.strerror}") from problem
    except PROBLEMS as problem:
        raise CommandError(f"nothing was imported: {problem}") from problem
    except STOPPED as problem:
        message = f"the import stopped: {problem}; run it again to continue"
        raise CommandError(message) from problem
    console.print(import_report.table(report))
    for line in (
        import_report.written(refused),
        import_report.written(flagged),
        *import_report.summary(report, dry_run=how.dry_run),
    ):
        if line:
            console.print(line)
    if report.failure:
        raise CommandError(f"nothing was imported: {report.failure}")


def _report(
    file: Path, how: ImportOptions, signed: Author, console: Console, watch: Observer
) -> Report:
    """Import a file with a progress bar."""
    with (
        io.BufferedReader(MonitoredFile(file, watch.reads)) as opened,
        import_report.progress_bar() as bar,
    ):
        task = bar.add_task(file.name, total=None)

        def begins(form: ImportFormat, rows: int) -> None:
            console.print(f"{file.name}: {form.name}, {form.description}; {rows} rows")
            bar.update(task, total=rows)

        def progress(done: int, _total: int) -> None:
            watch.reads()
            bar.update(task, completed=done)

        watch_bar = replace(watch, begins=begins, progress=progress)
        return import_file(opened, name=file.name, author=signed, options=how, observer=watch_bar)


def _how(options: dict[str, Any]) -> ImportOptions:
    if options["mapping"] and options["format"]:
        raise CommandError("--mapping is only for a table: give either --format or --mapping")
    mapping = _mapping(options["mapping"]) if options["mapping"] else None
    return ImportOptions(
        format=options["format"],
        mapping=mapping,
        **{name: options[name] for name in _SWITCHES},
    )


def _mapping(path: Path) -> Mapping:
    try:
        return mappings.read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise CommandError(
            f"nothing was imported: {path.name} is not UTF-8: {problem}"
        ) from problem
    except BadMapping as problem:
        raise CommandError(f"nothing was imported: {problem}") from problem
    except OSError as problem:
        raise CommandError(f"{problem.filename}: {problem.strerror}") from problem
