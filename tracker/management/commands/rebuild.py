"""`manage.py rebuild`: rebuilds all derived tables next to the old ones and swaps them in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from tracker.domain.events import UnknownShape
from tracker.domain.problems import FAMILIES
from tracker.management.guarded import GuardedCommand
from tracker.projections import rebuild
from tracker.queries import progress


class Command(GuardedCommand):
    problems = (*FAMILIES, UnknownShape)
    help = "rebuild all derived tables from the log; readers never see a partial state"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--despite-damage",
            action="store_true",
            help="rebuild even if audits found that the log itself was changed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        audited = progress.audited()
        if audited.damaged and not options["despite_damage"]:
            raise CommandError(
                f"nothing was rebuilt: {audited.found}: {audited.advice}. To rebuild all the same,"
                " add --despite-damage"
            )
        if audited.damaged:
            self.stderr.write(f"the log itself was changed: {audited.found}")
        with Progress(console=Console()) as bar:
            tasks: dict[str, Any] = {}

            def report(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(stage)
                bar.update(tasks[stage], completed=done, total=max(total, done, 1))

            position = rebuild.rebuild(today=timezone.now().date(), report=report)
        self.stdout.write(f"rebuilt up to position {position}")
