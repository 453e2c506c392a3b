"""`manage.py import FILE…`: put the claims of files on record."""

import io
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from rich.console import Console

from tracker.domain.validity import Invalid
from tracker.importers import FORMATS, mappingfile
from tracker.importers.formats import Format
from tracker.importers.lines import BadFile
from tracker.importers.mapping import Mapping
from tracker.importers.sections import BadMapping
from tracker.log import LogBusy, VersionConflict
from tracker.management import importwords
from tracker.management.rejects import TO_DECIDE, RejectsBeside
from tracker.operations import apart, imports
from tracker.operations.imports import (
    CannotImport,
    FileChanged,
    How,
    Report,
    Signed,
    UnderWay,
    Watch,
)
from tracker.operations.jobs.watching import Heard, nothing

IMPORTER = "system:import"
PROBLEMS = (BadFile, BadMapping, CannotImport, Invalid)
# A database that goes away ends an import too; what it had taken in stays.
STOPPED = (LogBusy, VersionConflict, FileChanged, UnderWay, OperationalError, InterfaceError)


class Command(BaseCommand):
    help = "put the claims of files on record; what is on record stays as it is"

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = ", ".join(FORMATS)
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="packed or not")
        parser.add_argument("--format", help=f"do not recognise it: {known}")
        parser.add_argument("--mapping", type=Path, help="TOML, for a table: docs/importing.md")
        parser.add_argument("--by", default=IMPORTER, help="who is named in the log")
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")
        parser.add_argument(
            "--apply-changes",
            action="store_true",
            help="correct the claims that are on record otherwise than in the file",
        )
        parser.add_argument("--skip-undated", action="store_true", help="leave out undated rows")
        parser.add_argument(
            "--skip-repeats",
            action="store_true",
            help="leave out rows that may repeat claims on record",
        )

        # Which of the files this process is for.
        parser.add_argument("--only", type=int, help=SUPPRESS)

    def run_from_argv(self, argv: list[str]) -> None:
        """Take each file in a process of its own, which has limits."""
        given = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
        if given.only is not None:
            super().run_from_argv(argv)
            return
        ended = [self._apart(argv, number) for number in range(len(given.files))]
        if any(ended):
            sys.exit(1)

    def _apart(self, argv: list[str], number: int) -> int:
        ended = apart.run(["-m", "django", *argv[1:], "--only", str(number)])
        if why := apart.says(ended):
            self.stderr.write(self.style.ERROR(f"CommandError: the import has stopped: {why}"))
        return ended

    def handle(self, *_: Any, files: list[Path], **options: Any) -> None:
        only = options["only"]
        if only is None:
            self._take(files, nothing, options, several=len(files) > 1)
            return
        file = files[only]
        with apart.confined(size=file.stat().st_size if file.is_file() else None) as step:
            self._take([file], step, options, several=len(files) > 1)

    def _take(
        self,
        files: list[Path],
        step: Callable[[], None],
        options: dict[str, Any],
        *,
        several: bool,
    ) -> None:
        how = _how(options)
        signed = None if options["dry_run"] else Signed(now=timezone.now, by=options["by"])
        console = Console(
            # What a cell holds is no markup.
            file=cast("IO[str]", self.stdout),
            soft_wrap=True,
            markup=False,
            highlight=False,
        )
        wrong = []
        for file in files:
            try:
                _take(file, how, signed, console, step)
            except CommandError as problem:
                wrong.append(f"{file.name}: {problem}" if several else str(problem))
        if wrong:
            raise CommandError("\n".join(wrong))


def _take(
    file: Path, how: How, signed: Signed | None, console: Console, step: Callable[[], None]
) -> None:
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise CommandError(f"{file} cannot be read twice: save it as a file first")
        review = RejectsBeside(file, ending=TO_DECIDE, what="rows to decide on")
        with RejectsBeside(file) as rejects, review:
            watch = Watch(reads=step, refused=rejects.add, flagged=review.add)
            report = _report(file, how, signed, console, watch)
    except OSError as problem:
        raise CommandError(f"{problem.filename}: {problem.strerror}") from problem
    except PROBLEMS as problem:
        raise CommandError(f"nothing is imported: {problem}") from problem
    except STOPPED as problem:
        says = f"the import has stopped: {problem}; run it again, it goes on where it was"
        raise CommandError(says) from problem
    console.print(importwords.table(report))
    for line in (rejects.says, review.says, *importwords.says(report)):
        if line:
            console.print(line)


def _report(file: Path, how: How, signed: Signed | None, console: Console, watch: Watch) -> Report:
    """Take a file, with a bar that moves."""
    with io.BufferedReader(Heard(file, watch.reads)) as opened, importwords.bar() as bar:
        task = bar.add_task(file.name, total=None)

        def begins(form: Format, rows: int) -> None:
            console.print(f"{file.name}: {form.name}, {form.says}; {rows} rows")
            bar.update(task, total=rows)

        def progress(done: int, _total: int) -> None:
            watch.reads()
            bar.update(task, completed=done)

        told = replace(watch, begins=begins, progress=progress)
        return imports.import_file(opened, name=file.name, signed=signed, how=how, watch=told)


def _how(options: dict[str, Any]) -> How:
    if options["mapping"] and options["format"]:
        raise CommandError("a mapping means a table: leave out the one or the other")
    mapping = _mapping(options["mapping"]) if options["mapping"] else None
    return How(
        format=options["format"],
        mapping=mapping,
        **{name: options[name] for name in ("apply_changes", "skip_undated", "skip_repeats")},
    )


def _mapping(path: Path) -> Mapping:
    try:
        return mappingfile.read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise CommandError(f"nothing is imported: {path.name} is not UTF-8: {problem}") from problem
    except BadMapping as problem:
        raise CommandError(f"nothing is imported: {problem}") from problem
    except OSError as problem:
        raise CommandError(f"{problem.filename}: {problem.strerror}") from problem
