"""What `manage.py check` refuses: a log that the database does not guard."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import Error as DatabaseProblem

from tracker.queries import guards


def guards_stand(**_: Any) -> list[CheckMessage]:
    """Fail if a guard of the log is missing. A database out of reach is the doctor's matter."""
    try:
        missing = guards.missing()
    except DatabaseProblem:
        return []
    return [
        Error(
            f"the log is not guarded: trigger {name} is missing or does not fire always",
            hint=f"ALTER TABLE {guards.GUARDS[name]} ENABLE ALWAYS TRIGGER {name}, or create it "
            "as in tracker/migrations/0002_guards.sql; then ask who removed it.",
            id="tracker.E001",
        )
        for name in missing
    ]
