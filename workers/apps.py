"""Django's entry for the workers' side."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        """Turn the log's hint into a tick, and let no tick meet a connection that broke."""
        from celery.signals import task_prerun
        from django.db import close_old_connections

        from tracker.log import appended
        from workers.hints import hints

        appended.connect(hints.on_appended, dispatch_uid="workers")
        task_prerun.connect(close_old_connections, dispatch_uid="workers", weak=False)
