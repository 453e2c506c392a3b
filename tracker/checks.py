"""Checks of `manage.py check`, and repairs by `manage.py migrate`.

A log without guards in the database is an error. A role of web and workers with more rights than
they need is a warning.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Advice
from django.core.management.base import CommandError
from django.db import Error as DatabaseProblem
from django.db import connection, transaction

from tracker.domain.proofs.witnessing import BadWitnesses
from tracker.queries import guards, rights, seals, unavailable
from tracker.queries.rights import Roles


def check_guards(**_: Any) -> list[CheckMessage]:
    """Fail if a guard of the log is missing. An unreachable database is skipped."""
    try:
        missing = guards.missing()
    except DatabaseProblem:
        return []
    return [
        Error(
            f"the log is not guarded: on {guards.GUARDS[name]} the trigger {name} is missing,"
            " changed, or does not always fire",
            hint="Run `manage.py migrate --skip-checks` to restore it, find out who removed it, and"
            " run `manage.py audit --all`.",
            id="tracker.E001",
        )
        for name in missing
    ]


def check_role(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Warn if web and workers connect as a role with more rights than they need."""
    if not databases:
        return []
    try:
        role = settings.DATABASE_APP or rights.current_role()
        excess = rights.excess_rights(role)
    except DatabaseProblem:
        return []
    return [
        Advice(
            f"web and workers connect to the database as {role}, which {text}",
            hint=rights.HINT,
            id="tracker.W001",
        )
        for text in excess
    ]


def check_witnesses(**_: Any) -> list[CheckMessage]:
    """Fail if the witnesses that the settings name cannot be read."""
    try:
        seals.named_witnesses()
    except BadWitnesses as problem:
        return [
            Error(
                f"the setting WITNESSES cannot be read: {problem}",
                hint="It has a public key and an address for each witness, separated by commas:"
                " docs/trust.md.",
                id="tracker.E002",
            )
        ]
    return []


def refuse_foreign_tables(**_: Any) -> None:
    """Stop `migrate` before it changes anything if the tables are those of another version."""
    why = ""
    if unknown := unavailable.unknown_migrations():
        why = f"{unknown[0]} is not one of its migrations"
    elif guards.tables_are_others():
        why = "its first migration makes other tables"
    if why:
        raise CommandError(
            "this database was made by another version of Entente, and this one cannot read it"
            f" ({why}): use a new database. For the one of make run, make forget deletes it with"
            " all that was entered, and make run makes a new one."
        )


def restore_guards(**_: Any) -> None:
    """Make the functions and guards those of this version after `migrate`."""
    guards.restore()


def grant(**_: Any) -> None:
    """Grant web and workers their rights after `migrate`, if they have a role of their own and
    this connection is the tables' owner's."""
    owner, role = rights.owner(), settings.DATABASE_APP
    if owner is None or owner[0] != rights.current_role() or not rights.roles_exist(role):
        return
    if rights.has_owner_rights(role):
        return
    reader = Roles().reader
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in rights.statements(
            Roles(owner=owner[0], app=role, reader=reader if rights.roles_exist(reader) else "")
        ):
            cursor.execute(statement)
