"""`manage.py loadseed`: loads the seed data."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tracker import log
from tracker.domain.problems import FAMILIES
from tracker.management.guarded import GuardedCommand
from tracker.operations.seed import SEEDER, Counts, load_seed
from tracker.operations.seed_files import FOLDER, BadSeed


class Command(GuardedCommand):
    problems = (*FAMILIES, BadSeed)
    help = "Record the claims of fixtures/seed. Existing records stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing if the log begins with other data",
        )

        parser.add_argument(
            "--folder",
            type=Path,
            default=FOLDER,
            help="a folder with other files of the same format",
        )

    def handle(self, *_: Any, if_empty: bool, folder: Path, **__: Any) -> None:
        first = log.at(1)
        if if_empty and first and first.recorded_by != SEEDER:
            self.stdout.write("seed: the log already has other data, nothing was added")
            return
        counts = _load(folder)
        self.stdout.write(_summary(counts))


def _load(folder: Path) -> Counts:
    """Load with a progress bar if there is a terminal."""
    columns = (
        TextColumn("seed"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading the files", total=None)
        return load_seed(
            at=timezone.now(),
            folder=folder,
            progress=lambda done, total, what: bar.update(
                task, completed=done, total=total, description=what
            ),
        )


def _summary(counts: Counts) -> str:
    if not counts.added:
        return f"seed: nothing to add, all {counts.on_record} entries are on record"
    kinds = ", ".join(f"{number} {_plural(what, number)}" for what, number in counts.added.items())
    before = f"; {counts.on_record} were on record" if counts.on_record else ""
    return f"seed: added {sum(counts.added.values())} entries ({kinds}){before}"


def _plural(what: str, number: int) -> str:
    if number == 1:
        return what
    return {"lens": "lenses"}.get(what, f"{what}s")
