"""Django's entry for the record and its meaning."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        """Let `manage.py check` look at the guards, and `manage.py migrate` put them back."""
        from tracker.checks import guards_stand, restore_guards

        checks.register(guards_stand)
        post_migrate.connect(restore_guards, sender=self, dispatch_uid="guards")
