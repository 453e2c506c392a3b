"""`manage.py grants`: SQL that creates the three database roles and grants their rights."""

import os
from argparse import ArgumentParser
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tracker.queries import rights
from tracker.queries.rights import Roles, creation_sql

OPENING = """\
-- Database rights of Entente, for psql. Nothing changes until you run this:
--   manage.py grants | psql -v ON_ERROR_STOP=1 -1 'the address of the database, as a superuser'
--
-- {owner}: owns the tables; for manage.py migrate and rebuild (DATABASE_OWNER_URL)
-- {app}: web, workers and all other commands (DATABASE_URL)
-- {reader}: reads scores, shifts and editions; for notebooks and similar tools
"""
RIGHTS = """
-- The rights of the roles on the tables. manage.py migrate, run as the owner, grants them too.
"""


class Command(BaseCommand):
    help = "print SQL that creates the database roles and grants each the rights that it needs"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, purpose in (
            ("owner", "the role that owns the tables"),
            ("app", "the role of web and workers"),
            ("reader", "the role that reads public tables"),
        ):
            parser.add_argument(f"--{name}", metavar="ROLE", help=purpose)

    def handle(self, *_: Any, **options: Any) -> None:
        owner = rights.owner()
        if owner is None:
            raise CommandError("there are no tables yet: run manage.py migrate first")
        default = _default_roles(*owner)
        roles = Roles(**{name: options[name] or getattr(default, name) for name in Roles._fields})
        if len(set(roles)) < len(roles):
            raise CommandError(
                f"owner, app and reader must be three different roles: {', '.join(roles)}"
            )
        self.stdout.write(OPENING.format(**roles._asdict()))
        database = str(connection.settings_dict["NAME"])
        self.stdout.write(creation_sql(roles, database=database, schema=rights.schema()))
        self.stdout.write(RIGHTS)
        for statement in rights.statements(roles):
            self.stdout.write(f"{statement};")


def _default_roles(owner: str, superuser: bool) -> Roles:  # noqa: FBT001 # as the query gives them
    """The roles in use, if they are suitable."""
    standard = Roles()
    configured = unquote(urlsplit(os.environ.get("DATABASE_OWNER_URL", "")).username or "")
    app = settings.DATABASE_APP
    return Roles(
        owner=configured or (standard.owner if superuser else owner),
        app=standard.app if not app or app == configured or rights.has_owner_rights(app) else app,
    )
