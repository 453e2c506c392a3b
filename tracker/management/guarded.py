"""The base of the commands that work on the record."""

from django.core.management.base import BaseCommand

from tracker.queries import guards


class GuardedCommand(BaseCommand):
    """A command that first checks the guards of the log, and nothing else.

    The checks of Django load every page of the site, which takes longer than most commands.
    `manage.py check` runs all of them.
    """

    requires_system_checks = (guards.CHECK,)
