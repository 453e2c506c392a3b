"""`manage.py rebuild`: rebuilds all derived tables next to the old ones and swaps them in."""

from typing import Any

from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from tracker.domain.events import UnknownShape
from tracker.domain.problems import FAMILIES
from tracker.management.guarded import GuardedCommand
from tracker.projections import rebuild


class Command(GuardedCommand):
    problems = (*FAMILIES, UnknownShape)
    help = "rebuild all derived tables from the log; readers never see a partial state"

    def handle(self, *_args: Any, **_options: Any) -> None:
        with Progress(console=Console()) as bar:
            tasks: dict[str, Any] = {}

            def report(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(stage)
                bar.update(tasks[stage], completed=done, total=max(total, done, 1))

            position = rebuild.rebuild(today=timezone.now().date(), report=report)
        self.stdout.write(f"rebuilt up to position {position}")
