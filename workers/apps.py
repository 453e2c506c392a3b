"""Django's entry for the workers' side."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        """Turn hints into ticks, let no tick meet a connection that broke, and no long one hold up
        a worker that has to go."""
        from celery.signals import task_prerun, worker_shutting_down
        from django.db import close_old_connections

        from tracker import log
        from tracker.imports.jobs.requests import job_requested
        from workers import hints, leaving

        log.appended.connect(hints.grown.on_news, dispatch_uid="workers")
        job_requested.connect(hints.asked.on_news, dispatch_uid="workers")
        worker_shutting_down.connect(leaving.on_shutting_down, dispatch_uid="workers", weak=False)
        task_prerun.connect(close_old_connections, dispatch_uid="workers", weak=False)
