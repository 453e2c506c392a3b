"""The Celery application. Its settings are Django's with the prefix CELERY_."""

import os
from typing import Any

import structlog
from celery import Celery, signals
from django.dispatch import receiver
from django_structlog.celery.signals import (
    bind_extra_task_metadata,
    modify_context_before_task_publish,
)
from django_structlog.celery.steps import DjangoStructLogInitStep

from config import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("entente")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers"])
app.steps["worker"].add(DjangoStructLogInitStep)


@receiver(modify_context_before_task_publish)
def _only_ids(context: dict[str, Any], **_: Any) -> None:
    """A message has the ids of its request and task, but no address and no account."""
    for name in context.keys() - {"request_id", "parent_task_id"}:
        del context[name]


@receiver(bind_extra_task_metadata)
def _name(task: Any, **_: Any) -> None:
    """Each line of a task names it."""
    structlog.contextvars.bind_contextvars(task=task.name)


if logs.is_json():

    @signals.setup_logging.connect
    def _keep_format(**_: Any) -> None:
        """As it is connected, Celery leaves the loggers as Django's settings have them."""

    app.conf.worker_redirect_stdouts = False
