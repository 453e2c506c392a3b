"""Django's entry for the record and its meaning."""

from django.apps import AppConfig
from django.core import checks


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        """Let `manage.py check` look at the guards."""
        from tracker.checks import guards_stand

        checks.register(guards_stand)
