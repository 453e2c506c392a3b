"""Django's `manage.py migrate`, which first checks the database only."""

from django.core.checks import Tags
from django.core.management.commands import migrate

from tracker.queries import guards


class Command(migrate.Command):
    # The checks of the code, which load every page of the site, are left to `manage.py check`.
    requires_system_checks = (guards.CHECK, Tags.database)
