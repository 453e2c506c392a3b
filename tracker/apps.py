"""Django's entry for the record and its meaning."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        """Let `manage.py check` look at the guards and at the role of web and workers, and
        `manage.py migrate` put right what is wrong."""
        from tracker.checks import (
            grant,
            guards_stand,
            repair_indexes,
            restore_guards,
            role_is_narrow,
        )

        checks.register(guards_stand)
        checks.register(role_is_narrow, checks.Tags.database)
        post_migrate.connect(restore_guards, sender=self, dispatch_uid="guards")
        post_migrate.connect(grant, sender=self, dispatch_uid="rights")
        post_migrate.connect(repair_indexes, sender=self, dispatch_uid="indexes")
