"""Checks of `manage.py check`, and repairs by `manage.py migrate`.

A log without guards in the database is an error. A role of web and workers with more rights than
they need is a warning.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Advice
from django.db import Error as DatabaseProblem
from django.db import connection, transaction

from tracker import log
from tracker.domain.proofs.witnessing import BadWitnesses
from tracker.migrations import _concurrently
from tracker.queries import guards, rights, witnesses
from tracker.queries.roles import Roles


def check_code(**_: Any) -> list[CheckMessage]:
    """Fail if the database was upgraded for newer code. One without a log is skipped."""
    return [Error(text, id="tracker.E003") for text in [_code_problem()] if text]


def _code_problem() -> str:
    try:
        return log.code_problem()
    except DatabaseProblem:
        return ""


def check_guards(**_: Any) -> list[CheckMessage]:
    """Fail if a guard of the log is missing. An unreachable database is skipped, and so is one with
    guards of newer code."""
    try:
        missing = [] if _code_problem() else guards.missing()
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
        witnesses.named()
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


def restore_guards(**_: Any) -> None:
    """Restore missing guards after `migrate`, but not older ones than there are."""
    if not _code_problem():
        guards.restore()


def repair_indexes(**_: Any) -> None:
    """Rebuild indexes after `migrate` whose build failed."""
    _concurrently.repair()


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
