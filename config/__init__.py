"""The composition root: imports anything, imported by nobody but the edges' start-up."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
