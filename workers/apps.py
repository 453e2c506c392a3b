"""Django's entry for the workers' side."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        """Turn the log's hint into a tick."""
        from tracker.log import appended
        from workers.hints import hints

        appended.connect(hints.on_appended, dispatch_uid="workers")
