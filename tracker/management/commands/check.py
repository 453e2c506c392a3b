"""Django's `manage.py check`, which also checks the database if it is reachable."""

from typing import Any

from django.contrib import admin
from django.core.management.commands import check
from django.db import DEFAULT_DB_ALIAS, connection
from django.db import Error as DatabaseProblem


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        # Django checks the registered pages of the desk, and only the URLs register them.
        admin.autodiscover()
        if options["databases"] is None and not options["tags"] and _reachable():
            options["databases"] = [DEFAULT_DB_ALIAS]
        super().handle(*app_labels, **options)


def _reachable() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseProblem:
        return False
    return True
