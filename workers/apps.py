"""The application of the workers for Django."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        """Connect the signals: wakeups after writes, shutdown, and the close of broken database
        connections before each task."""
        from celery.signals import task_prerun, worker_shutting_down
        from django.db import close_old_connections

        from tracker import log
        from tracker.imports.jobs import requests
        from workers import shutdown, wakeups
        from workers.metrics import counted

        log.appended.connect(wakeups.note_append, dispatch_uid="notes")
        log.appended.connect(counted.append, dispatch_uid="metrics")
        log.appended.connect(wakeups.follow_log.send_soon, dispatch_uid="workers")
        requests.job_requested.connect(wakeups.run_jobs.send_soon, dispatch_uid="workers")
        on_shutdown = shutdown.on_worker_shutdown
        worker_shutting_down.connect(on_shutdown, dispatch_uid="workers", weak=False)
        task_prerun.connect(close_old_connections, dispatch_uid="workers", weak=False)
