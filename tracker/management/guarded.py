"""The base of the commands that work on the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.domain.problems import FAMILIES
from tracker.queries import guards


class GuardedCommand(BaseCommand):
    """A command that first checks the guards of the log, and nothing else. A refusal ends it with
    its message; `problems` are the refusals.

    The checks of Django load every page of the site, which takes longer than most commands.
    `manage.py check` runs all of them.
    """

    requires_system_checks = (guards.CHECK,)
    problems: tuple[type[Exception], ...] = FAMILIES

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except self.problems as problem:
            raise CommandError(str(problem)) from problem
