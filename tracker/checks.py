"""What `manage.py check` reports: a log that the database does not guard is an error, a role of web
and workers with more rights than they need a warning. And what `manage.py migrate` puts right."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Advice
from django.db import Error as DatabaseProblem
from django.db import connection, transaction

from tracker.migrations import _concurrently
from tracker.queries import guards, rights
from tracker.queries.roles import Roles


def guards_stand(**_: Any) -> list[CheckMessage]:
    """Fail if a guard of the log is missing. A database out of reach is the doctor's matter."""
    try:
        missing = guards.missing()
    except DatabaseProblem:
        return []
    return [
        Error(
            f"the log is not guarded: {guards.GUARDS[name]} lacks the trigger {name}, or it does"
            " not always fire, or does something else",
            hint="Run `manage.py migrate --skip-checks`, which puts it back, and ask who removed"
            " it; then run `manage.py audit --all`.",
            id="tracker.E001",
        )
        for name in missing
    ]


def role_is_narrow(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Warn if web and workers connect as a role that may do more than they need."""
    if not databases:
        return []
    try:
        role = settings.DATABASE_APP or rights.whoami()
        found = rights.too_much(role)
    except DatabaseProblem:
        return []
    return [
        Advice(
            f"web and workers connect to the database as {role}, which {says}",
            hint=rights.HINT,
            id="tracker.W001",
        )
        for says in found
    ]


def restore_guards(**_: Any) -> None:
    """Put back the guards after `migrate` if one of them is missing."""
    guards.restore()


def repair_indexes(**_: Any) -> None:
    """Build again, after `migrate`, what a failed build of an index has left."""
    _concurrently.repair()


def grant(**_: Any) -> None:
    """Let web and workers use the tables after `migrate`, where they have a role of their own and
    this connection is their owner's."""
    found, role = rights.owner(), settings.DATABASE_APP
    if found is None or found[0] != rights.whoami() or not rights.there_are(role):
        return
    if rights.rules(role):
        return
    reader = Roles().reader
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in rights.statements(
            Roles(owner=found[0], app=role, reader=reader if rights.there_are(reader) else "")
        ):
            cursor.execute(statement)
