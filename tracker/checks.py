"""What `manage.py check` refuses: a log that the database does not guard."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import Error as DatabaseProblem
from django.db import connection

from tracker.queries import guards


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


def restore_guards(**_: Any) -> None:
    """Put back the guards after `migrate` if one of them is missing."""
    if guards.missing():
        with connection.cursor() as cursor:
            cursor.execute(guards.SQL.read_text(encoding="utf-8"))
