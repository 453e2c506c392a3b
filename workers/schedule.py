"""Every scheduled job, keyed by the reason it runs."""

CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {}
