"""The Celery application. Its settings are Django's with the prefix CELERY_."""

import os
from typing import Any

from celery import Celery, signals
from django_structlog.celery.signals import modify_context_before_task_publish
from django_structlog.celery.steps import DjangoStructLogInitStep

from config import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("entente")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workers"])
app.steps["worker"].add(DjangoStructLogInitStep)


@modify_context_before_task_publish.connect
def _only_ids(context: dict[str, Any], **_: Any) -> None:
    """A message has the ids of its request and task, but no address and no account."""
    for name in context.keys() - {"request_id", "parent_task_id"}:
        del context[name]


if logs.is_json():

    @signals.setup_logging.connect
    def _keep_format(**_: Any) -> None:
        """As it is connected, Celery leaves the loggers as Django's settings have them."""

    app.conf.worker_redirect_stdouts = False
