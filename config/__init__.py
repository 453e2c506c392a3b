"""The composition root: settings, URLs and start-up. It may import every other package."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
